//! One way to a database of either kind: pools, column types, schema, migrations.

pub mod column;
mod connection;
mod database_counts;
mod migrate;
mod place;
mod pool;
pub mod schema;
pub mod settings;
mod soundness;
pub mod statement;
pub mod types;
mod unusable;
mod vacancy;
mod write_ahead_log;

pub use connection::{Address, AnyConnection};
pub use migrate::{SchemaState, knows, make_schema, migrate, must_be_current, schema_state};
pub use pool::{Database, Patience, busy};
pub use soundness::must_be_sound;
pub use vacancy::occupant;

use crate::base::{Error, Kind, say};

/// What either database says when it could not serve now but may in a moment.
const PASSING: [&str; 6] = [
    "deadlock detected",
    "lock timeout",
    "statement timeout",
    "idle-in-transaction timeout",
    "database is locked",
    "database table is locked",
];

/// What either database says when its disk takes nothing: full, read-only, or broken.
const UNWRITABLE: [&str; 7] = [
    "database or disk is full",
    "attempt to write a readonly database",
    "disk I/O error",
    "unable to open database file",
    "No space left on device",
    "Disk quota exceeded",
    "in a read-only transaction",
];

fn unwritable(told: &str) -> Error {
    tracing::error!(told, "the database's disk takes nothing");
    Error::refused(
        Kind::Unavailable,
        "database_unwritable",
        say(
            "Đĩa của cơ sở dữ liệu đầy, chỉ đọc được hoặc hỏng, nên chưa có gì được ghi lại; xin báo người vận hành.",
            "The database's disk is full, read-only or broken, so nothing was written; please tell who runs the service.",
        ),
    )
}

fn come_back(told: &str) -> Error {
    tracing::error!(told, "the database could not serve");
    busy()
}

/// Diesel's errors become ours: a doubled key is a conflict, all else is internal. Which of the two databases spoke
/// cannot be told from the result.
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Self::conflict("already_exists", say("Dữ liệu này đã có trong hệ thống.", "This is already on record."))
            }
            Diesel::NotFound => Self::unknown(),
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::UnableToSendCommand,
                told,
            ) => come_back(told.message()),
            Diesel::DatabaseError(_, told) if PASSING.iter().any(|passing| told.message().contains(passing)) => {
                come_back(told.message())
            }
            Diesel::DatabaseError(_, told)
                if UNWRITABLE.iter().any(|unwritable| told.message().contains(unwritable)) =>
            {
                unwritable(told.message())
            }
            other => Self::internal(other),
        }
    }
}
