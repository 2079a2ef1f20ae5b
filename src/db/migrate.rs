//! Brings a database to this program's schema, under a lock, so that two instances that start at once do not race.

use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::base::{Error, Result};
use crate::db::unusable::unusable;
use crate::db::{Address, AnyConnection, must_be_sound};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Any number that no other program on the same PostgreSQL takes for its own lock.
const LOCK: &str = "SELECT pg_advisory_lock(4242020)";

enum Failed {
    Ours(Error),
    Diesel(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self::Diesel(error.into())
    }
}

impl From<Box<dyn std::error::Error + Send + Sync>> for Failed {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::Diesel(error)
    }
}

/// Runs the migrations that are missing. Fails, with nothing written, where a newer program ran some that this one does not
/// know. SQLite: creates the file and its folder where `address` allows it.
pub fn migrate(address: &Address) -> Result<()> {
    if let Address::Sqlite(path) = address
        && let Some(folder) = std::path::Path::new(path).parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::internal(format!("cannot make the folder {}: {error}", folder.display())))?;
    }
    must_be_sound(address)?;
    let mut connection = address.connect()?;
    match &mut connection {
        AnyConnection::Sqlite(sqlite) => {
            // A table is changed by making it anew, while others refer to it: their references are asked at the end instead.
            diesel::sql_query("PRAGMA foreign_keys = OFF").execute(sqlite)?;
            // The write lock is taken first: a second instance waits for it and then finds nothing missing.
            sqlite.immediate_transaction(|sqlite| {
                must_know(applied_on_sqlite(sqlite)?.as_deref(), &versions::<Sqlite>(&SQLITE)?)?;
                // All rows are read for it, so it is asked only where a table may have changed.
                let has_changed = !sqlite.run_pending_migrations(SQLITE)?.is_empty();
                if has_changed { must_refer_to_what_is_there(sqlite) } else { Ok(()) }
            })
        }
        AnyConnection::Postgresql(postgresql) => {
            let mut run = || {
                diesel::sql_query(LOCK).execute(postgresql)?;
                let (applied, known) = (applied_on_postgresql(postgresql)?, versions::<Pg>(&POSTGRESQL)?);
                must_know(applied.as_deref(), &known)?;
                // Diesel asks for leave to make its table even where it is there: who serves a database needs no such right.
                if applied.is_some_and(|applied| applied.len() == known.len()) {
                    return Ok(());
                }
                postgresql.run_pending_migrations(POSTGRESQL).map(drop).map_err(Failed::from)
            };
            run()
        }
    }
    .map_err(|failed| match failed {
        Failed::Ours(error) => error,
        Failed::Diesel(error) => match address {
            Address::Sqlite(path) => unusable(path, &error),
            Address::Postgresql(_) => Error::internal(format!("migrations: {error}")),
        },
    })
}

/// Makes this program's schema within a transaction, in a database that holds none.
pub fn make_schema(connection: &mut PgConnection) -> Result<()> {
    let made = connection.run_pending_migrations(POSTGRESQL);
    made.map(drop).map_err(|error| Error::internal(format!("migrations: {error}")))
}

#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    table: String,
}

fn must_refer_to_what_is_there(sqlite: &mut SqliteConnection) -> Result<(), Failed> {
    let dangling: Vec<Dangling> = diesel::sql_query("PRAGMA foreign_key_check").load(sqlite)?;
    match dangling.first() {
        None => Ok(()),
        Some(row) => Err(Failed::Ours(Error::internal(format!("rows of {} refer to what is not there", row.table)))),
    }
}

/// How the schema of a database stands to this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaState {
    /// The newest migration that the database went through.
    pub newest: String,
    /// The first one that it lacks.
    pub lacks: Option<String>,
}

/// How the schema stands. Fails where there is none, or one of a newer program; nothing is written.
pub fn schema_state(connection: &mut AnyConnection, address: &Address) -> Result<SchemaState> {
    let known = known(address)?;
    let applied = match connection {
        AnyConnection::Sqlite(sqlite) => applied_on_sqlite(sqlite)?,
        AnyConnection::Postgresql(postgresql) => applied_on_postgresql(postgresql)?,
    };
    must_know(applied.as_deref(), &known)?;
    let none = || Error::internal(format!("{address} holds no database of this service"));
    let applied = applied.ok_or_else(none)?;
    let newest = applied.last().cloned().ok_or_else(none)?;
    Ok(SchemaState { newest, lacks: known.into_iter().find(|known| !applied.contains(known)) })
}

/// Whether this program knows a migration of such a database.
pub fn knows(address: &Address, version: &str) -> Result<bool> {
    Ok(known(address)?.iter().any(|known| known == version))
}

fn known(address: &Address) -> Result<Vec<String>> {
    match address {
        Address::Sqlite(_) => versions::<Sqlite>(&SQLITE),
        Address::Postgresql(_) => versions::<Pg>(&POSTGRESQL),
    }
}

/// Fails where the database has another schema than this program; nothing is written.
pub fn must_be_current(connection: &mut AnyConnection, address: &Address) -> Result<()> {
    match schema_state(connection, address)?.lacks {
        None => Ok(()),
        Some(missing) => Err(Error::internal(format!(
            "the database {address} has the schema of an older program: it lacks the migration {missing}. Make a backup of \
             it; then `ocop migrate` brings it to this program's schema."
        ))),
    }
}

fn must_know(applied: Option<&[String]>, known: &[String]) -> Result<()> {
    let unknown: Vec<&str> =
        applied.unwrap_or_default().iter().filter(|version| !known.contains(version)).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Error::internal(format!(
        "a newer program brought this database to a schema that this program ({}) does not know: migration {}. Nothing was \
         written. Start the newer program again; to stay with this one, restore the backup from before the newer one was \
         started.",
        env!("CARGO_PKG_VERSION"),
        unknown.join(", ")
    )))
}

fn versions<DB: Backend>(source: &dyn MigrationSource<DB>) -> Result<Vec<String>> {
    let migrations = source.migrations().map_err(Error::internal)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

const APPLIED: &str = "SELECT CAST(version AS TEXT) AS version FROM __diesel_schema_migrations ORDER BY version";

/// The migrations that a database went through; None where it never saw one. Diesel's own question would make the table.
fn applied_on_sqlite(connection: &mut SqliteConnection) -> Result<Option<Vec<String>>> {
    let table = "SELECT name AS version FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    let tables: Vec<Applied> = diesel::sql_query(table).load(connection)?;
    if tables.is_empty() {
        return Ok(None);
    }
    let applied: Vec<Applied> = diesel::sql_query(APPLIED).load(connection)?;
    Ok(Some(applied.into_iter().map(|applied| applied.version).collect()))
}

fn applied_on_postgresql(connection: &mut PgConnection) -> Result<Option<Vec<String>>> {
    let table = "SELECT 'there' AS version WHERE to_regclass('__diesel_schema_migrations') IS NOT NULL";
    let tables: Vec<Applied> = diesel::sql_query(table).load(connection)?;
    if tables.is_empty() {
        return Ok(None);
    }
    let applied: Vec<Applied> = diesel::sql_query(APPLIED).load(connection)?;
    Ok(Some(applied.into_iter().map(|applied| applied.version).collect()))
}
