//! The tries of scratch codes in the database.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Date, Integer};

use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{stamp_confirmations, stamp_tries};
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

/// How many wrong ones a network sent today; the stamp's own row is taken.
pub fn wrong_from(connection: &mut AnyConnection, key: Key, network: &[u8], today: Day) -> Result<i32> {
    let row = stamp_tries::table.find((key.0, key.1, network.to_vec()));
    let wrong = row.filter(stamp_tries::tried_on.eq(today)).select(stamp_tries::wrong).first(connection);
    Ok(wrong.optional()?.unwrap_or(0))
}

/// Counts a wrong one, of the stamp and of the network; those of other days are forgotten.
pub fn count_wrong(connection: &mut AnyConnection, key: Key, network: &[u8], today: Day) -> Result<()> {
    diesel::update(stamp_confirmations::table.find(key))
        .set(stamp_confirmations::wrong.eq(stamp_confirmations::wrong + 1))
        .execute(connection)?;
    let of_stamp = stamp_tries::table.filter(stamp_tries::order_id.eq(key.0)).filter(stamp_tries::serial.eq(key.1));
    diesel::delete(of_stamp.filter(stamp_tries::tried_on.ne(today))).execute(connection)?;
    diesel::sql_query(
        "INSERT INTO stamp_tries (order_id, serial, network, tried_on, wrong) VALUES ($1, $2, $3, $4, 1) \
         ON CONFLICT (order_id, serial, network) DO UPDATE SET wrong = stamp_tries.wrong + 1",
    )
    .bind::<Guid, _>(key.0)
    .bind::<Integer, _>(key.1)
    .bind::<Binary, _>(network.to_vec())
    .bind::<Date, _>(today)
    .execute(connection)?;
    Ok(())
}

/// The stamp was confirmed for the first time.
pub fn confirm(connection: &mut AnyConnection, key: Key, now: Moment) -> Result<()> {
    let row = stamp_confirmations::table.find(key);
    diesel::update(row).set(stamp_confirmations::confirmed_at.eq(Some(now))).execute(connection)?;
    Ok(())
}
