//! `/holds`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::HoldId;
use crate::hold::Hold;
use crate::hold::steps::{self, HoldForm};
use crate::hold::store::HoldFilter;
use crate::hold::view::HoldView;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};

/// Places a hold (inspector, provincial office).
#[utoipa::path(tag = "holds", request_body = HoldForm, responses((status = 201, body = Offered<HoldView>), Refusals))]
#[post("/holds")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// The holds that the asker may know of, the newest first.
#[utoipa::path(
    tag = "holds", params(PageParameters, HoldFilter), responses((status = 200, body = Page<Offered<HoldView>>), Refusals)
)]
#[get("/holds")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Hold>().await
}

/// One hold.
#[utoipa::path(tag = "holds", responses((status = 200, body = Offered<HoldView>), Refusals))]
#[get("/holds/{id}")]
pub async fn read(caller: Caller, id: PathParam<HoldId>) -> Result<Answer, Problem> {
    caller.show::<Hold>(id).await
}

/// Lifts a hold (inspector, provincial office).
#[utoipa::path(tag = "holds", request_body = Note, responses((status = 200, body = Offered<HoldView>), Refusals))]
#[post("/holds/{id}/lift")]
pub async fn lift(caller: Caller, id: PathParam<HoldId>) -> Result<Answer, Problem> {
    caller.take(&steps::LIFT, id).await
}

/// What happened to a hold.
#[utoipa::path(tag = "holds", responses((status = 200, body = Page<History>), Refusals))]
#[get("/holds/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<HoldId>) -> Result<Answer, Problem> {
    caller.history::<Hold>(id).await
}
