//! An inspection's states, and when each step of it may be taken.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Result, say};
use crate::cycle::RevocationGround;
use crate::cycle::dossiers::LatestCertificate;
use crate::inspection::checklist::Answer;
use crate::inspection::record::{Correction, Sample};

/// How an inspection came about (hình thức kiểm tra).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = InspectionKind)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Định kỳ: by the plan of a year.
    Periodic,
    /// Đột xuất: for a reason, without notice.
    Sudden,
}

/// What an inspection came to (kết quả kiểm tra).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InspectionResult {
    Passed,
    Failed,
}

/// `planned` > `visit` `visiting` > `sign` `recorded` > `order-correction` `correcting` > `reply` `replied` >
/// `follow-up` `followed_up` > `conclude` `concluded`. What needs no correction is concluded once it is recorded; what was not
/// corrected may be ordered again. Until the minutes are signed it may be cancelled.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = InspectionState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Planned,
    Visiting,
    Recorded,
    Correcting,
    Replied,
    FollowedUp,
    Concluded,
    Cancelled,
}

impl State {
    fn refuse<T>(self) -> Result<T> {
        Err(Error::wrong_state(self.as_ref()))
    }

    /// Only what is not begun is planned otherwise.
    pub fn must_be_planned(self) -> Result<()> {
        if self == Self::Planned { Ok(()) } else { self.refuse() }
    }

    /// The team writes down what it sees while it is there.
    pub fn must_be_visiting(self) -> Result<()> {
        if self == Self::Visiting { Ok(()) } else { self.refuse() }
    }

    /// Results of laboratories, and papers, come in until the conclusion.
    pub fn must_be_open(self) -> Result<()> {
        match self {
            Self::Visiting | Self::Recorded | Self::Correcting | Self::Replied | Self::FollowedUp => Ok(()),
            Self::Planned | Self::Concluded | Self::Cancelled => self.refuse(),
        }
    }

    pub fn visit(self) -> Result<Self> {
        self.must_be_planned().map(|()| Self::Visiting)
    }

    pub fn sign(self) -> Result<Self> {
        self.must_be_visiting().map(|()| Self::Recorded)
    }

    pub fn order_correction(self) -> Result<Self> {
        match self {
            Self::Recorded | Self::FollowedUp => Ok(Self::Correcting),
            _ => self.refuse(),
        }
    }

    pub fn reply(self) -> Result<Self> {
        if self == Self::Correcting { Ok(Self::Replied) } else { self.refuse() }
    }

    /// Without the producer's reply only once the order is overdue.
    pub fn follow_up(self, due_on: Option<Day>, today: Day) -> Result<Self> {
        match self {
            Self::Replied => Ok(Self::FollowedUp),
            Self::Correcting if is_overdue(due_on, today) => Ok(Self::FollowedUp),
            Self::Correcting => Err(Error::conflict(
                "correction_not_due",
                say(
                    "Chưa hết hạn khắc phục và chủ thể chưa trả lời.",
                    "The term of the correction is not over, and the producer has not replied.",
                ),
            )),
            _ => self.refuse(),
        }
    }

    pub fn conclude(self) -> Result<Self> {
        match self {
            Self::Recorded | Self::FollowedUp => Ok(Self::Concluded),
            _ => self.refuse(),
        }
    }

    pub fn cancel(self) -> Result<Self> {
        match self {
            Self::Planned | Self::Visiting => Ok(Self::Cancelled),
            _ => self.refuse(),
        }
    }
}

/// Whether an order's last day is over.
pub fn is_overdue(due_on: Option<Day>, today: Day) -> bool {
    due_on.is_some_and(|due_on| due_on < today)
}

/// 409 outside of the period that the decision gives the team; both days count.
pub fn must_be_in_period(begins_on: Day, ends_on: Day, today: Day) -> Result<()> {
    if (begins_on..=ends_on).contains(&today) {
        return Ok(());
    }
    Err(Error::conflict(
        "not_in_period",
        say(
            format!("Quyết định cho phép kiểm tra từ {begins_on} đến {ends_on}."),
            format!("The decision lets the team inspect from {begins_on} to {ends_on}."),
        ),
    ))
}

/// 409 while an item of the checklist has no answer.
pub fn must_be_filled(unanswered: usize) -> Result<()> {
    if unanswered == 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "checklist_incomplete",
        say(
            format!("Còn {unanswered} nội dung chưa đánh giá."),
            format!("{unanswered} items of the checklist are not answered."),
        ),
    ))
}

/// 409 while a laboratory's result is outstanding.
pub fn must_have_results(samples: &[Sample]) -> Result<()> {
    if samples.iter().flat_map(|sample| &sample.tests).all(|test| test.result.is_some()) {
        return Ok(());
    }
    Err(Error::conflict(
        "results_outstanding",
        say("Còn chỉ tiêu kiểm nghiệm chưa có kết quả.", "Results of tests are outstanding."),
    ))
}

/// Whether a conclusion of a day is about this certificate, and it can still be taken back: what was recognised anew since is not
/// what the inspection saw.
pub fn can_be_taken_back(certificate: LatestCertificate, concluded_on: Day, today: Day) -> bool {
    let LatestCertificate { issued_on, valid_until, is_revoked } = certificate;
    !is_revoked && issued_on <= concluded_on && today <= valid_until
}

/// Whether an inspection can find this; of the others the commune tells, another authority, or the calendar.
pub fn is_found_by_inspection(ground: RevocationGround) -> bool {
    use RevocationGround as Ground;
    match ground {
        Ground::UntrueDossier | Ground::CriteriaNotMet | Ground::LawBroken | Ground::MarkMisused => true,
        Ground::MandatoryCriterionFailed => true,
        Ground::ProductionEnded | Ground::OtherConclusion | Ground::NotRatedAgain => false,
    }
}

