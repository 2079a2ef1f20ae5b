//! The secrets of days, of which only the last is kept.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Date};

use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::db::schema::visitor_salts;
use crate::stamp::suspicion::network_store;

/// The secret of a day, made where it is missing; those of earlier days are forgotten then.
pub fn salt(connection: &mut AnyConnection, day: Day) -> Result<Vec<u8>> {
    if let Some(salt) = find(connection, day)? {
        return Ok(salt);
    }
    let mut fresh = vec![0; 32];
    aws_lc_rs::rand::fill(&mut fresh).map_err(|_| Error::internal("no random numbers for a day's salt"))?;
    diesel::delete(visitor_salts::table.filter(visitor_salts::day.lt(day))).execute(connection)?;
    network_store::forget_few(connection, day)?;
    diesel::sql_query("INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING")
        .bind::<Date, _>(day)
        .bind::<Binary, _>(fresh)
        .execute(connection)?;
    find(connection, day)?.ok_or_else(|| Error::internal(format!("the salt of {day} is gone")))
}

fn find(connection: &mut AnyConnection, day: Day) -> Result<Option<Vec<u8>>> {
    Ok(visitor_salts::table.find(day).select(visitor_salts::salt).first(connection).optional()?)
}
