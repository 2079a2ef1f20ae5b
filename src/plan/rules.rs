//! A plan's states, and what makes its money right.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Result, Vnd, say, text};

/// Where a plan is.
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
#[schema(as = PlanState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
    Approved,
    Returned,
    Rejected,
    /// Given up by who wrote it, before it was handed in; the idea may have another.
    Discarded,
}

/// A step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum PlanVerb {
    Submit,
    Discard,
    Approve,
    Return,
    Reject,
}

impl State {
    /// The state after a step. A cut of the state's support is a return, so approval changes nothing of the plan.
    pub fn after(self, step: PlanVerb) -> Result<Self> {
        match (step, self) {
            (PlanVerb::Submit, Self::Draft | Self::Returned) => Ok(Self::Submitted),
            (PlanVerb::Discard, Self::Draft) => Ok(Self::Discarded),
            (PlanVerb::Approve, Self::Submitted) => Ok(Self::Approved),
            (PlanVerb::Return, Self::Submitted) => Ok(Self::Returned),
            (PlanVerb::Reject, Self::Submitted) => Ok(Self::Rejected),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// What the producer writes may change only before it is handed in, or after it came back.
    pub fn must_be_open_to_change(self) -> Result<()> {
        match self {
            Self::Draft | Self::Returned => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// A year's money (kinh phí) by its four sources, in VND.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finance {
    pub year: i32,
    /// The producer's own capital.
    pub own: Vnd,
    /// Bank loans.
    pub loan: Vnd,
    pub other: Vnd,
    /// Support from the state's budget.
    pub state_support: Vnd,
}

/// The sums of a plan or of many, in VND.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FinanceSums {
    pub own: Vnd,
    pub loan: Vnd,
    pub other: Vnd,
    pub state_support: Vnd,
    pub total: Vnd,
}

impl FinanceSums {
    pub fn of<'a>(years: impl IntoIterator<Item = &'a Finance>) -> Result<Self> {
        years.into_iter().try_fold(Self::default(), |sums, year| {
            let total = year.own.plus(year.loan)?.plus(year.other)?.plus(year.state_support)?;
            Ok(Self {
                own: sums.own.plus(year.own)?,
                loan: sums.loan.plus(year.loan)?,
                other: sums.other.plus(year.other)?,
                state_support: sums.state_support.plus(year.state_support)?,
                total: sums.total.plus(total)?,
            })
        })
    }
}

/// The years that a plan's money may cover: its cycle's year and the four after it; plans run over three as a rule.
const YEARS: i32 = 5;

/// Holds a plan's money against its cycle's year: one row a year, and some money at all.
pub fn check_finance(finance: &[Finance], cycle_year: i32) -> Result<()> {
    let mut faults = Vec::new();
    if finance.is_empty() {
        faults.push(Fault::new(
            "/finance",
            "required",
            say("Cần kinh phí của ít nhất một năm.", "At least one year's money is needed."),
        ));
    }
    let mut years = BTreeSet::new();
    for (index, row) in finance.iter().enumerate() {
        if !(cycle_year..cycle_year + YEARS).contains(&row.year) {
            faults.push(Fault::new(
                format!("/finance/{index}/year"),
                "out_of_range",
                say(
                    format!("Năm từ {cycle_year} đến {}.", cycle_year + YEARS - 1),
                    format!("A year from {cycle_year} to {}.", cycle_year + YEARS - 1),
                ),
            ));
        }
        if !years.insert(row.year) {
            faults.push(Fault::new(
                format!("/finance/{index}/year"),
                "repeated",
                say("Năm bị lặp.", "The year is given twice."),
            ));
        }
    }
    // With at most one row a year the sum below cannot overflow.
    faults.into_result()?;
    let mut faults = Vec::new();
    if FinanceSums::of(finance)?.total == Vnd::ZERO {
        faults.push(Fault::new("/finance", "no_money", say("Tổng kinh phí bằng 0.", "The plan has no money at all.")));
    }
    faults.into_result()
}

/// Holds a plan's texts against their bounds.
pub fn check_texts(capacity: &str, market: &str, materials: &str, technology: &str) -> Result<()> {
    let mut faults = Vec::new();
    for (name, written) in
        [("/capacity", capacity), ("/market", market), ("/materials", materials), ("/technology", technology)]
    {
        text::check(written, name, 5000, &mut faults);
    }
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_plan_is_approved_only_when_it_was_handed_in() {
        let approvable: Vec<_> = State::iter().filter(|state| state.after(PlanVerb::Approve).is_ok()).collect();
        assert_eq!(approvable, vec![State::Submitted]);
        for state in [State::Approved, State::Rejected] {
            assert!(PlanVerb::iter().all(|step| state.after(step).is_err()), "{state:?}");
        }
    }

    #[test]
    fn years_are_of_the_plan_and_not_doubled() {
        let row = |year| Finance { year, own: Vnd::new(1).unwrap(), ..Finance::default() };
        assert!(check_finance(&[row(2020), row(2021), row(2022)], 2020).is_ok());
        assert!(check_finance(&[], 2020).is_err());
        assert!(check_finance(&[row(2019)], 2020).is_err());
        assert!(check_finance(&[row(2020), row(2020)], 2020).is_err());
        assert!(check_finance(&[Finance { year: 2020, ..Finance::default() }], 2020).is_err());
    }

    proptest! {
        #[test]
        fn sums_are_the_sums_of_their_sources(rows in prop::collection::vec((0..1_000_000_000i64, 0..1_000_000_000i64, 0..1_000_000_000i64, 0..1_000_000_000i64), 0..20)) {
            let money = |amount| Vnd::new(amount).unwrap();
            let finance: Vec<Finance> = rows.iter().map(|(own, loan, other, support)| Finance {
                year: 2020, own: money(*own), loan: money(*loan), other: money(*other), state_support: money(*support),
            }).collect();
            let sums = FinanceSums::of(&finance).unwrap();
            let total: i64 = rows.iter().map(|(a, b, c, d)| a + b + c + d).sum();
            prop_assert_eq!(sums.total.get(), total);
            prop_assert_eq!(sums.own.get() + sums.loan.get() + sums.other.get() + sums.state_support.get(), total);
        }
    }
}
