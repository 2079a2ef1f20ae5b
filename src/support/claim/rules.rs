//! A claim's states, whose turn it is, its last day, and its amounts, which never grow on the way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Role;
use crate::base::{Day, Error, Result, UnitCode, Vnd, say};

/// `draft` > `hand-in` `handed_in` > `accept` `accepted` > `send` `sent` > `appraise` `appraised` > `decide` `decided` >
/// `pay` `paid`, once all of it is paid. From its hand-in to its decision it may be returned or refused by whose turn it is;
/// what was paid may be taken back, and then no more of it is paid.
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
#[schema(as = SupportClaimState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    HandedIn,
    Accepted,
    Sent,
    Appraised,
    Decided,
    Paid,
    TakenBack,
    Returned,
    Refused,
    Withdrawn,
}

/// Who has a claim that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Who accepts on site: the commune or the district.
    Acceptance,
    /// The provincial office.
    Appraisal,
}

impl State {
    fn refuse_step<T>(self) -> Result<T> {
        Err(Error::wrong_state(self.as_ref()))
    }

    fn from(self, before: &[Self], after: Self) -> Result<Self> {
        if before.contains(&self) { Ok(after) } else { self.refuse_step() }
    }

    /// What the producer writes may change before it is handed in, or after it came back.
    pub fn must_be_open_to_change(self) -> Result<()> {
        self.hand_in().map(drop)
    }

    pub fn hand_in(self) -> Result<Self> {
        self.from(&[Self::Draft, Self::Returned], Self::HandedIn)
    }

    pub fn accept(self) -> Result<Self> {
        self.from(&[Self::HandedIn], Self::Accepted)
    }

    pub fn send(self) -> Result<Self> {
        self.from(&[Self::Accepted], Self::Sent)
    }

    pub fn appraise(self) -> Result<Self> {
        self.from(&[Self::Sent], Self::Appraised)
    }

    pub fn decide(self) -> Result<Self> {
        self.from(&[Self::Appraised], Self::Decided)
    }

    /// Paid in parts: it is decided until nothing is left.
    pub fn pay(self, left: Vnd) -> Result<Self> {
        self.from(&[Self::Decided], if left == Vnd::ZERO { Self::Paid } else { Self::Decided })
    }

    /// What is to be taken back is there while not all of it was.
    pub fn take_back(self, paid: Vnd, taken_back: Vnd) -> Result<Self> {
        if paid <= taken_back {
            return self.refuse_step();
        }
        self.from(&[Self::Decided, Self::Paid, Self::TakenBack], Self::TakenBack)
    }

    /// Before its acceptance the producer may give it up.
    pub fn withdraw(self) -> Result<Self> {
        self.from(&[Self::Draft, Self::HandedIn, Self::Returned], Self::Withdrawn)
    }

    pub fn turn(self) -> Option<Turn> {
        match self {
            Self::HandedIn | Self::Accepted => Some(Turn::Acceptance),
            Self::Sent | Self::Appraised => Some(Turn::Appraisal),
            _ => None,
        }
    }

    /// `to` for whose turn it is to return or refuse the claim.
    pub fn end_turn(self, of: Turn, to: Self) -> Result<Self> {
        if self.turn() == Some(of) { Ok(to) } else { self.refuse_step() }
    }
}

/// Who accepts on site: who looks after products in the edition; where there is no district, the commune.
pub fn accepting_office(looks_after: Role, district: Option<&UnitCode>) -> Role {
    if district.is_some() { looks_after } else { Role::CommuneOfficer }
}

/// By the end of this day claims of a year are sent to the province; what is sent later is marked late, and goes on.
pub fn last_day(year: i32) -> Option<Day> {
    Day::new(year, 11, 15)
}

/// Whether a claim was sent after its last day, or is not sent and waits beyond it.
pub fn is_late(state: State, year: i32, sent_on: Option<Day>, today: Day) -> bool {
    let Some(last) = last_day(year) else { return false };
    match sent_on {
        Some(sent_on) => sent_on > last,
        None => state.turn() == Some(Turn::Acceptance) && today > last,
    }
}

/// The amounts of a claim as far as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    pub claimed: Vnd,
    pub accepted: Option<Vnd>,
    pub appraised: Option<Vnd>,
    pub decided: Option<Vnd>,
}

impl Amounts {
    /// What stands now: no later step gives more.
    pub fn standing(&self) -> Vnd {
        self.decided.or(self.appraised).or(self.accepted).unwrap_or(self.claimed)
    }
}

/// A part that was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SupportPayment)]
pub struct Payment {
    pub paid_on: Day,
    pub amount: Vnd,
    /// The number of the paper by which it was paid.
    pub voucher: String,
}

