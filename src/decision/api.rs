//! `/decisions`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::DecisionId;
use crate::decision::Decision;
use crate::decision::form::DecisionForm;
use crate::decision::promulgation::Signature;
use crate::decision::steps;
use crate::decision::store::DecisionFilter;
use crate::decision::view::DecisionView;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};

/// Drafts a decision (the office of the unit).
#[utoipa::path(
    tag = "decisions", request_body = DecisionForm, responses((status = 201, body = Offered<DecisionView>), Refusals)
)]
#[post("/decisions")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Decisions of one's unit, the newest first; the province sees all.
#[utoipa::path(
    tag = "decisions",
    params(PageParameters, DecisionFilter),
    responses((status = 200, body = Page<Offered<DecisionView>>), Refusals)
)]
#[get("/decisions")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Decision>().await
}

/// One decision.
#[utoipa::path(tag = "decisions", responses((status = 200, body = Offered<DecisionView>), Refusals))]
#[get("/decisions/{id}")]
pub async fn read(caller: Caller, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    caller.show::<Decision>(id).await
}

/// Promulgates a decision with number and day (signatory of its unit, never the account that drafted it).
#[utoipa::path(
    tag = "decisions", request_body = Signature, responses((status = 200, body = Offered<DecisionView>), Refusals)
)]
#[post("/decisions/{id}/promulgate")]
pub async fn promulgate(caller: Caller, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    caller.take(&steps::PROMULGATE, id).await
}

/// Takes a draft back, with the reason (the office of its unit).
#[utoipa::path(
    tag = "decisions", request_body = Note, responses((status = 200, body = Offered<DecisionView>), Refusals)
)]
#[post("/decisions/{id}/withdraw")]
pub async fn withdraw(caller: Caller, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    caller.take(&steps::WITHDRAW, id).await
}

/// What happened to a decision.
#[utoipa::path(tag = "decisions", responses((status = 200, body = Page<History>), Refusals))]
#[get("/decisions/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    caller.history::<Decision>(id).await
}
