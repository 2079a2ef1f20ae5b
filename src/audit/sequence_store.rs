//! The history as one sequence, for whoever follows what happens: each step has a place behind all that were placed before.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::history;
use crate::db::settings;

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

/// The steps behind a place, at most `limit`, in their order: as they were found, and of those found at once by their time. A
/// step is there within about a second. The steps of sheets never are, as they would tell of a member's work before the result.
pub fn behind(connection: &mut AnyConnection, place: i64, limit: i64) -> Result<Vec<Placed>> {
    Ok(history::table
        .filter(history::place.gt(place))
        .order(history::place)
        .limit(limit)
        .select(Placed::as_select())
        .load(connection)?)
}

/// The last place that was given; 0 where there is none.
pub fn last(connection: &mut AnyConnection) -> Result<i64> {
    let last: Option<i64> = history::table.select(max(history::place)).first(connection)?;
    Ok(last.unwrap_or(0))
}

/// A step waits for a place; the text is that of the index, so that only what waits is read.
const WAITS: &str = "place IS NULL AND resource <> 'sheet'";
const TURN: &str = "place";

/// Whether any step waits for a place.
pub fn is_due(connection: &mut AnyConnection) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = Integer)]
        #[expect(dead_code, reason = "that there is a row is all that is asked")]
        version: i32,
    }
    let statement = format!("SELECT version FROM history WHERE {WAITS} LIMIT 1");
    Ok(diesel::sql_query(statement).load::<Waiting>(connection)?.pop().is_some())
}

/// Gives all steps that wait their places. Whoever does so has the turn until the transaction ends, so no step ever comes
/// before one that somebody has read.
pub fn place_all(connection: &mut AnyConnection) -> Result<()> {
    settings::take_turn(connection, TURN)?;
    let last = last(connection)?;
    let statement = format!(
        "UPDATE history SET place = $1 + ranked.number FROM (SELECT resource, resource_id, version, \
         row_number() OVER (ORDER BY at, resource, resource_id, version) AS number FROM history WHERE {WAITS}) AS ranked \
         WHERE history.resource = ranked.resource AND history.resource_id = ranked.resource_id \
         AND history.version = ranked.version"
    );
    diesel::sql_query(statement).bind::<BigInt, _>(last).execute(connection)?;
    Ok(())
}
