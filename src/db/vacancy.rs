//! Whether a database holds nothing yet, so that nothing is lost where another one is put into its place.

use std::path::Path;

use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::base::{Error, Result};
use crate::db::{Address, AnyConnection};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    name: String,
}

const ON_SQLITE: &str = "SELECT name FROM sqlite_master ORDER BY name LIMIT 1";
const ON_POSTGRESQL: &str = "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' \
     AND n.nspname NOT LIKE 'pg\\_temp%' ORDER BY 1 LIMIT 1";

/// What a database holds, by the name of one of its tables or files; None where there is nothing. Nothing is made.
pub fn occupant(address: &Address) -> Result<Option<String>> {
    let found: Vec<Found> = match address {
        Address::Sqlite(path) => {
            // What SQLite would take for a part of the database that is put here.
            let beside = ["-wal", "-journal"].map(|ending| format!("{path}{ending}"));
            if let Some(left) = beside.into_iter().find(|left| Path::new(left).exists()) {
                return Ok(Some(left));
            }
            if !Path::new(path).exists() {
                return Ok(None);
            }
            // Any other way to open it would write into it.
            let mut connection = SqliteConnection::establish(path)
                .map_err(|error| Error::internal(format!("cannot open {path}: {error}")))?;
            diesel::sql_query(ON_SQLITE).load(&mut connection)?
        }
        Address::Postgresql(_) => match address.connect()? {
            AnyConnection::Postgresql(mut postgresql) => diesel::sql_query(ON_POSTGRESQL).load(&mut postgresql)?,
            AnyConnection::Sqlite(_) => return Err(Error::internal("an address of PostgreSQL led to SQLite")),
        },
    };
    Ok(found.into_iter().next().map(|found| found.name))
}
