//! What becomes of a doubt, and how many are taken.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Kind, Result, say};

/// `open` > `see` `seen` > `close` `closed`; an open one may be closed at once.
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
#[schema(as = DoubtState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Open,
    Seen,
    Closed,
}

impl State {
    pub fn see(self) -> Result<Self> {
        match self {
            Self::Open => Ok(Self::Seen),
            _ => Err(Error::wrong_state("see", self.as_ref())),
        }
    }

    pub fn close(self) -> Result<Self> {
        match self {
            Self::Open | Self::Seen => Ok(Self::Closed),
            Self::Closed => Err(Error::wrong_state("close", self.as_ref())),
        }
    }
}

/// How many doubts are taken on a day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub per_visitor_and_day: i64,
    pub per_stamp_and_day: i64,
}

static LIMITS: LazyLock<std::result::Result<Limits, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("limits.json")).map_err(|error| error.to_string()));

impl Limits {
    pub fn in_force() -> Result<Self> {
        LIMITS.clone().map_err(|error| Error::internal(format!("the limits of doubts cannot be read: {error}")))
    }

    /// 429 where so many came today already.
    pub fn allow(self, by_visitor: i64, on_stamp: i64) -> Result<()> {
        if by_visitor < self.per_visitor_and_day && on_stamp < self.per_stamp_and_day {
            return Ok(());
        }
        Err(Error::refused(
            Kind::TooMany,
            "too_many_doubts",
            say(
                "Hôm nay đã nhận đủ phản ánh về tem này; xin gửi tiếp vào ngày mai.",
                "Enough reports came today; please send more tomorrow.",
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_doubt_is_closed_once() {
        let closes: Vec<_> = State::iter().filter(|state| state.close().is_ok()).collect();
        let sees: Vec<_> = State::iter().filter(|state| state.see().is_ok()).collect();
        assert_eq!((sees, closes), (vec![State::Open], vec![State::Open, State::Seen]));
    }

    #[test]
    fn the_limits_are_read_and_the_last_one_fits() {
        let limits = Limits::in_force().unwrap();
        assert!(limits.allow(limits.per_visitor_and_day - 1, 0).is_ok());
        assert!(limits.allow(limits.per_visitor_and_day, 0).is_err());
        assert!(limits.allow(0, limits.per_stamp_and_day).is_err());
    }
}
