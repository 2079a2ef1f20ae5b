//! Threads of their own for work that takes a processor for a while. They give way to the threads that answer: a crowd that
//! signs in, or sends pictures, keeps nobody from a stamp's page. Memory that such work gave back stays with its thread and is
//! used again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::base::{Error, Result};

/// How much they give way, of 19.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// A few such threads; they end when the last clone is dropped.
#[derive(Clone)]
pub struct Workshop(Sender<Work>);

impl Workshop {
    pub fn open(name: &str, threads: usize) -> Result<Self> {
        let (sender, works) = channel();
        let works = Arc::new(Mutex::new(works));
        for _ in 0..threads {
            let works = Arc::clone(&works);
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread
                .spawn(move || carry_out(&works))
                .map_err(|error| Error::internal(format!("no thread for {name}: {error}")))?;
        }
        Ok(Self(sender))
    }

    /// Runs `work` on one of the threads, after what was asked for before; to its end, also where whoever asked is gone.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move || {
            // Nobody listens any more where the asker hung up.
            drop(tell.send(catch_unwind(AssertUnwindSafe(work))));
        });
        self.0.send(work).map_err(|_| Error::internal("the threads for heavy work are gone"))?;
        let done = told.await.map_err(Error::internal)?;
        done.map_err(|_| Error::internal("heavy work broke off"))
    }
}

fn carry_out(works: &Mutex<Receiver<Work>>) {
    give_way();
    loop {
        let work = works.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = work else { return };
        work();
    }
}

/// Elsewhere than on Linux it would be the whole process that gives way.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "heavy work does not give way to answers");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_breaks_off_is_told_and_the_thread_goes_on() {
        let workshop = Workshop::open("test", 1).unwrap();
        let broken = workshop.run(|| assert_eq!(1, 2)).await;
        assert!(matches!(broken, Err(Error::Internal(_))));
        assert_eq!(workshop.run(|| 3).await.unwrap(), 3);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_threads_give_way_and_no_other_does() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        let workshop = Workshop::open("test", 2).unwrap();
        assert_eq!(workshop.run(niceness).await.unwrap(), NICENESS.max(before));
        assert_eq!(niceness(), before);
    }
}
