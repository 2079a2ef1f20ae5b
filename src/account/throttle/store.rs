//! Wrong passwords and the networks of accounts in the database, which all instances share.

use chrono::Duration;
use diesel::prelude::*;

use crate::account::throttle::rules::{Failures, KEPT_HOURS, Limit, MOST_KEPT, OWN_DAYS};
use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{sign_in_failures, sign_in_networks};

/// What is on record under a digest.
pub fn failures(connection: &mut AnyConnection, digest: &[u8]) -> Result<Option<Failures>> {
    let row: Option<(i32, Moment)> = sign_in_failures::table
        .find(digest)
        .select((sign_in_failures::level, sign_in_failures::failed_at))
        .first(connection)
        .optional()?;
    Ok(row.map(|(level, failed_at)| Failures { level, failed_at }))
}

/// Counts a failure under a digest. The row is taken first, so that none is lost where many fail at once.
pub fn add_failure(connection: &mut AnyConnection, digest: &[u8], limit: Limit, now: Moment) -> Result<()> {
    let row = (sign_in_failures::digest.eq(digest), sign_in_failures::level.eq(0), sign_in_failures::failed_at.eq(now));
    let inserted = diesel::insert_into(sign_in_failures::table).values(row);
    match connection {
        AnyConnection::Sqlite(sqlite) => inserted.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => inserted.on_conflict_do_nothing().execute(postgresql)?,
    };
    let one = sign_in_failures::table.find(digest);
    diesel::update(one).set(sign_in_failures::level.eq(sign_in_failures::level)).execute(connection)?;
    let Failures { level, failed_at } = limit.after_failure(failures(connection, digest)?, now);
    diesel::update(one)
        .set((sign_in_failures::level.eq(level), sign_in_failures::failed_at.eq(failed_at)))
        .execute(connection)?;
    Ok(())
}

/// Whether an account signed in from the network before; nobody did.
pub fn is_own(connection: &mut AnyConnection, account: Option<AccountId>, network: &[u8], now: Moment) -> Result<bool> {
    let Some(account) = account else { return Ok(false) };
    let own = sign_in_networks::table
        .find((account, network))
        .filter(sign_in_networks::signed_in_at.gt(now.plus(Duration::days(-OWN_DAYS))));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(connection)?)
}

/// Forgets the failures under a digest.
pub fn forget(connection: &mut AnyConnection, digest: &[u8]) -> Result<()> {
    diesel::delete(sign_in_failures::table.find(digest)).execute(connection)?;
    Ok(())
}

/// Makes a network an account's own.
pub fn own(connection: &mut AnyConnection, account: AccountId, network: &[u8], now: Moment) -> Result<()> {
    let row = (
        sign_in_networks::account_id.eq(account),
        sign_in_networks::digest.eq(network),
        sign_in_networks::signed_in_at.eq(now),
    );
    let key = (sign_in_networks::account_id, sign_in_networks::digest);
    let set = sign_in_networks::signed_in_at.eq(now);
    let inserted = diesel::insert_into(sign_in_networks::table).values(row);
    match connection {
        AnyConnection::Sqlite(sqlite) => inserted.on_conflict(key).do_update().set(set).execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => inserted.on_conflict(key).do_update().set(set).execute(postgresql)?,
    };
    Ok(())
}

/// Deletes what counts for nothing any more, and the oldest failures beyond `most`; how many rows went is returned.
pub fn sweep(connection: &mut AnyConnection, most: i64, now: Moment) -> Result<usize> {
    let stale = sign_in_failures::failed_at.lt(now.plus(Duration::hours(-KEPT_HOURS)));
    let mut gone = diesel::delete(sign_in_failures::table.filter(stale)).execute(connection)?;
    let foreign = sign_in_networks::signed_in_at.lt(now.plus(Duration::days(-OWN_DAYS)));
    gone += diesel::delete(sign_in_networks::table.filter(foreign)).execute(connection)?;
    let newest_too_many: Option<Moment> = sign_in_failures::table
        .order(sign_in_failures::failed_at.desc())
        .offset(most)
        .limit(1)
        .select(sign_in_failures::failed_at)
        .first(connection)
        .optional()?;
    if let Some(newest) = newest_too_many {
        gone += diesel::delete(sign_in_failures::table.filter(sign_in_failures::failed_at.le(newest)))
            .execute(connection)?;
    }
    Ok(gone)
}

/// As [`sweep`], with the bound that the service keeps to.
pub fn sweep_to_bounds(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    sweep(connection, MOST_KEPT, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::throttle::rules::OF_NAME;
    use crate::db::Database;

    #[test]
    fn rows_are_bounded_and_forgotten() {
        let data = tempfile::tempdir().unwrap();
        let address: crate::db::Address = format!("sqlite:{}", data.path().join("x.db").display()).parse().unwrap();
        crate::db::migrate(&address).unwrap();
        let database = Database::open(address, 1, crate::db::Patience::default()).unwrap();
        let now = Moment::real_now();
        let result = database.write_now(|connection| {
            for hours in 0..30_u8 {
                add_failure(connection, &[hours], OF_NAME, now.plus(Duration::hours(-i64::from(hours))))?;
            }
            assert_eq!(sweep(connection, 10, now)?, 20);
            assert!(failures(connection, &[9])?.is_some(), "the newest stay");
            assert!(failures(connection, &[10])?.is_none());
            sweep(connection, 10, now)
        });
        assert_eq!(result.unwrap(), 0);
    }
}
