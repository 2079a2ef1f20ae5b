//! What becomes of a doubt, and how many are taken.

use std::sync::LazyLock;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Kind, Moment, Result, say};

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
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn close(self) -> Result<Self> {
        match self {
            Self::Open | Self::Seen => Ok(Self::Closed),
            Self::Closed => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// How many doubts are taken. What somebody sends is counted for who sends and for the network; a stamp takes doubts from
/// others whatever one sends.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub per_visitor_and_day: i64,
    /// A network (24 bits of an IPv4 address, 48 of an IPv6 one) is a town behind one provider, or somebody with many addresses.
    pub per_network_and_hour: i64,
    pub per_network_and_day: i64,
    /// From so many doubts about one stamp on a day on, further ones wait ever longer,
    pub crowded_from: i64,
    /// but for so many from each network by visitors who had the stamp's page open.
    pub when_crowded: i64,
}

/// What came before a doubt.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    pub by_visitor: i64,
    pub by_network: i64,
    pub by_network_this_hour: i64,
    /// When the first of those came.
    pub hour_began: Option<Moment>,
    pub about_stamp: i64,
    pub about_stamp_by_network: i64,
    pub last_about_stamp: Option<Moment>,
    /// Whether this visitor had the stamp's page open today.
    pub has_page: bool,
}

/// A stamp's first wait, in minutes, and how many doubts more double it, up to a longest one.
const FIRST_WAIT: i64 = 1;
const DOUBLED_BY: i64 = 50;
const LONGEST_WAIT: i64 = 60;

static LIMITS: LazyLock<std::result::Result<Limits, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("limits.json")).map_err(|error| error.to_string()));

impl Limits {
    pub fn in_force() -> Result<Self> {
        LIMITS.clone().map_err(|error| Error::internal(format!("the limits of doubts cannot be read: {error}")))
    }

    /// Whether it depends on the page being open.
    pub fn is_crowded(self, about_stamp: i64) -> bool {
        about_stamp >= self.crowded_from
    }

    /// 429 where so many came already, with the time after which it is worth to come back.
    pub fn allow(self, before: &Before, now: Moment) -> Result<()> {
        let tomorrow = now.day().ends();
        if before.by_visitor >= self.per_visitor_and_day || before.by_network >= self.per_network_and_day {
            return Err(too_many(now, tomorrow));
        }
        if before.by_network_this_hour >= self.per_network_and_hour {
            let again = before.hour_began.unwrap_or(now).plus(Duration::hours(1));
            return Err(too_many(now, again.min(tomorrow)));
        }
        if !self.is_crowded(before.about_stamp)
            || (before.has_page && before.about_stamp_by_network < self.when_crowded)
        {
            return Ok(());
        }
        let again = before.last_about_stamp.unwrap_or(now).plus(self.wait(before.about_stamp)).min(tomorrow);
        if again <= now { Ok(()) } else { Err(too_many(now, again)) }
    }

    /// How far apart doubts about a crowded stamp are.
    fn wait(self, about_stamp: i64) -> Duration {
        let doubled = u32::try_from((about_stamp - self.crowded_from) / DOUBLED_BY).unwrap_or(u32::MAX);
        Duration::minutes(FIRST_WAIT.saturating_mul(2_i64.saturating_pow(doubled)).min(LONGEST_WAIT))
    }
}

fn too_many(now: Moment, again: Moment) -> Error {
    let seconds = (again.microseconds() - now.microseconds()) / 1_000_000 + 1;
    Error::refused(
        Kind::TooSoon(seconds.max(1)),
        "too_many_doubts",
        say(
            "Đã nhận đủ phản ánh lúc này; xin mở trang của con tem và gửi lại sau.",
            "Enough reports came for now; please open the stamp's page and send yours later.",
        ),
    )
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

    fn limits() -> Limits {
        Limits::in_force().unwrap()
    }

    const NOTHING: Before = Before {
        by_visitor: 0,
        by_network: 0,
        by_network_this_hour: 0,
        hour_began: None,
        about_stamp: 0,
        about_stamp_by_network: 0,
        last_about_stamp: None,
        has_page: false,
    };

    /// How long one is told to wait, in seconds.
    fn wait(before: Before) -> Option<i64> {
        let now: Moment = "2026-11-27T03:00:00Z".parse().unwrap();
        let refused = limits().allow(&before, now).err()?;
        match refused.refusal().unwrap().kind {
            Kind::TooSoon(seconds) => Some(seconds),
            kind => panic!("{kind:?}"),
        }
    }

    #[test]
    fn one_and_ones_network_have_so_many() {
        let limits = limits();
        let until_tomorrow = Some(14 * 3600 + 1);
        assert_eq!(wait(Before { by_visitor: limits.per_visitor_and_day - 1, ..NOTHING }), None);
        assert_eq!(wait(Before { by_visitor: limits.per_visitor_and_day, ..NOTHING }), until_tomorrow);
        assert_eq!(wait(Before { by_network: limits.per_network_and_day, ..NOTHING }), until_tomorrow);
        let hour_began = Some("2026-11-27T02:20:00Z".parse().unwrap());
        let hour = Before { by_network_this_hour: limits.per_network_and_hour, hour_began, ..NOTHING };
        assert_eq!(wait(hour), Some(20 * 60 + 1));
    }

    #[test]
    fn no_number_of_doubts_silences_a_stamp() {
        let limits = limits();
        let crowded = Before { about_stamp: limits.crowded_from, has_page: true, ..NOTHING };
        assert_eq!(wait(Before { about_stamp: limits.crowded_from - 1, ..NOTHING }), None);
        let flooded = Before { about_stamp: 100_000, has_page: true, ..NOTHING };
        assert_eq!((wait(crowded), wait(flooded)), (None, None), "who had the page open is heard");
        let last_about_stamp = Some("2026-11-27T03:00:00Z".parse().unwrap());
        let own = Before { about_stamp_by_network: limits.when_crowded, last_about_stamp, ..crowded };
        assert_eq!(wait(own), Some(61));
        assert_eq!(wait(Before { about_stamp: limits.crowded_from + 100, ..own }), Some(241));
        assert_eq!(wait(Before { about_stamp: 100_000, ..own }), Some(3601));
        let earlier = Some("2026-11-27T02:00:00Z".parse().unwrap());
        assert_eq!(wait(Before { about_stamp: 100_000, last_about_stamp: earlier, ..own }), None);
    }
}
