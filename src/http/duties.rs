//! What the service does without being asked. Each duty is watched over: one that fails, or panics, is begun anew after a
//! pause that grows, which is told in the log once, at `/readyz` and in the metrics. One that neither ends nor fails is told as
//! late once it has taken longer than it ever should.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use prometheus::core::Collector;
use prometheus::{IntCounterVec, IntGaugeVec, Opts};

use tokio::time::Instant;

use crate::base::{Error, Kind, Label, Moment, Result, label};

const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// What takes longer hangs.
pub const LONGEST_WORK: Duration = Duration::from_secs(300);

/// Its work is the rooms' below, but whoever finds that scans can be written again tells so here.
pub const SCAN_WRITER: Duty = Duty { name: "scan_writer", label: label("ghi lượt quét tem", "writer of scans") };

/// Something that is done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// Stable, for programs.
    pub name: &'static str,
    pub label: Label,
}

/// When a duty is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    every: Duration,
    first: Duration,
    shortest_pause: Duration,
    longest_pause: Duration,
}

impl Rhythm {
    /// Again after so long each time, for the first time after so long as well.
    pub const fn every(every: Duration) -> Self {
        Self { every, first: every, shortest_pause: Duration::from_secs(1), longest_pause: LONGEST_PAUSE }
    }

    /// For the first time at once.
    pub const fn at_once(self) -> Self {
        Self { first: Duration::ZERO, ..self }
    }

    /// Not again for so long at least where it failed.
    pub const fn pausing(self, shortest_pause: Duration) -> Self {
        Self { shortest_pause, ..self }
    }

    /// Again after so long at most, however often it failed.
    pub const fn pausing_at_most(self, longest_pause: Duration) -> Self {
        Self { longest_pause, ..self }
    }

    /// How long until it is done again, after it failed so many times in a row.
    fn next(self, failures: u32) -> Duration {
        if failures == 0 {
            return self.every;
        }
        let grown = Duration::from_secs(2u64.saturating_pow(failures)).min(self.longest_pause);
        grown.max(self.shortest_pause)
    }
}

/// How a duty fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub duty: Duty,
    pub last_success: Option<Moment>,
    pub last_failure: Option<Moment>,
    /// In a row, up to now.
    pub failures: u32,
    /// Whether the last of them was that something outside of the service could not be used.
    was_unavailable: bool,
    /// Until when it should be done or have failed; None where nothing is awaited of it.
    due: Option<Instant>,
}

impl Record {
    /// Whether something is awaited of it that should be done by now.
    pub fn is_late(&self) -> bool {
        self.due.is_some_and(|due| due < Instant::now())
    }
}

/// All duties of this instance, and how they fare. Cheap to clone.
#[derive(Clone)]
pub struct Duties {
    records: Arc<Mutex<BTreeMap<&'static str, Record>>>,
    failing: IntGaugeVec,
    due: IntGaugeVec,
    successes: IntGaugeVec,
    failures: IntCounterVec,
}

impl Duties {
    pub fn new() -> Result<Self> {
        let gauge = |name, help| IntGaugeVec::new(Opts::new(name, help), &["duty"]).map_err(Error::internal);
        let failures = Opts::new("ocop_duty_failures_total", "How often a duty failed");
        Ok(Self {
            records: Arc::default(),
            failing: gauge("ocop_duty_failing", "Whether a duty failed the last time")?,
            due: gauge(
                "ocop_duty_due_seconds",
                "Until when a duty should be done, in seconds since 1970; 0 where nothing is awaited",
            )?,
            successes: gauge("ocop_duty_last_success_seconds", "When a duty was last done, in seconds since 1970")?,
            failures: IntCounterVec::new(failures, &["duty"]).map_err(Error::internal)?,
        })
    }

