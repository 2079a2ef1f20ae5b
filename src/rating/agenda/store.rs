//! Items of agendas in the database.

use diesel::prelude::*;

use crate::account::{Actor, Territory};
use crate::audit::Resource;
use crate::base::id::{
    AccountId, AgendaItemId, CouncilId, CriteriaSetId, CycleId, DossierId, PlanId, ProducerId, ProductId,
};
use crate::base::{Day, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{
    absences, agenda_items, appeals, councils, criteria_sets, dossiers, history, products, recusals, rescores, results,
    seats, working_groups,
};
use crate::db::types::text_column;
use crate::dossier::DossierRow;
use crate::rating::agenda::calendar::Dates;
use crate::rating::agenda::rules::{Admission, Ballot, Before, State};
use crate::rating::appeal;
use crate::rating::council::Council;
use crate::rating::result::Outcome;

text_column!(State, Admission);

/// A dossier on a council's agenda.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agenda_items)]
pub struct Item {
    pub id: AgendaItemId,
    pub version: i32,
    pub council_id: CouncilId,
    pub dossier_id: DossierId,
    /// The item at the council before, from which the dossier was sent up.
    pub sent_from: Option<AgendaItemId>,
    pub position: i32,
    pub state: State,
    pub attempt: i32,
    pub admission: Option<Admission>,
    pub note: Option<String>,
    pub sent_up_at: Option<Moment>,
    pub created_at: Moment,
    pub session_on: Option<Day>,
    pub dossier_sent_on: Option<Day>,
    pub samples_sent_on: Option<Day>,
    /// Who presided and acknowledged that dossier or samples came late.
    pub short_notice_accepted_by: Option<AccountId>,
}

impl Item {
    pub fn dates(&self) -> Dates {
        Dates {
            session_on: self.session_on,
            dossier_sent_on: self.dossier_sent_on,
            samples_sent_on: self.samples_sent_on,
        }
    }
}

/// A seat that does not score an item.
#[derive(Debug, Clone, Queryable)]
pub struct Recusal {
    pub account_id: AccountId,
    pub reason: String,
}

/// An item with its council and its dossier.
pub fn find(connection: &mut AnyConnection, id: AgendaItemId) -> Result<Option<(Item, Council, DossierRow)>> {
    Ok(agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .filter(agenda_items::id.eq(id))
        .select((Item::as_select(), Council::as_select(), DossierRow::as_select()))
        .first(connection)
        .optional()?)
}

/// Takes an item's row until the transaction ends: its verbs and the writing of its sheets follow one another.
pub fn take(connection: &mut AnyConnection, id: AgendaItemId) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set(agenda_items::version.eq(agenda_items::version))
        .execute(connection)?;
    Ok(())
}

/// A dossier to be put on an agenda.
#[derive(Debug, Clone, Copy)]
pub struct NewItem {
    pub council: CouncilId,
    pub dossier: DossierId,
    pub sent_from: Option<AgendaItemId>,
    pub position: i32,
}

