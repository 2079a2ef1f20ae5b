//! Cycles in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::store::{Resource, changed_since};
use crate::base::id::CycleId;
use crate::base::{Day, Moment, Result};
use crate::cycle::condition::Condition;
use crate::cycle::dossiers::DossierKind;
use crate::cycle::edition::EditionCode;
use crate::cycle::rules::{Round, StampsFrom, State, Targets};
use crate::db::AnyConnection;
use crate::db::schema::cycles;
use crate::db::types::{Json, Multi, text_column};
use crate::station::{Stretch, filters};

text_column!(DossierKind, EditionCode, State, StampsFrom);

/// A year of the programme (chu trình OCOP).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cycles)]
pub struct Cycle {
    pub id: CycleId,
    pub version: i32,
    pub year: i32,
    pub edition: EditionCode,
    pub state: State,
    pub idea_deadline: Day,
    pub rounds: Json<Vec<Round>>,
    pub targets: Json<Targets>,
    pub stamps_from: StampsFrom,
    /// Beside those of the edition.
    pub conditions: Json<Vec<Condition>>,
    pub created_at: Moment,
}

impl Cycle {
    /// What a form has set of it.
    pub fn plan(&self) -> Plan {
        Plan {
            year: self.year,
            edition: self.edition,
            idea_deadline: self.idea_deadline,
            rounds: self.rounds.0.clone(),
            targets: self.targets.0.clone(),
            stamps_from: self.stamps_from,
            conditions: self.conditions.0.clone(),
        }
    }

    /// What its products need for their stars: the edition's conditions and the cycle's own.
    pub fn all_conditions(&self) -> Result<Vec<Condition>> {
        let mut conditions = self.edition.edition()?.conditions;
        conditions.extend(self.conditions.0.iter().cloned());
        Ok(conditions)
    }
}

/// What a form sets of a cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub year: i32,
    pub edition: EditionCode,
    pub idea_deadline: Day,
    pub rounds: Vec<Round>,
    pub targets: Targets,
    pub stamps_from: StampsFrom,
    pub conditions: Vec<Condition>,
}

pub fn find(connection: &mut AnyConnection, id: CycleId) -> Result<Option<Cycle>> {
    Ok(cycles::table.find(id).select(Cycle::as_select()).first(connection).optional()?)
}

/// The cycles of these ids.
pub fn of_ids(connection: &mut AnyConnection, ids: &[CycleId]) -> Result<BTreeMap<CycleId, Cycle>> {
    let found: Vec<Cycle> =
        cycles::table.filter(cycles::id.eq_any(ids.to_vec())).select(Cycle::as_select()).load(connection)?;
    Ok(found.into_iter().map(|cycle| (cycle.id, cycle)).collect())
}

/// The cycle of a year under an edition. The year in which an act enters into force may have one under each.
/// The editions by which there are cycles.
pub fn editions(connection: &mut AnyConnection) -> Result<Vec<EditionCode>> {
    Ok(cycles::table.select(cycles::edition).distinct().order(cycles::edition).load(connection)?)
}

pub fn of_year(connection: &mut AnyConnection, year: i32, edition: EditionCode) -> Result<Option<Cycle>> {
    let query = cycles::table.filter(cycles::year.eq(year)).filter(cycles::edition.eq(edition));
    Ok(query.select(Cycle::as_select()).first(connection).optional()?)
}

/// Finds a cycle and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: CycleId) -> Result<Option<Cycle>> {
    diesel::update(cycles::table.find(id)).set(cycles::version.eq(cycles::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(connection: &mut AnyConnection, plan: Plan, now: Moment) -> Result<CycleId> {
    let id = CycleId::new();
    diesel::insert_into(cycles::table)
        .values((
            cycles::id.eq(id),
            cycles::version.eq(1),
            cycles::year.eq(plan.year),
            cycles::edition.eq(plan.edition),
            cycles::state.eq(State::Draft),
            cycles::idea_deadline.eq(plan.idea_deadline),
            cycles::rounds.eq(Json(plan.rounds)),
            cycles::targets.eq(Json(plan.targets)),
            cycles::stamps_from.eq(plan.stamps_from),
            cycles::conditions.eq(Json(plan.conditions)),
            cycles::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn replace(connection: &mut AnyConnection, id: CycleId, plan: Plan) -> Result<()> {
    diesel::update(cycles::table.find(id))
        .set((
            cycles::version.eq(cycles::version + 1),
            cycles::year.eq(plan.year),
            cycles::edition.eq(plan.edition),
            cycles::idea_deadline.eq(plan.idea_deadline),
            cycles::rounds.eq(Json(plan.rounds)),
            cycles::targets.eq(Json(plan.targets)),
            cycles::stamps_from.eq(plan.stamps_from),
            cycles::conditions.eq(Json(plan.conditions)),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn set_state(connection: &mut AnyConnection, id: CycleId, state: State) -> Result<()> {
    diesel::update(cycles::table.find(id))
        .set((cycles::state.eq(state), cycles::version.eq(cycles::version + 1)))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What cycles can be listed by.
    pub struct CycleFilter {
        state: State,
        year: i32,
    }
}

fn matching(filter: &CycleFilter) -> cycles::BoxedQuery<'_, Multi> {
    let mut query = cycles::table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(cycles::state.eq(state));
    }
    if let Some(year) = filter.year {
        query = query.filter(cycles::year.eq(year));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(cycles::id.eq_any(changed_since(Resource::Cycle, since)));
    }
    query
}

/// Cycles by year, the latest first.
pub fn list(
    connection: &mut AnyConnection,
    filter: &CycleFilter,
    stretch: &Stretch<(i32, CycleId)>,
) -> Result<Vec<Cycle>> {
    let mut query = matching(filter);
    if let Some((year, id)) = stretch.after {
        query = query.filter(cycles::year.lt(year).or(cycles::year.eq(year).and(cycles::id.lt(id))));
    }
    Ok(query
        .order((cycles::year.desc(), cycles::id.desc()))
        .limit(stretch.limit)
        .select(Cycle::as_select())
        .load(connection)?)
}

pub fn count(connection: &mut AnyConnection, filter: &CycleFilter) -> Result<i64> {
    Ok(matching(filter).count().get_result(connection)?)
}
