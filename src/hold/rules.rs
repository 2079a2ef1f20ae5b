//! A hold's states.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Result};

/// `active` > `lift` `lifted`.
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
#[schema(as = HoldState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Active,
    Lifted,
}

impl State {
    pub fn lift(self) -> Result<Self> {
        match self {
            Self::Active => Ok(Self::Lifted),
            Self::Lifted => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn only_an_active_hold_is_lifted() {
        let lifts: Vec<_> = State::iter().filter(|state| state.lift().is_ok()).collect();
        assert_eq!(lifts, [State::Active]);
    }
}
