//! Plans and their money in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{CycleId, IdeaId, PlanId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode, Vnd};
use crate::cycle::Cycle;
use crate::db::AnyConnection;
use crate::db::schema::{cycles, plan_finance, plans};
use crate::db::types::{Multi, text_column};
use crate::plan::rules::{Finance, State};
use crate::station::{Stretch, filters};

text_column!(State);

/// A plan as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub struct PlanRow {
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

impl PlanRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// The written parts of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFields {
    pub capacity: String,
    pub market: String,
    pub materials: String,
    pub technology: String,
    pub finance: Vec<Finance>,
}

pub fn find(connection: &mut AnyConnection, id: PlanId) -> Result<Option<PlanRow>> {
    Ok(plans::table.find(id).select(PlanRow::as_select()).first(connection).optional()?)
}

/// Whether a plan for the product was approved.
pub fn has_approved(connection: &mut AnyConnection, product: ProductId) -> Result<bool> {
    let approved = plans::table.filter(plans::product_id.eq(product)).filter(plans::state.eq(State::Approved));
    Ok(approved.select(plans::id).first::<PlanId>(connection).optional()?.is_some())
}

/// The ideas that plans carry out.
pub fn ideas(connection: &mut AnyConnection, ids: &[PlanId]) -> Result<BTreeMap<PlanId, IdeaId>> {
    let rows = plans::table.filter(plans::id.eq_any(ids.to_vec())).select((plans::id, plans::idea_id));
    Ok(rows.load::<(PlanId, IdeaId)>(connection)?.into_iter().collect())
}

/// The latest cycle that a plan for the product is of.
pub fn latest_cycle(connection: &mut AnyConnection, product: ProductId) -> Result<Option<Cycle>> {
    Ok(plans::table
        .inner_join(cycles::table.on(cycles::id.eq(plans::cycle_id)))
        .filter(plans::product_id.eq(product))
        .order((cycles::year.desc(), plans::id.desc()))
        .select(Cycle::as_select())
        .first(connection)
        .optional()?)
}

/// The idea's plan, but for discarded ones.
pub fn of_idea(connection: &mut AnyConnection, idea: IdeaId) -> Result<Option<PlanId>> {
    let plan = plans::table.filter(plans::idea_id.eq(idea)).filter(plans::state.ne(State::Discarded));
    Ok(plan.select(plans::id).first(connection).optional()?)
}

/// Those of these ideas that have a plan that was not discarded.
pub fn planned(connection: &mut AnyConnection, ideas: &[IdeaId]) -> Result<BTreeSet<IdeaId>> {
    let planned = plans::table.filter(plans::idea_id.eq_any(ideas.to_vec())).filter(plans::state.ne(State::Discarded));
    Ok(planned.select(plans::idea_id).load(connection)?.into_iter().collect())
}

/// Finds a plan and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: PlanId) -> Result<Option<PlanRow>> {
    diesel::update(plans::table.find(id)).set(plans::version.eq(plans::version)).execute(connection)?;
    find(connection, id)
}

pub fn insert(
    connection: &mut AnyConnection,
    idea: IdeaId,
    cycle: CycleId,
    home: Home,
    content: &PlanFields,
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

pub fn rewrite(connection: &mut AnyConnection, id: PlanId, content: &PlanFields) -> Result<()> {
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

/// The money of each of these plans, by year.
pub fn finance(connection: &mut AnyConnection, plans: &[PlanId]) -> Result<BTreeMap<PlanId, Vec<Finance>>> {
    let rows: Vec<(PlanId, i32, Vnd, Vnd, Vnd, Vnd)> = plan_finance::table
        .filter(plan_finance::plan_id.eq_any(plans.to_vec()))
        .order((plan_finance::plan_id, plan_finance::year))
        .select((
            plan_finance::plan_id,
            plan_finance::year,
            plan_finance::own,
            plan_finance::loan,
            plan_finance::other,
            plan_finance::state_support,
        ))
        .load(connection)?;
    let mut finance: BTreeMap<PlanId, Vec<Finance>> = BTreeMap::new();
    for (plan, year, own, loan, other, state_support) in rows {
        finance.entry(plan).or_default().push(Finance { year, own, loan, other, state_support });
    }
    Ok(finance)
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

filters! {
    /// What plans can be listed by.
    pub struct PlanFilter {
        state: State,
        /// A district or commune.
        unit_code: UnitCode,
        producer_id: ProducerId,
        product_id: ProductId,
        cycle_id: CycleId,
        /// The year of the cycle.
        year: i32,
    }
}

/// The plans of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a PlanFilter) -> plans::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(plans::table.into_boxed(), plans, territory);
    if let Some(state) = filter.state {
        query = query.filter(plans::state.eq(state));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(plans::district_code.eq(unit).or(plans::commune_code.nullable().eq(unit)));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(plans::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(plans::product_id.eq(product));
    }
    if let Some(cycle) = filter.cycle_id {
        query = query.filter(plans::cycle_id.eq(cycle));
    }
    if let Some(year) = filter.year {
        query = query.filter(plans::cycle_id.eq_any(cycles::table.filter(cycles::year.eq(year)).select(cycles::id)));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(plans::id.eq_any(changed_since(Resource::Plan, since)));
    }
    query
}

/// Plans of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &PlanFilter,
    stretch: &Stretch<PlanId>,
) -> Result<Vec<PlanRow>> {
    let mut query = matching(territory, filter);
    if let Some(after) = stretch.after {
        query = query.filter(plans::id.lt(after));
    }
    Ok(query.order(plans::id.desc()).limit(stretch.limit).select(PlanRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &PlanFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
