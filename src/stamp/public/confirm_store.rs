//! The tries of scratch codes in the database.

use diesel::prelude::*;
use diesel::sql_types::{Date, Integer};

use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::stamp_confirmations;
use crate::db::types::Guid;
use crate::stamp::rules::Key;

/// The row of a stamp, made where it is missing and taken until the transaction ends; wrong tries of another day are
/// forgotten.
pub fn take(connection: &mut AnyConnection, key: Key, today: Day) -> Result<(Option<Moment>, i32)> {
    diesel::sql_query(
        "INSERT INTO stamp_confirmations (order_id, serial, tried_on, wrong) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (order_id, serial) DO UPDATE SET tried_on = excluded.tried_on, \
             wrong = CASE WHEN stamp_confirmations.tried_on = excluded.tried_on THEN stamp_confirmations.wrong ELSE 0 END",
    )
    .bind::<Guid, _>(key.0)
    .bind::<Integer, _>(key.1)
    .bind::<Date, _>(today)
    .execute(connection)?;
    Ok(stamp_confirmations::table
        .find(key)
        .select((stamp_confirmations::confirmed_at, stamp_confirmations::wrong))
        .first(connection)?)
}

/// So many wrong tries were made today.
pub fn count_wrong(connection: &mut AnyConnection, key: Key, wrong: i32) -> Result<()> {
    let row = stamp_confirmations::table.find(key);
    diesel::update(row).set(stamp_confirmations::wrong.eq(wrong)).execute(connection)?;
    Ok(())
}

/// The stamp was confirmed for the first time.
pub fn confirm(connection: &mut AnyConnection, key: Key, now: Moment) -> Result<()> {
    let row = stamp_confirmations::table.find(key);
    diesel::update(row).set(stamp_confirmations::confirmed_at.eq(Some(now))).execute(connection)?;
    Ok(())
}
