//! What a survey holds, and what must be there before it is finished.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{AccountId, SurveyTestId};
use crate::base::{Day, Error, Fault, Message, Result, say, text};
use crate::criteria::Set;

const MOST_MEMBERS: usize = 30;
const MOST_FINDINGS: usize = 200;
const MOST_TESTS: usize = 50;

/// Somebody who went there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SurveyTeamMember)]
pub struct Member {
    /// Null where who it is has no account.
    pub account_id: Option<AccountId>,
    pub name: String,
    pub organisation: String,
}

/// Somebody who went there, by account or by name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SurveyTeamMemberForm)]
pub struct MemberForm {
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Needed without an account.
    #[serde(default)]
    pub name: Option<String>,
    pub organisation: String,
}

/// What was found of a criterion (nhận xét theo tiêu chí).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SurveyFinding)]
pub struct Finding {
    /// Of the set that the dossier is scored with.
    pub criterion: String,
    pub text: String,
}

/// A test that was asked for (kiểm nghiệm bổ sung), with its result once it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SurveyTest)]
pub struct Test {
    pub id: SurveyTestId,
    pub what: String,
    pub laboratory: String,
    pub asked_on: Day,
    pub result: Option<TestResult>,
}

/// A test as it is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SurveyTestForm)]
pub struct TestForm {
    pub what: String,
    pub laboratory: String,
    pub asked_on: Day,
}

/// What a laboratory found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SurveyTestResult)]
pub struct TestResult {
    /// As the laboratory writes it, `< 0,01 mg/kg`.
    pub value: String,
    /// What is allowed at most or at least.
    pub limit: Option<String>,
    /// Whether it is within what is allowed.
    pub conforms: bool,
}

/// Holds who went there against their bounds; accounts are looked up elsewhere.
pub fn check_team(team: &[MemberForm], faults: &mut Vec<Fault>) {
    count(team.len(), 1, MOST_MEMBERS, "/team", faults);
    for (index, member) in team.iter().enumerate() {
        match (&member.name, member.account_id) {
            (Some(name), _) => text::check(name, &format!("/team/{index}/name"), 200, faults),
            (None, None) => {
                let text = say("Cần họ tên hoặc tài khoản.", "A name or an account is needed.");
                faults.push(Fault::new(format!("/team/{index}/name"), "required", text));
            }
            (None, Some(_)) => {}
        }
        text::check(&member.organisation, &format!("/team/{index}/organisation"), 300, faults);
    }
}

/// Holds findings against the set that the dossier is scored with.
pub fn check_findings(findings: &[Finding], set: &Set, faults: &mut Vec<Fault>) {
    count(findings.len(), 0, MOST_FINDINGS, "/findings", faults);
    let mut known = BTreeSet::new();
    for (index, finding) in findings.iter().enumerate() {
        let at = format!("/findings/{index}/criterion");
        if set.criterion(&finding.criterion).is_none() {
            let code = &finding.criterion;
            let text = say(format!("Không có tiêu chí {code}."), format!("There is no criterion {code}."));
            faults.push(Fault::new(at, "unknown_criterion", text));
        } else if !known.insert(&finding.criterion) {
            faults.push(Fault::new(at, "repeated", say("Tiêu chí bị lặp.", "The criterion is given twice.")));
        }
        text::check(&finding.text, &format!("/findings/{index}/text"), 5000, faults);
    }
}

pub fn check_tests(tests: &[TestForm], today: Day, faults: &mut Vec<Fault>) {
    count(tests.len(), 0, MOST_TESTS, "/tests", faults);
    for (index, test) in tests.iter().enumerate() {
        text::check(&test.what, &format!("/tests/{index}/what"), 500, faults);
        text::check(&test.laboratory, &format!("/tests/{index}/laboratory"), 300, faults);
        check_day(test.asked_on, format!("/tests/{index}/asked_on"), today, faults);
    }
}

