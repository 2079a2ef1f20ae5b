//! A reward's states, and what the rates per star give to the products of a decision.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Result, Stars, Vnd, say};

/// `draft` > `decide` `decided` > `pay` `paid`, once each product of it is paid. A draft may be discarded.
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
#[schema(as = RewardState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Decided,
    Paid,
    Discarded,
}

impl State {
    /// Only a draft changes, is decided or discarded.
    pub fn must_be_draft(self) -> Result<()> {
        if self == Self::Draft { Ok(()) } else { Err(Error::wrong_state(self.as_ref())) }
    }

    pub fn decide(self) -> Result<Self> {
        self.must_be_draft().map(|()| Self::Decided)
    }

    pub fn discard(self) -> Result<Self> {
        self.must_be_draft().map(|()| Self::Discarded)
    }

    /// It is decided until no product is left unpaid.
    pub fn pay(self, unpaid: usize) -> Result<Self> {
        match self {
            Self::Decided if unpaid == 0 => Ok(Self::Paid),
            Self::Decided => Ok(Self::Decided),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// What a product of so many stars is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardRate {
    pub stars: Stars,
    /// In VND.
    pub amount: Vnd,
}

/// Each number of stars has one rate, and some money.
pub fn check(rates: &[RewardRate], faults: &mut Vec<Fault>) {
    if rates.is_empty() {
        faults.push(Fault::new(
            "/rates",
            "required",
            say("Cần mức thưởng của ít nhất một hạng sao.", "A rate is needed."),
        ));
    }
    let mut met = BTreeSet::new();
    for (index, rate) in rates.iter().enumerate() {
        if !met.insert(rate.stars) {
            let detail = say("Hạng sao này đã có mức thưởng.", "These stars have a rate already.");
            faults.push(Fault::new(format!("/rates/{index}/stars"), "repeated", detail));
        }
        if rate.amount == Vnd::ZERO {
            let detail = say("Mức thưởng trên 0 đồng.", "A rate is above 0 VND.");
            faults.push(Fault::new(format!("/rates/{index}/amount"), "out_of_range", detail));
        }
    }
}

/// What a product of these stars is given; none where its stars have no rate.
pub fn amount(rates: &[RewardRate], stars: Stars) -> Option<Vnd> {
    rates.iter().find(|rate| rate.stars == stars).map(|rate| rate.amount)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::support::rules::sum;

    fn rate(stars: i32, millions: i64) -> RewardRate {
        RewardRate { stars: Stars::new(stars).unwrap(), amount: Vnd::new(millions * 1_000_000).unwrap() }
    }

    #[test]
    fn sixty_one_of_thirty_and_two_of_fifty_millions_make_1930() {
        let rates = [rate(3, 30), rate(4, 50)];
        let recognised = std::iter::repeat_n(3, 61).chain([4, 4]);
        let amounts = recognised.map(|stars| amount(&rates, Stars::new(stars).unwrap()).unwrap());
        assert_eq!(sum(amounts).unwrap(), Vnd::new(1_930_000_000).unwrap());
        assert_eq!(amount(&rates, Stars::new(5).unwrap()), None);
    }

    #[test]
    fn each_number_of_stars_has_one_rate() {
        let codes = |rates: &[RewardRate]| {
            let mut faults = Vec::new();
            check(rates, &mut faults);
            faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert!(codes(&[rate(3, 30), rate(4, 50)]).is_empty());
        assert_eq!(codes(&[]), ["required"]);
        assert_eq!(codes(&[rate(3, 30), rate(3, 0)]), ["repeated", "out_of_range"]);
    }

    #[test]
    fn only_a_draft_is_decided_and_only_what_is_decided_is_paid() {
        let states = |step: &dyn Fn(State) -> Result<State>| -> Vec<State> {
            State::iter().filter(|state| step(*state).is_ok()).collect()
        };
        assert_eq!(states(&State::decide), [State::Draft]);
        assert_eq!(states(&State::discard), [State::Draft]);
        assert_eq!(states(&|state: State| state.pay(1)), [State::Decided]);
        assert_eq!((State::Decided.pay(1).unwrap(), State::Decided.pay(0).unwrap()), (State::Decided, State::Paid));
    }
}
