//! What an inspection keeps: its team, its samples, its minutes, what was ordered to be corrected; and what is asked of each.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{AccountId, InspectionTestId, LotId};
use crate::base::{Day, Fault, Faults, Moment, Result, say, text};
use crate::inspection::signature::{self, Stroke};

const MOST_MEMBERS: usize = 30;
const MOST_SAMPLES: usize = 20;
const MOST_TESTS: usize = 30;
const MOST_PEOPLE: usize = 20;

/// Somebody of the team (thành viên đoàn kiểm tra).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionMember)]
pub struct Member {
    /// Null where who it is has no account.
    pub account_id: Option<AccountId>,
    pub name: String,
    pub organisation: String,
    /// One leads the team (trưởng đoàn).
    pub leads: bool,
}

/// Somebody of the team, by account or by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionMemberForm)]
pub struct MemberForm {
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Needed without an account.
    #[serde(default)]
    pub name: Option<String>,
    pub organisation: String,
    #[serde(default)]
    pub leads: bool,
}

/// What a laboratory is to find out, with the limit that holds for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionTest)]
pub struct SampleTest {
    pub id: InspectionTestId,
    pub what: String,
    /// What is allowed at most or at least, as the regulation writes it.
    pub limit: String,
    pub unit: String,
    /// Null while it is not in.
    pub result: Option<TestResult>,
}

/// What a laboratory found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionTestResult)]
pub struct TestResult {
    /// As the laboratory writes it, `< 0,01`.
    pub value: String,
    /// Whether it is within the limit.
    pub within: bool,
    pub recorded_on: Day,
}

/// A sample that was taken (mẫu kiểm nghiệm).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionSample)]
pub struct Sample {
    pub lot_id: Option<LotId>,
    pub seal_number: String,
    pub taken_on: Day,
    pub laboratory: String,
    pub tests: Vec<SampleTest>,
}

/// A test that is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionTestForm)]
pub struct TestForm {
    pub what: String,
    pub limit: String,
    pub unit: String,
}

/// A sample as it is taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionSampleForm)]
pub struct SampleForm {
    /// Of which lot of the product.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    pub seal_number: String,
    pub taken_on: Day,
    pub laboratory: String,
    pub tests: Vec<TestForm>,
}

/// For whom somebody signs the minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr)]
#[schema(as = InspectionSide)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Side {
    Team,
    Producer,
    Witness,
}

/// Somebody's signature under the minutes, drawn or typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionSignature)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub name: String,
    pub side: Side,
    /// The lines of a drawn signature; empty where the name is typed for it.
    #[serde(default)]
    pub strokes: Vec<Stroke>,
}

/// The minutes (biên bản kiểm tra).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionMinutes)]
pub struct Minutes {
    /// When they were signed on site.
    pub signed_at: Moment,
    pub place: String,
    /// Who stood for the producer.
    pub representative: String,
    /// What the producer said to what was found.
    pub explanation: Option<String>,
    pub signatures: Vec<Signature>,
    /// Why the producer did not sign.
    pub refusal: Option<String>,
}

/// The minutes as they are signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectionMinutesForm)]
pub struct MinutesForm {
    pub signed_at: Moment,
    pub place: String,
    /// Degrees north, where the device told them; with `longitude`.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<f64>,
    pub representative: String,
    #[serde(default)]
    pub explanation: Option<String>,
    pub signatures: Vec<Signature>,
    /// Needed where nobody signs for the producer.
    #[serde(default)]
    pub refusal: Option<String>,
}

/// What is to be corrected until when (yêu cầu khắc phục), and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionCorrection)]
pub struct Correction {
    pub text: String,
    pub ordered_on: Day,
    /// The last day, which counts.
    pub due_on: Day,
    pub reply: Option<Reply>,
    pub follow_up: Option<FollowUp>,
}

/// What the producer says that it corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionReply)]
pub struct Reply {
    pub text: String,
    pub at: Moment,
}

