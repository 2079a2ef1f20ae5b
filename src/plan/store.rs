//! Plans and their money in the database.

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::base::id::{CycleId, IdeaId, PlanId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode, Vnd};
use crate::db::AnyConnection;
use crate::db::schema::{cycles, plan_finance, plans};
use crate::db::types::text_column;
use crate::plan::rules::{Finance, State};

text_column!(State);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub struct Plan {
    pub id: PlanId,
    pub version: i32,
    pub idea_id: IdeaId,
    pub cycle_id: CycleId,
    pub producer_id: ProducerId,
    /// The product that its approval made, or that it raises.
    pub product_id: Option<ProductId>,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub state: State,
    pub capacity: String,
    pub market: String,
    pub materials: String,
    pub technology: String,
    pub created_at: Moment,
}

impl Plan {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// The written parts of a plan.
#[derive(Debug, Clone)]
pub struct Content {
    pub capacity: String,
    pub market: String,
    pub materials: String,
    pub technology: String,
    pub finance: Vec<Finance>,
}

pub fn find(connection: &mut AnyConnection, id: PlanId) -> Result<Option<Plan>> {
    Ok(plans::table.find(id).select(Plan::as_select()).first(connection).optional()?)
}

pub fn of_idea(connection: &mut AnyConnection, idea: IdeaId) -> Result<Option<PlanId>> {
    Ok(plans::table.filter(plans::idea_id.eq(idea)).select(plans::id).first(connection).optional()?)
}

/// Finds a plan and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: PlanId) -> Result<Option<Plan>> {
    diesel::update(plans::table.find(id)).set(plans::version.eq(plans::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    idea: IdeaId,
    cycle: CycleId,
    home: Home,
    content: &Content,
    now: Moment,
) -> Result<PlanId> {
    let id = PlanId::new();
    diesel::insert_into(plans::table)
        .values((
            plans::id.eq(id),
            plans::version.eq(1),
            plans::idea_id.eq(idea),
            plans::cycle_id.eq(cycle),
            plans::producer_id.eq(home.producer),
            plans::commune_code.eq(home.commune),
            plans::district_code.eq(home.district),
            plans::state.eq(State::Draft),
            plans::capacity.eq(&content.capacity),
            plans::market.eq(&content.market),
            plans::materials.eq(&content.materials),
            plans::technology.eq(&content.technology),
            plans::created_at.eq(now),
        ))
        .execute(connection)?;
    insert_finance(connection, id, &content.finance)?;
    Ok(id)
}

pub fn rewrite(connection: &mut AnyConnection, id: PlanId, content: &Content) -> Result<()> {
    diesel::update(plans::table.find(id))
        .set((
            plans::version.eq(plans::version + 1),
            plans::capacity.eq(&content.capacity),
            plans::market.eq(&content.market),
            plans::materials.eq(&content.materials),
            plans::technology.eq(&content.technology),
        ))
        .execute(connection)?;
    diesel::delete(plan_finance::table.filter(plan_finance::plan_id.eq(id))).execute(connection)?;
    insert_finance(connection, id, &content.finance)
}

fn insert_finance(connection: &mut AnyConnection, plan: PlanId, finance: &[Finance]) -> Result<()> {
    for row in finance {
        diesel::insert_into(plan_finance::table)
            .values((
                plan_finance::plan_id.eq(plan),
                plan_finance::year.eq(row.year),
                plan_finance::own.eq(row.own),
                plan_finance::loan.eq(row.loan),
                plan_finance::other.eq(row.other),
                plan_finance::state_support.eq(row.state_support),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// A plan's money by year.
pub fn finance(connection: &mut AnyConnection, plan: PlanId) -> Result<Vec<Finance>> {
    let rows: Vec<(i32, Vnd, Vnd, Vnd, Vnd)> = plan_finance::table
        .filter(plan_finance::plan_id.eq(plan))
        .order(plan_finance::year)
        .select((
            plan_finance::year,
            plan_finance::own,
            plan_finance::loan,
            plan_finance::other,
            plan_finance::state_support,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(year, own, loan, other, state_support)| Finance { year, own, loan, other, state_support })
        .collect())
}

pub fn set_state(connection: &mut AnyConnection, id: PlanId, state: State) -> Result<()> {
    diesel::update(plans::table.find(id))
        .set((plans::state.eq(state), plans::version.eq(plans::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// Names the product that a plan is about, once it is approved.
pub fn set_product(connection: &mut AnyConnection, id: PlanId, product: ProductId) -> Result<()> {
    diesel::update(plans::table.find(id)).set(plans::product_id.eq(Some(product))).execute(connection)?;
    Ok(())
}

/// Which plans to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub unit: Option<UnitCode>,
    pub producer: Option<ProducerId>,
    pub product: Option<ProductId>,
    pub cycle: Option<CycleId>,
    pub year: Option<i32>,
    pub after: Option<PlanId>,
    pub limit: i64,
}

/// Plans of a territory, the newest first.
pub fn list(connection: &mut AnyConnection, territory: &Territory, filter: &Filter) -> Result<Vec<Plan>> {
    let mut query = within_territory!(plans::table.select(Plan::as_select()).into_boxed(), plans, territory);
    if let Some(state) = filter.state {
        query = query.filter(plans::state.eq(state));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(plans::district_code.eq(unit).or(plans::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer {
        query = query.filter(plans::producer_id.eq(producer));
    }
    if let Some(product) = filter.product {
        query = query.filter(plans::product_id.eq(product));
    }
    if let Some(cycle) = filter.cycle {
        query = query.filter(plans::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query = query.filter(plans::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(after) = filter.after {
        query = query.filter(plans::id.lt(after));
    }
    Ok(query.order(plans::id.desc()).limit(filter.limit).load(connection)?)
}
