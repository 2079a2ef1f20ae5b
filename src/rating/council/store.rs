//! Councils and their seats in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Actor, Territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, CouncilId, CycleId, SeatId};
use crate::base::{Moment, Result, UnitCode};
use crate::cycle::Organisation;
use crate::db::AnyConnection;
use crate::db::schema::{accounts, councils, seats, working_groups};
use crate::db::types::{Json, Multi, text_column};
use crate::rating::council::rules::{CouncilRules, Seat, SeatForm, SeatKind, State};
use crate::station::{Stretch, filters};

text_column!(State, SeatKind, Organisation);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = councils)]
pub struct CouncilRow {
    pub id: CouncilId,
    pub version: i32,
    pub cycle_id: CycleId,
    pub unit_code: UnitCode,
    pub round: i32,
    pub decision_number: String,
    pub state: State,
    pub rules: Json<CouncilRules>,
    /// The paper that delegated the chair.
    pub delegation: Option<String>,
    pub created_at: Moment,
}

/// A council to be made.
#[derive(Debug, Clone)]
pub struct NewCouncil {
    pub cycle: CycleId,
    pub unit: UnitCode,
    pub round: i32,
    pub decision_number: String,
    pub delegation: Option<String>,
    pub rules: CouncilRules,
    pub seats: Vec<SeatForm>,
    pub working_group: Vec<AccountId>,
}

pub fn find(connection: &mut AnyConnection, id: CouncilId) -> Result<Option<CouncilRow>> {
    Ok(councils::table.find(id).select(CouncilRow::as_select()).first(connection).optional()?)
}

/// The councils of these ids, in one statement.
pub fn of_ids(connection: &mut AnyConnection, ids: &[CouncilId]) -> Result<BTreeMap<CouncilId, CouncilRow>> {
    let rows: Vec<CouncilRow> =
        councils::table.filter(councils::id.eq_any(ids.to_vec())).select(CouncilRow::as_select()).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// So many councils of one account are told, the newest first.
const MOST_OF_ONE: i64 = 100;

/// Finds a council and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: CouncilId) -> Result<Option<CouncilRow>> {
    diesel::update(councils::table.find(id)).set(councils::version.eq(councils::version)).execute(connection)?;
    find(connection, id)
}

/// Whether the unit has its council for the round, but for discarded ones.
pub fn exists(connection: &mut AnyConnection, cycle: CycleId, unit: &UnitCode, round: i32) -> Result<bool> {
    let known = councils::table
        .filter(councils::cycle_id.eq(cycle))
        .filter(councils::unit_code.eq(unit))
        .filter(councils::round.eq(round))
        .filter(councils::state.ne(State::Discarded));
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
            councils::delegation.eq(council.delegation),
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
                seats::organisation.eq(seat.organisation),
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

/// The seats of each of these councils, in the councils' own order.
pub fn seats_of(connection: &mut AnyConnection, ids: &[CouncilId]) -> Result<BTreeMap<CouncilId, Vec<Seat>>> {
    let rows: Vec<(CouncilId, AccountId, String, SeatKind, bool, Option<Organisation>)> = seats::table
        .inner_join(accounts::table.on(accounts::id.eq(seats::account_id)))
        .filter(seats::council_id.eq_any(ids.to_vec()))
        .order(seats::position)
        .select((seats::council_id, seats::account_id, accounts::name, seats::seat, seats::scores, seats::organisation))
        .load(connection)?;
    let mut found: BTreeMap<CouncilId, Vec<Seat>> = BTreeMap::new();
    for (council, account, name, kind, scores, organisation) in rows {
        found.entry(council).or_default().push(Seat { account, name, kind, scores, organisation });
    }
    Ok(found)
}

/// The seats of one council.
pub fn seats(connection: &mut AnyConnection, id: CouncilId) -> Result<Vec<Seat>> {
    Ok(seats_of(connection, &[id])?.remove(&id).unwrap_or_default())
}

/// The working group of each of these councils: accounts with their names, in the councils' own order.
pub fn working_groups(
    connection: &mut AnyConnection,
    ids: &[CouncilId],
) -> Result<BTreeMap<CouncilId, Vec<(AccountId, String)>>> {
    let rows: Vec<(CouncilId, AccountId, String)> = working_groups::table
        .inner_join(accounts::table.on(accounts::id.eq(working_groups::account_id)))
        .filter(working_groups::council_id.eq_any(ids.to_vec()))
        .order(working_groups::position)
        .select((working_groups::council_id, working_groups::account_id, accounts::name))
        .load(connection)?;
    let mut found: BTreeMap<CouncilId, Vec<(AccountId, String)>> = BTreeMap::new();
    for (council, account, name) in rows {
        found.entry(council).or_default().push((account, name));
    }
    Ok(found)
}

/// The councils in which an account sits or for which it checks, the newest first.
pub fn of_account(connection: &mut AnyConnection, account: AccountId) -> Result<Vec<CouncilRow>> {
    let seated = seats::table.filter(seats::account_id.eq(account)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(account)).select(working_groups::council_id);
    Ok(councils::table
        .filter(councils::id.eq_any(seated).or(councils::id.eq_any(checks)))
        .order(councils::id.desc())
        .limit(MOST_OF_ONE)
        .select(CouncilRow::as_select())
        .load(connection)?)
}

filters! {
    /// What councils can be listed by.
    pub struct CouncilFilter {
        cycle_id: CycleId,
        unit_code: UnitCode,
        state: State,
    }
}

/// The councils that an account may know of, as a filter lets them through.
fn matching<'a>(actor: &'a Actor, filter: &'a CouncilFilter) -> councils::BoxedQuery<'a, Multi> {
    let seated = seats::table.filter(seats::account_id.eq(actor.id)).select(seats::council_id);
    let checks =
        working_groups::table.filter(working_groups::account_id.eq(actor.id)).select(working_groups::council_id);
    let takes_part = councils::id.eq_any(seated).or(councils::id.eq_any(checks));
    let query = councils::table.into_boxed();
    let mut query = match actor.territory() {
        Territory::Province => query,
        Territory::District(code) => query.filter(councils::unit_code.eq(code).or(takes_part)),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => query.filter(takes_part),
    };
    if let Some(cycle) = filter.cycle_id {
        query = query.filter(councils::cycle_id.eq(cycle));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(councils::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(councils::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(councils::id.eq_any(changed_since(Resource::Council, since)));
    }
    query
}

/// The councils that an account may know of, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    actor: &Actor,
    filter: &CouncilFilter,
    stretch: &Stretch<CouncilId>,
) -> Result<Vec<CouncilRow>> {
    let mut query = matching(actor, filter);
    if let Some(after) = stretch.after {
        query = query.filter(councils::id.lt(after));
    }
    Ok(query.order(councils::id.desc()).limit(stretch.limit).select(CouncilRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, actor: &Actor, filter: &CouncilFilter) -> Result<i64> {
    Ok(matching(actor, filter).count().get_result(connection)?)
}
