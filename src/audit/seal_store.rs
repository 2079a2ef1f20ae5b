//! The rows of seals, and which steps they cover.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::audit::Resource;
use crate::audit::seal::Seal;
use crate::audit::sequence_store;
use crate::base::keys::Keyring;
use crate::base::{Day, Digest, Id, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{history, seals};
use crate::db::settings;

const TURN: &str = "seal";

/// The last seal.
pub fn latest(connection: &mut AnyConnection) -> Result<Option<Seal>> {
    Ok(seals::table.order(seals::number.desc()).select(Seal::as_select()).first(connection).optional()?)
}

/// The head of the seal of this number.
pub fn numbered(connection: &mut AnyConnection, number: i64) -> Result<Option<Digest>> {
    Ok(seals::table.find(number).select(seals::head).first(connection).optional()?)
}

/// The seals before a number, the newest first.
pub fn list(connection: &mut AnyConnection, before: Option<i64>, limit: i64) -> Result<Vec<Seal>> {
    let mut query = seals::table.select(Seal::as_select()).into_boxed();
    if let Some(before) = before {
        query = query.filter(seals::number.lt(before));
    }
    Ok(query.order(seals::number.desc()).limit(limit).load(connection)?)
}

/// The seals behind a number, the oldest first.
pub fn after(connection: &mut AnyConnection, number: i64, limit: i64) -> Result<Vec<Seal>> {
    Ok(seals::table
        .filter(seals::number.gt(number))
        .order(seals::number)
        .limit(limit)
        .select(Seal::as_select())
        .load(connection)?)
}

/// The digests of the steps that a seal covers.
pub fn covered(connection: &mut AnyConnection, number: i64) -> Result<Vec<Option<Digest>>> {
    Ok(history::table.filter(history::seal.eq(number)).select(history::digest).load(connection)?)
}

/// Seals that steps name and that are not there.
pub fn missing(connection: &mut AnyConnection) -> Result<Vec<i64>> {
    let known = seals::table.filter(seals::number.nullable().eq(history::seal));
    Ok(history::table
        .filter(history::seal.is_not_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(known)))
        .select(history::seal.assume_not_null())
        .distinct()
        .load(connection)?)
}

/// The last seal of a Vietnamese day.
pub fn of_day(connection: &mut AnyConnection, day: Day) -> Result<Option<Seal>> {
    Ok(seals::table
        .filter(seals::at.ge(day.starts()))
        .filter(seals::at.lt(day.ends()))
        .order(seals::number.desc())
        .select(Seal::as_select())
        .first(connection)
        .optional()?)
}

/// The seal that covers the latest version of a resource, once it is sealed.
pub fn of<T>(connection: &mut AnyConnection, resource: Resource, id: Id<T>) -> Result<Option<Seal>> {
    let number: Option<Option<i64>> = history::table
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq(id.any()))
        .order(history::version.desc())
        .select(history::seal)
        .first(connection)
        .optional()?;
    let Some(number) = number.flatten() else { return Ok(None) };
    Ok(seals::table.find(number).select(Seal::as_select()).first(connection).optional()?)
}

/// Whether anything waits for a seal. A step without a digest is a break that `ocop audit verify` names; it keeps nothing
/// else from being sealed.
pub fn is_due(connection: &mut AnyConnection) -> Result<bool> {
    let waiting: Option<i32> = history::table
        .filter(history::seal.is_null())
        .filter(history::digest.is_not_null())
        .select(history::version)
        .first(connection)
        .optional()?;
    Ok(waiting.is_some())
}

#[derive(QueryableByName)]
struct Sealed {
    #[diesel(sql_type = Binary)]
    digest: Digest,
}

/// Seals what waits, be it nothing, in one seal dated `at`; none where there is a seal of that time or later already. Of
/// several instances over one database one does so at a time.
pub fn seal(connection: &mut AnyConnection, keys: &Keyring, at: Moment) -> Result<Option<Seal>> {
    settings::take_turn(connection, TURN)?;
    let before = latest(connection)?;
    if before.as_ref().is_some_and(|before| before.at >= at) {
        return Ok(None);
    }
    let number = before.as_ref().map_or(1, |before| before.number + 1);
    let covered: Vec<Sealed> =
        diesel::sql_query("UPDATE history SET seal = $1 WHERE seal IS NULL AND digest IS NOT NULL RETURNING digest")
            .bind::<BigInt, _>(number)
            .load(connection)?;
    let digests: Vec<Digest> = covered.into_iter().map(|Sealed { digest }| digest).collect();
    let seal = Seal::make(keys.token_key()?, before.as_ref(), at, &digests)?;
    insert(connection, &seal)?;
    sequence_store::place_all(connection)?;
    Ok(Some(seal))
}

fn insert(connection: &mut AnyConnection, seal: &Seal) -> Result<()> {
    diesel::insert_into(seals::table)
        .values((
            seals::number.eq(seal.number),
            seals::at.eq(seal.at),
            seals::entries.eq(seal.entries),
            seals::head.eq(seal.head),
            seals::previous.eq(seal.previous),
            seals::key_id.eq(&seal.key_id),
            seals::signature.eq(&seal.signature),
            seals::salt.eq(seal.salt),
        ))
        .execute(connection)?;
    Ok(())
}
