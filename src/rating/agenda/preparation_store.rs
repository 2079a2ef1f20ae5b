//! What the working group made ready, as far as items tell of it, and whose surveys and reports an account reads.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId, DossierId};
use crate::base::{Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, group_reports, seats, surveys, working_groups};
use crate::rating::council::{self, SeatKind};
use crate::rating::item::Readiness;

/// Whether a survey of the dossier is finished, on whichever agenda it stood.
pub fn is_surveyed(connection: &mut AnyConnection, dossier: DossierId) -> Result<bool> {
    let finished = surveys::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(surveys::agenda_item_id)))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(surveys::state.eq(Readiness::Finished));
    Ok(diesel::select(exists(finished)).get_result(connection)?)
}

/// How far the report on an item is, but for discarded ones.
pub fn report(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Readiness>> {
    let report = group_reports::table
        .filter(group_reports::agenda_item_id.eq(item))
        .filter(group_reports::state.ne(Readiness::Discarded));
    Ok(report.select(group_reports::state).first(connection).optional()?)
}

/// Those of these items that have a report that was not discarded.
pub fn reported(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<BTreeSet<AgendaItemId>> {
    let reported: Vec<AgendaItemId> = group_reports::table
        .filter(group_reports::agenda_item_id.eq_any(items.to_vec()))
        .filter(group_reports::state.ne(Readiness::Discarded))
        .select(group_reports::agenda_item_id)
        .load(connection)?;
    Ok(reported.into_iter().collect())
}

/// The items of councils whose group or book the account is of, and of open ones in which it sits.
#[diesel::dsl::auto_type]
pub fn taking_part(account: AccountId) -> _ {
    let secretary: SeatKind = SeatKind::Secretary;
    let open: council::State = council::State::Open;
    agenda_items::table
        .filter(
            agenda_items::council_id
                .eq_any(
                    working_groups::table
                        .filter(working_groups::account_id.eq(account))
                        .select(working_groups::council_id),
                )
                .or(agenda_items::council_id.eq_any(
                    seats::table
                        .inner_join(councils::table)
                        .filter(seats::account_id.eq(account))
                        .filter(seats::seat.eq(secretary).or(councils::state.eq(open)))
                        .select(seats::council_id),
                )),
        )
        .select(agenda_items::id)
}

#[diesel::dsl::auto_type]
pub fn of_unit(code: UnitCode) -> _ {
    agenda_items::table.inner_join(councils::table).filter(councils::unit_code.eq(code)).select(agenda_items::id)
}

/// Narrows a boxed query of surveys or reports to those that an account reads as `Session::shows_preparation` says of one. The
/// table has `agenda_item_id`.
macro_rules! within_preparation {
    ($query:expr, $table:ident, $actor:expr) => {{
        use $crate::account::Territory;
        use $crate::rating::agenda::preparation_store as items;
        let takes_part = $table::agenda_item_id.eq_any(items::taking_part($actor.id));
        match $actor.territory() {
            Territory::Province => $query,
            Territory::District(code) => {
                $query.filter(takes_part.or($table::agenda_item_id.eq_any(items::of_unit(code))))
            }
            Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => $query.filter(takes_part),
        }
    }};
}
pub(crate) use within_preparation;
