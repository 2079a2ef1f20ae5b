//! `/rewards`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::RewardId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};
use crate::support::Reward;
use crate::support::reward::steps::{self, RewardChange, RewardDecisionForm, RewardForm, RewardPaymentForm};
use crate::support::reward::store::RewardFilter;
use crate::support::reward::view::RewardView;

/// Drafts the reward of a decision of recognition (provincial office): what each product is given is computed from its stars.
#[utoipa::path(
    tag = "support", request_body = RewardForm,
    responses((status = 201, body = Offered<RewardView>), Refusals)
)]
#[post("/rewards")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Rewards, the newest first; below the province those that are decided, with what they give there.
#[utoipa::path(
    tag = "support", params(PageParameters, RewardFilter),
    responses((status = 200, body = Page<Offered<RewardView>>), Refusals)
)]
#[get("/rewards")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Reward>().await
}

/// One reward.
#[utoipa::path(tag = "support", responses((status = 200, body = Offered<RewardView>), Refusals))]
#[get("/rewards/{id}")]
pub async fn read(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.show::<Reward>(id).await
}

/// Gives a draft other rates (provincial office).
#[utoipa::path(
    tag = "support", request_body = RewardChange,
    responses((status = 200, body = Offered<RewardView>), Refusals)
)]
#[patch("/rewards/{id}")]
pub async fn change(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Decides on a reward (the province's signatory).
#[utoipa::path(
    tag = "support", request_body = RewardDecisionForm,
    responses((status = 200, body = Offered<RewardView>), Refusals)
)]
#[post("/rewards/{id}/decide")]
pub async fn decide(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.take(&steps::DECIDE, id).await
}

/// Records that products were paid, one or all that are left (provincial office).
#[utoipa::path(
    tag = "support", request_body = RewardPaymentForm,
    responses((status = 200, body = Offered<RewardView>), Refusals)
)]
#[post("/rewards/{id}/pay")]
pub async fn pay(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.take(&steps::PAY, id).await
}

/// Discards a draft (provincial office).
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<RewardView>), Refusals)
)]
#[post("/rewards/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// What happened to a reward.
#[utoipa::path(tag = "support", responses((status = 200, body = Page<History>), Refusals))]
#[get("/rewards/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<RewardId>) -> Result<Answer, Problem> {
    caller.history::<Reward>(id).await
}
