//! `/appeals`: answered by the unit that set the council up.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::AppealId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::rating::appeal::Appeal;
use crate::rating::appeal::steps;
use crate::rating::appeal::store::AppealFilter;
use crate::rating::appeal::view::AppealView;
use crate::station::{Note, Offered, PageParameters};

/// Appeals of one's territory, the newest first.
#[utoipa::path(tag = "appeals", params(PageParameters, AppealFilter), responses((status = 200, body = Page<Offered<AppealView>>), Refusals))]
#[get("/appeals")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Appeal>().await
}

/// One appeal.
#[utoipa::path(tag = "appeals", responses((status = 200, body = Offered<AppealView>), Refusals))]
#[get("/appeals/{id}")]
pub async fn read(caller: Caller, id: PathParam<AppealId>) -> Result<Answer, Problem> {
    caller.show::<Appeal>(id).await
}

/// Upholds an appeal, with the reason (office or signatory of the council's unit, without a seat in the council): the
/// product may stand again in a later round.
#[utoipa::path(tag = "appeals", request_body = Note, responses((status = 200, body = Offered<AppealView>), Refusals))]
#[post("/appeals/{id}/uphold")]
pub async fn uphold(caller: Caller, id: PathParam<AppealId>) -> Result<Answer, Problem> {
    caller.take(&steps::UPHOLD, id).await
}

/// Dismisses an appeal, with the reason (as `uphold`).
#[utoipa::path(tag = "appeals", request_body = Note, responses((status = 200, body = Offered<AppealView>), Refusals))]
#[post("/appeals/{id}/dismiss")]
pub async fn dismiss(caller: Caller, id: PathParam<AppealId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISMISS, id).await
}

/// What happened to an appeal.
#[utoipa::path(tag = "appeals", responses((status = 200, body = Page<History>), Refusals))]
#[get("/appeals/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<AppealId>) -> Result<Answer, Problem> {
    caller.history::<Appeal>(id).await
}
