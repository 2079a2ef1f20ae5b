//! An appeal's states, and until when it may be filed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Result, say};

/// `filed` > `upheld` (the product may stand again in a later round) or `dismissed`.
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
#[schema(as = AppealState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Filed,
    Upheld,
    Dismissed,
}

impl State {
    /// 409 once it is answered; an appeal is answered once.
    pub fn must_be_unanswered(self) -> Result<()> {
        match self {
            Self::Filed => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// 409 once the days in which a result may be appealed against are over; the last one counts.
pub fn must_be_in_time(concluded_on: Day, days: u16, today: Day) -> Result<()> {
    let last = concluded_on.plus_days(i64::from(days));
    if today <= last {
        return Ok(());
    }
    Err(Error::conflict(
        "too_late",
        say(format!("Hạn khiếu nại đã hết ngày {last}."), format!("An appeal could be filed until {last}.")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn an_appeal_is_answered_once() {
        let answerable: Vec<_> = State::iter().filter(|state| state.must_be_unanswered().is_ok()).collect();
        assert_eq!(answerable, [State::Filed]);
    }

    #[test]
    fn the_last_day_counts() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert!(must_be_in_time(day("2020-11-01"), 15, day("2020-11-16")).is_ok());
        assert!(must_be_in_time(day("2020-11-01"), 15, day("2020-11-17")).is_err());
        assert!(must_be_in_time(day("2020-11-01"), 0, day("2020-11-01")).is_ok());
    }
}
