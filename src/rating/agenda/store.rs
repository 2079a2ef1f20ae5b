//! Which items an account may know of, where a dossier stood before, and the working group's remarks, in the database.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::account::{Actor, Territory, within_territory};
use crate::audit::store::{Resource, changed_since, told_since};
use crate::base::id::{AccountId, AgendaItemId, CouncilId, CycleId, DossierId, ProducerId, ProductId, RemarkId};
use crate::base::{Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, agenda_items, appeals, councils, dossiers, remarks, results, seats, working_groups};
use crate::db::types::Multi;
use crate::dossier;
use crate::rating::agenda::rules::{Before, KEPT_BACK};
use crate::rating::appeal;
use crate::rating::item::{Item, State};
use crate::rating::result::Outcome;
use crate::station::{Stretch, filters};

/// Where a dossier last stood on an agenda of a unit.
pub fn before(connection: &mut AnyConnection, dossier: DossierId, unit: &UnitCode) -> Result<Option<Before>> {
    type Row = (i32, State, Option<Outcome>, Option<appeal::State>, Option<Moment>);
    let row: Option<Row> = agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .left_join(
            results::table
                .on(results::agenda_item_id.eq(agenda_items::id).and(results::attempt.eq(agenda_items::attempt))),
        )
        .left_join(appeals::table.on(appeals::agenda_item_id.eq(agenda_items::id)))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(councils::unit_code.eq(unit))
        .order(agenda_items::id.desc())
        .select((
            councils::round,
            agenda_items::state,
            results::outcome.nullable(),
            appeals::state.nullable(),
            agenda_items::declined_by_centre_at,
        ))
        .first(connection)
        .optional()?;
    Ok(row.map(|(round, state, outcome, appeal, declined_at)| Before {
        round,
        state,
        outcome,
        appeal_upheld: appeal == Some(appeal::State::Upheld),
        declined_by_centre: declined_at.is_some(),
    }))
}

/// The last item of a dossier at another unit's council than `unit`, and whether it was sent up.
pub fn below(
    connection: &mut AnyConnection,
    dossier: DossierId,
    unit: &UnitCode,
) -> Result<Option<(AgendaItemId, Option<Moment>)>> {
    Ok(agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(councils::unit_code.ne(unit))
        .order(agenda_items::id.desc())
        .select((agenda_items::id, agenda_items::sent_up_at))
        .first(connection)
        .optional()?)
}

filters! {
    /// What agenda items can be listed by.
    pub struct AgendaItemFilter {
        council_id: CouncilId,
        dossier_id: DossierId,
        cycle_id: CycleId,
        product_id: ProductId,
        producer_id: ProducerId,
        /// The unit of the council.
        unit_code: UnitCode,
        state: State,
    }
}

/// The first dossiers of a territory that were handed in in these cycles and that no council has, or had other than to leave
/// them to a later round.
pub fn unplaced(
    connection: &mut AnyConnection,
    territory: &Territory,
    open: &[CycleId],
    limit: i64,
) -> Result<Vec<DossierId>> {
    let taken_up = agenda_items::table
        .filter(agenda_items::dossier_id.eq(dossiers::id))
        .filter(agenda_items::state.ne(State::Deferred))
        .select(agenda_items::id);
    let handed_in = [dossier::rules::State::Submitted, dossier::rules::State::Forwarded];
    let query = dossiers::table
        .filter(dossiers::cycle_id.eq_any(open.to_vec()))
        .filter(dossiers::state.eq_any(handed_in))
        .filter(diesel::dsl::not(diesel::dsl::exists(taken_up)))
        .into_boxed();
    let query = within_territory!(query, dossiers, territory);
    Ok(query.order(dossiers::id).limit(limit).select(dossiers::id).load(connection)?)
}