/// Whether the inspection may come to this: what is broken and was not found corrected does not pass, nor does a sample beyond
/// its limit.
pub fn passes(answers: &[Answer], corrections: &[Correction], samples: &[Sample]) -> bool {
    let mut results = samples.iter().flat_map(|sample| &sample.tests).filter_map(|test| test.result.as_ref());
    match corrections.last() {
        // An order is about what was known of when it was given.
        Some(last) => {
            let is_corrected = last.follow_up.as_ref().is_some_and(|found| found.corrected);
            is_corrected && results.all(|result| result.within || result.recorded_on <= last.ordered_on)
        }
        None => answers.iter().all(|answer| !answer.is_broken()) && results.all(|result| result.within),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::base::id::InspectionTestId;
    use crate::inspection::checklist::Finding;
    use crate::inspection::record::{FollowUp, SampleTest, TestResult};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn from(step: impl Fn(State) -> Result<State>) -> Vec<State> {
        State::iter().filter(|state| step(*state).is_ok()).collect()
    }

    #[test]
    fn each_step_has_its_states() {
        let (due, today) = (Some(day("2026-09-10")), day("2026-09-11"));
        assert_eq!(from(State::visit), [State::Planned]);
        assert_eq!(from(State::sign), [State::Visiting]);
        assert_eq!(from(State::order_correction), [State::Recorded, State::FollowedUp]);
        assert_eq!(from(State::reply), [State::Correcting]);
        assert_eq!(from(|state| state.follow_up(due, today)), [State::Correcting, State::Replied]);
        assert_eq!(from(State::conclude), [State::Recorded, State::FollowedUp]);
        assert_eq!(from(State::cancel), [State::Planned, State::Visiting]);
        for state in [State::Concluded, State::Cancelled] {
            assert!(state.must_be_open().is_err() && state.must_be_planned().is_err());
        }
    }

    #[test]
    fn the_last_day_of_an_order_and_of_a_period_counts() {
        let due = Some(day("2026-09-10"));
        for (today, overdue) in [("2026-09-09", false), ("2026-09-10", false), ("2026-09-11", true)] {
            assert_eq!(is_overdue(due, day(today)), overdue);
            assert_eq!(State::Correcting.follow_up(due, day(today)).is_ok(), overdue);
            assert!(State::Replied.follow_up(due, day(today)).is_ok());
        }
        assert!(!is_overdue(None, day("2026-09-11")));
        let (begins, ends) = (day("2026-09-01"), day("2026-09-10"));
        let is_within = |today| must_be_in_period(begins, ends, day(today)).is_ok();
        assert_eq!(["2026-08-31", "2026-09-01", "2026-09-10", "2026-09-11"].map(is_within), [false, true, true, false]);
    }

    fn answer(finding: Finding) -> Answer {
        Answer { item: "label".into(), answer: finding, note: None }
    }

    fn corrected(corrected: bool) -> Correction {
        let follow_up = FollowUp { text: "Đã xem".into(), on: day("2026-09-10"), corrected };
        Correction {
            text: "Sửa nhãn".into(),
            ordered_on: day("2026-09-01"),
            due_on: day("2026-09-10"),
            reply: None,
            follow_up: Some(follow_up),
        }
    }

    fn sampled(within: Option<bool>) -> Sample {
        let recorded_on = day("2026-09-01");
        let result = within.map(|within| TestResult { value: "0,2".into(), within, recorded_on });
        let test = SampleTest {
            id: InspectionTestId::new(),
            what: "Chì".into(),
            limit: "0,1".into(),
            unit: "mg/kg".into(),
            result,
        };
        Sample {
            lot_id: None,
            seal_number: "NP-1".into(),
            taken_on: day("2026-09-01"),
            laboratory: "Trung tâm".into(),
            tests: vec![test],
        }
    }

    #[test]
    fn a_conclusion_is_about_the_certificate_of_its_day() {
        let certificate = |issued_on, is_revoked| LatestCertificate {
            issued_on: day(issued_on),
            valid_until: day("2027-09-01"),
            is_revoked,
        };
        let (concluded, today) = (day("2026-09-04"), day("2026-09-10"));
        assert!(can_be_taken_back(certificate("2026-09-04", false), concluded, today));
        assert!(!can_be_taken_back(certificate("2026-09-05", false), concluded, today));
        assert!(!can_be_taken_back(certificate("2024-09-01", true), concluded, today));
        assert!(!can_be_taken_back(certificate("2024-09-01", false), concluded, day("2027-09-02")));
    }

    #[test]
    fn what_is_broken_passes_once_it_is_corrected() {
        let (kept, broken) = ([answer(Finding::Kept)], [answer(Finding::Broken)]);
        assert!(passes(&kept, &[], &[]) && passes(&[answer(Finding::NotApplicable)], &[], &[sampled(Some(true))]));
        assert!(!passes(&broken, &[], &[]) && !passes(&kept, &[], &[sampled(Some(false))]));
        assert!(!passes(&broken, &[corrected(false)], &[]) && !passes(&kept, &[corrected(false)], &[]));
        assert!(passes(&broken, &[corrected(false), corrected(true)], &[sampled(Some(false))]));
        let mut later = sampled(Some(false));
        let results = later.tests.iter_mut().filter_map(|test| test.result.as_mut());
        results.for_each(|result| result.recorded_on = day("2026-09-02"));
        assert!(!passes(&kept, &[corrected(true)], &[later]), "the order knew nothing of it");
        assert!(must_have_results(&[sampled(Some(true))]).is_ok() && must_have_results(&[sampled(None)]).is_err());
        assert!(must_be_filled(0).is_ok() && must_be_filled(1).is_err());
    }
}
