//! `/inspections`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::InspectionId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::inspection::Inspection;
use crate::inspection::outcome::{
    CONCLUDE, ConclusionForm, CorrectionForm, FOLLOW_UP, FollowUpForm, ORDER_CORRECTION, REPLY, ReplyForm,
};
use crate::inspection::planning::{self, InspectionChange, InspectionForm};
use crate::inspection::record::{MinutesForm, SampleForm};
use crate::inspection::store::InspectionFilter;
use crate::inspection::view::InspectionView;
use crate::inspection::visit::{ChecklistForm, FILL, RECORD_RESULT, ResultForm, SIGN, TAKE_SAMPLE, VISIT};
use crate::station::{Note, Offered, PageParameters};

/// Plans an inspection (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = InspectionForm,
    responses((status = 201, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&planning::CREATE).await
}

/// The inspections that one may know of, the newest first: below the province sudden ones from the visit on, producers their own
/// from the visit on.
#[utoipa::path(
    tag = "inspections", params(PageParameters, InspectionFilter),
    responses((status = 200, body = Page<Offered<InspectionView>>), Refusals)
)]
#[get("/inspections")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Inspection>().await
}

/// One inspection.
#[utoipa::path(tag = "inspections", responses((status = 200, body = Offered<InspectionView>), Refusals))]
#[get("/inspections/{id}")]
pub async fn read(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.show::<Inspection>(id).await
}

/// Changes an inspection that is not begun (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = InspectionChange,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[patch("/inspections/{id}")]
pub async fn change(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&planning::CHANGE, id).await
}

/// Begins the visit within the period of the decision (team, provincial office).
#[utoipa::path(
    tag = "inspections", request_body = Note,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/visit")]
pub async fn visit(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&VISIT, id).await
}

/// Writes down what was found of the checklist (team, provincial office).
#[utoipa::path(
    tag = "inspections", request_body = ChecklistForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/fill")]
pub async fn fill(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&FILL, id).await
}

/// Takes a sample under a seal (team, provincial office).
#[utoipa::path(
    tag = "inspections", request_body = SampleForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/take-sample")]
pub async fn take_sample(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&TAKE_SAMPLE, id).await
}

/// Records what a laboratory found (team, provincial office).
#[utoipa::path(
    tag = "inspections", request_body = ResultForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/record-result")]
pub async fn record_result(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&RECORD_RESULT, id).await
}

/// Signs the minutes with the producer (team, provincial office): what was found is fixed from then on.
#[utoipa::path(
    tag = "inspections", request_body = MinutesForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/sign")]
pub async fn sign(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&SIGN, id).await
}

/// Orders a correction until a day (team, provincial office).
#[utoipa::path(
    tag = "inspections", request_body = CorrectionForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/order-correction")]
pub async fn order_correction(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&ORDER_CORRECTION, id).await
}

/// Replies to the order (producer).
#[utoipa::path(
    tag = "inspections", request_body = ReplyForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/reply")]
pub async fn reply(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&REPLY, id).await
}

/// Follows an order up (team, provincial office): once the producer replied, or the order is overdue.
#[utoipa::path(
    tag = "inspections", request_body = FollowUpForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/follow-up")]
pub async fn follow_up(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&FOLLOW_UP, id).await
}

/// Concludes an inspection (provincial office); a proposal to take the certificate back names its ground.
#[utoipa::path(
    tag = "inspections", request_body = ConclusionForm,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/conclude")]
pub async fn conclude(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&CONCLUDE, id).await
}

/// Cancels an inspection whose minutes are not signed, for a reason (provincial office).
#[utoipa::path(
    tag = "inspections", request_body = Note,
    responses((status = 200, body = Offered<InspectionView>), Refusals)
)]
#[post("/inspections/{id}/cancel")]
pub async fn cancel(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.take(&planning::CANCEL, id).await
}

/// What happened to an inspection.
#[utoipa::path(tag = "inspections", responses((status = 200, body = Page<History>), Refusals))]
#[get("/inspections/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    caller.history::<Inspection>(id).await
}
