//! One state of a database, whatever is written meanwhile.

use std::path::Path;

use diesel::sql_types::{BigInt, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::base::{Error, Result};
use crate::db::{Address, AnyConnection};

/// Writes a state of an SQLite database as a new one, and opens that as it is.
pub fn copy_sqlite(address: &Address, to: &Path) -> Result<AnyConnection> {
    let path = to.to_str().ok_or_else(|| Error::internal(format!("{} is no text", to.display())))?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(&mut address.connect()?)?;
    // Any other way to open it would change its journal, and so its digest.
    let copy =
        SqliteConnection::establish(path).map_err(|error| Error::internal(format!("cannot open {path}: {error}")))?;
    Ok(AnyConnection::Sqlite(copy))
}

#[derive(QueryableByName)]
struct Sized {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// How many bytes a database has, which a copy of it does not exceed.
pub fn bytes(connection: &mut AnyConnection) -> Result<i64> {
    let statement = match connection {
        AnyConnection::Sqlite(_) => "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
        AnyConnection::Postgresql(_) => "SELECT pg_database_size(current_database()) AS bytes",
    };
    let sized: Sized = diesel::sql_query(statement).get_result(connection)?;
    Ok(sized.bytes)
}

#[derive(QueryableByName)]
struct Exported {
    #[diesel(sql_type = Text)]
    snapshot: String,
}

/// The name under which others see the state that this transaction on PostgreSQL sees, for as long as it is open.
pub fn export_snapshot(connection: &mut AnyConnection) -> Result<String> {
    let exported: Exported = diesel::sql_query("SELECT pg_export_snapshot() AS snapshot").get_result(connection)?;
    Ok(exported.snapshot)
}
