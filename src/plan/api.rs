//! `/plans`, but for `approve`, which opens a dossier and stands there.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::PlanId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::plan::Plan;
use crate::plan::steps::{self, PlanChange, PlanForm};
use crate::plan::store::PlanFilter;
use crate::plan::view::PlanView;
use crate::station::{Note, Offered, PageParameters};

/// Writes a plan for an accepted idea (producer; commune officer on behalf).
#[utoipa::path(tag = "plans", request_body = PlanForm, responses((status = 201, body = Offered<PlanView>), Refusals))]
#[post("/plans")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Plans of one's territory, the newest first.
#[utoipa::path(tag = "plans", params(PageParameters, PlanFilter), responses((status = 200, body = Page<Offered<PlanView>>), Refusals))]
#[get("/plans")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Plan>().await
}

/// One plan.
#[utoipa::path(tag = "plans", responses((status = 200, body = Offered<PlanView>), Refusals))]
#[get("/plans/{id}")]
pub async fn read(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.show::<Plan>(id).await
}

/// Rewrites parts of a plan that is a draft or was returned.
#[utoipa::path(tag = "plans", request_body = PlanChange, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[patch("/plans/{id}")]
pub async fn change(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Hands a plan in.
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[post("/plans/{id}/submit")]
pub async fn submit(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::SUBMIT, id).await
}

/// Gives up a plan that was never handed in; its history stays, and the idea may have another.
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[post("/plans/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// Returns a plan for correction, as for a cut of the state's support, with a reason (district officer; the
/// provincial office where the edition has no districts).
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[post("/plans/{id}/return")]
pub async fn send_back(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::RETURN, id).await
}

/// Ends a plan, with a reason (as who returns it).
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = Offered<PlanView>), Refusals))]
#[post("/plans/{id}/reject")]
pub async fn reject(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::REJECT, id).await
}

/// What happened to a plan.
#[utoipa::path(tag = "plans", responses((status = 200, body = Page<History>), Refusals))]
#[get("/plans/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<PlanId>) -> Result<Answer, Problem> {
    caller.history::<Plan>(id).await
}