/// What the team found of a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InspectionFollowUp)]
pub struct FollowUp {
    pub text: String,
    pub on: Day,
    pub corrected: bool,
}

impl Correction {
    /// Whether at the end of a day its last day was over, and neither a reply nor a follow-up there.
    pub fn was_overdue(&self, on: Day) -> bool {
        let is_replied = self.reply.as_ref().is_some_and(|reply| reply.at.day() <= on);
        let is_followed_up = self.follow_up.as_ref().is_some_and(|found| found.on <= on);
        self.due_on < on && !is_replied && !is_followed_up
    }
}

/// Holds a team against its bounds; accounts are looked up elsewhere.
pub fn check_team(members: &[MemberForm], faults: &mut Vec<Fault>) {
    check_count(members.len(), MOST_MEMBERS, "/members", faults);
    for (index, member) in members.iter().enumerate() {
        let at = |field: &str| format!("/members/{index}/{field}");
        match (&member.name, member.account_id) {
            (Some(name), _) => text::check(name, &at("name"), 200, faults),
            (None, None) => {
                let detail = say("Cần họ tên hoặc tài khoản.", "A name or an account is needed.");
                faults.push(Fault::new(at("name"), "required", detail));
            }
            (None, Some(_)) => {}
        }
        text::check(&member.organisation, &at("organisation"), 300, faults);
    }
    let leaders = members.iter().filter(|member| member.leads).count();
    if leaders != 1 && !members.is_empty() {
        let detail = say("Đoàn có đúng một trưởng đoàn.", "Exactly one leads the team.");
        faults.push(Fault::new("/members", "wrong_count", detail));
    }
}

fn check_count(number: usize, most: usize, pointer: &str, faults: &mut Vec<Fault>) {
    if number == 0 {
        faults.push(Fault::new(pointer, "required", say("Cần ít nhất một mục.", "At least one is needed.")));
    } else if number > most {
        faults.push(Fault::new(pointer, "too_many", say(format!("Tối đa {most}."), format!("At most {most}."))));
    }
}

fn not_in_future(is_so: bool, pointer: &str, faults: &mut Vec<Fault>) {
    if is_so {
        let detail = say("Không thể ở tương lai.", "It cannot lie in the future.");
        faults.push(Fault::new(pointer, "in_future", detail));
    }
}

impl TestResult {
    /// As the history tells it.
    pub fn told(&self) -> String {
        format!("{} ({})", self.value, if self.within { "đạt" } else { "không đạt" })
    }
}

impl SampleForm {
    /// 422 where the sample cannot be taken beside those before, on a visit of this day: each seal is of one sample.
    pub fn check(&self, before: &[Sample], visited_on: Option<Day>, today: Day) -> Result<()> {
        let mut faults = Vec::new();
        text::check(&self.seal_number, "/seal_number", 100, &mut faults);
        if before.iter().any(|sample| sample.seal_number == self.seal_number) {
            let detail = say("Số niêm phong đã dùng cho mẫu khác.", "The seal is of another sample.");
            faults.push(Fault::new("/seal_number", "repeated", detail));
        }
        if before.len() >= MOST_SAMPLES {
            let detail = say(format!("Tối đa {MOST_SAMPLES} mẫu."), format!("At most {MOST_SAMPLES} samples."));
            faults.push(Fault::new("", "too_many", detail));
        }
        not_in_future(self.taken_on > today, "/taken_on", &mut faults);
        if visited_on.is_some_and(|visited_on| self.taken_on < visited_on) {
            let detail = say("Mẫu không thể lấy trước buổi kiểm tra.", "A sample cannot be of before the visit.");
            faults.push(Fault::new("/taken_on", "before_visit", detail));
        }
        text::check(&self.laboratory, "/laboratory", 300, &mut faults);
        check_count(self.tests.len(), MOST_TESTS, "/tests", &mut faults);
        for (index, test) in self.tests.iter().enumerate() {
            for (field, written) in [("what", &test.what), ("limit", &test.limit), ("unit", &test.unit)] {
                text::check(written, &format!("/tests/{index}/{field}"), 300, &mut faults);
            }
        }
        faults.into_result()
    }

