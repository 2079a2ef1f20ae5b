//! Sheets in the database. A sheet's id is random, so that it does not tell when the sheet was begun.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId, CouncilId, SheetId};
use crate::base::{Digest, Moment, Points, Result, Salt};
use crate::criteria::{GateKind, Mark, RaisedGate};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, dossiers, products, recusals, seats, sheets};
use crate::db::types::{Json, text_column};
use crate::rating::sheet::rules::{State, Vote};
use crate::rating::{council, item};

text_column!(State);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sheets)]
pub struct Sheet {
    pub id: SheetId,
    pub version: i32,
    pub agenda_item_id: AgendaItemId,
    pub account_id: AccountId,
    pub attempt: i32,
    pub state: State,
    pub marks: Json<Vec<Mark>>,
    pub gate: Option<Json<RaisedGate>>,
    /// Set with the submission; none where a gate was raised.
    pub total: Option<Points>,
    pub gate_kind: Option<GateKind>,
    pub submitted_at: Option<Moment>,
    /// New for each version; see [`super::commitment`].
    pub salt: Option<Salt>,
    pub commitment: Option<Digest>,
}

impl Sheet {
    /// How a submitted sheet counts.
    pub fn vote(&self) -> Option<Vote> {
        match (self.gate_kind, self.total) {
            (Some(kind), _) => Some(Vote::Gated(kind)),
            (None, Some(total)) => Some(Vote::Scored(total)),
            (None, None) => None,
        }
    }
}

/// One's own sheet of an attempt, once it was begun.
pub fn own(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    attempt: i32,
    account: AccountId,
) -> Result<Option<Sheet>> {
    Ok(sheets::table
        .filter(sheets::agenda_item_id.eq(item))
        .filter(sheets::attempt.eq(attempt))
        .filter(sheets::account_id.eq(account))
        .select(Sheet::as_select())
        .first(connection)
        .optional()?)
}

/// One's own sheets of these items, of whatever attempt.
pub fn all_own(connection: &mut AnyConnection, items: &[AgendaItemId], account: AccountId) -> Result<Vec<Sheet>> {
    Ok(sheets::table
        .filter(sheets::agenda_item_id.eq_any(items.to_vec()))
        .filter(sheets::account_id.eq(account))
        .select(Sheet::as_select())
        .load(connection)?)
}

/// What there is of each attempt of each item.
pub type ByAttempt<T> = BTreeMap<(AgendaItemId, i32), Vec<T>>;