/// The items that an account may know of, as a filter lets them through.
fn matching<'a>(actor: &'a Actor, filter: &'a AgendaItemFilter) -> agenda_items::BoxedQuery<'a, Multi> {
    let seated = seats::table.filter(seats::account_id.eq(actor.id)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(actor.id)).select(working_groups::council_id);
    let takes_part = agenda_items::council_id.eq_any(seated).or(agenda_items::council_id.eq_any(checks));
    let query = agenda_items::table.into_boxed();
    let mut query = match actor.territory() {
        Territory::Province => query,
        Territory::District(code) => {
            let own = councils::table.filter(councils::unit_code.eq(code.clone())).select(councils::id);
            let home = dossiers::table.filter(dossiers::district_code.assume_not_null().eq(code)).select(dossiers::id);
            query.filter(agenda_items::council_id.eq_any(own).or(agenda_items::dossier_id.eq_any(home)).or(takes_part))
        }
        Territory::Commune(code) => {
            let home = dossiers::table.filter(dossiers::commune_code.eq(code)).select(dossiers::id);
            query.filter(agenda_items::dossier_id.eq_any(home).or(takes_part))
        }
        Territory::Producer(producer) => {
            let own = dossiers::table.filter(dossiers::producer_id.eq(producer)).select(dossiers::id);
            query.filter(agenda_items::dossier_id.eq_any(own))
        }
        Territory::Nothing => query.filter(takes_part),
    };
    if let Some(council) = filter.council_id {
        query = query.filter(agenda_items::council_id.eq(council));
    }
    if let Some(dossier) = filter.dossier_id {
        query = query.filter(agenda_items::dossier_id.eq(dossier));
    }
    if let Some(cycle) = filter.cycle_id {
        let councils = councils::table.filter(councils::cycle_id.eq(cycle)).select(councils::id);
        query = query.filter(agenda_items::council_id.eq_any(councils));
    }
    if let Some(product) = filter.product_id {
        let dossiers = dossiers::table.filter(dossiers::product_id.eq(product)).select(dossiers::id);
        query = query.filter(agenda_items::dossier_id.eq_any(dossiers));
    }
    if let Some(producer) = filter.producer_id {
        let dossiers = dossiers::table.filter(dossiers::producer_id.eq(producer)).select(dossiers::id);
        query = query.filter(agenda_items::dossier_id.eq_any(dossiers));
    }
    if let Some(unit) = &filter.unit_code {
        let councils = councils::table.filter(councils::unit_code.eq(unit)).select(councils::id);
        query = query.filter(agenda_items::council_id.eq_any(councils));
    }
    if let Some(state) = filter.state {
        query = query.filter(agenda_items::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(changed_for(actor, since));
    }
    query
}

/// Whether an item changed for an account: who is not of its council is not told of everything.
fn changed_for(actor: &Actor, since: Moment) -> Box<dyn BoxableExpression<agenda_items::table, Multi, SqlType = Bool>> {
    let changed = agenda_items::id.eq_any(changed_since(Resource::AgendaItem, since));
    let own_unit = match actor.territory() {
        Territory::Province => return Box::new(changed),
        Territory::District(code) => Some(code),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => None,
    };
    let own = councils::table.filter(councils::unit_code.nullable().eq(own_unit)).select(councils::id);
    let seated = seats::table.filter(seats::account_id.eq(actor.id)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(actor.id)).select(working_groups::council_id);
    let is_of_the_council = agenda_items::council_id
        .eq_any(own)
        .or(agenda_items::council_id.eq_any(seated))
        .or(agenda_items::council_id.eq_any(checks));
    let kept_back = KEPT_BACK.iter().map(|name| name.text()).collect();
    let told = agenda_items::id.eq_any(told_since(Resource::AgendaItem, since, kept_back));
    Box::new(told.or(is_of_the_council.and(changed)))
}

/// The items that an account may know of, in the order in which they came onto their agendas.
pub fn list(
    connection: &mut AnyConnection,
    actor: &Actor,
    filter: &AgendaItemFilter,
    stretch: &Stretch<AgendaItemId>,
) -> Result<Vec<Item>> {
    let mut query = matching(actor, filter);
    if let Some(after) = stretch.after {
        query = query.filter(agenda_items::id.gt(after));
    }
    Ok(query.order(agenda_items::id).limit(stretch.limit).select(Item::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, actor: &Actor, filter: &AgendaItemFilter) -> Result<i64> {
    Ok(matching(actor, filter).count().get_result(connection)?)
}

/// What the working group found in a dossier.
#[derive(Debug, Clone, Queryable)]
pub struct Remark {
    pub id: RemarkId,
    pub account_id: AccountId,
    pub account_name: String,
    pub criterion: Option<String>,
    pub text: String,
    pub at: Moment,
}

pub fn insert_remark(connection: &mut AnyConnection, item: AgendaItemId, remark: &Remark) -> Result<()> {
    diesel::insert_into(remarks::table)
        .values((
            remarks::id.eq(remark.id),
            remarks::agenda_item_id.eq(item),
            remarks::account_id.eq(remark.account_id),
            remarks::criterion.eq(&remark.criterion),
            remarks::text.eq(&remark.text),
            remarks::at.eq(remark.at),
        ))
        .execute(connection)?;
    Ok(())
}

/// One remark on an item.
pub fn remark(connection: &mut AnyConnection, item: AgendaItemId, id: RemarkId) -> Result<Option<Remark>> {
    Ok(remarks::table
        .inner_join(accounts::table.on(accounts::id.eq(remarks::account_id)))
        .filter(remarks::agenda_item_id.eq(item))
        .filter(remarks::id.eq(id))
        .select((remarks::id, remarks::account_id, accounts::name, remarks::criterion, remarks::text, remarks::at))
        .first(connection)
        .optional()?)
}

/// The remarks on an item, the oldest first.
pub fn remarks(connection: &mut AnyConnection, item: AgendaItemId, stretch: &Stretch<RemarkId>) -> Result<Vec<Remark>> {
    let mut query = remarks::table
        .inner_join(accounts::table.on(accounts::id.eq(remarks::account_id)))
        .filter(remarks::agenda_item_id.eq(item))
        .select((remarks::id, remarks::account_id, accounts::name, remarks::criterion, remarks::text, remarks::at))
        .into_boxed();
    if let Some(after) = stretch.after {
        query = query.filter(remarks::id.gt(after));
    }
    Ok(query.order(remarks::id).limit(stretch.limit).load(connection)?)
}
