//! How long one waits after wrong passwords. Pure; real time comes in.
//!
//! A failure raises a level, time lowers it again. Up to a level nothing is slowed: people mistype. Beyond it each failure
//! doubles the wait after it, up to a longest one, so that nobody is shut out for good.

use chrono::Duration;

use crate::base::Moment;

/// The arithmetic of one kind of limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Failures after which the next try may follow at once.
    free: i32,
    /// The wait after one failure more, in seconds.
    first: i64,
    /// The longest wait, in seconds.
    longest: i64,
    /// In how many seconds one failure is forgotten.
    forgets_in: i64,
}

/// Wrong passwords for one name from one network: the sixth is followed by 5 s, doubling up to 15 minutes.
pub const OF_NAME: Limit = Limit { free: 5, first: 5, longest: 15 * 60, forgets_in: 30 * 60 };

/// Wrong passwords from one network for any names: a room of people may mistype; beyond, a try a minute.
pub const OF_NETWORK: Limit = Limit { free: 60, first: 5, longest: 60, forgets_in: 2 * 60 };

/// Wrong codes beside the right password, from all networks: who tries them has the password. After ten a wait of 30 s, doubling
/// up to an hour; in a day of trying a code of six digits is guessed with 2 * 10^-4.
pub const OF_CODE: Limit = Limit { free: 10, first: 30, longest: 60 * 60, forgets_in: 60 * 60 };

/// How long the database keeps what these limits count: by then every level is forgotten.
pub const KEPT_HOURS: i64 = 24;
/// How long a network is an account's own after it signed in from there.
pub const OWN_DAYS: i64 = 90;
/// The most rows of failures that are kept; the oldest go first.
pub const MOST_KEPT: i64 = 100_000;

/// What is on record: the level after the last failure, and when that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub level: i32,
    pub failed_at: Moment,
}

impl Limit {
    /// The wait after a failure that raised the level to this.
    fn wait(self, level: i32) -> Duration {
        let seconds = match u32::try_from(level - self.free) {
            Err(_) | Ok(0) => 0,
            Ok(beyond) => self.first.saturating_mul(2_i64.saturating_pow(beyond - 1)).min(self.longest),
        };
        Duration::seconds(seconds)
    }

    /// How long to wait from now on until the next try; zero for none.
    pub fn left(self, failures: Option<Failures>, now: Moment) -> Duration {
        let Some(Failures { level, failed_at }) = failures else { return Duration::zero() };
        let wait = self.wait(level);
        // A clock that was set back must not make the wait longer than it ever was.
        (failed_at.plus(wait).utc() - now.utc()).clamp(Duration::zero(), wait)
    }

    /// What is on record after one failure more.
    pub fn after_failure(self, failures: Option<Failures>, now: Moment) -> Failures {
        let level = failures.map_or(0, |known| self.level(known, now));
        Failures { level: (level + 1).min(self.highest()), failed_at: now }
    }

    fn level(self, failures: Failures, now: Moment) -> i32 {
        let passed = (now.utc() - failures.failed_at.utc()).num_seconds().max(0);
        let forgotten = i32::try_from(passed / self.forgets_in).unwrap_or(i32::MAX);
        failures.level.saturating_sub(forgotten).max(0)
    }

    /// The first level of the longest wait; none is higher, so that whatever happened is forgotten in a known time.
    fn highest(self) -> i32 {
        (self.free..).find(|level| self.wait(*level) >= Duration::seconds(self.longest)).unwrap_or(self.free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_microseconds(1_700_000_000_000_000 + seconds * 1_000_000).unwrap()
    }

    /// How many wrong passwords are judged when somebody tries each second.
    fn judged(limit: Limit, seconds: i64) -> usize {
        let (mut failures, mut judged) = (None, 0);
        for second in 0..seconds {
            if limit.left(failures, at(second)).is_zero() {
                failures = Some(limit.after_failure(failures, at(second)));
                judged += 1;
            }
        }
        judged
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits = |limit: Limit, levels: std::ops::RangeInclusive<i32>| {
            levels.map(|level| limit.wait(level).num_seconds()).collect::<Vec<_>>()
        };
        assert_eq!(waits(OF_NAME, 4..=14), [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900]);
        assert_eq!(waits(OF_NETWORK, 59..=66), [0, 0, 5, 10, 20, 40, 60, 60]);
        assert_eq!(waits(OF_CODE, 10..=18), [0, 30, 60, 120, 240, 480, 960, 1920, 3600]);
        assert_eq!(OF_NAME.wait(i32::MAX).num_seconds(), 900);
        assert_eq!((OF_NAME.highest(), OF_NETWORK.highest()), (14, 65));
    }

    #[test]
    fn guessing_all_day_gets_nowhere() {
        assert_eq!(judged(OF_NAME, 3), 3);
        assert_eq!(judged(OF_NAME, 60), 9);
        assert!(judged(OF_NAME, 24 * 3600) < 120, "{}", judged(OF_NAME, 24 * 3600));
        assert!(judged(OF_CODE, 24 * 3600) < 60, "{}", judged(OF_CODE, 24 * 3600));
        assert!(judged(OF_NETWORK, 24 * 3600) < 1600, "{}", judged(OF_NETWORK, 24 * 3600));
    }

    #[test]
    fn all_is_forgotten_before_the_rows_go() {
        for limit in [OF_NAME, OF_NETWORK, OF_CODE] {
            let worst = Failures { level: limit.highest(), failed_at: at(0) };
            assert_eq!(limit.level(worst, at(KEPT_HOURS * 3600)), 0);
        }
    }

    proptest! {
        #[test]
        fn whatever_happened_the_wait_is_bounded_and_passes(tries in prop::collection::vec(-100_i64..5000, 0..200)) {
            for limit in [OF_NAME, OF_NETWORK, OF_CODE] {
                let (mut now, mut failures) = (0, None);
                for pause in &tries {
                    now += pause;
                    failures = Some(limit.after_failure(failures, at(now)));
                    let left = limit.left(failures, at(now));
                    prop_assert!(left <= Duration::seconds(limit.longest));
                    prop_assert_eq!(limit.left(failures, at(now).plus(left)), Duration::zero());
                    prop_assert!(limit.left(failures, at(now - 5000)) <= Duration::seconds(limit.longest));
                    prop_assert!(limit.left(failures, at(now + 1)) <= left);
                }
            }
        }

        #[test]
        fn who_mistypes_now_and_then_never_waits(pauses in prop::collection::vec(1800_i64..100_000, 0..100)) {
            let (mut now, mut failures) = (0, None);
            for pause in pauses {
                now += pause;
                prop_assert!(OF_NAME.left(failures, at(now)).is_zero());
                failures = Some(OF_NAME.after_failure(failures, at(now)));
            }
        }
    }
}
