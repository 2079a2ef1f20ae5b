//! Plans of inspections in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, InspectionPlanId};
use crate::base::{Day, Moment, Result, UnitCode, paper_number};
use crate::db::AnyConnection;
use crate::db::schema::inspection_plans;
use crate::db::settings::take_turn;
use crate::db::types::{Multi, text_column};
use crate::inspection::yearly_plan::rules::State;
use crate::station::{Stretch, filters};

text_column!(State);

/// A plan of inspections (kế hoạch kiểm tra năm) of a unit.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inspection_plans)]
pub struct InspectionPlan {
    pub id: InspectionPlanId,
    pub version: i32,
    pub unit_code: UnitCode,
    pub year: i32,
    pub state: State,
    pub text: String,
    pub number: Option<String>,
    pub signed_on: Option<Day>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

pub fn find(connection: &mut AnyConnection, id: InspectionPlanId) -> Result<Option<InspectionPlan>> {
    Ok(inspection_plans::table.find(id).select(InspectionPlan::as_select()).first(connection).optional()?)
}

/// Finds a plan and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: InspectionPlanId) -> Result<Option<InspectionPlan>> {
    diesel::update(inspection_plans::table.find(id))
        .set(inspection_plans::version.eq(inspection_plans::version))
        .execute(connection)?;
    find(connection, id)
}

/// The numbers of these plans; a draft has none.
pub fn numbers(
    connection: &mut AnyConnection,
    ids: &[InspectionPlanId],
) -> Result<BTreeMap<InspectionPlanId, Option<String>>> {
    let rows: Vec<(InspectionPlanId, Option<String>)> = inspection_plans::table
        .filter(inspection_plans::id.eq_any(ids.to_vec()))
        .select((inspection_plans::id, inspection_plans::number))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

pub fn insert(
    connection: &mut AnyConnection,
    unit: UnitCode,
    year: i32,
    text: String,
    by: AccountId,
    now: Moment,
) -> Result<InspectionPlanId> {
    let id = InspectionPlanId::new();
    diesel::insert_into(inspection_plans::table)
        .values((
            inspection_plans::id.eq(id),
            inspection_plans::version.eq(1),
            inspection_plans::unit_code.eq(unit),
            inspection_plans::year.eq(year),
            inspection_plans::state.eq(State::Draft),
            inspection_plans::text.eq(text),
            inspection_plans::account_id.eq(by),
            inspection_plans::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn rewrite(connection: &mut AnyConnection, id: InspectionPlanId, year: i32, text: String) -> Result<()> {
    diesel::update(inspection_plans::table.find(id))
        .set((
            inspection_plans::version.eq(inspection_plans::version + 1),
            inspection_plans::year.eq(year),
            inspection_plans::text.eq(text),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn adopt(
    connection: &mut AnyConnection,
    id: InspectionPlanId,
    state: State,
    number: &str,
    signed_on: Day,
) -> Result<()> {
    diesel::update(inspection_plans::table.find(id))
        .set((
            inspection_plans::version.eq(inspection_plans::version + 1),
            inspection_plans::state.eq(state),
            inspection_plans::number.eq(Some(number)),
            inspection_plans::signed_on.eq(Some(signed_on)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whether the unit gave the number to a plan of that year. Who else gives one waits until the transaction ends.
pub fn number_taken(connection: &mut AnyConnection, unit: &UnitCode, number: &str, signed_on: Day) -> Result<bool> {
    take_turn(connection, &format!("inspection plans of {unit}"))?;
    let numbers = inspection_plans::table.filter(inspection_plans::unit_code.eq(unit));
    let known: Vec<_> = numbers.select((inspection_plans::number, inspection_plans::signed_on)).load(connection)?;
    Ok(paper_number::is_taken(&known, number, signed_on))
}

filters! {
    /// What plans of inspections can be listed by.
    pub struct InspectionPlanFilter {
        state: State,
        year: i32,
    }
}

fn matching(filter: &InspectionPlanFilter) -> inspection_plans::BoxedQuery<'_, Multi> {
    let mut query = inspection_plans::table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(inspection_plans::state.eq(state));
    }
    if let Some(year) = filter.year {
        query = query.filter(inspection_plans::year.eq(year));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(inspection_plans::id.eq_any(changed_since(Resource::InspectionPlan, since)));
    }
    query
}

/// Plans, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    filter: &InspectionPlanFilter,
    stretch: &Stretch<InspectionPlanId>,
) -> Result<Vec<InspectionPlan>> {
    let mut query = matching(filter);
    if let Some(before) = stretch.after {
        query = query.filter(inspection_plans::id.lt(before));
    }
    let rows = query.order(inspection_plans::id.desc()).limit(stretch.limit);
    Ok(rows.select(InspectionPlan::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, filter: &InspectionPlanFilter) -> Result<i64> {
    Ok(matching(filter).count().get_result(connection)?)
}
