//! Keeps SQLite's write-ahead log short.
//!
//! SQLite writes the log from its beginning again only where nobody reads in it at that moment. Readers who follow each other
//! without a gap keep it from ever coming to that, and it grows for as long as they do. So a writer who finds it long waits a
//! little for those who read: whoever comes meanwhile finds everything in the database itself and holds nobody up.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use diesel::sql_types::Integer;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::base::capacity::MEBIBYTE;
use crate::db::connection::{Address, AnyConnection, LONG_LOG};

/// How long a writer waits for who reads, in milliseconds; a writer waits for another one for as long as ever.
const PATIENCE: u32 = 200;

/// The log of an SQLite file. Cheap to clone.
#[derive(Clone)]
pub struct WriteAheadLog {
    path: PathBuf,
    /// At how many bytes it is cut the next time.
    cut_at: Arc<AtomicU64>,
}

#[derive(QueryableByName)]
struct Cut {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

impl WriteAheadLog {
    /// Of an SQLite database; other databases look after their own.
    pub fn of(address: &Address) -> Option<Self> {
        let Address::Sqlite(path) = address else { return None };
        Some(Self { path: format!("{path}-wal").into(), cut_at: Arc::new(AtomicU64::new(LONG_LOG)) })
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.path.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Cuts the log where it is long. Where somebody reads for longer than a writer waits it is tried again when it has grown by
    /// as much, so that a long reader, as a backup is, costs who writes next to nothing.
    pub fn keep_short(&self, connection: &mut AnyConnection, patience: u32) {
        let length = self.length();
        if length < self.cut_at.load(Ordering::Relaxed) {
            return;
        }
        let next = match cut(connection, patience) {
            Ok(true) => LONG_LOG,
            Ok(false) => {
                tracing::warn!(
                    mebibytes = length / MEBIBYTE,
                    "who reads for long keeps the database's log from being cut"
                );
                length.saturating_add(LONG_LOG)
            }
            Err(error) => {
                tracing::error!(%error, mebibytes = length / MEBIBYTE, "the database's log could not be cut");
                length.saturating_add(LONG_LOG)
            }
        };
        self.cut_at.store(next, Ordering::Relaxed);
    }
}

/// Whether the log was cut.
fn cut(connection: &mut AnyConnection, patience: u32) -> QueryResult<bool> {
    connection.batch_execute(&format!("PRAGMA busy_timeout = {PATIENCE}"))?;
    let cut = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Cut>(connection);
    connection.batch_execute(&format!("PRAGMA busy_timeout = {patience}"))?;
    Ok(cut?.busy == 0)
}
