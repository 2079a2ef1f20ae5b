//! A policy's states, from when to when it is in force, and what it pays of costs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Fault, Result, Vnd, say, text};

/// `draft` > `adopt` `adopted`. What is adopted is never edited; `end` gives it its last day.
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
#[schema(as = SupportPolicyState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Adopted,
}

impl State {
    pub fn adopt(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Adopted),
            Self::Adopted => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Only what is in force ends, and only once.
    pub fn end(self, valid_to: Option<Day>, today: Day) -> Result<()> {
        match self {
            Self::Adopted if valid_to.is_none_or(|last| last >= today) => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// Which budget pays (nguồn kinh phí).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MoneySource {
    /// Ngân sách trung ương.
    CentralBudget,
    /// Ngân sách tỉnh.
    ProvincialBudget,
    /// Ngân sách huyện.
    DistrictBudget,
    /// Ngân sách xã.
    CommuneBudget,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub act: String,
    pub item: String,
    pub name: String,
    pub rate_percent: i32,
    pub cap: Vnd,
    pub source: MoneySource,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
}

impl Terms {
    pub fn check(&self, faults: &mut Vec<Fault>) {
        text::check(&self.act, "/act", 200, faults);
        text::check_code(&self.item, "/item", 50, faults);
        text::check(&self.name, "/name", 500, faults);
        if !(1..=100).contains(&self.rate_percent) {
            faults.push(Fault::new("/rate_percent", "out_of_range", say("Từ 1 đến 100 %.", "From 1 to 100 %.")));
        }
        if self.cap == Vnd::ZERO {
            faults.push(Fault::new("/cap", "out_of_range", say("Mức tối đa trên 0 đồng.", "The most is above 0 VND.")));
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            let detail = say("Ngày cuối không trước ngày đầu.", "The last day is not before the first.");
            faults.push(Fault::new("/valid_to", "out_of_range", detail));
        }
    }
}

/// Whether a policy is in force on a day; both of its days count.
pub fn is_in_force(state: State, valid_from: Day, valid_to: Option<Day>, day: Day) -> bool {
    state == State::Adopted && valid_from <= day && valid_to.is_none_or(|last| day <= last)
}

/// What is paid of costs: their share, up to the cap; what is less than a đồng is not paid.
pub fn support(costs: Vnd, rate_percent: i32, cap: Vnd) -> Result<Vnd> {
    let share = costs.get().checked_mul(i64::from(rate_percent)).map(|hundredfold| hundredfold.div_euclid(100));
    let share = share.and_then(Vnd::new).ok_or_else(|| Error::internal("a share of costs is no amount of money"))?;
    Ok(share.min(cap))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn only_a_draft_is_adopted_and_only_what_is_in_force_ends() {
        let adopted: Vec<_> = State::iter().filter(|state| state.adopt().is_ok()).collect();
        assert_eq!(adopted, [State::Draft]);
        let today = day("2021-02-22");
        assert!(State::Adopted.end(None, today).is_ok() && State::Adopted.end(Some(today), today).is_ok());
        assert!(State::Adopted.end(Some(day("2021-02-21")), today).is_err() && State::Draft.end(None, today).is_err());
    }

    #[test]
    fn both_days_of_a_policy_count() {
        let (first, last) = (day("2021-01-01"), Some(day("2021-12-31")));
        let on = |state, text| is_in_force(state, first, last, day(text));
        assert!(on(State::Adopted, "2021-01-01") && on(State::Adopted, "2021-12-31"));
        assert!(
            !on(State::Adopted, "2020-12-31") && !on(State::Adopted, "2022-01-01") && !on(State::Draft, "2021-06-01")
        );
        assert!(is_in_force(State::Adopted, first, None, day("2050-01-01")));
    }

    #[test]
    fn half_of_the_costs_are_paid_up_to_the_cap() {
        let paid = |costs, rate, cap| support(Vnd::new(costs).unwrap(), rate, Vnd::new(cap).unwrap()).unwrap().get();
        assert_eq!(paid(300_000_000, 50, 200_000_000), 150_000_000);
        assert_eq!(paid(500_000_000, 50, 200_000_000), 200_000_000);
        assert_eq!(paid(99, 50, 1_000), 49);
    }

    proptest! {
        #[test]
        fn support_is_neither_above_the_costs_nor_above_the_cap(costs in 0..=1_000_000_000_000_000i64, rate in 1..=100, cap in 1..=1_000_000_000_000_000i64) {
            let (costs, cap) = (Vnd::new(costs).unwrap(), Vnd::new(cap).unwrap());
            let paid = support(costs, rate, cap).unwrap();
            prop_assert!(paid <= costs && paid <= cap);
        }
    }
}
