//! Councils and their seats in the database.

use diesel::prelude::*;

use crate::account::{Actor, Territory};
use crate::base::id::{AccountId, CouncilId, CycleId, SeatId};
use crate::base::{Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, agenda_items, councils, dossiers, products, seats, working_groups};
use crate::db::types::{Json, text_column};
use crate::rating::agenda;
use crate::rating::council::rules::{Rules, Seat, SeatForm, SeatKind, State};

text_column!(State, SeatKind);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = councils)]
pub struct Council {
    pub id: CouncilId,
    pub version: i32,
    pub cycle_id: CycleId,
    pub unit_code: UnitCode,
    pub round: i32,
    pub decision_number: String,
    pub state: State,
    pub rules: Json<Rules>,
    pub created_at: Moment,
}

/// A council to be made.
#[derive(Debug, Clone)]
pub struct NewCouncil {
    pub cycle: CycleId,
    pub unit: UnitCode,
    pub round: i32,
    pub decision_number: String,
    pub rules: Rules,
    pub seats: Vec<SeatForm>,
    pub working_group: Vec<AccountId>,
}

pub fn find(connection: &mut AnyConnection, id: CouncilId) -> Result<Option<Council>> {
    Ok(councils::table.find(id).select(Council::as_select()).first(connection).optional()?)
}

/// Finds a council and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: CouncilId) -> Result<Option<Council>> {
    diesel::update(councils::table.find(id)).set(councils::version.eq(councils::version)).execute(connection)?;
    find(connection, id)
}

/// Whether the unit has its council for the round.
pub fn exists(connection: &mut AnyConnection, cycle: CycleId, unit: &UnitCode, round: i32) -> Result<bool> {
    let known = councils::table
        .filter(councils::cycle_id.eq(cycle))
        .filter(councils::unit_code.eq(unit))
        .filter(councils::round.eq(round));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(connection)?)
}

pub fn insert(connection: &mut AnyConnection, council: NewCouncil, now: Moment) -> Result<CouncilId> {
    let id = CouncilId::new();
    diesel::insert_into(councils::table)
        .values((
            councils::id.eq(id),
            councils::version.eq(1),
            councils::cycle_id.eq(council.cycle),
            councils::unit_code.eq(council.unit),
            councils::round.eq(council.round),
            councils::decision_number.eq(council.decision_number),
            councils::state.eq(State::Draft),
            councils::rules.eq(Json(council.rules)),
            councils::created_at.eq(now),
        ))
        .execute(connection)?;
    for (seat, position) in council.seats.iter().zip(1..) {
        diesel::insert_into(seats::table)
            .values((
                seats::id.eq(SeatId::new()),
                seats::council_id.eq(id),
                seats::account_id.eq(seat.account_id),
                seats::seat.eq(seat.seat),
                seats::scores.eq(seat.seat.scores()),
                seats::position.eq(position),
            ))
            .execute(connection)?;
    }
    for (account, position) in council.working_group.into_iter().zip(1..) {
        diesel::insert_into(working_groups::table)
            .values((
                working_groups::council_id.eq(id),
                working_groups::account_id.eq(account),
                working_groups::position.eq(position),
            ))
            .execute(connection)?;
    }
    Ok(id)
}

pub fn set_state(connection: &mut AnyConnection, id: CouncilId, state: State) -> Result<()> {
    diesel::update(councils::table.find(id))
        .set((councils::state.eq(state), councils::version.eq(councils::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// The seats of councils, each with its council, in the councils' own order.
pub fn seats_of(connection: &mut AnyConnection, ids: &[CouncilId]) -> Result<Vec<(CouncilId, Seat)>> {
    let rows: Vec<(CouncilId, AccountId, String, SeatKind, bool)> = seats::table
        .inner_join(accounts::table.on(accounts::id.eq(seats::account_id)))
        .filter(seats::council_id.eq_any(ids.to_vec()))
        .order(seats::position)
        .select((seats::council_id, seats::account_id, accounts::name, seats::seat, seats::scores))
        .load(connection)?;
    let seat = |(council, account, name, kind, scores)| (council, Seat { account, name, kind, scores });
    Ok(rows.into_iter().map(seat).collect())
}

/// The seats of one council.
pub fn seats(connection: &mut AnyConnection, id: CouncilId) -> Result<Vec<Seat>> {
    Ok(seats_of(connection, &[id])?.into_iter().map(|(_, seat)| seat).collect())
}

/// The working groups of councils: each account with its council and name, in the councils' own order.
pub fn working_groups(
    connection: &mut AnyConnection,
    ids: &[CouncilId],
) -> Result<Vec<(CouncilId, AccountId, String)>> {
    Ok(working_groups::table
        .inner_join(accounts::table.on(accounts::id.eq(working_groups::account_id)))
        .filter(working_groups::council_id.eq_any(ids.to_vec()))
        .order(working_groups::position)
        .select((working_groups::council_id, working_groups::account_id, accounts::name))
        .load(connection)?)
}

/// The names of the products whose scoring is not over.
pub fn unfinished(connection: &mut AnyConnection, id: CouncilId) -> Result<Vec<String>> {
    use agenda::rules::State::{Scored, Scoring, Waiting};
    Ok(agenda_items::table
        .inner_join(dossiers::table.on(dossiers::id.eq(agenda_items::dossier_id)))
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .filter(agenda_items::council_id.eq(id))
        .filter(agenda_items::state.eq_any([Waiting, Scoring, Scored]))
        .order(agenda_items::position)
        .select(products::name)
        .load(connection)?)
}

/// Which councils to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub cycle: Option<CycleId>,
    pub unit: Option<UnitCode>,
    pub state: Option<State>,
    pub after: Option<CouncilId>,
    pub limit: i64,
}

/// The councils that an account may know of, the newest first.
pub fn list(connection: &mut AnyConnection, actor: &Actor, filter: &Filter) -> Result<Vec<Council>> {
    let seated = seats::table.filter(seats::account_id.eq(actor.id)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(actor.id)).select(working_groups::council_id);
    let takes_part = councils::id.eq_any(seated).or(councils::id.eq_any(checks));
    let query = councils::table.select(Council::as_select()).into_boxed();
    let mut query = match actor.territory() {
        Territory::Province => query,
        Territory::District(code) => query.filter(councils::unit_code.eq(code).or(takes_part)),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => query.filter(takes_part),
    };
    if let Some(cycle) = filter.cycle {
        query = query.filter(councils::cycle_id.eq(cycle));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(councils::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(councils::state.eq(state));
    }
    if let Some(after) = filter.after {
        query = query.filter(councils::id.lt(after));
    }
    Ok(query.order(councils::id.desc()).limit(filter.limit).load(connection)?)
}