/// The submitted sheets that count of these items, by item and attempt, in an order that is random and stays the same.
/// Sheets of seats that were recused before their attempt ended do not count; who was recused later did score in it.
pub fn counting(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<ByAttempt<Sheet>> {
    let rescores = item::store::rescores(connection, items)?;
    let recusals = item::seat_store::recusals(connection, items)?;
    let rows: Vec<Sheet> = sheets::table
        .filter(sheets::agenda_item_id.eq_any(items.to_vec()))
        .filter(sheets::state.eq(State::Submitted))
        .order(sheets::id)
        .select(Sheet::as_select())
        .load(connection)?;
    let counts = |sheet: &Sheet| {
        let mut later = rescores.get(&sheet.agenda_item_id).into_iter().flatten();
        let ended = later.find(|rescore| rescore.attempt == sheet.attempt + 1).map(|rescore| rescore.at);
        let mut recused = recusals.get(&sheet.agenda_item_id).into_iter().flatten();
        !recused.any(|recusal| recusal.account_id == sheet.account_id && ended.is_none_or(|ended| recusal.at < ended))
    };
    let mut found: ByAttempt<Sheet> = BTreeMap::new();
    for sheet in rows.into_iter().filter(counts) {
        found.entry((sheet.agenda_item_id, sheet.attempt)).or_default().push(sheet);
    }
    Ok(found)
}

/// The submitted sheets that count of one attempt.
pub fn submitted(connection: &mut AnyConnection, item: AgendaItemId, attempt: i32) -> Result<Vec<Sheet>> {
    Ok(counting(connection, &[item])?.remove(&(item, attempt)).unwrap_or_default())
}

/// Who has submitted in an attempt.
pub fn submitters(connection: &mut AnyConnection, item: AgendaItemId, attempt: i32) -> Result<Vec<AccountId>> {
    Ok(sheets::table
        .filter(sheets::agenda_item_id.eq(item))
        .filter(sheets::attempt.eq(attempt))
        .filter(sheets::state.eq(State::Submitted))
        .select(sheets::account_id)
        .load(connection)?)
}

/// A sheet to be begun.
#[derive(Debug, Clone)]
pub struct NewSheet {
    pub id: SheetId,
    pub item: AgendaItemId,
    pub attempt: i32,
    pub account: AccountId,
    pub marks: Vec<Mark>,
    pub gate: Option<RaisedGate>,
}

pub fn insert(connection: &mut AnyConnection, sheet: NewSheet) -> Result<()> {
    diesel::insert_into(sheets::table)
        .values((
            sheets::id.eq(sheet.id),
            sheets::version.eq(1),
            sheets::agenda_item_id.eq(sheet.item),
            sheets::account_id.eq(sheet.account),
            sheets::attempt.eq(sheet.attempt),
            sheets::state.eq(State::Draft),
            sheets::marks.eq(Json(sheet.marks)),
            sheets::gate.eq(sheet.gate.map(Json)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn rewrite(connection: &mut AnyConnection, id: SheetId, marks: Vec<Mark>, gate: Option<RaisedGate>) -> Result<()> {
    diesel::update(sheets::table.find(id))
        .set((sheets::version.eq(sheets::version + 1), sheets::marks.eq(Json(marks)), sheets::gate.eq(gate.map(Json))))
        .execute(connection)?;
    Ok(())
}

pub fn submit(connection: &mut AnyConnection, id: SheetId, vote: Vote, at: Moment) -> Result<()> {
    let (total, gate_kind) = match vote {
        Vote::Scored(total) => (Some(total), None),
        Vote::Gated(kind) => (None, Some(kind)),
    };
    diesel::update(sheets::table.find(id))
        .set((
            sheets::version.eq(sheets::version + 1),
            sheets::state.eq(State::Submitted),
            sheets::total.eq(total),
            sheets::gate_kind.eq(gate_kind),
            sheets::submitted_at.eq(Some(at)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn withdraw(connection: &mut AnyConnection, id: SheetId) -> Result<()> {
    diesel::update(sheets::table.find(id))
        .set((
            sheets::version.eq(sheets::version + 1),
            sheets::state.eq(State::Draft),
            sheets::total.eq(None::<Points>),
            sheets::gate_kind.eq(None::<GateKind>),
            sheets::submitted_at.eq(None::<Moment>),
        ))
        .execute(connection)?;
    Ok(())
}

/// Sheets of these ids, as far as there are any.
pub fn of_ids(connection: &mut AnyConnection, ids: &[SheetId]) -> Result<Vec<Sheet>> {
    Ok(sheets::table.filter(sheets::id.eq_any(ids.to_vec())).select(Sheet::as_select()).load(connection)?)
}

/// The sheets of a database from before there were commitments.
pub fn uncommitted(connection: &mut AnyConnection) -> Result<Vec<SheetId>> {
    Ok(sheets::table.filter(sheets::commitment.is_null()).select(sheets::id).load(connection)?)
}

pub fn set_commitment(connection: &mut AnyConnection, id: SheetId, salt: Salt, commitment: Digest) -> Result<()> {
    diesel::update(sheets::table.find(id))
        .set((sheets::salt.eq(Some(salt)), sheets::commitment.eq(Some(commitment))))
        .execute(connection)?;
    Ok(())
}

/// The commitments of the submitted sheets of these items, of seats that are not recused, by item and attempt, sorted.
pub fn commitments(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<ByAttempt<Option<Digest>>> {
    let recused = recusals::table
        .filter(recusals::agenda_item_id.eq(sheets::agenda_item_id))
        .filter(recusals::account_id.eq(sheets::account_id));
    let rows: Vec<(AgendaItemId, i32, Option<Digest>)> = sheets::table
        .filter(sheets::agenda_item_id.eq_any(items.to_vec()))
        .filter(sheets::state.eq(State::Submitted))
        .filter(diesel::dsl::not(diesel::dsl::exists(recused)))
        .order((sheets::agenda_item_id, sheets::attempt, sheets::commitment))
        .select((sheets::agenda_item_id, sheets::attempt, sheets::commitment))
        .load(connection)?;
    let mut found: ByAttempt<Option<Digest>> = BTreeMap::new();
    for (item, attempt, commitment) in rows {
        found.entry((item, attempt)).or_default().push(commitment);
    }
    Ok(found)
}

/// An item that an account is to score, and its sheet there once it was begun.
#[derive(Debug, Clone, Queryable)]
pub struct Task {
    pub item: AgendaItemId,
    pub council: CouncilId,
    pub order: i32,
    pub item_state: item::State,
    pub attempt: i32,
    pub product_name: String,
    pub state: Option<State>,
    pub version: Option<i32>,
}

/// What an account has to score in open councils, in the order of their agendas.
pub fn tasks(connection: &mut AnyConnection, account: AccountId) -> Result<Vec<Task>> {
    use item::State::{Scored, Scoring, Waiting};
    Ok(agenda_items::table
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .inner_join(seats::table.on(seats::council_id.eq(agenda_items::council_id)))
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .left_join(
            sheets::table.on(sheets::agenda_item_id
                .eq(agenda_items::id)
                .and(sheets::attempt.eq(agenda_items::attempt))
                .and(sheets::account_id.eq(account))),
        )
        .filter(seats::account_id.eq(account))
        .filter(seats::scores.eq(true))
        .filter(councils::state.eq(council::rules::State::Open))
        .filter(agenda_items::state.eq_any([Waiting, Scoring, Scored]))
        .filter(diesel::dsl::not(
            agenda_items::id
                .eq_any(recusals::table.filter(recusals::account_id.eq(account)).select(recusals::agenda_item_id)),
        ))
        .order((agenda_items::council_id, agenda_items::position))
        .select((
            agenda_items::id,
            agenda_items::council_id,
            agenda_items::position,
            agenda_items::state,
            agenda_items::attempt,
            products::name,
            sheets::state.nullable(),
            sheets::version.nullable(),
        ))
        .load(connection)?)
}
