//! A plan's states, and what it must say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Result, say, text};

/// `draft` > `adopt` `adopted`.
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
#[schema(as = InspectionPlanState)]
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
}

/// 422 for a year or a text that no plan has.
pub fn check(year: i32, written: &str) -> Result<()> {
    let mut faults = Vec::new();
    if !(2018..=2100).contains(&year) {
        faults.push(Fault::new("/year", "out_of_range", say("Năm từ 2018 đến 2100.", "A year from 2018 to 2100.")));
    }
    text::check(written, "/text", 20_000, &mut faults);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn only_a_draft_is_adopted() {
        let adopted: Vec<_> = State::iter().filter(|state| state.adopt().is_ok()).collect();
        assert_eq!(adopted, [State::Draft]);
        assert!(check(2026, "Kiểm tra 20 sản phẩm").is_ok() && check(2026, " ").is_err() && check(2017, "x").is_err());
    }
}
