//! The one writer of scans of an instance: durable before they are answered, by group commit. It commits all that wait in
//! one transaction and then answers them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use prometheus::core::Collector;
use tokio::sync::{mpsc, oneshot};

use crate::base::id::ProducerId;
use crate::base::{Day, Error, Kind, Moment, Result, say};
use crate::http::App;
use crate::http::duties::{LONGEST_WORK, SCAN_WRITER, caught};
use crate::stamp::code::Mint;
use crate::stamp::legacy::{self, known::Known};
use crate::stamp::passport::Passports;
use crate::stamp::rendered::Rendered;
use crate::stamp::scan::{Recorded, Scan, Scanned, record};
use crate::stamp::scan_counts::ScanCounts;
use crate::stamp::scan_store;
use crate::stamp::suspicion::review::review;

/// How many scans are committed together at most.
const MOST_TOGETHER: usize = 500;
/// How many scans may wait; the next is told to come back.
const MOST_WAITING: usize = 4000;

/// The way to this instance's one writer of scans. Cheap to clone; the writer ends when the last clone is dropped.
#[derive(Clone)]
pub struct Scanner {
    queue: mpsc::Sender<Job>,
    mint: Arc<Mint>,
    legacy: Known,
    counts: ScanCounts,
    rendered: Rendered,
}

struct Job {
    scan: Scan,
    answer: oneshot::Sender<Result<Option<Scanned>>>,
}

impl Scanner {
    /// Reads the keys and starts the writer, a thread of its own.
    pub fn start(app: &App) -> Result<Self> {
        let mint = Arc::new(Mint::new(&app.keys)?);
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        app.duties.enter(SCAN_WRITER);
        let legacy = Known::new(app.database.read_now(legacy::store::all)?);
        let counts = ScanCounts::new()?;
        let (app, known, writers, counted) = (app.clone(), legacy.clone(), Arc::clone(&mint), counts.clone());
        let failed = |error: std::io::Error| Error::internal(format!("cannot start the writer of scans: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        std::thread::Builder::new()
            .name("scans".into())
            .spawn(move || runtime.block_on(keep_writing(app, writers, waiting, known, counted)))
            .map_err(failed)?;
        Ok(Self { queue, mint, legacy, counts, rendered: Rendered::default() })
    }

    pub fn mint(&self) -> &Arc<Mint> {
        &self.mint
    }

    /// The codes of earlier software that this instance knows of.
    pub fn legacy(&self) -> &Known {
        &self.legacy
    }

    /// Answers that were rendered for earlier scans.
    pub fn rendered(&self) -> &Rendered {
        &self.rendered
    }

    /// Counts a scan; the answer comes once it is durable. None where no such stamp was issued. 503 where too many wait,
    /// or where it is not certain that the scan was kept: it is not tried again, for it may have been.
    pub async fn scan(&self, scan: Scan) -> Result<Option<Scanned>> {
        let (answer, answered) = oneshot::channel();
        let written = match self.queue.try_send(Job { scan, answer }) {
            Ok(()) => answered.await.unwrap_or_else(|_| Err(busy())),
            Err(_) => Err(busy()),
        };
        match &written {
            Ok(Some(scanned)) => self.counts.answered(scanned.facts().verdict(scanned.today)),
            Ok(None) => {}
            Err(_) => self.counts.refused.inc(),
        }
        written
    }

    /// What is told of scans to who reads metrics.
    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        self.counts.collectors()
    }
}

fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "busy",
        say("Hệ thống đang bận, xin quét lại sau ít giây.", "The service is busy, please scan again in a few seconds."),
    )
}

/// Writes until all handles are gone. A panic costs who waits for that batch, who are told to come back, and nobody else.
async fn keep_writing(app: App, mint: Arc<Mint>, mut waiting: mpsc::Receiver<Job>, known: Known, counts: ScanCounts) {
    while let Err(error) = caught(write(&app, &mint, &mut waiting, &known, &counts)).await {
        let failures = app.duties.note(SCAN_WRITER, &Err(error));
        tokio::time::sleep(Duration::from_secs(u64::from(failures.min(10)))).await;
    }
}

/// Commits what waits, batch after batch, until all handles are gone. A batch whose answer stays out is given up: whoever
/// scanned is told to come back, and the next batch takes another connection.
async fn write(app: &App, mint: &Arc<Mint>, waiting: &mut mpsc::Receiver<Job>, known: &Known, counts: &ScanCounts) {
    let mut jobs = Vec::with_capacity(MOST_TOGETHER);
    let mut passports = Passports::default();
    let mut months_made_on = None;
    while waiting.recv_many(&mut jobs, MOST_TOGETHER).await > 0 {
        let (scans, answers): (Vec<Scan>, Vec<_>) = jobs.drain(..).map(|job| (job.scan, job.answer)).unzip();
        app.duties.await_within(SCAN_WRITER, LONGEST_WORK);
        counts.waiting.set(i64::try_from(waiting.len()).unwrap_or(i64::MAX));
        counts.together.observe(u32::try_from(answers.len()).map_or(f64::INFINITY, f64::from));
        let writing = counts.seconds.start_timer();
        let (now, mint) = (app.clock.now(), Arc::clone(mint));
        // A batch that fails takes them along: the database may have become another one.
        let kept = std::mem::take(&mut passports);
        let written = app.database.write_scans(move |connection| record(connection, &mint, kept, &scans, now));
        let written = written.await;
        writing.observe_duration();
        let results = match written {
            Ok(Recorded { passports: read, scanned, swept }) => {
                passports = read;
                app.duties.note(SCAN_WRITER, &Ok(()));
                look_again(app, swept, now).await;
                scanned.into_iter().map(Ok).collect()
            }
            Err(error) => {
                app.duties.note(SCAN_WRITER, &Err(error));
                answers.iter().map(|_| Err(busy())).collect::<Vec<_>>()
            }
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // Who asked may have hung up meanwhile; the scan counts all the same.
            answer.send(result).ok();
        }
        if known.is_due() {
            tokio::spawn(learn(app.clone(), known.clone()));
        }
        if months_made_on != Some(now.day()) {
            months_made_on = Some(now.day());
            tokio::spawn(make_months(app.clone(), now.day()));
        }
    }
}

/// Looks again at the cases against producers through whose stamps networks go. Where that fails they stay open for the office.
async fn look_again(app: &App, swept: BTreeSet<ProducerId>, now: Moment) {
    if swept.is_empty() {
        return;
    }
    if let Err(error) = app.database.write_scans(move |connection| review(connection, &swept, now)).await {
        tracing::error!(%error, "cases that rest on few networks could not be looked at");
    }
}

/// The log of scans gets its tables ahead. A month that has none is kept all the same, so no scan waits for it.
async fn make_months(app: App, today: Day) {
    // The next one first: it is empty, and is made whatever becomes of this one.
    for month in today.plus_months(1).into_iter().chain([today]) {
        if let Err(error) = app.database.write(move |connection| scan_store::make_month(connection, month)).await {
            tracing::error!(%error, %month, "the log of scans has no table for this month");
        }
    }
}

/// Old codes are only ever added, so their number tells whether another instance imported some. No scan waits for it.
async fn learn(app: App, known: Known) {
    let learned = app.database.read(move |connection| {
        if !known.is_complete(legacy::store::count(connection)?) {
            known.renew(legacy::store::all(connection)?);
        }
        Ok::<_, Error>(())
    });
    if let Err(error) = learned.await {
        tracing::error!(%error, "the old codes could not be read");
    }
}
