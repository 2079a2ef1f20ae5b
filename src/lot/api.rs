//! `/lots`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::LotId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::lot::Lot;
use crate::lot::rules::{InputsForm, LotForm};
use crate::lot::steps;
use crate::lot::store::LotFilter;
use crate::lot::view::LotView;
use crate::station::{Note, Offered, PageParameters};

/// Records a lot (own producer).
#[utoipa::path(tag = "lots", request_body = LotForm, responses((status = 201, body = Offered<LotView>), Refusals))]
#[post("/lots")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// The lots that the asker may know of, the newest first.
#[utoipa::path(
    tag = "lots", params(PageParameters, LotFilter), responses((status = 200, body = Page<Offered<LotView>>), Refusals)
)]
#[get("/lots")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Lot>().await
}

/// One lot.
#[utoipa::path(tag = "lots", responses((status = 200, body = Offered<LotView>), Refusals))]
#[get("/lots/{id}")]
pub async fn read(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    caller.show::<Lot>(id).await
}

/// What happened to a lot's record.
#[utoipa::path(tag = "lots", responses((status = 200, body = Page<History>), Refusals))]
#[get("/lots/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    caller.history::<Lot>(id).await
}

/// Names inputs that were forgotten when the lot was recorded (own producer). Inputs are only ever added.
#[utoipa::path(tag = "lots", request_body = InputsForm, responses((status = 200, body = Offered<LotView>), Refusals))]
#[post("/lots/{id}/inputs")]
pub async fn add_inputs(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    caller.take(&steps::ADD_INPUTS, id).await
}

/// Recalls a lot and everything made of it (provincial office, inspector, own producer); the reason goes to shoppers.
#[utoipa::path(tag = "lots", request_body = Note, responses((status = 200, body = Offered<LotView>), Refusals))]
#[post("/lots/{id}/recall")]
pub async fn recall(caller: Caller, id: PathParam<LotId>) -> Result<Answer, Problem> {
    caller.take(&steps::RECALL, id).await
}
