//! An idea's way from the producer to the province: who may take which step from which state.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::account::Role;
use crate::base::{Error, Fault, Faults, Moment, Result, say, text};
use crate::cycle::edition::{Edition, EditionCode, IdeaStage, IdeaStep};
use crate::paper::pen::check_name;

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
#[schema(as = IdeaState)]
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
    /// Given up by who wrote it, before anybody else had it.
    Discarded,
}

/// What kind of product the idea is of: new, on the market already, or certified and to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = IdeaKind)]
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
pub enum IdeaVerb {
    Submit,
    Forward,
    Select,
    Accept,
    Return,
    Reject,
}

impl IdeaVerb {
    /// Who may take the step at all in an edition; from which state, [`next`] says. For a step that the edition does not
    /// have these are who takes it in others, so that they are told that it is not taken now.
    pub fn roles(self, edition: &Edition) -> Result<Vec<Role>> {
        let stages = &edition.steps.ideas;
        Ok(match self {
            Self::Submit => vec![Role::Producer, Role::CommuneOfficer],
            Self::Return => stages.iter().map(|stage| stage.by).collect(),
            Self::Reject => stages.iter().filter(|stage| stage.may_reject).map(|stage| stage.by).collect(),
            Self::Forward | Self::Select | Self::Accept => match self.place(stages) {
                Some(place) => stages.get(place).map(|stage| stage.by).into_iter().collect(),
                None => self.takers()?,
            },
        })
    }

    /// Who takes the step in any edition.
    pub fn takers(self) -> Result<Vec<Role>> {
        let mut roles = Vec::new();
        for code in EditionCode::iter() {
            let stages = code.edition()?.steps.ideas;
            let taker = self.place(&stages).and_then(|place| stages.get(place)).map(|stage| stage.by);
            roles.extend(taker.filter(|role| !roles.contains(role)));
        }
        Ok(roles)
    }

    /// Where the step stands among those of an edition.
    fn place(self, stages: &[IdeaStage]) -> Option<usize> {
        stages.iter().position(|stage| verb_of(stage.step) == self)
    }

    /// Whether the step needs words: an opinion, or a reason.
    pub fn needs_note(self) -> bool {
        matches!(self, Self::Forward | Self::Return | Self::Reject)
    }
}

fn verb_of(step: IdeaStep) -> IdeaVerb {
    match step {
        IdeaStep::Forward => IdeaVerb::Forward,
        IdeaStep::Select => IdeaVerb::Select,
        IdeaStep::Accept => IdeaVerb::Accept,
    }
}

/// The state that a step leads to.
fn reached_by(step: IdeaStep) -> State {
    match step {
        IdeaStep::Forward => State::Forwarded,
        IdeaStep::Select => State::Selected,
        IdeaStep::Accept => State::Accepted,
    }
}

/// What the step depends on, beside the verb.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    pub state: State,
    /// Where a returned idea was returned from.
    pub returned_from: Option<State>,
    pub submitted_at: Option<Moment>,
}

impl Position {
    /// The place among the edition's steps of the one that is due.
    fn due(&self, stages: &[IdeaStage]) -> Option<usize> {
        if self.state == State::Submitted {
            return Some(0);
        }
        let behind = stages.iter().position(|stage| reached_by(stage.step) == self.state)?;
        behind.checked_add(1).filter(|place| *place < stages.len())
    }

    /// Whether the step at a place may be taken: the one that is due, or the one after it where an idea was held too long.
    fn is_at(&self, stages: &[IdeaStage], place: usize, now: Moment) -> bool {
        let Some(due) = self.due(stages) else { return false };
        let held_too_long = stages
            .get(due)
            .and_then(|stage| stage.within_days)
            .is_some_and(|days| self.submitted_at.is_some_and(|at| at.plus(Duration::days(i64::from(days))) <= now));
        place == due || (held_too_long && due.checked_add(1) == Some(place))
    }
}