    pub fn taken(self) -> Sample {
        let asked = |TestForm { what, limit, unit }| SampleTest {
            id: InspectionTestId::new(),
            what,
            limit,
            unit,
            result: None,
        };
        Sample {
            lot_id: self.lot_id,
            seal_number: self.seal_number,
            taken_on: self.taken_on,
            laboratory: self.laboratory,
            tests: self.tests.into_iter().map(asked).collect(),
        }
    }
}

impl MinutesForm {
    /// 422 unless somebody of the team signs, and somebody for the producer or the minutes say why nobody does.
    pub fn check(&self, visited_at: Option<Moment>, now: Moment) -> Result<()> {
        let mut faults = Vec::new();
        not_in_future(self.signed_at > now, "/signed_at", &mut faults);
        if visited_at.is_some_and(|visited_at| self.signed_at.day() < visited_at.day()) {
            let detail = say("Biên bản không thể có trước buổi kiểm tra.", "Minutes cannot be of before the visit.");
            faults.push(Fault::new("/signed_at", "before_visit", detail));
        }
        text::check(&self.place, "/place", 500, &mut faults);
        text::check(&self.representative, "/representative", 200, &mut faults);
        for (field, written) in [("/explanation", &self.explanation), ("/refusal", &self.refusal)] {
            if let Some(written) = written {
                text::check(written, field, 5000, &mut faults);
            }
        }
        for (field, degrees, most) in [("/latitude", self.latitude, 90.0), ("/longitude", self.longitude, 180.0)] {
            if degrees.is_some_and(|degrees| !(-most..=most).contains(&degrees)) {
                let detail = say("Tọa độ ngoài phạm vi.", "The coordinate is out of range.");
                faults.push(Fault::new(field, "out_of_range", detail));
            }
        }
        if self.latitude.is_some() != self.longitude.is_some() {
            let field = if self.latitude.is_some() { "/longitude" } else { "/latitude" };
            let detail = say("Cần cả vĩ độ và kinh độ.", "Both latitude and longitude are needed.");
            faults.push(Fault::new(field, "required", detail));
        }
        self.check_signatures(&mut faults);
        faults.into_result()
    }

    fn check_signatures(&self, faults: &mut Vec<Fault>) {
        check_count(self.signatures.len(), MOST_PEOPLE, "/signatures", faults);
        for (index, signature) in self.signatures.iter().enumerate() {
            text::check(&signature.name, &format!("/signatures/{index}/name"), 200, faults);
            signature::check(&signature.strokes, &format!("/signatures/{index}/strokes"), faults);
        }
        let sides: BTreeSet<&str> = self.signatures.iter().map(|signature| signature.side.as_ref()).collect();
        if !self.signatures.is_empty() && !sides.contains(Side::Team.as_ref()) {
            let detail = say("Đoàn kiểm tra chưa ký.", "Nobody of the team signs.");
            faults.push(Fault::new("/signatures", "required", detail));
        }
        match (sides.contains(Side::Producer.as_ref()), &self.refusal) {
            (false, None) => {
                let detail = say(
                    "Chủ thể không ký thì ghi rõ lý do.",
                    "Where nobody signs for the producer the minutes say why.",
                );
                faults.push(Fault::new("/refusal", "required", detail));
            }
            (true, Some(_)) => {
                let detail = say("Chủ thể đã ký.", "The producer signs.");
                faults.push(Fault::new("/refusal", "not_allowed", detail));
            }
            _ => {}
        }
    }

