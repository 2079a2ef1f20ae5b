//! Seals (niêm phong): signed heads over all steps of all resources since the seal before.
//!
//! Who keeps one head of a day outside of this service can show later that nothing of before was altered.

use diesel::prelude::*;

use crate::audit::sequence;
use crate::audit::store::Resource;
use crate::base::digest::canonical;
use crate::base::keys::{Keyring, TokenKey};
use crate::base::{Day, Digest, Error, Id, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{history, seals};
use crate::db::settings;

/// What a seal's signature is for; the signed bytes begin with it.
pub const PURPOSE: &str = "ocop-seal";
/// How many steps one seal covers at most.
const BATCH: i64 = 500;
const TURN: &str = "seal";

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = seals)]
pub struct Seal {
    /// From 1 on, without gaps.
    pub number: i64,
    pub at: Moment,
    /// How many steps it covers; not public, because it counts what people do.
    pub entries: i64,
    pub head: Digest,
    /// The head of the seal before, zeros for the first.
    pub previous: Digest,
    pub key_id: String,
    pub signature: Vec<u8>,
}

impl Seal {
    /// Seals the digests of steps; their order means nothing.
    pub fn make(key: &TokenKey, before: Option<&Seal>, at: Moment, digests: &[Digest]) -> Result<Self> {
        let number = before.map_or(1, |seal| seal.number + 1);
        let previous = before.map_or(Digest::ZERO, |seal| seal.head);
        let head = head(previous, number, at, digests)?;
        let entries = i64::try_from(digests.len()).map_err(Error::internal)?;
        let signature = key.sign(PURPOSE, signed(number, at, previous, head)?.as_bytes())?;
        Ok(Self { number, at, entries, head, previous, key_id: key.id.clone(), signature })
    }

    /// Whether the head is that of these digests.
    pub fn covers(&self, digests: &[Digest]) -> Result<bool> {
        Ok(i64::try_from(digests.len()) == Ok(self.entries)
            && head(self.previous, self.number, self.at, digests)? == self.head)
    }

    /// Whether one of our keys signed it.
    pub fn is_signed(&self, keys: &Keyring) -> Result<bool> {
        let bytes = signed(self.number, self.at, self.previous, self.head)?;
        match keys.token_keys.iter().find(|key| key.id == self.key_id) {
            Some(key) => key.has_signed(PURPOSE, bytes.as_bytes(), &self.signature),
            None => Ok(false),
        }
    }
}

fn head(previous: Digest, number: i64, at: Moment, digests: &[Digest]) -> Result<Digest> {
    let mut sorted = digests.to_vec();
    sorted.sort_unstable();
    Digest::of("ocop-seal-head", &(previous, number, at.microseconds(), sorted))
}

/// What the signature is over, behind its purpose: `[number,microseconds,"previous","head"]`.
fn signed(number: i64, at: Moment, previous: Digest, head: Digest) -> Result<String> {
    canonical(&(number, at.microseconds(), previous, head))
}

/// The last seal.
pub fn latest(connection: &mut AnyConnection) -> Result<Option<Seal>> {
    Ok(seals::table.order(seals::number.desc()).select(Seal::as_select()).first(connection).optional()?)
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

/// Seals what waits, at most one batch of it. Of several instances over one database one does so at a time.
pub fn seal(connection: &mut AnyConnection, keys: &Keyring, now: Moment) -> Result<Option<Seal>> {
    settings::take_turn(connection, TURN)?;
    let digests: Vec<Digest> = history::table
        .filter(history::seal.is_null())
        .filter(history::digest.is_not_null())
        .order((history::at, history::resource, history::resource_id, history::version))
        .limit(BATCH)
        .select(history::digest.assume_not_null())
        .load(connection)?;
    if digests.is_empty() {
        return Ok(None);
    }
    let before = latest(connection)?;
    let seal = Seal::make(keys.token_key()?, before.as_ref(), now, &digests)?;
    insert(connection, &seal)?;
    let covered = diesel::update(
        history::table.filter(history::seal.is_null()).filter(history::digest.assume_not_null().eq_any(digests)),
    )
    .set(history::seal.eq(seal.number))
    .execute(connection)?;
    if i64::try_from(covered) != Ok(seal.entries) {
        return Err(Error::internal(format!("{covered} steps of {} were sealed", seal.entries)));
    }
    sequence::extend(connection, seal.number)?;
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
        ))
        .execute(connection)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_covers_its_digests_in_any_order_and_is_signed_for_nothing_else() {
        let keys = Keyring::generate().unwrap();
        let key = keys.token_key().unwrap();
        let at = Moment::real_now();
        let digest = |value: i32| Digest::of("test", &value).unwrap();
        let first = Seal::make(key, None, at, &[digest(1), digest(2)]).unwrap();
        let second = Seal::make(key, Some(&first), at, &[digest(3)]).unwrap();
        assert_eq!((first.number, first.previous, first.entries), (1, Digest::ZERO, 2));
        assert_eq!((second.number, second.previous), (2, first.head));
        assert!(first.covers(&[digest(2), digest(1)]).unwrap());
        assert!(!first.covers(&[digest(1)]).unwrap());
        assert!(!first.covers(&[digest(1), digest(3)]).unwrap());
        assert!(first.is_signed(&keys).unwrap());
        for forged in [
            Seal { number: 2, ..first.clone() },
            Seal { head: digest(1), ..first.clone() },
            Seal { previous: digest(1), ..first.clone() },
            Seal { at: at.plus(chrono::Duration::seconds(1)), ..first.clone() },
            Seal { signature: second.signature.clone(), ..first.clone() },
            Seal { key_id: "another".into(), ..first.clone() },
        ] {
            assert!(!forged.is_signed(&keys).unwrap());
        }
        let text = signed(1, at, Digest::ZERO, first.head).unwrap();
        assert!(!key.has_signed("another", text.as_bytes(), &first.signature).unwrap());
    }
}