    /// What is told of them to who reads metrics.
    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        let Self { failing, due, successes, failures, .. } = self.clone();
        vec![Box::new(failing), Box::new(due), Box::new(successes), Box::new(failures)]
    }

    /// How each of them fares.
    pub fn records(&self) -> Vec<Record> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }

    /// Takes a duty up: from now on it is told how it fares.
    pub fn enter(&self, duty: Duty) {
        let record =
            Record { duty, last_success: None, last_failure: None, failures: 0, was_unavailable: false, due: None };
        self.records.lock().unwrap_or_else(PoisonError::into_inner).insert(duty.name, record);
        self.failing.with_label_values(&[duty.name]).set(0);
        self.due.with_label_values(&[duty.name]).set(0);
        self.successes.with_label_values(&[duty.name]).set(0);
        self.failures.with_label_values(&[duty.name]).reset();
    }

    /// From now on a duty should be done within so long, or have failed.
    pub fn await_within(&self, duty: Duty, within: Duration) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.get_mut(duty.name) else { return };
        record.due = Some(Instant::now() + within);
        let due = Moment::real_now().plus(chrono::Duration::from_std(within).unwrap_or_default());
        self.due.with_label_values(&[duty.name]).set(due.microseconds() / 1_000_000);
    }

    /// Notes that the database, which a duty could not use, was found to work again. What it failed at otherwise, or is at just
    /// now, stays as it is.
    pub fn works_again(&self, duty: Duty) {
        let is_failing = |record: &Record| {
            record.duty == duty && record.failures > 0 && record.was_unavailable && record.due.is_none()
        };
        if self.records().iter().any(is_failing) {
            self.note(duty, &Ok(()));
        }
    }

    /// Notes what came of a duty; how often it failed in a row is returned. Of failures in a row the first is logged.
    pub fn note(&self, duty: Duty, done: &Result<()>) -> u32 {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.get_mut(duty.name) else { return 0 };
        record.due = None;
        self.due.with_label_values(&[duty.name]).set(0);
        let now = Moment::real_now();
        match done {
            Ok(()) => {
                if record.failures > 0 {
                    tracing::info!(duty = duty.name, failures = record.failures, "a duty is done again");
                }
                record.failures = 0;
                record.last_success = Some(now);
                self.successes.with_label_values(&[duty.name]).set(now.microseconds() / 1_000_000);
            }
            Err(error) => {
                if record.failures == 0 {
                    tracing::error!(duty = duty.name, %error, "a duty was not done; it is tried again, and told of when it is done");
                }
                record.failures = record.failures.saturating_add(1);
                record.was_unavailable = error.refusal().is_some_and(|refusal| refusal.kind == Kind::Unavailable);
                record.last_failure = Some(now);
                self.failures.with_label_values(&[duty.name]).inc();
            }
        }
        self.failing.with_label_values(&[duty.name]).set(i64::from(record.failures > 0));
        record.failures
    }

    /// Does a duty in its rhythm, for as long as the runtime lives.
    pub fn keep<W>(&self, duty: Duty, rhythm: Rhythm, mut work: W)
    where
        W: AsyncFnMut() -> Result<()> + 'static,
    {
        self.enter(duty);
        let duties = self.clone();
        actix_web::rt::spawn(async move {
            let mut pause = rhythm.first;
            loop {
                duties.await_within(duty, pause + LONGEST_WORK);
                tokio::time::sleep(pause).await;
                let done = caught(work()).await.unwrap_or_else(Err);
                pause = rhythm.next(duties.note(duty, &done));
            }
        });
    }
}

/// What comes of it; a panic is an error, whose words are in the log already.
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_| Error::internal("it panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::label;

    const DUTY: Duty = Duty { name: "test", label: label("thử", "test") };

    #[actix_web::test]
    async fn what_fails_or_panics_is_done_again_and_told() {
        tokio::time::pause();
        let duties = Duties::new().unwrap();
        let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut turn = 0;
        let began = tokio::time::Instant::now();
        duties.keep(DUTY, Rhythm::every(Duration::from_secs(100)).at_once(), async move || {
            turn += 1;
            sender.send(turn).unwrap();
            match turn {
                1 => Err(Error::internal("on purpose")),
                2 => panic!("on purpose"),
                _ => Ok(()),
            }
        });
        let record = || duties.records()[0];
        assert_eq!((told.recv().await, began.elapsed().as_secs()), (Some(1), 0));
        assert_eq!((told.recv().await, began.elapsed().as_secs()), (Some(2), 2));
        assert_eq!(record().failures, 2);
        assert!(record().last_failure.is_some() && record().last_success.is_none());
        assert_eq!((told.recv().await, began.elapsed().as_secs()), (Some(3), 2 + 4));
        assert_eq!((told.recv().await, began.elapsed().as_secs()), (Some(4), 2 + 4 + 100));
        assert_eq!((record().failures, record().last_success.is_some()), (0, true));
    }

    #[actix_web::test]
    async fn what_hangs_is_late_until_it_is_done() {
        tokio::time::pause();
        let duties = Duties::new().unwrap();
        let (go, mut gone) = tokio::sync::mpsc::unbounded_channel::<()>();
        let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
        duties.keep(DUTY, Rhythm::every(Duration::from_secs(100)), async move || {
            sender.send(()).unwrap();
            gone.recv().await;
            Ok(())
        });
        let record = || duties.records()[0];
        told.recv().await;
        assert!(!record().is_late());
        tokio::time::advance(LONGEST_WORK + Duration::from_secs(1)).await;
        assert!(record().is_late() && record().failures == 0);
        go.send(()).unwrap();
        told.recv().await;
        assert!(!record().is_late() && record().last_success.is_some());
    }

    #[actix_web::test]
    async fn what_failed_is_well_again_where_another_finds_that_it_works() {
        let duties = Duties::new().unwrap();
        let record = || duties.records()[0];
        duties.enter(DUTY);
        duties.works_again(DUTY);
        assert_eq!((record().failures, record().last_success), (0, None), "nothing was done yet");
        duties.note(DUTY, &Err(crate::db::busy()));
        duties.await_within(DUTY, LONGEST_WORK);
        duties.works_again(DUTY);
        assert_eq!(record().failures, 1, "it is at it just now");
        duties.note(DUTY, &Err(crate::db::busy()));
        duties.works_again(DUTY);
        assert!(record().failures == 0 && record().last_success.is_some() && record().last_failure.is_some());
        duties.note(DUTY, &Err(Error::internal("a fault of ours")));
        duties.works_again(DUTY);
        assert_eq!(record().failures, 1, "that the database works mends nothing of it");
    }

    #[test]
    fn a_pause_grows_up_to_a_minute() {
        let rhythm = Rhythm::every(Duration::from_secs(3600));
        let seconds: Vec<u64> = (0..9).map(|failures| rhythm.next(failures).as_secs()).collect();
        assert_eq!(seconds, [3600, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(rhythm.pausing(Duration::from_secs(300)).next(u32::MAX).as_secs(), 300);
    }
}