    pub fn kept(self) -> Minutes {
        Minutes {
            signed_at: self.signed_at,
            place: self.place,
            representative: self.representative,
            explanation: self.explanation,
            signatures: self.signatures,
            refusal: self.refusal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(result: Result<()>) -> Vec<(String, &'static str)> {
        match result {
            Ok(()) => Vec::new(),
            Err(error) => {
                let faults = error.refusal().unwrap().faults.clone();
                faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
            }
        }
    }

    fn at(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn one_leads_a_team_of_people_with_names() {
        let told = |members: &[MemberForm]| {
            let mut faults = Vec::new();
            check_team(members, &mut faults);
            codes(faults.into_result())
        };
        let member = |name: Option<&str>, leads| MemberForm {
            account_id: None,
            name: name.map(str::to_owned),
            organisation: "Sở Y tế".into(),
            leads,
        };
        assert_eq!(told(&[]), at("/members", "required"));
        assert_eq!(told(&[member(None, true)]), at("/members/0/name", "required"));
        assert_eq!(told(&[member(Some("A"), false)]), at("/members", "wrong_count"));
        assert_eq!(told(&[member(Some("A"), true), member(Some("B"), true)]), at("/members", "wrong_count"));
        assert_eq!(told(&[member(Some("A"), true), member(Some("B"), false)]), []);
    }

    fn minutes(sides: &[Side], refusal: Option<&str>) -> MinutesForm {
        let signature = |side: &Side| Signature { name: "Trần Thị B".into(), side: *side, strokes: Vec::new() };
        MinutesForm {
            signed_at: "2026-09-01T03:00:00Z".parse().unwrap(),
            place: "Xưởng".into(),
            latitude: None,
            longitude: None,
            representative: "Nguyễn Văn A".into(),
            explanation: None,
            signatures: sides.iter().map(signature).collect(),
            refusal: refusal.map(str::to_owned),
        }
    }

    #[test]
    fn minutes_are_signed_by_both_sides_or_say_why_not() {
        let now: Moment = "2026-09-01T04:00:00Z".parse().unwrap();
        let told = |form: MinutesForm| codes(form.check(Some(now), now));
        assert_eq!(told(minutes(&[Side::Team, Side::Producer], None)), []);
        assert_eq!(told(minutes(&[Side::Team, Side::Witness], Some("Vắng mặt"))), []);
        assert_eq!(told(minutes(&[Side::Team], None)), at("/refusal", "required"));
        assert_eq!(told(minutes(&[Side::Producer], None)), at("/signatures", "required"));
        assert_eq!(told(minutes(&[Side::Team, Side::Producer], Some("x"))), at("/refusal", "not_allowed"));
        let half = MinutesForm { latitude: Some(18.4), ..minutes(&[Side::Team, Side::Producer], None) };
        assert_eq!(told(half), at("/longitude", "required"));
        let beyond = MinutesForm {
            latitude: Some(91.0),
            longitude: Some(105.2),
            ..minutes(&[Side::Team, Side::Producer], None)
        };
        assert_eq!(told(beyond), at("/latitude", "out_of_range"));
        let early: Moment = "2026-08-31T04:00:00Z".parse().unwrap();
        assert_eq!(
            codes(minutes(&[Side::Team, Side::Producer], None).check(None, early)),
            at("/signed_at", "in_future")
        );
    }

    #[test]
    fn a_seal_is_of_one_sample() {
        let today: Day = "2026-09-01".parse().unwrap();
        let form = SampleForm {
            lot_id: None,
            seal_number: "NP-1".into(),
            taken_on: today,
            laboratory: "Trung tâm".into(),
            tests: vec![TestForm { what: "Chì".into(), limit: "0,1".into(), unit: "mg/kg".into() }],
        };
        assert!(form.check(&[], Some(today), today).is_ok());
        assert_eq!(codes(form.check(&[], Some(today.plus_days(1)), today)), at("/taken_on", "before_visit"));
        let before = form.clone().taken();
        assert_eq!(codes(form.check(std::slice::from_ref(&before), None, today)), at("/seal_number", "repeated"));
        assert_eq!(codes(form.check(&[], None, today.plus_days(-1))), at("/taken_on", "in_future"));
        assert_eq!(codes(SampleForm { tests: Vec::new(), ..form }.check(&[], None, today)), at("/tests", "required"));
    }
}
