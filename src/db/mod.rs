//! One way to a database of either kind: pools, column types, schema, migrations.

mod connection;
mod migrate;
mod pool;
pub mod schema;
pub mod settings;
pub mod types;

pub use connection::{Address, AnyConnection};
pub use migrate::migrate;
pub use pool::{Database, busy};

use crate::base::{Error, say};

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
            other => Self::internal(other),
        }
    }
}
