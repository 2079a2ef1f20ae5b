//! Copies a database from SQLite to PostgreSQL (chuyển cơ sở dữ liệu), and holds both against each other.
//!
//! What there is to copy is asked of the databases themselves, so that no table can be forgotten here. All of it is one
//! transaction: the copy is there whole and the same, or not at all.

mod rows;
mod store;

use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::base::{Error, Result, say};
use crate::copying::rows::Contents;
use crate::db::{Address, AnyConnection, Database, make_schema, occupant};
use crate::stamp::scan_store;

/// How much was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    pub tables: u64,
    pub rows: u64,
}

/// Copies one state of `from` to `to`, which must be PostgreSQL and hold nothing.
pub fn copy(from: &Database, to: &Address) -> Result<Copied> {
    if let (Address::Postgresql(_), _) | (_, Address::Sqlite(_)) = (from.address(), to) {
        return Err(Error::at_hand(say(
            "`ocop copy` chỉ chuyển từ SQLite (OCOP_DATABASE_URL) sang PostgreSQL (--to).",
            "`ocop copy` goes from SQLite (OCOP_DATABASE_URL) to PostgreSQL (--to) only.",
        )));
    }
    if let Some(found) = occupant(to)? {
        return Err(Error::at_hand(say(
            format!("{to} đã có {found}; chỉ chuyển vào cơ sở dữ liệu trống. Chưa ghi gì."),
            format!("{to} holds {found} already; a database is copied to an empty one only. Nothing was written."),
        )));
    }
    from.snapshot_now(|source| match (source, to.connect()?) {
        (AnyConnection::Sqlite(sqlite), AnyConnection::Postgresql(mut postgresql)) => {
            postgresql.transaction(|postgresql| copy_all(sqlite, postgresql))
        }
        _ => Err(Error::internal("an address led to another kind of database")),
    })
}

fn copy_all(sqlite: &mut SqliteConnection, postgresql: &mut PgConnection) -> Result<Copied> {
    make_schema(postgresql)?;
    store::let_triggers_act_at_once(postgresql)?;
    let tables = store::tables(postgresql)?;
    let (ours, theirs) = (store::names(&tables), store::sqlite_names(sqlite)?);
    if ours != theirs {
        return Err(Error::internal("the two databases have not the same tables and columns"));
    }
    // Rows may refer to rows of later tables, and to later rows of their own: all references are asked at the end.
    let references = store::take_references(postgresql)?;
    scan_store::make_months_of_copy(sqlite, postgresql)?;
    let mut copied = Copied::default();
    for table in &tables {
        store::clear(postgresql, table)?;
        let mut taken = Contents::default();
        store::each_batch_of_sqlite(sqlite, table, |batch| {
            for row in batch {
                taken.add(table, row)?;
            }
            store::insert(postgresql, table, batch)
        })?;
        let mut held = Contents::default();
        store::each_batch_of_postgresql(postgresql, table, |batch| {
            batch.iter().try_for_each(|row| held.add(table, row))
        })?;
        if taken != held {
            return Err(Error::at_hand(say(
                format!("Bảng {} ở hai nơi không như nhau ({taken}; {held}); chưa chuyển gì.", table.name),
                format!("The table {} is not the same in both ({taken}; {held}); nothing was copied.", table.name),
            )));
        }
        copied.tables += 1;
        copied.rows += taken.rows;
    }
    store::put_references_back(postgresql, &references)?;
    store::analyse(postgresql)?;
    Ok(copied)
}
