//! What who watches the service is told of its database.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{Histogram, HistogramOpts, IntCounter};

use crate::base::{Error, Result};

/// Counts of one instance. Cheap to clone.
#[derive(Clone)]
pub(super) struct DatabaseCounts {
    /// A page must not ask for each of its rows.
    pub statements: IntCounter,
    waits: Histogram,
    /// Who waited in vain for a turn.
    pub refused: IntCounter,
}

impl DatabaseCounts {
    pub fn new() -> Result<Self> {
        let counter = |name, help| IntCounter::new(name, help).map_err(Error::internal);
        let waits =
            HistogramOpts::new("ocop_database_wait_seconds", "How long requests waited for their turn on a connection")
                .buckets(vec![0.001, 0.01, 0.1, 0.5, 1.0, 5.0]);
        Ok(Self {
            statements: counter("ocop_database_statements_total", "Statements that the database was given")?,
            waits: Histogram::with_opts(waits).map_err(Error::internal)?,
            refused: counter("ocop_database_refused_total", "Requests that waited for a connection in vain")?,
        })
    }

    pub fn waited(&self, wait: Duration) {
        self.waits.observe(wait.as_secs_f64());
    }

    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        let Self { statements, waits, refused } = self.clone();
        vec![Box::new(statements), Box::new(waits), Box::new(refused)]
    }
}