/// A part that was taken back, by a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SupportTakenBack)]
pub struct TakenBack {
    pub number: String,
    pub signed_on: Day,
    pub amount: Vnd,
    pub reason: String,
}

/// What is left of an amount.
pub fn left(of: Vnd, used: Vnd) -> Vnd {
    Vnd::new(of.get().saturating_sub(used.get())).unwrap_or(Vnd::ZERO)
}

/// So many papers a producer may add to a claim, and so many of its acceptance the office.
pub const MOST_FILES: usize = 30;

/// 409 where a claim has as many files of a kind as it may.
pub fn must_have_room(files: usize) -> Result<()> {
    if files < MOST_FILES {
        return Ok(());
    }
    let (vi, en) = (format!("Tối đa {MOST_FILES} giấy tờ."), format!("At most {MOST_FILES} papers."));
    Err(Error::conflict("too_many_files", say(vi, en)))
}

/// 409 for what is handed in without an invoice, or accepted without minutes.
pub fn must_have_files(files: usize) -> Result<()> {
    if files > 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "papers_outstanding",
        say(
            "Chưa có chứng từ hoặc biên bản nghiệm thu kèm theo.",
            "The invoices, or the acceptance minutes, are not there yet.",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    fn vnd(amount: i64) -> Vnd {
        Vnd::new(amount).unwrap()
    }

    #[test]
    fn each_step_is_taken_from_its_states_alone() {
        let taken = |step: &dyn Fn(State) -> Result<State>| -> Vec<State> {
            State::iter().filter(|state| step(*state).is_ok()).collect()
        };
        use State::*;
        assert_eq!(taken(&State::hand_in), [Draft, Returned]);
        assert_eq!(taken(&State::accept), [HandedIn]);
        assert_eq!(taken(&State::send), [Accepted]);
        assert_eq!(taken(&State::appraise), [Sent]);
        assert_eq!(taken(&State::decide), [Appraised]);
        assert_eq!(taken(&|state: State| state.pay(vnd(1))), [Decided]);
        assert_eq!(taken(&State::withdraw), [Draft, HandedIn, Returned]);
        assert_eq!(taken(&|state: State| state.take_back(vnd(2), vnd(1))), [Decided, Paid, State::TakenBack]);
        assert_eq!(taken(&|state: State| state.take_back(vnd(1), vnd(1))), []);
        assert_eq!(taken(&|state: State| state.end_turn(Turn::Acceptance, Returned)), [HandedIn, Accepted]);
        assert_eq!(taken(&|state: State| state.end_turn(Turn::Appraisal, Refused)), [Sent, Appraised]);
        assert_eq!((Decided.pay(vnd(1)).unwrap(), Decided.pay(Vnd::ZERO).unwrap()), (Decided, Paid));
    }

    #[test]
    fn the_fifteenth_of_november_is_in_time() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let late = |state, sent: Option<&str>, today| is_late(state, 2020, sent.map(day), day(today));
        assert!(!late(State::Accepted, None, "2020-11-15") && late(State::Accepted, None, "2020-11-16"));
        assert!(
            !late(State::Paid, Some("2020-11-15"), "2021-02-01") && late(State::Sent, Some("2020-11-16"), "2020-11-16")
        );
        assert!(!late(State::Draft, None, "2020-12-01") && !late(State::Refused, None, "2020-12-01"));
    }

    #[test]
    fn the_commune_accepts_where_there_is_no_district() {
        let district: UnitCode = "439".parse().unwrap();
        assert_eq!(accepting_office(Role::DistrictOfficer, Some(&district)), Role::DistrictOfficer);
        assert_eq!(accepting_office(Role::CommuneOfficer, Some(&district)), Role::CommuneOfficer);
        assert_eq!(accepting_office(Role::DistrictOfficer, None), Role::CommuneOfficer);
    }

    proptest! {
        #[test]
        fn parts_never_add_up_to_more_than_was_decided(decided in 1..1_000_000i64, parts in proptest::collection::vec(1..500_000i64, 1..20)) {
            let (mut state, mut paid) = (State::Decided, Vnd::ZERO);
            for part in parts {
                let left_before = left(vnd(decided), paid);
                let mut faults = Vec::new();
                crate::support::rules::must_be_within(vnd(part), left_before, &mut faults);
                let after = paid.plus(vnd(part)).unwrap();
                if let (true, Ok(next)) = (faults.is_empty(), state.pay(left(vnd(decided), after))) {
                    (state, paid) = (next, after);
                }
            }
            prop_assert!(paid.get() <= decided);
            prop_assert_eq!(state == State::Paid, paid.get() == decided);
        }
    }
}
