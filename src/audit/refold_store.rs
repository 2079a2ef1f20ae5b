//! Keys by which names are searched and sorted, made anew where an older program folded otherwise (`text::FOLDING`).
//!
//! Such a key is a column of a row of which each step of its thing vouches, so this is a step of its own, in nobody's name.

use diesel::prelude::*;

use crate::audit::step_name::REFOLD;
use crate::audit::store::{self, Resource, StepTaken};
use crate::base::id::AnyId;
use crate::base::{Id, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::history;

/// Writes down that a thing has another key from this version on; its state stays.
pub fn record(connection: &mut AnyConnection, at: Moment, resource: Resource, id: AnyId, version: i32) -> Result<()> {
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
    store::record(
        connection,
        at,
        StepTaken { resource, id, version, account: None, verb: REFOLD, from, to, note: None },
    )
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
