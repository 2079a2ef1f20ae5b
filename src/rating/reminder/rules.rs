//! How often a council is reminded.

use chrono::Duration;

use crate::base::{Error, Moment, Result, say};

/// Between two reminders of the same item lie so many minutes: long enough for a sheet to be ended.
pub const MINUTES_BETWEEN: i64 = 10;

/// 409 while the last reminder is fresh.
pub fn must_be_due(last: Option<Moment>, now: Moment) -> Result<()> {
    let again = last.map(|last| last.plus(Duration::minutes(MINUTES_BETWEEN)));
    if again.is_none_or(|again| again <= now) {
        return Ok(());
    }
    Err(Error::conflict(
        "reminded_just_now",
        say(
            format!("Vừa nhắc rồi; {MINUTES_BETWEEN} phút sau lần nhắc trước mới nhắc lại được."),
            format!("They were reminded just now; again {MINUTES_BETWEEN} minutes after the last time."),
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_reminder_is_not_made_again() {
        let first: Moment = "2021-02-22T02:00:00Z".parse().unwrap();
        assert!(must_be_due(None, first).is_ok());
        let after = |seconds| must_be_due(Some(first), first.plus(Duration::seconds(seconds))).is_ok();
        assert_eq!([0, 599, 600].map(after), [false, false, true]);
    }
}
