//! Turns at what costs so much that few may do it at once, with a bounded queue before them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::{Error, Result};
use crate::db::busy;

const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// So many turns at once, so many waiting for one in their order; whoever finds the queue full is told to come back.
#[derive(Clone)]
pub struct Turns {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// A turn, until it is dropped. It belongs to who does the work, not to who waits for it: a client that goes away must not
/// let a further one in while its work still runs.
pub struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Turns {
    pub fn new(at_once: usize, waiting: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), places: Arc::new(Semaphore::new(at_once + waiting)) }
    }

    /// Waits for a turn; 503 where the queue is full, or does not move.
    pub async fn take(&self) -> Result<Turn> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let turn = tokio::time::timeout(LONGEST_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(Error::internal)?;
        Ok(Turn { _turn: turn, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    fn waits(turn: std::pin::Pin<&mut impl Future>) -> bool {
        turn.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    #[actix_web::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_back() {
        let turns = Turns::new(1, 1);
        let first = turns.take().await.unwrap();
        let mut second = std::pin::pin!(turns.take());
        assert!(waits(second.as_mut()));
        let refused = turns.take().await.err().unwrap();
        assert_eq!(refused.refusal().unwrap().code, "busy");
        drop(first);
        let second = second.await.unwrap();
        assert!(waits(std::pin::pin!(turns.take())), "one at once, the other waits");
        drop(second);
        turns.take().await.unwrap();
    }
}