/// The state after `verb` by `role`. The steps follow one another as the edition has them, and resubmission goes to who
/// returned the idea.
pub fn next(position: Position, verb: IdeaVerb, role: Role, edition: &Edition, now: Moment) -> Result<State> {
    let stages = &edition.steps.ideas;
    let state = position.state;
    let of_role = |stage: &IdeaStage| stage.by == role;
    let allowed = match verb {
        IdeaVerb::Submit => match state {
            State::Draft => Some(State::Submitted),
            State::Returned => Some(position.returned_from.unwrap_or(State::Submitted)),
            _ => None,
        },
        IdeaVerb::Forward | IdeaVerb::Select | IdeaVerb::Accept => verb
            .place(stages)
            .filter(|place| position.is_at(stages, *place, now))
            .and_then(|place| stages.get(place))
            .map(|stage| reached_by(stage.step)),
        IdeaVerb::Return => {
            let place = stages.iter().position(of_role);
            place.filter(|place| position.is_at(stages, *place, now)).map(|_| State::Returned)
        }
        IdeaVerb::Reject => {
            let place = stages.iter().position(|stage| of_role(stage) && stage.may_reject);
            place.filter(|place| position.is_at(stages, *place, now)).map(|_| State::Rejected)
        }
    };
    allowed.ok_or_else(|| Error::wrong_state(state.as_ref()))
}

/// The state in which an idea waits for a role: where one that the role returned goes when it is handed in again.
pub fn waits_for(role: Role, edition: &Edition) -> State {
    let stages = &edition.steps.ideas;
    let before = stages.iter().take_while(|stage| stage.by != role).last();
    before.map_or(State::Submitted, |stage| reached_by(stage.step))
}

/// What the producer writes may change only before it is handed in, or after it came back.
pub fn must_be_open_to_change(state: State) -> Result<()> {
    match state {
        State::Draft | State::Returned => Ok(()),
        _ => Err(Error::wrong_state(state.as_ref())),
    }
}

/// Only what was never handed in can be given up: what came back is on record with others.
pub fn must_be_open_to_discard(state: State) -> Result<()> {
    match state {
        State::Draft => Ok(()),
        _ => Err(Error::wrong_state(state.as_ref())),
    }
}

