//! How long a browser stays signed in.

use chrono::Duration;

use crate::base::Moment;

/// So long nothing may be asked.
const REST_HOURS: i64 = 12;
/// So long a session lasts however much is asked.
const LIFE_DAYS: i64 = 7;
/// A session seen longer ago is written down as seen anew: not at each request, for each would be a write.
const RENEWED_MINUTES: i64 = 5;

/// Whether a session still signs its browser in.
pub fn is_alive(made_at: Moment, seen_at: Moment, now: Moment) -> bool {
    now < seen_at.plus(Duration::hours(REST_HOURS)) && now < made_at.plus(Duration::days(LIFE_DAYS))
}

/// Whether it is time to write down that a session was seen.
pub fn is_due(seen_at: Moment, now: Moment) -> bool {
    now >= seen_at.plus(Duration::minutes(RENEWED_MINUTES))
}

/// The moments at and before which what was seen, and what was made, is over.
pub fn over(now: Moment) -> (Moment, Moment) {
    (now.plus(Duration::hours(-REST_HOURS)), now.plus(Duration::days(-LIFE_DAYS)))
}

/// For how many seconds a browser keeps the cookie at most.
pub const LIFE_SECONDS: i64 = LIFE_DAYS * 24 * 3600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_rest_and_by_age() {
        let made = Moment::real_now();
        let after = |hours| made.plus(Duration::hours(hours));
        assert!(is_alive(made, made, after(11)) && !is_alive(made, made, after(12)));
        assert!(is_alive(made, after(160), after(167)) && !is_alive(made, after(167), after(168)));
    }

    #[test]
    fn a_session_is_written_down_now_and_then() {
        let seen = Moment::real_now();
        assert!(!is_due(seen, seen.plus(Duration::seconds(299))) && is_due(seen, seen.plus(Duration::minutes(5))));
    }
}
