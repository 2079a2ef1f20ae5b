//! Brings a database to this program's schema, under a lock, so that two instances that start at once do not race.

use diesel::RunQueryDsl;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::base::{Error, Result};
use crate::db::{Address, AnyConnection};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Any number that no other program on the same PostgreSQL takes for its own lock.
const LOCK: &str = "SELECT pg_advisory_lock(4242020)";

struct Failed(Box<dyn std::error::Error + Send + Sync>);

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self(error.into())
    }
}

/// Runs the migrations that are missing. SQLite: creates the file and its folder where `address` allows it.
pub fn migrate(address: &Address) -> Result<()> {
    if let Address::Sqlite(path) = address
        && let Some(folder) = std::path::Path::new(path).parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::internal(format!("cannot make the folder {}: {error}", folder.display())))?;
    }
    let mut connection = address.connect()?;
    match &mut connection {
        AnyConnection::Sqlite(sqlite) => {
            // The write lock is taken first: a second instance waits for it and then finds nothing missing.
            sqlite
                .immediate_transaction(|sqlite| sqlite.run_pending_migrations(SQLITE).map(drop).map_err(Failed))
                .map_err(|Failed(error)| error)
        }
        AnyConnection::Postgresql(postgresql) => {
            diesel::sql_query(LOCK).execute(postgresql)?;
            postgresql.run_pending_migrations(POSTGRESQL).map(drop)
        }
    }
    .map_err(|error| Error::internal(format!("migrations: {error}")))
}