pub fn check_day(day: Day, pointer: String, today: Day, faults: &mut Vec<Fault>) {
    if day > today {
        let text = say("Ngày không thể ở tương lai.", "It cannot lie in the future.");
        faults.push(Fault::new(pointer, "in_future", text));
    }
}

fn count(number: usize, least: usize, most: usize, pointer: &str, faults: &mut Vec<Fault>) {
    let detail: Message = if number < least {
        say("Cần ít nhất một người.", "At least one is needed.")
    } else if number > most {
        say(format!("Tối đa {most}."), format!("At most {most}."))
    } else {
        return;
    };
    faults.push(Fault::new(pointer, if number < least { "required" } else { "too_many" }, detail));
}

/// The tests of a survey once others are asked for: those whose results are in stay.
pub fn asked(before: &[Test], forms: Vec<TestForm>) -> Vec<Test> {
    let kept = before.iter().filter(|test| test.result.is_some()).cloned();
    let asked = forms.into_iter().map(|TestForm { what, laboratory, asked_on }| Test {
        id: SurveyTestId::new(),
        what,
        laboratory,
        asked_on,
        result: None,
    });
    kept.chain(asked).collect()
}

/// 409 while something is missing without which a survey says nothing.
pub fn must_be_complete(findings: &[Finding], tests: &[Test]) -> Result<()> {
    if findings.is_empty() {
        return Err(Error::conflict(
            "no_findings",
            say("Chưa ghi nhận xét theo tiêu chí nào.", "Nothing was found of any criterion yet."),
        ));
    }
    if tests.iter().any(|test| test.result.is_none()) {
        return Err(Error::conflict(
            "results_outstanding",
            say(
                "Còn kiểm nghiệm chưa có kết quả; ghi kết quả hoặc bỏ yêu cầu đó trước.",
                "Results of tests are outstanding; record them, or leave those tests out first.",
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(result: Option<TestResult>) -> Test {
        Test {
            id: SurveyTestId::new(),
            what: "Chì".into(),
            laboratory: "Trung tâm".into(),
            asked_on: "2026-06-20".parse().unwrap(),
            result,
        }
    }

    #[test]
    fn results_that_are_in_stay_when_others_are_asked_for() {
        let result = TestResult { value: "0,01".into(), limit: None, conforms: true };
        let (with, without) = (test(Some(result)), test(None));
        let form = TestForm { what: "Nấm mốc".into(), laboratory: "x".into(), asked_on: with.asked_on };
        let tests = asked(&[with.clone(), without], vec![form]);
        assert_eq!((tests.len(), &tests[0], tests[1].what.as_str()), (2, &with, "Nấm mốc"));
    }

    #[test]
    fn a_survey_is_finished_with_findings_and_with_every_result() {
        let finding = Finding { criterion: "A.1".into(), text: "Đúng hồ sơ".into() };
        let result = TestResult { value: "0,01".into(), limit: None, conforms: false };
        let code = |findings: &[Finding], tests: &[Test]| match must_be_complete(findings, tests) {
            Ok(()) => None,
            Err(error) => Some(error.refusal().unwrap().code),
        };
        assert_eq!(code(&[], &[]), Some("no_findings"));
        assert_eq!(code(std::slice::from_ref(&finding), &[test(None)]), Some("results_outstanding"));
        assert_eq!(code(&[finding], &[test(Some(result))]), None);
    }

    #[test]
    fn a_team_has_somebody_with_a_name() {
        let codes = |team: &[MemberForm]| {
            let mut faults = Vec::new();
            check_team(team, &mut faults);
            faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        let member = |name: Option<&str>, account_id| MemberForm {
            account_id,
            name: name.map(str::to_owned),
            organisation: "Sở Y tế".into(),
        };
        assert_eq!(codes(&[]), ["required"]);
        assert_eq!(codes(&[member(None, None)]), ["required"]);
        assert_eq!(codes(&[member(Some("Trần Thị B"), None), member(None, Some(AccountId::new()))]), [""; 0]);
        assert_eq!(codes(&vec![member(Some("x"), None); 31]), ["too_many"]);
    }
}
