//! What who watches the service is told of its disk, read when it is asked for.

use std::path::PathBuf;

use prometheus::IntGauge;
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;

use crate::base::{Error, Result, capacity};
use crate::http::App;

/// The disk of the data folder, and SQLite's log.
pub struct RoomLeft {
    folder: PathBuf,
    database: crate::db::Database,
    free: IntGauge,
    log: IntGauge,
}

impl RoomLeft {
    pub fn of(app: &App) -> Result<Self> {
        let gauge = |name, help| IntGauge::new(name, help).map_err(Error::internal);
        Ok(Self {
            folder: app.data_dir.to_path_buf(),
            database: app.database.clone(),
            free: gauge("ocop_disk_free_bytes", "What is left where the data folder is")?,
            log: gauge("ocop_database_log_bytes", "How long SQLite's write-ahead log is; 0 for PostgreSQL")?,
        })
    }
}

impl Collector for RoomLeft {
    fn desc(&self) -> Vec<&Desc> {
        [self.free.desc(), self.log.desc()].concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let gauge = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        self.log.set(gauge(self.database.log_length()));
        let log = self.log.collect();
        match capacity::free(&self.folder) {
            Ok(free) => {
                self.free.set(gauge(free));
                [self.free.collect(), log].concat()
            }
            // What cannot be read is not told as a number.
            Err(error) => {
                tracing::warn!(%error, "the room that is left is not told");
                log
            }
        }
    }
}
