//! Sheets in the database. A sheet's id is random, so that it does not tell when the sheet was begun.

use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId, CouncilId, SheetId};
use crate::base::{Digest, Moment, Points, Result, Salt};
use crate::criteria::{GateKind, Mark, RaisedGate};
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, dossiers, products, recusals, rescores, seats, sheets};
use crate::db::types::{Json, text_column};
use crate::rating::result::rules::Vote;
use crate::rating::sheet::rules::State;
use crate::rating::{agenda, council};

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

/// The submitted sheets of an attempt, in an order that is random and stays the same. Sheets of seats that were recused
/// before the attempt ended do not count; who was recused later did score in it.
pub fn submitted(connection: &mut AnyConnection, item: AgendaItemId, attempt: i32) -> Result<Vec<Sheet>> {
    let ended: Option<Moment> = rescores::table
        .filter(rescores::agenda_item_id.eq(item))
        .filter(rescores::attempt.eq(attempt + 1))
        .select(rescores::at)
        .first(connection)
        .optional()?;
    let recused: Vec<(AccountId, Moment)> = recusals::table
        .filter(recusals::agenda_item_id.eq(item))
        .select((recusals::account_id, recusals::at))
        .load(connection)?;
    let in_time = |(_, at): &(AccountId, Moment)| ended.is_none_or(|ended| *at < ended);
    let recused: Vec<AccountId> = recused.into_iter().filter(in_time).map(|(account, _)| account).collect();
    Ok(sheets::table
        .filter(sheets::agenda_item_id.eq(item))
        .filter(sheets::attempt.eq(attempt))
        .filter(sheets::state.eq(State::Submitted))
        .filter(diesel::dsl::not(sheets::account_id.eq_any(recused)))
        .order(sheets::id)
        .select(Sheet::as_select())
        .load(connection)?)
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

pub fn insert(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    attempt: i32,
    account: AccountId,
    marks: Vec<Mark>,
    gate: Option<RaisedGate>,
) -> Result<()> {
    diesel::insert_into(sheets::table)
        .values((
            sheets::id.eq(SheetId::random()),
            sheets::version.eq(1),
            sheets::agenda_item_id.eq(item),
            sheets::account_id.eq(account),
            sheets::attempt.eq(attempt),
            sheets::state.eq(State::Draft),
            sheets::marks.eq(Json(marks)),
            sheets::gate.eq(gate.map(Json)),
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

/// An item that an account is to score, and its sheet there once it was begun.
#[derive(Debug, Clone, Queryable)]
pub struct Task {
    pub item: AgendaItemId,
    pub council: CouncilId,
    pub order: i32,
    pub item_state: agenda::State,
    pub attempt: i32,
    pub product_name: String,
    pub state: Option<State>,
    pub version: Option<i32>,
}

/// What an account has to score in open councils, in the order of their agendas.
pub fn tasks(connection: &mut AnyConnection, account: AccountId) -> Result<Vec<Task>> {
    use agenda::State::{Scored, Scoring, Waiting};
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
