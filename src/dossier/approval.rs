//! `POST /plans/{id}/approve`: a plan's approval makes its product, unless it raises one, and opens its dossier.

use actix_web::post;

use crate::account::{Caller, Work};
use crate::audit::Resource;
use crate::base::id::{PlanId, ProductId};
use crate::base::{Error, Result};
use crate::dossier::rules::State;
use crate::dossier::store::{self, NewDossier};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::plan::rules::PlanVerb;
use crate::plan::steps::APPROVAL;
use crate::plan::view::PlanView;
use crate::plan::{self, Plan};
use crate::product::store::NewProduct;
use crate::station::{Note, Offered, Taken, Verb, record_creation};
use crate::{idea, product};

/// Approves a plan; its product and dossier are there from then on.
pub static APPROVE: Verb<Plan, Note> = APPROVAL.taken(approve_plan).then(open);

/// The plan's own step vouches for its product, so that is there first.
fn approve_plan(work: &mut Work, plan: &Plan, note: Note) -> Result<Taken> {
    let taken = plan::steps::advance(work, plan, PlanVerb::Approve, note.note)?;
    let product = product_of(work, plan)?;
    plan::store::set_product(work.connection, plan.row.id, product)?;
    Ok(taken)
}

/// Opens the dossier.
fn open(work: &mut Work, plan: &Plan) -> Result<()> {
    let approved = plan::store::find(work.connection, plan.row.id)?;
    let product = approved.and_then(|plan| plan.product_id);
    let product = product.ok_or_else(|| Error::internal("an approved plan without its product"))?;
    let row = &plan.row;
    let new = NewDossier { home: row.home(), product, cycle: row.cycle_id, plan: row.id, carried: None };
    let dossier = store::insert(work.connection, new, work.now)?;
    record_creation(work, Resource::Dossier, dossier.any(), Some(State::Open.as_ref()), None, None)
}

/// The product that the plan raises, or a new one.
fn product_of(work: &mut Work, plan: &Plan) -> Result<ProductId> {
    let idea = idea::store::find(work.connection, plan.row.idea_id)?
        .ok_or_else(|| Error::internal("a plan without its idea"))?;
    if let Some(product) = idea.product_id {
        return Ok(product);
    }
    let new = NewProduct {
        home: plan.row.home(),
        year: plan.cycle.year,
        name: idea.product_name,
        criteria_set: idea.criteria_set,
        description: idea.description,
        packaging: idea.packaging,
    };
    let id = product::store::insert(work.connection, new, work.now)?;
    record_creation(work, Resource::Product, id.any(), None, None, None)?;
    Ok(id)
}

/// Approves a plan (district officer; the provincial office where the edition has no districts). The answer names the product; its dossier is in `/dossiers?product_id=`.
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[post("/plans/{id}/approve")]
pub async fn approve(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&APPROVE, id).await
}
