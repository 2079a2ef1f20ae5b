//! `/support-policies`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::SupportPolicyId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};
use crate::support::SupportPolicy;
use crate::support::policy::steps::{self, PolicyEndForm, SupportPolicyChange, SupportPolicyForm};
use crate::support::policy::store::SupportPolicyFilter;
use crate::support::policy::view::SupportPolicyView;

/// Drafts a policy of support money (provincial office).
#[utoipa::path(
    tag = "support", request_body = SupportPolicyForm,
    responses((status = 201, body = Offered<SupportPolicyView>), Refusals)
)]
#[post("/support-policies")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Policies, the newest first; drafts for who acts for the province.
#[utoipa::path(
    tag = "support", params(PageParameters, SupportPolicyFilter),
    responses((status = 200, body = Page<Offered<SupportPolicyView>>), Refusals)
)]
#[get("/support-policies")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<SupportPolicy>().await
}

/// One policy.
#[utoipa::path(tag = "support", responses((status = 200, body = Offered<SupportPolicyView>), Refusals))]
#[get("/support-policies/{id}")]
pub async fn read(caller: Caller, id: PathParam<SupportPolicyId>) -> Result<Answer, Problem> {
    caller.show::<SupportPolicy>(id).await
}

/// Changes a draft (provincial office).
#[utoipa::path(
    tag = "support", request_body = SupportPolicyChange,
    responses((status = 200, body = Offered<SupportPolicyView>), Refusals)
)]
#[patch("/support-policies/{id}")]
pub async fn change(caller: Caller, id: PathParam<SupportPolicyId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Adopts a policy (provincial office): nothing of it changes from then on but its last day.
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportPolicyView>), Refusals)
)]
#[post("/support-policies/{id}/adopt")]
pub async fn adopt(caller: Caller, id: PathParam<SupportPolicyId>) -> Result<Answer, Problem> {
    caller.take(&steps::ADOPT, id).await
}

/// Gives a policy its last day (provincial office).
#[utoipa::path(
    tag = "support", request_body = PolicyEndForm,
    responses((status = 200, body = Offered<SupportPolicyView>), Refusals)
)]
#[post("/support-policies/{id}/end")]
pub async fn end(caller: Caller, id: PathParam<SupportPolicyId>) -> Result<Answer, Problem> {
    caller.take(&steps::END, id).await
}

/// What happened to a policy.
#[utoipa::path(tag = "support", responses((status = 200, body = Page<History>), Refusals))]
#[get("/support-policies/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<SupportPolicyId>) -> Result<Answer, Problem> {
    caller.history::<SupportPolicy>(id).await
}
