//! What is shown of a plan.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{CycleId, IdeaId, PlanId, ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode};
use crate::plan::Plan;
use crate::plan::rules::{Finance, FinanceSums, State};
use crate::plan::store;
use crate::station::Shown;
use crate::{idea, place, producer, product};

/// A plan with its money, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    id: PlanId,
    version: i32,
    state: State,
    idea_id: IdeaId,
    cycle_id: CycleId,
    /// The year of its cycle.
    year: i32,
    producer_id: ProducerId,
    producer_name: String,
    /// From the approval on.
    product_id: Option<ProductId>,
    /// What the product is called; until the approval, as its idea calls it.
    product_name: String,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    district_name: Option<String>,
    finance: Vec<Finance>,
    /// The sums over all years.
    sums: FinanceSums,
    capacity: String,
    market: String,
    materials: String,
    technology: String,
    created_at: Moment,
}

impl Shown for Plan {
    type View = PlanView;

    fn views(work: &mut Work, plans: &[Self]) -> Result<Vec<PlanView>> {
        let ids: Vec<PlanId> = plans.iter().map(|plan| plan.row.id).collect();
        let mut finance = store::finance(work.connection, &ids)?;
        let producers: Vec<ProducerId> = plans.iter().map(|plan| plan.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let products: Vec<ProductId> = plans.iter().filter_map(|plan| plan.row.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let ideas: Vec<IdeaId> = plans.iter().map(|plan| plan.row.idea_id).collect();
        let ideas = idea::store::product_names(work.connection, &ideas)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let mut views = Vec::with_capacity(plans.len());
        for Self { row, cycle, .. } in plans {
            let finance = finance.remove(&row.id).unwrap_or_default();
            let product_name = row.product_id.and_then(|id| products.get(&id)).or(ideas.get(&row.idea_id));
            views.push(PlanView {
                id: row.id,
                version: row.version,
                state: row.state,
                idea_id: row.idea_id,
                cycle_id: row.cycle_id,
                year: cycle.year,
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                product_id: row.product_id,
                product_name: product_name.cloned().unwrap_or_default(),
                commune_code: row.commune_code.clone(),
                commune_name: places.name(&row.commune_code, today),
                district_code: row.district_code.clone(),
                district_name: row.district_code.as_ref().map(|code| places.name(code, today)),
                sums: FinanceSums::of(&finance)?,
                finance,
                capacity: row.capacity.clone(),
                market: row.market.clone(),
                materials: row.materials.clone(),
                technology: row.technology.clone(),
                created_at: row.created_at,
            });
        }
        Ok(views)
    }
}