pub fn insert(connection: &mut AnyConnection, item: NewItem, now: Moment) -> Result<AgendaItemId> {
    let id = AgendaItemId::new();
    diesel::insert_into(agenda_items::table)
        .values((
            agenda_items::id.eq(id),
            agenda_items::version.eq(1),
            agenda_items::council_id.eq(item.council),
            agenda_items::dossier_id.eq(item.dossier),
            agenda_items::sent_from.eq(item.sent_from),
            agenda_items::position.eq(item.position),
            agenda_items::state.eq(State::Waiting),
            agenda_items::attempt.eq(1),
            agenda_items::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// The last position that is taken on a council's agenda.
pub fn last_position(connection: &mut AnyConnection, council: CouncilId) -> Result<i32> {
    let last: Option<i32> = agenda_items::table
        .filter(agenda_items::council_id.eq(council))
        .select(diesel::dsl::max(agenda_items::position))
        .first(connection)?;
    Ok(last.unwrap_or(0))
}

pub fn set_state(connection: &mut AnyConnection, id: AgendaItemId, state: State) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((agenda_items::version.eq(agenda_items::version + 1), agenda_items::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

pub fn set_attempt(connection: &mut AnyConnection, id: AgendaItemId, attempt: i32, state: State) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((
            agenda_items::version.eq(agenda_items::version + 1),
            agenda_items::state.eq(state),
            agenda_items::attempt.eq(attempt),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_admission(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    admission: Option<Admission>,
    state: State,
    note: Option<&str>,
) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((
            agenda_items::version.eq(agenda_items::version + 1),
            agenda_items::admission.eq(admission),
            agenda_items::state.eq(state),
            agenda_items::note.eq(note),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_sent_up(connection: &mut AnyConnection, id: AgendaItemId, at: Moment) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((agenda_items::version.eq(agenda_items::version + 1), agenda_items::sent_up_at.eq(Some(at))))
        .execute(connection)?;
    Ok(())
}

pub fn count_version(connection: &mut AnyConnection, id: AgendaItemId) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set(agenda_items::version.eq(agenda_items::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn insert_rescore(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    attempt: i32,
    reason: &str,
    ballot: Option<Ballot>,
    account: AccountId,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(rescores::table)
        .values((
            rescores::agenda_item_id.eq(id),
            rescores::attempt.eq(attempt),
            rescores::reason.eq(reason),
            rescores::votes_for.eq(ballot.map(|ballot| ballot.votes_for)),
            rescores::votes_against.eq(ballot.map(|ballot| ballot.votes_against)),
            rescores::at.eq(at),
            rescores::account_id.eq(account),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn recusals(connection: &mut AnyConnection, id: AgendaItemId) -> Result<Vec<Recusal>> {
    Ok(recusals::table
        .filter(recusals::agenda_item_id.eq(id))
        .order((recusals::at, recusals::account_id))
        .select((recusals::account_id, recusals::reason))
        .load(connection)?)
}

pub fn insert_recusal(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    account: AccountId,
    reason: &str,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(recusals::table)
        .values((
            recusals::agenda_item_id.eq(id),
            recusals::account_id.eq(account),
            recusals::reason.eq(reason),
            recusals::at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// A seat that is not there for an item.
#[derive(Debug, Clone, Queryable)]
pub struct Absence {
    pub account_id: AccountId,
    pub reason: String,
}

pub fn absences(connection: &mut AnyConnection, id: AgendaItemId) -> Result<Vec<Absence>> {
    Ok(absences::table
        .filter(absences::agenda_item_id.eq(id))
        .order((absences::at, absences::account_id))
        .select((absences::account_id, absences::reason))
        .load(connection)?)
}

pub fn insert_absence(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    account: AccountId,
    reason: &str,
    recorded_by: AccountId,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(absences::table)
        .values((
            absences::agenda_item_id.eq(id),
            absences::account_id.eq(account),
            absences::reason.eq(reason),
            absences::recorded_by.eq(recorded_by),
            absences::at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn delete_absence(connection: &mut AnyConnection, id: AgendaItemId, account: AccountId) -> Result<()> {
    diesel::delete(absences::table.find((id, account))).execute(connection)?;
    Ok(())
}

pub fn set_dates(connection: &mut AnyConnection, id: AgendaItemId, dates: Dates) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((
            agenda_items::version.eq(agenda_items::version + 1),
            agenda_items::session_on.eq(dates.session_on),
            agenda_items::dossier_sent_on.eq(dates.dossier_sent_on),
            agenda_items::samples_sent_on.eq(dates.samples_sent_on),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn accept_short_notice(connection: &mut AnyConnection, id: AgendaItemId, account: AccountId) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set(agenda_items::short_notice_accepted_by.eq(Some(account)))
        .execute(connection)?;
    Ok(())
}

/// Why a council scored again.
#[derive(Debug, Clone, Queryable)]
pub struct Rescore {
    /// The attempt that it began.
    pub attempt: i32,
    pub reason: String,
    pub votes_for: Option<i32>,
    pub votes_against: Option<i32>,
    pub at: Moment,
}

pub fn rescores(connection: &mut AnyConnection, id: AgendaItemId) -> Result<Vec<Rescore>> {
    Ok(rescores::table
        .filter(rescores::agenda_item_id.eq(id))
        .order(rescores::attempt)
        .select((rescores::attempt, rescores::reason, rescores::votes_for, rescores::votes_against, rescores::at))
        .load(connection)?)
}

/// Who approved a plan.
pub fn approvers(connection: &mut AnyConnection, plan: PlanId) -> Result<Vec<AccountId>> {
    let accounts: Vec<Option<AccountId>> = history::table
        .filter(history::resource.eq(Resource::Plan))
        .filter(history::resource_id.eq(plan.any()))
        .filter(history::verb.eq("approve"))
        .select(history::account_id)
        .load(connection)?;
    Ok(accounts.into_iter().flatten().collect())
}

/// Where a dossier last stood on an agenda of a unit.
pub fn before(connection: &mut AnyConnection, dossier: DossierId, unit: &UnitCode) -> Result<Option<Before>> {
    let row: Option<(i32, State, Option<Outcome>, Option<appeal::State>)> = agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .left_join(
            results::table
                .on(results::agenda_item_id.eq(agenda_items::id).and(results::attempt.eq(agenda_items::attempt))),
        )
        .left_join(appeals::table.on(appeals::agenda_item_id.eq(agenda_items::id)))
        .filter(agenda_items::dossier_id.eq(dossier))
        .filter(councils::unit_code.eq(unit))
        .order(agenda_items::id.desc())
        .select((councils::round, agenda_items::state, results::outcome.nullable(), appeals::state.nullable()))
        .first(connection)
        .optional()?;
    Ok(row.map(|(round, state, outcome, appeal)| Before {
        round,
        state,
        outcome,
        appeal_upheld: appeal == Some(appeal::State::Upheld),
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

/// What an item is called: its product and the set that it is scored with.
#[derive(Debug, Clone, Queryable)]
pub struct Names {
    pub id: AgendaItemId,
    pub product_id: ProductId,
    pub product_name: String,
    pub criteria_set_id: Option<CriteriaSetId>,
    pub criteria_set: Option<String>,
    pub criteria_set_version: Option<i32>,
}

pub fn names(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<Vec<Names>> {
    Ok(agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .left_join(criteria_sets::table.on(dossiers::criteria_set_id.eq(criteria_sets::id.nullable())))
        .filter(agenda_items::id.eq_any(ids.to_vec()))
        .select((
            agenda_items::id,
            products::id,
            products::name,
            dossiers::criteria_set_id,
            criteria_sets::code.nullable(),
            criteria_sets::version.nullable(),
        ))
        .load(connection)?)
}

/// Which items to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub council: Option<CouncilId>,
    pub dossier: Option<DossierId>,
    pub cycle: Option<CycleId>,
    pub product: Option<ProductId>,
    pub producer: Option<ProducerId>,
    pub unit: Option<UnitCode>,
    pub state: Option<State>,
    pub after: Option<AgendaItemId>,
    pub limit: i64,
}

/// The items that an account may know of, in the order in which they came onto their agendas.
pub fn list(connection: &mut AnyConnection, actor: &Actor, filter: &Filter) -> Result<Vec<Item>> {
    let seated = seats::table.filter(seats::account_id.eq(actor.id)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(actor.id)).select(working_groups::council_id);
    let takes_part = agenda_items::council_id.eq_any(seated).or(agenda_items::council_id.eq_any(checks));
    let query = agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .select(Item::as_select())
        .into_boxed();
    let mut query = match actor.territory() {
        Territory::Province => query,
        Territory::District(code) => query.filter(
            councils::unit_code.eq(code.clone()).or(dossiers::district_code.assume_not_null().eq(code)).or(takes_part),
        ),
        Territory::Commune(code) => query.filter(dossiers::commune_code.eq(code).or(takes_part)),
        Territory::Producer(producer) => query.filter(dossiers::producer_id.eq(producer)),
        Territory::Nothing => query.filter(takes_part),
    };
    if let Some(council) = filter.council {
        query = query.filter(agenda_items::council_id.eq(council));
    }
    if let Some(dossier) = filter.dossier {
        query = query.filter(agenda_items::dossier_id.eq(dossier));
    }
    if let Some(cycle) = filter.cycle {
        query = query.filter(councils::cycle_id.eq(cycle));
    }
    if let Some(product) = filter.product {
        query = query.filter(dossiers::product_id.eq(product));
    }
    if let Some(producer) = filter.producer {
        query = query.filter(dossiers::producer_id.eq(producer));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(councils::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(agenda_items::state.eq(state));
    }
    if let Some(after) = filter.after {
        query = query.filter(agenda_items::id.gt(after));
    }
    Ok(query.order(agenda_items::id).limit(filter.limit).load(connection)?)
}
