//! How fast a crowd is served that means no good. Who is refused and asks again at once would keep the threads busy that answer
//! everybody, and so would many who send photographs: beyond so many refusals, or bytes, a second each waits for its turn. Waiting
//! takes no processor; who is refused now and then, as people are, is told at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Nobody waits longer.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How fast something goes on that a crowd asks for.
#[derive(Debug, Clone, Copy)]
pub struct Beat {
    pub one_each: Duration,
    /// So many go at once after a while without any.
    pub at_once: u32,
}

/// Refusals of what would write, and of what is asked too often.
pub const REFUSALS: Beat = Beat { one_each: Duration::from_millis(4), at_once: 1000 };

/// Turns at a beat: when the latest has its own.
#[derive(Clone)]
pub struct Cadence {
    beat: Beat,
    latest: Arc<Mutex<Option<Instant>>>,
}

impl Cadence {
    pub fn new(beat: Beat) -> Self {
        Self { beat, latest: Arc::default() }
    }

    /// How long who needs so many turns waits for them.
    pub fn turn(&self, now: Instant, turns: u32) -> Duration {
        let Beat { one_each, at_once } = self.beat;
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(one_each * at_once).unwrap_or(now);
        let turn = latest.map_or(earliest, |latest| latest.max(earliest)) + one_each * turns;
        let wait = turn.saturating_duration_since(now);
        if wait > LONGEST_WAIT {
            return LONGEST_WAIT;
        }
        *latest = Some(turn);
        wait
    }

    /// Waits for so many turns.
    pub async fn wait(&self, turns: u32) {
        let wait = self.turn(Instant::now(), turns);
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_crowd_is_refused_at_a_bounded_rate_and_who_comes_alone_at_once() {
        let (cadence, now) = (Cadence::new(REFUSALS), Instant::now() + 10 * SECOND);
        let Beat { one_each, at_once } = REFUSALS;
        let waits = |count: u32, now| (0..count).map(|_| cadence.turn(now, 1)).collect::<Vec<_>>();
        assert!(waits(at_once, now).iter().all(Duration::is_zero));
        assert_eq!(waits(3, now), [one_each, 2 * one_each, 3 * one_each]);
        // However many come, nobody waits longer than that, and who came before loses no turn by it.
        assert_eq!(waits(100_000, now).into_iter().max(), Some(LONGEST_WAIT));
        assert_eq!(waits(1, now + SECOND), [SECOND + one_each]);
        assert_eq!(waits(1, now + 3 * SECOND), [Duration::ZERO]);
        assert!(waits(at_once, now + 9 * SECOND).iter().all(Duration::is_zero), "it is all forgotten");
    }

    #[test]
    fn who_needs_many_turns_waits_for_all_of_them() {
        let (cadence, now) = (Cadence::new(Beat { one_each: SECOND / 10, at_once: 10 }), Instant::now() + 10 * SECOND);
        assert_eq!([10, 5, 3].map(|turns| cadence.turn(now, turns)), [Duration::ZERO, SECOND / 2, SECOND * 8 / 10]);
    }
}
