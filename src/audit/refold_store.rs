//! Keys by which names are searched and sorted, made anew where an older program folded otherwise (`text::FOLDING`).
//!
//! Such a key is a column of a row of which each step of its thing vouches, so this is a step of its own, in nobody's name.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::audit::row_store;
use crate::audit::step_name::{REFOLD, StepName, VOUCH_ANEW};
use crate::audit::store::{self, Resource, StepTaken};
use crate::base::id::AnyId;
use crate::base::{Error, Id, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::history;
use crate::db::types::{Guid, Multi, placeholders};

/// Writes down that a thing has another key from this version on; its state stays.
pub fn record(connection: &mut AnyConnection, at: Moment, resource: Resource, id: AnyId, version: i32) -> Result<()> {
    record_as(connection, at, REFOLD, resource, id, version)
}

/// Takes a thing to its next version, of which nothing changes but that the service vouches for it anew.
pub fn vouch_anew(connection: &mut AnyConnection, at: Moment, resource: Resource, id: AnyId, last: i32) -> Result<()> {
    let own = row_store::of(resource).first().ok_or_else(|| Error::internal("a resource without rows"))?;
    let places = placeholders(connection, 1, 2);
    let statement = format!("UPDATE {} SET version = version + 1 WHERE (id, version) = {places}", own.table);
    let taken = diesel::sql_query(statement).into_boxed::<Multi>().bind::<Guid, _>(id).bind::<Integer, _>(last);
    let taken = taken.execute(connection)?;
    if taken != 1 {
        return Err(Error::internal(format!("{} {id} is not what its last step left", resource.as_ref())));
    }
    record_as(connection, at, VOUCH_ANEW, resource, id, last + 1)
}

/// A step in nobody's name, after which the thing's state is what it was.
fn record_as(
    connection: &mut AnyConnection,
    at: Moment,
    verb: StepName,
    resource: Resource,
    id: AnyId,
    version: i32,
) -> Result<()> {
    let state: Option<Option<String>> = history::table
        .filter(history::resource.eq(resource))
        .filter(history::resource_id.eq(id))
        .order(history::version.desc())
        .select(history::to_state)
        .first(connection)
        .optional()?;
    let state = state.flatten();
    let (from, to) = (state.as_deref(), state.as_deref());
    let id: Id<()> = Id::from_uuid(id.uuid());
    store::record(connection, at, StepTaken { resource, id, version, account: None, verb, from, to, note: None })
}

/// The function of a store that folds the names of its table anew; it returns how many there were.
macro_rules! refolds {
    ($table:ident, $name:ident, $resource:expr) => {
        /// Folds names anew that an older program folded otherwise; how many there were.
        pub fn refold(
            connection: &mut $crate::db::AnyConnection,
            now: $crate::base::Moment,
        ) -> $crate::base::Result<usize> {
            type Row = ($crate::base::id::AnyId, i32, String, String);
            let rows: Vec<Row> =
                $table::table.select(($table::id, $table::version, $table::$name, $table::folded)).load(connection)?;
            let mut count = 0;
            for (id, version, name, folded) in rows {
                let anew = $crate::base::text::fold(&name);
                if anew == folded {
                    continue;
                }
                diesel::update($table::table.filter($table::id.eq(id)))
                    .set(($table::version.eq(version + 1), $table::folded.eq(anew)))
                    .execute(connection)?;
                $crate::audit::refold_store::record(connection, now, $resource, id, version + 1)?;
                count += 1;
            }
            Ok(count)
        }
    };
}
pub(crate) use refolds;
