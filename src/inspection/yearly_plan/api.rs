//! `/inspection-plans`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::InspectionPlanId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::inspection::InspectionPlan;
use crate::inspection::yearly_plan::steps::{self, AdoptionForm, InspectionPlanChange, InspectionPlanForm};
use crate::inspection::yearly_plan::store::InspectionPlanFilter;
use crate::inspection::yearly_plan::view::InspectionPlanView;
use crate::station::{Offered, PageParameters};

/// Drafts a plan of inspections of a year (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = InspectionPlanForm,
    responses((status = 201, body = Offered<InspectionPlanView>), Refusals)
)]
#[post("/inspection-plans")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Plans of inspections, the newest first, for who acts for the province.
#[utoipa::path(
    tag = "inspections", params(PageParameters, InspectionPlanFilter),
    responses((status = 200, body = Page<Offered<InspectionPlanView>>), Refusals)
)]
#[get("/inspection-plans")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<InspectionPlan>().await
}

/// One plan of inspections.
#[utoipa::path(tag = "inspections", responses((status = 200, body = Offered<InspectionPlanView>), Refusals))]
#[get("/inspection-plans/{id}")]
pub async fn read(caller: Caller, id: PathParam<InspectionPlanId>) -> Result<Answer, Problem> {
    caller.show::<InspectionPlan>(id).await
}

/// Changes a draft (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = InspectionPlanChange,
    responses((status = 200, body = Offered<InspectionPlanView>), Refusals)
)]
#[patch("/inspection-plans/{id}")]
pub async fn change(caller: Caller, id: PathParam<InspectionPlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Adopts a plan under its number (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = AdoptionForm,
    responses((status = 200, body = Offered<InspectionPlanView>), Refusals)
)]
#[post("/inspection-plans/{id}/adopt")]
pub async fn adopt(caller: Caller, id: PathParam<InspectionPlanId>) -> Result<Answer, Problem> {
    caller.take(&steps::ADOPT, id).await
}

/// What happened to a plan of inspections.
#[utoipa::path(tag = "inspections", responses((status = 200, body = Page<History>), Refusals))]
#[get("/inspection-plans/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<InspectionPlanId>) -> Result<Answer, Problem> {
    caller.history::<InspectionPlan>(id).await
}
