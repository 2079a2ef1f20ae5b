//! Turns at what costs so much that few may do it at once, with a bounded queue before them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::{Error, Result, Workshop};
use crate::http::own_places::{OwnPlace, OwnPlaces};

/// What is done in turn.
#[derive(Debug, Clone, Copy)]
pub struct Heavy {
    pub name: &'static str,
    pub at_once: usize,
    /// So many wait, each at most so long; whoever finds the queue full, or waits in vain, is told so.
    pub waiting: usize,
    pub longest_wait: Duration,
    pub busy: fn() -> Error,
}

/// So many turns at once, and the threads on which they are used; so many wait for one in their order.
#[derive(Clone)]
pub struct Turns {
    heavy: Heavy,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    own_places: OwnPlaces,
    workshop: Workshop,
}

/// How many places one has at most, where it is known who asks.
const MOST_OF_ONE: usize = 2;

/// A turn, until it is dropped. It belongs to who does the work, not to who waits for it: a client that goes away must not
/// let a further one in while its work still runs.
pub struct Turn {
    workshop: Workshop,
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    own_place: Option<OwnPlace>,
}

impl Turns {
    pub fn new(heavy: Heavy) -> Result<Self> {
        Ok(Self {
            heavy,
            turns: Arc::new(Semaphore::new(heavy.at_once)),
            places: Arc::new(Semaphore::new(heavy.at_once + heavy.waiting)),
            own_places: OwnPlaces::new(MOST_OF_ONE),
            workshop: Workshop::open(heavy.name, heavy.at_once)?,
        })
    }

    /// Waits for a turn; 503 where the queue is full, or does not move. Who hangs up while waiting leaves the queue.
    pub async fn take(&self) -> Result<Turn> {
        self.take_with(None).await
    }

    /// As [`Turns::take`], for somebody who is known; 503 as well where they have as many places as one may.
    pub async fn take_as(&self, asker: String) -> Result<Turn> {
        let own_place = self.own_places.take(asker).ok_or_else(self.heavy.busy)?;
        self.take_with(Some(own_place)).await
    }

    async fn take_with(&self, own_place: Option<OwnPlace>) -> Result<Turn> {
        let busy = self.heavy.busy;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let turn = tokio::time::timeout(self.heavy.longest_wait, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(Error::internal)?;
        Ok(Turn { workshop: self.workshop.clone(), _turn: turn, _place: place, own_place })
    }
}

impl Turn {
    /// Carries the work out on a thread for it, and gives the turn back with what came of it.
    pub async fn work<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<(Self, T)> {
        let workshop = self.workshop.clone();
        workshop.run(move || (work(), self)).await.map(|(done, turn)| (turn, done))
    }

    /// Lets the next in, while whoever asked keeps a place of their own for as long as what was made is taken away.
    pub fn end(self) -> Option<OwnPlace> {
        self.own_place
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::task::{Context, Waker};

    use super::*;
    use crate::base::Kind;
    use crate::db::busy;

    fn waits(turn: std::pin::Pin<&mut impl Future>) -> bool {
        turn.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    fn turns(waiting: usize, longest_wait: Duration) -> Turns {
        Turns::new(Heavy { name: "test", at_once: 1, waiting, longest_wait, busy }).unwrap()
    }

    fn is_busy(taken: Result<Turn>) -> bool {
        taken.err().unwrap().refusal().unwrap().kind == Kind::Unavailable
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_back() {
        let turns = turns(1, Duration::MAX);
        let first = turns.take().await.unwrap();
        let mut second = std::pin::pin!(turns.take());
        assert!(waits(second.as_mut()));
        assert!(is_busy(turns.take().await));
        drop(first);
        let second = second.await.unwrap();
        assert!(waits(std::pin::pin!(turns.take())), "one at once, the other waits");
        drop(second);
        turns.take().await.unwrap();
    }

    #[tokio::test]
    async fn one_who_asks_for_all_of_it_leaves_room_for_others() {
        let turns = turns(16, Duration::MAX);
        let first = turns.take_as("a".into()).await.unwrap();
        let mut second = Box::pin(turns.take_as("a".into()));
        assert!(waits(second.as_mut()));
        assert!(is_busy(turns.take_as("a".into()).await));
        let mut other = Box::pin(turns.take_as("b".into()));
        assert!(waits(other.as_mut()));
        // Who goes away gives the place back.
        drop(second);
        assert!(waits(std::pin::pin!(turns.take_as("a".into()))));
        drop(first);
        other.await.unwrap();
        assert!(turns.own_places.is_empty());
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_to_come_back() {
        let turns = turns(1, Duration::ZERO);
        let _first = turns.take().await.unwrap();
        assert!(is_busy(turns.take().await));
    }

    #[tokio::test]
    async fn one_works_at_a_time_and_work_that_breaks_off_gives_its_turn_on() {
        static AT_WORK: AtomicUsize = AtomicUsize::new(0);
        let turns = turns(16, Duration::MAX);
        let broken = turns.take().await.unwrap().work(|| assert_eq!(1, 2)).await;
        assert!(matches!(broken, Err(Error::Internal(_))));
        let works = (0..16).map(|number| {
            let turns = turns.clone();
            async move {
                let work = move || {
                    let beside = AT_WORK.fetch_add(1, Ordering::SeqCst);
                    std::thread::yield_now();
                    AT_WORK.fetch_sub(1, Ordering::SeqCst);
                    (number, beside)
                };
                let (_turn, done) = turns.take().await?.work(work).await?;
                Ok::<_, Error>(done)
            }
        });
        let done = futures_util::future::join_all(works).await;
        assert!(done.into_iter().enumerate().all(|(number, done)| done.unwrap() == (number, 0)));
    }

    #[tokio::test]
    async fn who_goes_away_lets_nobody_in_while_the_work_still_runs() {
        let turns = turns(1, Duration::MAX);
        let (end, ended) = channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel();
        let turn = turns.take().await.unwrap();
        let mut work = Box::pin(turn.work(move || tell.send(ended.recv().is_ok())));
        assert!(waits(work.as_mut()));
        drop(work);
        let mut next = std::pin::pin!(turns.take());
        assert!(waits(next.as_mut()));
        end.send(()).unwrap();
        assert!(told.await.unwrap());
        next.await.unwrap();
    }
}