/// Holds the written parts of an idea against their bounds.
pub fn check(product_name: &str, description: &str, packaging: &str, kind: Kind, has_product: bool) -> Result<()> {
    let mut faults = Vec::new();
    check_name(product_name, "/product_name", 200, &mut faults);
    text::check(description, "/description", 5000, &mut faults);
    text::check(packaging, "/packaging", 1000, &mut faults);
    if (kind == Kind::Upgrade) != has_product {
        faults.push(Fault::new(
            "/product_id",
            if has_product { "not_allowed" } else { "required" },
            if has_product {
                say(
                    "Chỉ ý tưởng nâng hạng mới gắn với một sản phẩm đã có; hãy bỏ sản phẩm hoặc chọn loại “Nâng hạng”.",
                    "Only an idea of an upgrade names a product that is there; leave the product out, or choose the upgrade.",
                )
            } else {
                say(
                    "Ý tưởng nâng hạng cần chọn sản phẩm muốn nâng hạng trong các sản phẩm của chủ thể.",
                    "An idea of an upgrade names which of the producer's products it is to raise.",
                )
            },
        ));
    }
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: EditionCode) -> Edition {
        code.edition().unwrap()
    }

    /// The step under the edition of 2019.
    fn step(position: Position, verb: IdeaVerb, role: Role, now: Moment) -> Result<State> {
        next(position, verb, role, &of(EditionCode::Of2019), now)
    }

    fn at(state: State) -> Position {
        Position { state, returned_from: None, submitted_at: Some(Moment::real_now()) }
    }

    #[test]
    fn the_way_up_is_submit_forward_select_accept() {
        let now = Moment::real_now();
        let mut state = State::Draft;
        for (verb, role, after) in [
            (IdeaVerb::Submit, Role::Producer, State::Submitted),
            (IdeaVerb::Forward, Role::CommuneOfficer, State::Forwarded),
            (IdeaVerb::Select, Role::DistrictOfficer, State::Selected),
            (IdeaVerb::Accept, Role::ProvincialOfficer, State::Accepted),
        ] {
            state = step(at(state), verb, role, now).unwrap();
            assert_eq!(state, after);
        }
    }

    #[test]
    fn the_district_may_take_up_what_a_commune_holds_for_ten_days() {
        let now = Moment::real_now();
        let held = |days: i64| Position { submitted_at: Some(now.plus(Duration::days(-days))), ..at(State::Submitted) };
        assert!(step(held(9), IdeaVerb::Select, Role::DistrictOfficer, now).is_err());
        assert_eq!(step(held(10), IdeaVerb::Select, Role::DistrictOfficer, now).unwrap(), State::Selected);
    }

    #[test]
    fn what_was_returned_goes_back_to_who_returned_it() {
        let now = Moment::real_now();
        for from in [State::Submitted, State::Forwarded, State::Selected] {
            let position = Position { returned_from: Some(from), ..at(State::Returned) };
            assert_eq!(step(position, IdeaVerb::Submit, Role::Producer, now).unwrap(), from);
        }
    }

    #[test]
    fn nothing_leaves_the_final_states() {
        for state in [State::Accepted, State::Rejected, State::Discarded] {
            for verb in IdeaVerb::iter() {
                for code in EditionCode::iter() {
                    let edition = of(code);
                    for role in verb.roles(&edition).unwrap() {
                        let after = next(at(state), verb, role, &edition, Moment::real_now());
                        assert!(after.is_err(), "{verb:?} by {role:?} from {state:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn only_what_never_left_its_author_is_given_up() {
        for state in State::iter() {
            assert_eq!(must_be_open_to_discard(state).is_ok(), state == State::Draft, "{state:?}");
        }
    }

    #[test]
    fn nobody_takes_back_what_is_not_before_them() {
        let now = Moment::real_now();
        assert!(step(at(State::Forwarded), IdeaVerb::Return, Role::CommuneOfficer, now).is_err());
        assert!(step(at(State::Selected), IdeaVerb::Return, Role::DistrictOfficer, now).is_err());
        assert!(step(at(State::Forwarded), IdeaVerb::Reject, Role::ProvincialOfficer, now).is_err());
    }

    #[test]
    fn without_districts_the_province_accepts_what_the_commune_forwards() {
        let (now, edition) = (Moment::real_now(), of(EditionCode::Of2025));
        let take = |position, verb, role| next(position, verb, role, &edition, now).ok();
        let (commune, district, province) = (Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer);
        assert_eq!(take(at(State::Submitted), IdeaVerb::Forward, commune), Some(State::Forwarded));
        assert_eq!(take(at(State::Submitted), IdeaVerb::Accept, province), None);
        assert_eq!(take(at(State::Forwarded), IdeaVerb::Accept, province), Some(State::Accepted));
        assert_eq!(take(at(State::Forwarded), IdeaVerb::Return, province), Some(State::Returned));
        assert_eq!(take(at(State::Forwarded), IdeaVerb::Reject, province), Some(State::Rejected));
        for (verb, role) in [(IdeaVerb::Select, district), (IdeaVerb::Return, district), (IdeaVerb::Reject, district)] {
            assert_eq!(take(at(State::Forwarded), verb, role), None, "{verb:?}");
        }
        let held = Position { submitted_at: Some(now.plus(Duration::days(-10))), ..at(State::Submitted) };
        assert_eq!(take(held, IdeaVerb::Accept, province), Some(State::Accepted));
        assert_eq!(take(held, IdeaVerb::Forward, commune), Some(State::Forwarded));
    }

    #[test]
    fn who_returns_an_idea_gets_it_back() {
        let waits = |code, role| waits_for(role, &of(code));
        assert_eq!(waits(EditionCode::Of2019, Role::CommuneOfficer), State::Submitted);
        assert_eq!(waits(EditionCode::Of2019, Role::DistrictOfficer), State::Forwarded);
        assert_eq!(waits(EditionCode::Of2023, Role::ProvincialOfficer), State::Selected);
        assert_eq!(waits(EditionCode::Of2025, Role::ProvincialOfficer), State::Forwarded);
    }

    #[test]
    fn a_step_that_an_edition_lacks_is_refused_to_those_who_take_it_elsewhere() {
        let edition = of(EditionCode::Of2025);
        assert_eq!(IdeaVerb::Select.roles(&edition).unwrap(), [Role::DistrictOfficer]);
        assert_eq!(IdeaVerb::Reject.roles(&edition).unwrap(), [Role::ProvincialOfficer]);
        assert_eq!(IdeaVerb::Return.roles(&edition).unwrap(), [Role::CommuneOfficer, Role::ProvincialOfficer]);
        assert!(
            next(at(State::Forwarded), IdeaVerb::Select, Role::DistrictOfficer, &edition, Moment::real_now()).is_err()
        );
    }
}
