//! The secrets of days, of which only the last is kept, and with what a batch of scans begins.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Nullable};

use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::db::schema::visitor_salts;
use crate::db::statement::Statement;
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

/// How many changes there were, and whose count that is.
pub type Changes = (i64, i64);

#[derive(QueryableByName)]
struct Opening {
    #[diesel(sql_type = BigInt)]
    changes: i64,
    #[diesel(sql_type = BigInt)]
    server: i64,
    #[diesel(sql_type = Nullable<Binary>)]
    salt: Option<Vec<u8>>,
}

/// How often anything changed that a scan shows, which triggers count, and since when its server counts: another one that took its
/// place may lack the latest changes. And the secret of a day where it was made already.
pub fn opening(connection: &mut AnyConnection, day: Day) -> Result<(Changes, Option<Vec<u8>>)> {
    let Opening { changes, server, salt } = match connection {
        AnyConnection::Sqlite(sqlite) => Statement::new(
            "SELECT counters.value AS changes, 0 AS server, visitor_salts.salt AS salt FROM counters \
             LEFT JOIN visitor_salts ON visitor_salts.day = ? WHERE counters.name = 'passport_changes'",
        )
        .bind::<Date, _>(day.date())
        .get_result(sqlite)?,
        AnyConnection::Postgresql(postgresql) => Statement::new(
            "SELECT counters.value AS changes, (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS server, \
             visitor_salts.salt AS salt FROM counters \
             LEFT JOIN visitor_salts ON visitor_salts.day = ? WHERE counters.name = 'passport_changes'",
        )
        .bind::<Date, _>(day.date())
        .get_result(postgresql)?,
    };
    Ok(((changes, server), salt))
}

fn find(connection: &mut AnyConnection, day: Day) -> Result<Option<Vec<u8>>> {
    Ok(visitor_salts::table.find(day).select(visitor_salts::salt).first(connection).optional()?)
}
