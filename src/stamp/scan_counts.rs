//! What who watches the service is told of scans: how they are written, and how many of each verdict were answered, of no stamp.

use std::sync::Arc;

use prometheus::core::Collector;
use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts};
use strum::IntoEnumIterator;

use crate::base::{Error, Result};
use crate::stamp::rules::Verdict;

/// Counts of one instance. Cheap to clone.
#[derive(Clone)]
pub(super) struct ScanCounts {
    pub waiting: IntGauge,
    pub together: Histogram,
    pub seconds: Histogram,
    /// Who found the queue full, or whose scan may not be written.
    pub refused: IntCounter,
    verdicts: IntCounterVec,
    /// Its series.
    of_verdict: Arc<[(Verdict, IntCounter)]>,
}

impl ScanCounts {
    pub fn new() -> Result<Self> {
        let histogram = |name, help, buckets: &[f64]| {
            Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec())).map_err(Error::internal)
        };
        let verdicts = Opts::new("ocop_scan_verdicts_total", "Scans that were answered, by verdict");
        let verdicts = IntCounterVec::new(verdicts, &["verdict"]).map_err(Error::internal)?;
        // Each has its series from the start, so that a rate is told of the first.
        let series = |verdict: Verdict| (verdict, verdicts.with_label_values(&[verdict.as_ref()]));
        let of_verdict = Verdict::iter().map(series).collect();
        let (sizes, times) = ([1.0, 4.0, 16.0, 64.0, 256.0], [0.001, 0.005, 0.02, 0.1, 0.5, 2.0]);
        Ok(Self {
            waiting: IntGauge::new("ocop_scans_waiting", "Scans that wait to be written").map_err(Error::internal)?,
            together: histogram("ocop_scan_batch_size", "How many scans were written together", &sizes)?,
            seconds: histogram("ocop_scan_batch_seconds", "How long it took to write scans together", &times)?,
            refused: IntCounter::new("ocop_scans_refused_total", "Scans that were not written in time")
                .map_err(Error::internal)?,
            verdicts,
            of_verdict,
        })
    }

    pub fn answered(&self, verdict: Verdict) {
        if let Some((_, counter)) = self.of_verdict.iter().find(|(of, _)| *of == verdict) {
            counter.inc();
        }
    }

    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        let Self { waiting, together, seconds, refused, verdicts, .. } = self.clone();
        vec![Box::new(waiting), Box::new(together), Box::new(seconds), Box::new(refused), Box::new(verdicts)]
    }
}
