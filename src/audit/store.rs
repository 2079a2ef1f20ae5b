//! One row for each version of each resource, written in the transaction that made the version.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};

use crate::base::id::{AccountId, AnyId};
use crate::base::{Id, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, history};
use crate::db::types::{Guid, Instant, Multi, placeholders, text_column};

/// What has a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Resource {
    Account,
    AgendaItem,
    Certificate,
    Council,
    CriteriaSet,
    Cycle,
    Decision,
    Dossier,
    Hold,
    Idea,
    Lot,
    Plan,
    Producer,
    Product,
    Registration,
    Shop,
    StampOrder,
}
text_column!(Resource);

/// One step in the life of a resource.
pub struct Entry<'a, T> {
    pub resource: Resource,
    pub id: Id<T>,
    /// The version that the step made.
    pub version: i32,
    /// None where the service itself did it.
    pub account: Option<AccountId>,
    pub verb: &'a str,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub note: Option<&'a str>,
}

/// Writes a step down. A doubled version is a conflict: two steps never share one.
pub fn record<T>(connection: &mut AnyConnection, at: Moment, entry: Entry<'_, T>) -> Result<()> {
    diesel::insert_into(history::table)
        .values((
            history::resource.eq(entry.resource),
            history::resource_id.eq(entry.id.any()),
            history::version.eq(entry.version),
            history::at.eq(at),
            history::account_id.eq(entry.account),
            history::verb.eq(entry.verb),
            history::from_state.eq(entry.from),
            history::to_state.eq(entry.to),
            history::note.eq(entry.note),
        ))
        .execute(connection)?;
    Ok(())
}

/// How many steps one statement writes down at most.
const STEPS_AT_A_TIME: usize = 1000;

/// Writes the same step of many resources down, each of which it brought to its own version: few statements.
pub fn record_all<T>(
    connection: &mut AnyConnection,
    at: Moment,
    entry: &Entry<'_, T>,
    versions: &[(Id<T>, i32)],
) -> Result<()> {
    for some in versions.chunks(STEPS_AT_A_TIME) {
        let statement = format!(
            "INSERT INTO history (resource, resource_id, version, at, account_id, verb, from_state, to_state, note) \
             VALUES {}",
            placeholders(some.len(), 9)
        );
        let query = some.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, (id, version)| {
            query
                .bind::<Text, _>(entry.resource)
                .bind::<Guid, _>(id.any())
                .bind::<Integer, _>(*version)
                .bind::<Instant, _>(at)
                .bind::<Nullable<Guid>, _>(entry.account)
                .bind::<Text, _>(entry.verb)
                .bind::<Nullable<Text>, _>(entry.from)
                .bind::<Nullable<Text>, _>(entry.to)
                .bind::<Nullable<Text>, _>(entry.note)
        });
        query.execute(connection)?;
    }
    Ok(())
}

/// A step as it is read back, with the name of who took it.
#[derive(Debug, Queryable)]
pub struct Step {
    pub version: i32,
    pub at: Moment,
    pub account_id: Option<AccountId>,
    pub account_name: Option<String>,
    pub verb: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub note: Option<String>,
}

/// The steps of a resource behind the version `after`, oldest first.
pub fn steps(
    connection: &mut AnyConnection,
    resource: Resource,
    id: AnyId,
    after: i32,
    limit: i64,
) -> Result<Vec<Step>> {
    Ok(history::table
        .left_join(accounts::table.on(history::account_id.eq(accounts::id.nullable())))
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq(id))
        .filter(history::version.gt(after))
        .order(history::version)
        .limit(limit)
        .select((
            history::version,
            history::at,
            history::account_id,
            accounts::name.nullable(),
            history::verb,
            history::from_state,
            history::to_state,
            history::note,
        ))
        .load(connection)?)
}
