//! An idea's way from the producer to the province: who may take which step from which state.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Role;
use crate::base::{Error, Fault, Faults, Moment, Result, say, text};

/// Where an idea is.
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
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
    Forwarded,
    Selected,
    Accepted,
    Returned,
    Rejected,
}

/// What kind of product the idea is of: new, on the market already, or certified and to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    New,
    Existing,
    Upgrade,
}

/// A step on the way.
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
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verb {
    Submit,
    Forward,
    Select,
    Accept,
    Return,
    Reject,
}

impl Verb {
    /// Who may take the step at all; from which state, [`next`] says.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Submit => &[Role::Producer, Role::CommuneOfficer],
            Self::Forward => &[Role::CommuneOfficer],
            Self::Select => &[Role::DistrictOfficer],
            Self::Accept => &[Role::ProvincialOfficer],
            Self::Return => &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer],
            Self::Reject => &[Role::DistrictOfficer, Role::ProvincialOfficer],
        }
    }

    /// Whether the step needs words: an opinion, or a reason.
    pub fn needs_note(self) -> bool {
        matches!(self, Self::Forward | Self::Return | Self::Reject)
    }
}

/// How long a commune may hold an idea before the district may take it up itself.
const COMMUNE_DAYS: i64 = 10;

/// What the step depends on, beside the verb.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    pub state: State,
    /// Where a returned idea was returned from.
    pub returned_from: Option<State>,
    pub submitted_at: Option<Moment>,
}

/// The state after `verb` by `role`. Resubmission goes to who returned the idea. The commune compiles and may hold an
/// idea for ten days at most; then the district may take it up.
pub fn next(position: Position, verb: Verb, role: Role, now: Moment) -> Result<State> {
    let Position { state, returned_from, submitted_at } = position;
    let held_too_long = submitted_at.is_some_and(|at| at.plus(Duration::days(COMMUNE_DAYS)) <= now);
    let at_district = state == State::Forwarded || (state == State::Submitted && held_too_long);
    let allowed = match (verb, role) {
        (Verb::Submit, _) => match state {
            State::Draft => Some(State::Submitted),
            State::Returned => Some(returned_from.unwrap_or(State::Submitted)),
            _ => None,
        },
        (Verb::Forward, _) => (state == State::Submitted).then_some(State::Forwarded),
        (Verb::Select, _) => at_district.then_some(State::Selected),
        (Verb::Accept, _) => (state == State::Selected).then_some(State::Accepted),
        (Verb::Return, Role::CommuneOfficer) => (state == State::Submitted).then_some(State::Returned),
        (Verb::Return, Role::DistrictOfficer) => at_district.then_some(State::Returned),
        (Verb::Return, _) => (state == State::Selected).then_some(State::Returned),
        (Verb::Reject, Role::DistrictOfficer) => at_district.then_some(State::Rejected),
        (Verb::Reject, _) => (state == State::Selected).then_some(State::Rejected),
    };
    allowed.ok_or_else(|| Error::wrong_state(verb.as_ref(), state.as_ref()))
}

/// What the producer writes may change only before it is handed in, or after it came back.
pub fn must_be_open_to_change(state: State) -> Result<()> {
    match state {
        State::Draft | State::Returned => Ok(()),
        _ => Err(Error::wrong_state("change", state.as_ref())),
    }
}

/// Holds the written parts of an idea against their bounds.
pub fn check(product_name: &str, description: &str, packaging: &str, kind: Kind, has_product: bool) -> Result<()> {
    let mut faults = Vec::new();
    text::check(product_name, "/product_name", 200, &mut faults);
    text::check(description, "/description", 5000, &mut faults);
    text::check(packaging, "/packaging", 1000, &mut faults);
    if (kind == Kind::Upgrade) != has_product {
        faults.push(Fault::new(
            "/product_id",
            if has_product { "not_allowed" } else { "required" },
            say(
                "Chỉ và luôn ý tưởng nâng hạng (upgrade) ghi product_id.",
                "An idea of an upgrade, and only that, names its product_id.",
            ),
        ));
    }
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    fn at(state: State) -> Position {
        Position { state, returned_from: None, submitted_at: Some(Moment::real_now()) }
    }

    #[test]
    fn the_way_up_is_submit_forward_select_accept() {
        let now = Moment::real_now();
        let mut state = State::Draft;
        for (verb, role, after) in [
            (Verb::Submit, Role::Producer, State::Submitted),
            (Verb::Forward, Role::CommuneOfficer, State::Forwarded),
            (Verb::Select, Role::DistrictOfficer, State::Selected),
            (Verb::Accept, Role::ProvincialOfficer, State::Accepted),
        ] {
            state = next(at(state), verb, role, now).unwrap();
            assert_eq!(state, after);
        }
    }

    #[test]
    fn the_district_may_take_up_what_a_commune_holds_for_ten_days() {
        let now = Moment::real_now();
        let held = |days: i64| Position { submitted_at: Some(now.plus(Duration::days(-days))), ..at(State::Submitted) };
        assert!(next(held(9), Verb::Select, Role::DistrictOfficer, now).is_err());
        assert_eq!(next(held(10), Verb::Select, Role::DistrictOfficer, now).unwrap(), State::Selected);
    }

    #[test]
    fn what_was_returned_goes_back_to_who_returned_it() {
        let now = Moment::real_now();
        for from in [State::Submitted, State::Forwarded, State::Selected] {
            let position = Position { returned_from: Some(from), ..at(State::Returned) };
            assert_eq!(next(position, Verb::Submit, Role::Producer, now).unwrap(), from);
        }
    }

    #[test]
    fn nothing_leaves_the_final_states() {
        for state in [State::Accepted, State::Rejected] {
            for verb in Verb::iter() {
                for role in verb.roles() {
                    assert!(
                        next(at(state), verb, *role, Moment::real_now()).is_err(),
                        "{verb:?} by {role:?} from {state:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn nobody_takes_back_what_is_not_before_them() {
        let now = Moment::real_now();
        assert!(next(at(State::Forwarded), Verb::Return, Role::CommuneOfficer, now).is_err());
        assert!(next(at(State::Selected), Verb::Return, Role::DistrictOfficer, now).is_err());
        assert!(next(at(State::Forwarded), Verb::Reject, Role::ProvincialOfficer, now).is_err());
    }
}
