//! What the database knows of itself: its identity, the clock's offset, the fingerprints of its keys, what made it.

use diesel::prelude::*;

use crate::base::keys::Keyring;
use crate::base::time::Clock;
use crate::base::{Error, Identity, Result};
use crate::db::AnyConnection;
use crate::db::schema::settings;

/// Any number that no other program on the same PostgreSQL takes for its own lock.
const START: &str = "SELECT pg_advisory_xact_lock(4242021)";

/// Instances that start at once over one database fill what is missing one after another. On SQLite the transaction
/// itself is that turn.
pub fn take_turn_to_start(connection: &mut AnyConnection) -> Result<()> {
    if let AnyConnection::Postgresql(postgresql) = connection {
        diesel::sql_query(START).execute(postgresql)?;
    }
    Ok(())
}

const IDENTITY: &str = "identity";
const CLOCK: &str = "clock_offset_microseconds";

pub fn get(connection: &mut AnyConnection, name: &str) -> Result<Option<String>> {
    Ok(settings::table.find(name).select(settings::value).first(connection).optional()?)
}

pub fn put(connection: &mut AnyConnection, name: &str, value: &str) -> Result<()> {
    let changed = diesel::update(settings::table.find(name)).set(settings::value.eq(value)).execute(connection)?;
    if changed == 0 {
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(connection)?;
    }
    Ok(())
}

/// The clock of this database: real time, unless a demo moved it.
pub fn clock(connection: &mut AnyConnection) -> Result<Clock> {
    let Some(offset) = get(connection, CLOCK)? else { return Ok(Clock::default()) };
    let offset = offset.parse().map_err(|error| Error::internal(format!("{CLOCK} is {offset:?}: {error}")))?;
    Ok(Clock::with_offset(offset))
}

pub fn set_clock(connection: &mut AnyConnection, clock: Clock) -> Result<()> {
    put(connection, CLOCK, &clock.offset_microseconds().to_string())
}

/// What this database is known by; none until its first start with a program that gives identities.
pub fn identity(connection: &mut AnyConnection) -> Result<Option<Identity>> {
    let Some(identity) = get(connection, IDENTITY)? else { return Ok(None) };
    let read = identity.parse().map_err(|error| Error::internal(format!("{IDENTITY} is {identity:?}: {error}")));
    read.map(Some)
}

pub fn set_identity(connection: &mut AnyConnection, identity: Identity) -> Result<()> {
    put(connection, IDENTITY, &identity.to_string())
}

/// The fingerprint of the oldest token key on record; the ids of token keys begin with the time.
pub fn first_token_key(connection: &mut AnyConnection) -> Result<Option<String>> {
    Ok(settings::table
        .filter(settings::name.like("key:token:%"))
        .order(settings::name)
        .select(settings::value)
        .first(connection)
        .optional()?)
}

/// Holds the keys at hand against the fingerprints on record: every key that ever signed or printed must be there.
/// New keys are recorded. Fails with the name of the first key that is missing or another.
pub fn check_keys(connection: &mut AnyConnection, keys: &Keyring) -> Result<()> {
    let on_record = must_hold_keys(connection, keys)?;
    for key in keys.fingerprints() {
        let name = format!("key:{}", key.name);
        if !on_record.iter().any(|(known, _)| *known == name) {
            put(connection, &name, &key.digest)?;
        }
    }
    Ok(())
}

/// The same, with nothing recorded; the fingerprints on record are returned.
pub fn must_hold_keys(connection: &mut AnyConnection, keys: &Keyring) -> Result<Vec<(String, String)>> {
    let at_hand = keys.fingerprints();
    let on_record: Vec<(String, String)> = settings::table
        .filter(settings::name.like("key:%"))
        .order(settings::name)
        .select((settings::name, settings::value))
        .load(connection)?;
    for (name, digest) in &on_record {
        let name = name.trim_start_matches("key:");
        if !at_hand.iter().any(|key| key.name == name && key.digest == *digest) {
            return Err(Error::internal(format!(
                "the key file does not hold the key {name:?} that this database was used with; restore it from the export"
            )));
        }
    }
    Ok(on_record)
}

/// Whether any key was ever recorded, which is what tells a used database from an empty one.
pub fn has_keys(connection: &mut AnyConnection) -> Result<bool> {
    let keys: i64 = settings::table.filter(settings::name.like("key:%")).count().get_result(connection)?;
    Ok(keys > 0)
}

/// The next running number of a series, beginning with 1. Two transactions never get the same: the row is locked.
pub fn next_number(connection: &mut AnyConnection, series: &str) -> Result<i64> {
    use crate::db::schema::counters;
    let taken = diesel::update(counters::table.find(series))
        .set(counters::value.eq(counters::value + 1))
        .execute(connection)?;
    if taken == 0 {
        insert_counter(connection, series)?;
        diesel::update(counters::table.find(series))
            .set(counters::value.eq(counters::value + 1))
            .execute(connection)?;
    }
    Ok(counters::table.find(series).select(counters::value).first(connection)?)
}

/// Takes a name until the transaction ends: who else takes it waits.
pub fn take_turn(connection: &mut AnyConnection, name: &str) -> Result<()> {
    use crate::db::schema::counters;
    let take = |connection: &mut AnyConnection| {
        diesel::update(counters::table.find(name)).set(counters::value.eq(counters::value)).execute(connection)
    };
    if take(connection)? == 0 {
        insert_counter(connection, name)?;
        take(connection)?;
    }
    Ok(())
}

/// Two transactions may begin a series at once: the later one waits here and then finds the row.
fn insert_counter(connection: &mut AnyConnection, series: &str) -> Result<()> {
    use crate::db::schema::counters;
    let row = (counters::name.eq(series), counters::value.eq(0i64));
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            diesel::insert_into(counters::table).values(row).on_conflict_do_nothing().execute(sqlite)?
        }
        AnyConnection::Postgresql(postgresql) => {
            diesel::insert_into(counters::table).values(row).on_conflict_do_nothing().execute(postgresql)?
        }
    };
    Ok(())
}
