//! Who used how much of an allowance lately, in a bounded number of places.
//!
//! An address that is new while all places are taken shares one of a few with others, until old ones are forgotten: a flood
//! of addresses takes no memory, and nothing from those who were known before it came.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::base::{Error, Result};
use crate::http::allowance::table::Rate;

/// Of each kind; a place takes some 70 bytes.
pub const MOST_PLACES: usize = 20_000;
const SHARED_PLACES: u64 = 1_024;

#[derive(Debug, PartialEq, Eq, Hash)]
enum Place<K> {
    Own(K),
    Shared(u64),
}

struct Places<K> {
    used: Mutex<HashMap<Place<K>, Nanos>>,
    hasher: RandomState,
}

impl<K> Places<K> {
    fn used(&self) -> MutexGuard<'_, HashMap<Place<K>, Nanos>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> StateStore for Places<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, judge: F) -> std::result::Result<T, E>
    where
        F: Fn(Option<Nanos>) -> std::result::Result<(T, Nanos), E>,
    {
        let mut used = self.used();
        let mut place = Place::Own(key.clone());
        if used.len() >= MOST_PLACES && !used.contains_key(&place) {
            // Which of them is nobody's to choose: the hash has a key of its own at each start.
            place = Place::Shared(self.hasher.hash_one(key).checked_rem(SHARED_PLACES).unwrap_or(0));
        }
        let (allowed, next) = judge(used.get(&place).copied())?;
        used.insert(place, next);
        Ok(allowed)
    }
}

impl<K: Clone + Eq + Hash> ShrinkableKeyedStateStore<K> for Places<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.used().retain(|_, next| *next > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.used().shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.used().len()
    }

    fn is_empty(&self) -> bool {
        self.used().is_empty()
    }
}

/// What was used of one rate, by whom.
pub struct Counts<K: Clone + Eq + Hash, C: Clock>(RateLimiter<K, Places<K>, C, NoOpMiddleware<C::Instant>>);

impl<K: Clone + Eq + Hash, C: Clock> Counts<K, C> {
    pub fn new(rate: Rate, clock: C) -> Result<Self> {
        let quota = Quota::with_period(rate.one_each).ok_or_else(|| Error::internal("a rate has no time"))?;
        let places = Places { used: Mutex::default(), hasher: RandomState::new() };
        Ok(Self(RateLimiter::new(quota.allow_burst(rate.at_once), places, clock)))
    }

    /// Takes one of what is allowed; how long it is until the next where there is none.
    pub fn take(&self, who: &K) -> std::result::Result<(), Duration> {
        let now = self.0.clock().now();
        self.0.check_key(who).map_err(|refused: NotUntil<_>| refused.wait_time_from(now))
    }

    /// Forgets who has all of it again.
    pub fn forget_old(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::http::allowance::table::ALLOWANCES;

    fn rate(at_once: u32, one_each: Duration) -> Rate {
        Rate { at_once: at_once.try_into().unwrap(), one_each }
    }

    #[test]
    fn whoever_waits_as_long_as_is_said_is_let_in_and_not_before() {
        for rate in ALLOWANCES.iter().flat_map(|allowed| [allowed.visitor, allowed.network, allowed.account]).flatten()
        {
            let clock = FakeRelativeClock::default();
            let counts = Counts::new(rate, clock.clone()).unwrap();
            let at_once = (0..).take_while(|_| counts.take(&0_u8).is_ok()).count();
            assert_eq!(at_once, usize::try_from(rate.at_once.get()).unwrap(), "{rate}");
            let wait = counts.take(&0).unwrap_err();
            assert!(wait <= rate.one_each, "{rate}: {wait:?}");
            assert!(counts.take(&1).is_ok(), "somebody else");
            clock.advance(wait - Duration::from_millis(1));
            assert_eq!(counts.take(&0), Err(Duration::from_millis(1)), "{rate}");
            clock.advance(Duration::from_millis(1));
            assert_eq!(counts.take(&0), Ok(()), "{rate}");
            assert!(counts.take(&0).is_err(), "one, and no more: {rate}");
        }
    }

    #[test]
    fn a_flood_of_addresses_takes_no_memory_and_nothing_from_who_was_there() {
        let clock = FakeRelativeClock::default();
        let counts = Counts::new(rate(10, Duration::from_secs(60)), clock.clone()).unwrap();
        let known = u64::MAX;
        assert_eq!(counts.take(&known), Ok(()));
        let let_in = (0..1_000_000_u64).filter(|address| counts.take(address).is_ok()).count();
        let most = MOST_PLACES + usize::try_from(SHARED_PLACES).unwrap();
        assert!(counts.0.len() <= most, "{} places", counts.0.len());
        assert!(let_in <= MOST_PLACES + 10 * usize::try_from(SHARED_PLACES).unwrap(), "{let_in} were let in");
        let left = (0..).take_while(|_| counts.take(&known).is_ok()).count();
        assert_eq!(left, 9, "who was known has their own allowance");
        // Who has all of their allowance again takes no place.
        clock.advance(Duration::from_secs(11 * 60));
        counts.forget_old();
        assert!(counts.0.is_empty());
        assert_eq!(counts.take(&5), Ok(()));
    }
}
