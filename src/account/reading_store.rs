//! Readings of identity numbers in the database: who was answered whose.

use chrono::Duration;
use diesel::prelude::*;

use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId, IdentityReadingId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, identity_readings};

/// So long a reading is kept.
pub const KEPT_DAYS: i64 = 730;
/// Within so long the same reader of the same thing is written down once.
const APART_MINUTES: i64 = 60;

/// A reading as it is kept, with the reader's name.
#[derive(Debug, Clone, Queryable)]
pub struct IdentityReading {
    pub id: IdentityReadingId,
    pub account_id: AccountId,
    pub account_name: String,
    pub resource: Resource,
    pub resource_id: AnyId,
    pub at: Moment,
    pub address: String,
}

/// Of these things those that this account was not answered within the hour, each once.
pub fn unrecorded(
    connection: &mut AnyConnection,
    reader: AccountId,
    read: &[(Resource, AnyId)],
    now: Moment,
) -> Result<Vec<(Resource, AnyId)>> {
    if read.is_empty() {
        return Ok(Vec::new());
    }
    let recorded: Vec<AnyId> = identity_readings::table
        .filter(identity_readings::account_id.eq(reader))
        .filter(identity_readings::at.gt(now.plus(-Duration::minutes(APART_MINUTES))))
        .select(identity_readings::resource_id)
        .load(connection)?;
    let mut left: Vec<(Resource, AnyId)> = read.iter().filter(|(_, id)| !recorded.contains(id)).copied().collect();
    left.sort_by_key(|(_, id)| *id);
    left.dedup_by_key(|(_, id)| *id);
    Ok(left)
}

/// Writes down what is not on record yet.
pub fn record(
    connection: &mut AnyConnection,
    reader: AccountId,
    read: &[(Resource, AnyId)],
    address: &str,
    now: Moment,
) -> Result<()> {
    for (resource, id) in unrecorded(connection, reader, read, now)? {
        diesel::insert_into(identity_readings::table)
            .values((
                identity_readings::id.eq(IdentityReadingId::new()),
                identity_readings::account_id.eq(reader),
                identity_readings::resource.eq(resource),
                identity_readings::resource_id.eq(id),
                identity_readings::at.eq(now),
                identity_readings::address.eq(address),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Readings, the newest first: of all, or of one thing.
pub fn list(
    connection: &mut AnyConnection,
    of: Option<AnyId>,
    after: Option<(Moment, IdentityReadingId)>,
    limit: i64,
) -> Result<Vec<IdentityReading>> {
    let mut query = identity_readings::table
        .inner_join(accounts::table.on(accounts::id.eq(identity_readings::account_id)))
        .select((
            identity_readings::id,
            identity_readings::account_id,
            accounts::name,
            identity_readings::resource,
            identity_readings::resource_id,
            identity_readings::at,
            identity_readings::address,
        ))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(identity_readings::resource_id.eq(of));
    }
    if let Some((at, id)) = after {
        query = query
            .filter(identity_readings::at.lt(at).or(identity_readings::at.eq(at).and(identity_readings::id.lt(id))));
    }
    Ok(query.order((identity_readings::at.desc(), identity_readings::id.desc())).limit(limit).load(connection)?)
}

/// Forgets readings that are old enough; how many they were.
pub fn forget(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let old = identity_readings::table.filter(identity_readings::at.lt(now.plus(-Duration::days(KEPT_DAYS))));
    Ok(diesel::delete(old).execute(connection)?)
}
