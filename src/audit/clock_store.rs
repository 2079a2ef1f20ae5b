//! What time the database has.

use diesel::prelude::QueryableByName;
use diesel::sql_types::BigInt;
use diesel::{RunQueryDsl, sql_query};

use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = BigInt)]
    microseconds: i64,
}

/// Real time by the clock of PostgreSQL's machine, which all instances share; none on SQLite, which has the clock of its only one.
pub fn real_time(connection: &mut AnyConnection) -> Result<Option<Moment>> {
    let AnyConnection::Postgresql(connection) = connection else { return Ok(None) };
    let told: Told = sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS microseconds")
        .get_result(connection)?;
    let moment = Moment::from_microseconds(told.microseconds);
    moment.map(Some).ok_or_else(|| Error::internal("the database's clock shows a time that is none"))
}
