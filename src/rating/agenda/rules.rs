//! When a dossier may stand on an agenda again, and why a council scores again.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::StepName;
use crate::base::{Error, Fault, Faults, Message, Result, say, text};
use crate::rating::item::State;
use crate::rating::item::rules::Ballot;
use crate::rating::result::Outcome;

/// The steps that only the council is told of: neither absences nor recusals are for others, not even that there was one.
pub const KEPT_BACK: [StepName; 3] = [StepName::new("absent"), StepName::new("present"), StepName::new("recuse")];

/// Where a dossier stood on an earlier agenda of the same unit.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    pub round: i32,
    pub state: State,
    pub outcome: Option<Outcome>,
    /// Whether an appeal against its result was upheld.
    pub appeal_upheld: bool,
    /// Whether the centre, to which it was proposed, gave it less than 90 points.
    pub declined_by_centre: bool,
}

/// Why a dossier may not stand on the agenda of a round, if so: it stands again only after it failed, was deferred, won an
/// appeal or was declined by the centre (26/2026/QĐ-TTg, article 7.4), and only in a later round.
pub fn against_standing(before: Option<Before>, round: i32) -> Option<(&'static str, Message)> {
    let before = before?;
    let is_over = before.state == State::Deferred
        || before.appeal_upheld
        || before.declined_by_centre
        || before.outcome.is_some_and(Outcome::may_stand_again);
    if !is_over {
        let at = before.round;
        return Some((
            "already_on_agenda",
            say(
                format!("Hồ sơ đã có trong chương trình của đợt {at}."),
                format!("The dossier is on the agenda of round {at} already."),
            ),
        ));
    }
    (before.round >= round).then(|| {
        (
            "later_round_needed",
            say("Hồ sơ chỉ được đánh giá lại ở một đợt sau.", "The dossier may stand again in a later round only."),
        )
    })
}

/// Why a council scores again.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RescoreForm {
    #[serde(alias = "note")]
    pub reason: Option<String>,
    /// A vote is needed where no rule of the council is broken.
    pub votes_for: Option<i32>,
    pub votes_against: Option<i32>,
}

impl RescoreForm {
    /// The reason and the vote, held against the number of seats that score the item. Where no rule is broken both are
    /// needed, and more than half of the seats must have voted for it.
    pub fn checked(self, seats: usize, is_broken: bool) -> Result<(String, Option<Ballot>)> {
        let seats = i32::try_from(seats).map_err(Error::internal)?;
        let mut faults = Vec::new();
        match &self.reason {
            Some(reason) => text::check(reason, "/reason", 2000, &mut faults),
            None if is_broken => {}
            None => faults.push(required("/reason", say("Cần ghi rõ lý do.", "A reason is needed."))),
        }
        let ballot = match (self.votes_for, self.votes_against) {
            (Some(votes_for), Some(votes_against)) => {
                let counted = votes_for.saturating_add(votes_against);
                if votes_for < 0 || votes_against < 0 || counted > seats {
                    faults.push(Fault::new(
                        "/votes_for",
                        "wrong_count",
                        say(
                            format!("Số phiếu biểu quyết không thể vượt {seats} ghế chấm điểm."),
                            format!("There are {seats} seats to vote."),
                        ),
                    ));
                } else if !is_broken && votes_for * 2 <= seats {
                    faults.push(Fault::new(
                        "/votes_for",
                        "no_majority",
                        say(
                            format!("Cần quá nửa trong {seats} ghế chấm điểm tán thành."),
                            format!("More than half of the {seats} seats must be for it."),
                        ),
                    ));
                }
                Some(Ballot { votes_for, votes_against })
            }
            (None, None) if is_broken => None,
            (votes_for, _) => {
                let name = if votes_for.is_none() { "/votes_for" } else { "/votes_against" };
                faults.push(required(name, say("Cần ghi kết quả biểu quyết.", "The vote is needed.")));
                None
            }
        };
        faults.into_result()?;
        Ok((self.reason.unwrap_or_default(), ballot))
    }
}

fn required(pointer: &str, detail: Message) -> Fault {
    Fault::new(pointer, "required", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_stands_again_after_it_failed_and_in_a_later_round() {
        let code = |state, outcome, round| {
            let before = Before { round: 1, state, outcome, appeal_upheld: false, declined_by_centre: false };
            against_standing(Some(before), round).map(|(code, _)| code)
        };
        assert!(against_standing(None, 1).is_none());
        for failed in [Outcome::BelowThreshold, Outcome::Disqualified, Outcome::Stopped] {
            assert_eq!(code(State::Concluded, Some(failed), 2), None);
            assert_eq!(code(State::Concluded, Some(failed), 1), Some("later_round_needed"));
        }
        assert_eq!(code(State::Deferred, None, 2), None);
        for (appeal_upheld, declined_by_centre) in [(true, false), (false, true)] {
            let outcome = Some(Outcome::ProposedToCentre);
            let before = Before { round: 1, state: State::Concluded, outcome, appeal_upheld, declined_by_centre };
            assert!(against_standing(Some(before), 2).is_none());
            assert!(against_standing(Some(before), 1).is_some());
        }
        for (state, outcome) in [
            (State::Waiting, None),
            (State::Scoring, None),
            (State::Scored, None),
            (State::Concluded, Some(Outcome::Forwarded)),
            (State::Concluded, Some(Outcome::Rated)),
            (State::Concluded, Some(Outcome::ProposedToCentre)),
        ] {
            assert_eq!(code(state, outcome, 2), Some("already_on_agenda"), "{state:?} {outcome:?}");
        }
    }

    #[test]
    fn scoring_again_without_a_broken_rule_needs_a_reason_and_a_majority_of_the_seats() {
        let form = |reason: Option<&str>, votes_for, votes_against| RescoreForm {
            reason: reason.map(str::to_owned),
            votes_for,
            votes_against,
        };
        let faults = |form: RescoreForm, is_broken| match form.checked(7, is_broken) {
            Ok(_) => Vec::new(),
            Err(error) => error.refusal().unwrap().faults.iter().map(|fault| fault.code).collect(),
        };
        assert_eq!(faults(form(None, None, None), true), Vec::<&str>::new());
        assert_eq!(faults(form(None, None, None), false), ["required", "required"]);
        assert_eq!(faults(form(Some("x"), Some(4), Some(3)), false), Vec::<&str>::new());
        assert_eq!(faults(form(Some("x"), Some(3), Some(2)), false), ["no_majority"]);
        assert_eq!(faults(form(Some("x"), Some(5), Some(3)), false), ["wrong_count"]);
        assert_eq!(faults(form(Some("x"), Some(4), Some(-1)), false), ["wrong_count"]);
        assert_eq!(faults(form(Some("x"), Some(i32::MAX), Some(i32::MAX)), false), ["wrong_count"]);
        assert_eq!(faults(form(Some("x"), Some(4), None), true), ["required"]);
    }
}
