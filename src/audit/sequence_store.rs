//! The history as one sequence, for whoever follows what happens: each step has a place behind all that were placed before.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::audit::store::Resource;
use crate::base::id::{AccountId, AnyId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::history;
use crate::db::types::Multi;

/// A step in the sequence.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = history)]
pub struct Placed {
    /// From 1 on. Who remembers the last place that was read never misses a step and never reads one twice.
    #[diesel(select_expression = history::place.assume_not_null())]
    pub place: i64,
    pub resource: Resource,
    #[diesel(column_name = resource_id)]
    pub id: AnyId,
    pub version: i32,
    pub at: Moment,
    pub account_id: Option<AccountId>,
    pub verb: String,
    #[diesel(column_name = from_state)]
    pub from: Option<String>,
    #[diesel(column_name = to_state)]
    pub to: Option<String>,
    pub note: Option<String>,
}

/// The steps behind a place, at most `limit`, in their order: as they were sealed, and of one seal by their time. A step is
/// there within about a second. The steps of sheets never are, as they would tell of a member's work before the result.
pub fn behind(connection: &mut AnyConnection, place: i64, limit: i64) -> Result<Vec<Placed>> {
    Ok(history::table
        .filter(history::place.gt(place))
        .order(history::place)
        .limit(limit)
        .select(Placed::as_select())
        .load(connection)?)
}

/// Gives the steps of a new seal their places. Whoever seals has the turn to do so until the transaction ends, so no step
/// ever comes before one that somebody has read.
pub(super) fn extend(connection: &mut AnyConnection, seal: i64) -> Result<()> {
    let last: Option<i64> = history::table.select(max(history::place)).first(connection)?;
    let statement = "UPDATE history SET place = $1 + ranked.number FROM (SELECT resource, resource_id, version, \
                     row_number() OVER (ORDER BY at, resource, resource_id, version) AS number FROM history \
                     WHERE seal = $2 AND resource <> $3) AS ranked WHERE history.resource = ranked.resource \
                     AND history.resource_id = ranked.resource_id AND history.version = ranked.version";
    diesel::sql_query(statement)
        .into_boxed::<Multi>()
        .bind::<BigInt, _>(last.unwrap_or(0))
        .bind::<BigInt, _>(seal)
        .bind::<Text, _>(Resource::Sheet)
        .execute(connection)?;
    Ok(())
}
