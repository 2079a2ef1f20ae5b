//! `/producers`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::ProducerId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::producer::Producer;
use crate::producer::rules::{ProducerChange, ProducerForm};
use crate::producer::steps;
use crate::producer::store::ProducerFilter;
use crate::producer::view::ProducerView;
use crate::station::{Offered, PageParameters};

/// Enters a producer on its behalf (commune, district or provincial office, in its own territory).
#[utoipa::path(tag = "producers", request_body = ProducerForm, responses((status = 201, body = Offered<ProducerView>), Refusals))]
#[post("/producers")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Producers by name.
#[utoipa::path(
    tag = "producers", params(PageParameters, ProducerFilter),
    responses((status = 200, body = Page<Offered<ProducerView>>), Refusals)
)]
#[get("/producers")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Producer>().await
}

/// One producer.
#[utoipa::path(tag = "producers", responses((status = 200, body = Offered<ProducerView>), Refusals))]
#[get("/producers/{id}")]
pub async fn read(caller: Caller, id: PathParam<ProducerId>) -> Result<Answer, Problem> {
    caller.show::<Producer>(id).await
}

/// Changes a producer: officers of its territory everything, its own account how to reach it.
#[utoipa::path(tag = "producers", request_body = ProducerChange, responses((status = 200, body = Offered<ProducerView>), Refusals))]
#[patch("/producers/{id}")]
pub async fn change(caller: Caller, id: PathParam<ProducerId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// What happened to a producer.
#[utoipa::path(tag = "producers", responses((status = 200, body = Page<History>), Refusals))]
#[get("/producers/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<ProducerId>) -> Result<Answer, Problem> {
    caller.history::<Producer>(id).await
}
