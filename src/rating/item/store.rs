//! Items of agendas in the database, and why a council scored them again.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId, CouncilId, CriteriaSetId, DossierId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, criteria_sets, dossiers, producers, products, rescores};
use crate::db::types::text_column;
use crate::rating::item::rules::{Admission, Ballot, Dates, Readiness, State};

text_column!(State, Admission, Readiness);

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
    /// Until when sheets are handed in where the council gives its opinion in writing; that is its first attempt alone.
    pub written_until: Option<Day>,
    /// When the province made known that the centre gave it less than 90 points.
    pub declined_by_centre_at: Option<Moment>,
}

impl Item {
    /// The last day for sheets, while the council gives its opinion in writing; scored again it meets.
    pub fn written_round(&self) -> Option<Day> {
        self.written_until.filter(|_| self.attempt == 1)
    }

    pub fn dates(&self) -> Dates {
        Dates {
            session_on: self.session_on,
            dossier_sent_on: self.dossier_sent_on,
            samples_sent_on: self.samples_sent_on,
        }
    }
}

pub fn find(connection: &mut AnyConnection, id: AgendaItemId) -> Result<Option<Item>> {
    Ok(agenda_items::table.find(id).select(Item::as_select()).first(connection).optional()?)
}

/// The items of these ids, as far as there are any.
pub fn of_ids(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<Vec<Item>> {
    Ok(agenda_items::table.filter(agenda_items::id.eq_any(ids.to_vec())).select(Item::as_select()).load(connection)?)
}

/// The items by which councils rate these dossiers.
pub fn of_dossiers(connection: &mut AnyConnection, ids: &[DossierId]) -> Result<Vec<Item>> {
    Ok(agenda_items::table
        .filter(agenda_items::dossier_id.eq_any(ids.to_vec()))
        .select(Item::as_select())
        .load(connection)?)
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

/// The names of the products whose scoring is not over, for each of these councils.
pub fn unfinished(connection: &mut AnyConnection, ids: &[CouncilId]) -> Result<BTreeMap<CouncilId, Vec<String>>> {
    use State::{Scored, Scoring, Waiting};
    let rows: Vec<(CouncilId, String)> = agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .filter(agenda_items::council_id.eq_any(ids.to_vec()))
        .filter(agenda_items::state.eq_any([Waiting, Scoring, Scored]))
        .order((agenda_items::council_id, agenda_items::position))
        .select((agenda_items::council_id, products::name))
        .load(connection)?;
    let mut found: BTreeMap<CouncilId, Vec<String>> = BTreeMap::new();
    for (council, name) in rows {
        found.entry(council).or_default().push(name);
    }
    Ok(found)
}

pub fn set_state(connection: &mut AnyConnection, id: AgendaItemId, state: State) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set((agenda_items::version.eq(agenda_items::version + 1), agenda_items::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

/// Keeps that the centre gave less than 90 points to what was proposed to it.
pub fn decline_by_centre(connection: &mut AnyConnection, id: AgendaItemId, now: Moment) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set(agenda_items::declined_by_centre_at.eq(Some(now)))
        .execute(connection)?;
    Ok(())
}

/// Has the members give their opinions in writing until a day.
pub fn set_written_until(connection: &mut AnyConnection, id: AgendaItemId, until: Day) -> Result<()> {
    diesel::update(agenda_items::table.find(id))
        .set(agenda_items::written_until.eq(Some(until)))
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

/// Why the council scored each of these items again, in order.
pub fn rescores(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<BTreeMap<AgendaItemId, Vec<Rescore>>> {
    let rows: Vec<(AgendaItemId, Rescore)> = rescores::table
        .filter(rescores::agenda_item_id.eq_any(ids.to_vec()))
        .order((rescores::agenda_item_id, rescores::attempt))
        .select((
            rescores::agenda_item_id,
            (rescores::attempt, rescores::reason, rescores::votes_for, rescores::votes_against, rescores::at),
        ))
        .load(connection)?;
    Ok(by_item(rows))
}

/// Rows by their items.
pub(super) fn by_item<T>(rows: Vec<(AgendaItemId, T)>) -> BTreeMap<AgendaItemId, Vec<T>> {
    let mut found: BTreeMap<AgendaItemId, Vec<T>> = BTreeMap::new();
    for (item, row) in rows {
        found.entry(item).or_default().push(row);
    }
    found
}

/// What an item is about, by name.
#[derive(Debug, Clone, Queryable)]
pub struct Names {
    pub product_id: ProductId,
    pub product_name: String,
    pub product_code: String,
    pub producer_id: ProducerId,
    pub producer_name: String,
    /// The set that it is scored with.
    pub criteria_set_id: Option<CriteriaSetId>,
    pub criteria_set: Option<String>,
    pub criteria_set_version: Option<i32>,
    pub criteria_set_title: Option<String>,
}

/// The names around each of these items.
pub fn names(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<BTreeMap<AgendaItemId, Names>> {
    let rows: Vec<(AgendaItemId, Names)> = agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .left_join(criteria_sets::table.on(dossiers::criteria_set_id.eq(criteria_sets::id.nullable())))
        .filter(agenda_items::id.eq_any(ids.to_vec()))
        .select((
            agenda_items::id,
            (
                products::id,
                products::name,
                products::code,
                producers::id,
                producers::name,
                dossiers::criteria_set_id,
                criteria_sets::code.nullable(),
                criteria_sets::version.nullable(),
                criteria_sets::title.nullable(),
            ),
        ))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}
