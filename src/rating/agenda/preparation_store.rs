//! What the working group made ready, as far as items tell of it, and whose surveys and reports an account reads.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::audit::Resource;
use crate::base::id::{AccountId, AgendaItemId, AnyId, DossierId};
use crate::base::{Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, group_reports, remarks, seats, surveys, working_groups};
use crate::db::types::Json;
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

/// What a working group wrote of a dossier, on whichever agenda it stood.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    pub dossier: DossierId,
    /// What has steps of its own; a remark has none.
    pub thing: Option<(Resource, AnyId)>,
    pub author: AccountId,
}

/// Who went to a survey, as far as it is told here.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Surveyor {
    account_id: Option<AccountId>,
}

/// The surveys, also as of each who went there, the reports and the remarks of working groups on these dossiers, but for
/// discarded ones.
pub fn writings(connection: &mut AnyConnection, dossiers: &[DossierId]) -> Result<[Vec<Writing>; 3]> {
    let surveys: Vec<(DossierId, AnyId, AccountId, Json<Vec<Surveyor>>)> = surveys::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(surveys::agenda_item_id)))
        .filter(agenda_items::dossier_id.eq_any(dossiers.to_vec()))
        .filter(surveys::state.ne(Readiness::Discarded))
        .select((agenda_items::dossier_id, surveys::id, surveys::account_id, surveys::team))
        .load(connection)?;
    let reports: Vec<(DossierId, AnyId, AccountId)> = group_reports::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(group_reports::agenda_item_id)))
        .filter(agenda_items::dossier_id.eq_any(dossiers.to_vec()))
        .filter(group_reports::state.ne(Readiness::Discarded))
        .select((agenda_items::dossier_id, group_reports::id, group_reports::account_id))
        .load(connection)?;
    let remarks: Vec<(DossierId, AccountId)> = remarks::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(remarks::agenda_item_id)))
        .filter(agenda_items::dossier_id.eq_any(dossiers.to_vec()))
        .select((agenda_items::dossier_id, remarks::account_id))
        .load(connection)?;
    let surveyed = surveys.into_iter().flat_map(|(dossier, id, author, Json(team))| {
        let members = team.into_iter().filter_map(|member| member.account_id);
        let thing = Some((Resource::Survey, id));
        std::iter::once(author).chain(members).map(move |author| Writing { dossier, thing, author })
    });
    let reported = reports.into_iter().map(|(dossier, id, author)| Writing {
        dossier,
        thing: Some((Resource::GroupReport, id)),
        author,
    });
    Ok([
        surveyed.collect(),
        reported.collect(),
        remarks.into_iter().map(|(dossier, author)| Writing { dossier, thing: None, author }).collect(),
    ])
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
