//! `POST /plans/{id}/approve`: a plan's approval makes its product, unless it raises one, and opens its dossier.

use actix_web::post;

use crate::account::{Caller, Work};
use crate::audit::{Entry, Resource};
use crate::base::id::{DossierId, PlanId, ProductId};
use crate::base::{Error, Result};
use crate::dossier::store;
use crate::http::{Answer, At, Note, Problem, Refusals};
use crate::plan::api::PlanAnswer;
use crate::plan::rules::{State, Verb};
use crate::plan::{self, Plan};
use crate::product::store::NewProduct;
use crate::{idea, product};

/// Approves a plan (district officer; the provincial office where the edition has no districts). The answer names the product; its dossier is in `/dossiers?product_id=`.
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = PlanAnswer), Refusals))]
#[post("/plans/{id}/approve")]
pub async fn approve(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let plan = plan::api::taken(work, id.get()?)?;
            plan::steps::must_decide(work, &plan)?;
            work.begin_at(plan.version)?;
            let state = plan::steps::possible(work, &plan, Verb::Approve)?;
            let note = work.body::<Note>()?.optional()?;
            approved(work, &plan, state, note.as_deref())?;
            plan::api::shown(work, plan.id)
        })
        .await
}

/// Approves a plan for which that was found possible.
pub fn approved(work: &mut Work, plan: &Plan, state: State, note: Option<&str>) -> Result<DossierId> {
    plan::steps::take(work, plan, Verb::Approve, state, note)?;
    let product = product_of(work, plan)?;
    plan::store::set_product(work.connection, plan.id, product)?;
    let dossier = store::insert(work.connection, plan.home(), product, plan.cycle_id, plan.id, work.now)?;
    let to = Some("open");
    work.record(Entry {
        resource: Resource::Dossier,
        id: dossier,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to,
        note: None,
    })?;
    Ok(dossier)
}

/// The product that the plan raises, or a new one.
fn product_of(work: &mut Work, plan: &Plan) -> Result<ProductId> {
    let idea =
        idea::store::find(work.connection, plan.idea_id)?.ok_or_else(|| Error::internal("a plan without its idea"))?;
    if let Some(product) = idea.product_id {
        return Ok(product);
    }
    let cycle = plan::steps::cycle_of(work, plan)?;
    let new = NewProduct {
        home: plan.home(),
        year: cycle.year,
        name: idea.product_name,
        criteria_set: idea.criteria_set,
        description: idea.description,
        packaging: idea.packaging,
    };
    let id = product::store::insert(work.connection, new, work.now)?;
    work.record(Entry {
        resource: Resource::Product,
        id,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to: None,
        note: None,
    })?;
    Ok(id)
}
