//! Reports of working groups in the database.

use diesel::prelude::*;
use serde::Serialize;

use crate::account::Actor;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, AgendaItemId, AnyId, GroupReportId};
use crate::base::{Day, Moment, Result, UnitCode, paper_number};
use crate::db::AnyConnection;
use crate::db::schema::group_reports;
use crate::db::settings::take_turn;
use crate::db::types::{Json, Multi, text_column};
use crate::rating::agenda::preparation_store::within_preparation;
use crate::rating::group_report::content::Content;
use crate::rating::group_report::rules::{GroupReportForm, Proposal};
use crate::rating::item::Readiness;
use crate::station::{Stretch, filters};

text_column!(Proposal);

#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = group_reports)]
pub struct GroupReportRow {
    pub id: GroupReportId,
    pub version: i32,
    pub agenda_item_id: AgendaItemId,
    /// The unit whose council it is for.
    pub unit_code: UnitCode,
    pub state: Readiness,
    pub leader: String,
    pub dossier_check: String,
    pub assessment: String,
    pub proposal: Proposal,
    pub proposal_text: Option<String>,
    /// Given when it is finished, with its day.
    pub number: Option<String>,
    pub dated: Option<Day>,
    /// What it rests on, from when it is finished.
    pub content: Option<Json<Content>>,
    pub account_id: AccountId,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
}

impl GroupReportRow {
    /// The report in the group's own words.
    pub fn form(&self) -> GroupReportForm {
        GroupReportForm {
            leader: self.leader.clone(),
            dossier_check: self.dossier_check.clone(),
            assessment: self.assessment.clone(),
            proposal: self.proposal,
            proposal_text: self.proposal_text.clone(),
        }
    }
}

pub fn find(connection: &mut AnyConnection, id: GroupReportId) -> Result<Option<GroupReportRow>> {
    Ok(group_reports::table.find(id).select(GroupReportRow::as_select()).first(connection).optional()?)
}

/// The report on an item that is finished.
pub fn finished_of_item(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<GroupReportId>> {
    Ok(group_reports::table
        .filter(group_reports::agenda_item_id.eq(item))
        .filter(group_reports::state.eq(Readiness::Finished))
        .select(group_reports::id)
        .first(connection)
        .optional()?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<GroupReportRow>> {
    let rows = group_reports::table.filter(group_reports::id.eq_any(ids.to_vec()));
    Ok(rows.select(GroupReportRow::as_select()).load(connection)?)
}

pub fn insert(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    unit: &UnitCode,
    form: GroupReportForm,
    by: AccountId,
    now: Moment,
) -> Result<GroupReportId> {
    let id = GroupReportId::new();
    diesel::insert_into(group_reports::table)
        .values((
            group_reports::id.eq(id),
            group_reports::version.eq(1),
            group_reports::agenda_item_id.eq(item),
            group_reports::unit_code.eq(unit),
            group_reports::state.eq(Readiness::Draft),
            group_reports::leader.eq(form.leader),
            group_reports::dossier_check.eq(form.dossier_check),
            group_reports::assessment.eq(form.assessment),
            group_reports::proposal.eq(form.proposal),
            group_reports::proposal_text.eq(form.proposal_text),
            group_reports::account_id.eq(by),
            group_reports::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn rewrite(connection: &mut AnyConnection, id: GroupReportId, form: GroupReportForm) -> Result<()> {
    diesel::update(group_reports::table.find(id))
        .set((
            group_reports::version.eq(group_reports::version + 1),
            group_reports::leader.eq(form.leader),
            group_reports::dossier_check.eq(form.dossier_check),
            group_reports::assessment.eq(form.assessment),
            group_reports::proposal.eq(form.proposal),
            group_reports::proposal_text.eq(form.proposal_text),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whether the unit gave the number to a report of that year. Who else gives one waits until the transaction ends.
pub fn number_taken(connection: &mut AnyConnection, unit: &UnitCode, number: &str, dated: Day) -> Result<bool> {
    take_turn(connection, &format!("group reports of {unit}"))?;
    let numbers = group_reports::table.filter(group_reports::unit_code.eq(unit));
    let numbers = numbers.filter(group_reports::number.is_not_null());
    let known: Vec<_> = numbers.select((group_reports::number, group_reports::dated)).load(connection)?;
    Ok(paper_number::is_taken(&known, number, dated))
}

/// Gives up a draft.
pub fn discard(connection: &mut AnyConnection, id: GroupReportId) -> Result<()> {
    diesel::update(group_reports::table.find(id))
        .set((group_reports::version.eq(group_reports::version + 1), group_reports::state.eq(Readiness::Discarded)))
        .execute(connection)?;
    Ok(())
}

pub fn finish(
    connection: &mut AnyConnection,
    id: GroupReportId,
    number: &str,
    dated: Day,
    content: Content,
    now: Moment,
) -> Result<()> {
    diesel::update(group_reports::table.find(id))
        .set((
            group_reports::version.eq(group_reports::version + 1),
            group_reports::state.eq(Readiness::Finished),
            group_reports::number.eq(Some(number)),
            group_reports::dated.eq(Some(dated)),
            group_reports::content.eq(Some(Json(content))),
            group_reports::finished_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What reports of working groups can be listed by.
    pub struct GroupReportFilter {
        agenda_item_id: AgendaItemId,
        /// The unit of the council.
        unit_code: UnitCode,
        state: Readiness,
    }
}

/// The reports that an account reads, as a filter lets them through.
fn matching<'a>(actor: &'a Actor, filter: &'a GroupReportFilter) -> group_reports::BoxedQuery<'a, Multi> {
    let mut query = within_preparation!(group_reports::table.into_boxed(), group_reports, actor);
    if let Some(item) = filter.agenda_item_id {
        query = query.filter(group_reports::agenda_item_id.eq(item));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(group_reports::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(group_reports::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(group_reports::id.eq_any(changed_since(Resource::GroupReport, since)));
    }
    query
}

/// Reports that an account reads, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    actor: &Actor,
    filter: &GroupReportFilter,
    stretch: &Stretch<GroupReportId>,
) -> Result<Vec<GroupReportRow>> {
    let mut query = matching(actor, filter);
    if let Some(after) = stretch.after {
        query = query.filter(group_reports::id.lt(after));
    }
    let query = query.order(group_reports::id.desc()).limit(stretch.limit);
    Ok(query.select(GroupReportRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, actor: &Actor, filter: &GroupReportFilter) -> Result<i64> {
    Ok(matching(actor, filter).count().get_result(connection)?)
}
