//! One picture is decoded at a time in the whole process, whoever sends it: a small file can take much memory, so the
//! memory of one is the memory of all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use crate::base::{Error, Kind, Result, say};

/// So many may wait; whoever comes then is told to come back.
const WAITING: usize = 24;
/// So long one waits.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Leave to decode: only what runs in its turn has it.
#[derive(Debug)]
pub struct Turn(());

type Work = Box<dyn FnOnce() + Send>;

static PLACES: Semaphore = Semaphore::const_new(1 + WAITING);
static TURNS: Semaphore = Semaphore::const_new(1);

/// A thread of its own, because memory that was given back stays with the thread that asked for it.
static DESK: LazyLock<std::result::Result<Sender<Work>, String>> = LazyLock::new(|| {
    let (sender, works) = channel::<Work>();
    let desk = std::thread::Builder::new().name("pictures".to_owned());
    let started = desk.spawn(move || works.into_iter().for_each(|work| work()));
    started.map(|_| sender).map_err(|error| error.to_string())
});

/// Runs `work` when its turn comes, first come, first served. 503 where too many wait or the wait is too long; who hangs
/// up while waiting leaves the queue, and work that began is ended before the next begins.
pub async fn take<T: Send + 'static>(work: impl FnOnce(&Turn) -> T + Send + 'static) -> Result<T> {
    take_within(LONGEST_WAIT, work).await
}

async fn take_within<T: Send + 'static>(wait: Duration, work: impl FnOnce(&Turn) -> T + Send + 'static) -> Result<T> {
    let place = PLACES.try_acquire().map_err(|_| busy())?;
    let turn = tokio::time::timeout(wait, TURNS.acquire()).await.map_err(|_| busy())?;
    let turn = turn.map_err(Error::internal)?;
    let (tell, told) = oneshot::channel();
    let work: Work = Box::new(move || {
        let done = catch_unwind(AssertUnwindSafe(|| work(&Turn(()))));
        drop((turn, place));
        // Nobody listens any more where the asker hung up.
        drop(tell.send(done));
    });
    let desk = DESK.as_ref().map_err(|error| Error::internal(format!("no thread for pictures: {error}")))?;
    desk.send(work).map_err(|_| Error::internal("the thread for pictures is gone"))?;
    let done = told.await.map_err(Error::internal)?;
    done.map_err(|_| Error::internal("the work on a picture broke off"))
}

/// No turn in time: 503.
pub fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "pictures_busy",
        say(
            "Đang có nhiều ảnh chờ xử lý, xin gửi lại sau ít giây.",
            "Many pictures are waiting, please send this one again in a few seconds.",
        ),
    )
}

#[cfg(test)]
impl Turn {
    pub fn of_a_test() -> Self {
        Self(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn one_works_at_a_time_and_who_cannot_is_told_to_come_back() {
        static AT_WORK: AtomicUsize = AtomicUsize::new(0);
        let broken = take(|_| assert_eq!(AT_WORK.load(Ordering::SeqCst), 1, "a decoder's fault")).await;
        assert!(matches!(broken, Err(Error::Internal(_))), "the turn is given on");
        let works = (0..16).map(|number| {
            take(move |_| {
                let beside = AT_WORK.fetch_add(1, Ordering::SeqCst);
                std::thread::yield_now();
                AT_WORK.fetch_sub(1, Ordering::SeqCst);
                (number, beside)
            })
        });
        let done = futures_util::future::join_all(works).await;
        assert!(done.into_iter().enumerate().all(|(number, done)| done.unwrap() == (number, 0)));

        let (end, ended) = channel::<()>();
        let long = tokio::spawn(take(move |_| ended.recv().is_ok()));
        tokio::task::yield_now().await;
        let is_busy = |taken: Result<()>| taken.unwrap_err().refusal().unwrap().kind == Kind::Unavailable;
        assert!(is_busy(take_within(Duration::ZERO, |_| ()).await), "it waited too long");
        let waiting: Vec<_> = (0..WAITING).map(|_| tokio::spawn(take(|_| ()))).collect();
        tokio::task::yield_now().await;
        assert!(is_busy(take(|_| ()).await), "too many wait");
        end.send(()).unwrap();
        assert!(long.await.unwrap().unwrap());
        for waited in waiting {
            waited.await.unwrap().unwrap();
        }
    }
}
