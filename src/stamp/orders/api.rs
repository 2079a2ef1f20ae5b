//! `/stamp-orders`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::StampOrderId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::stamp::orders::activation::ActivationRequest;
use crate::stamp::orders::store::OrderFilter;
use crate::stamp::orders::view::StampOrderView;
use crate::stamp::orders::{StampOrder, steps};
use crate::stamp::rules::{DeliveryForm, DisplayForm, OrderForm, VoidForm};
use crate::station::{Note, Offered, PageParameters};

/// Orders stamps (own producer).
#[utoipa::path(
    tag = "stamps", request_body = OrderForm, responses((status = 201, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// The orders that the asker may know of, the newest first.
#[utoipa::path(
    tag = "stamps",
    params(PageParameters, OrderFilter),
    responses((status = 200, body = Page<Offered<StampOrderView>>), Refusals)
)]
#[get("/stamp-orders")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<StampOrder>().await
}

/// One order.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Offered<StampOrderView>), Refusals))]
#[get("/stamp-orders/{id}")]
pub async fn read(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.show::<StampOrder>(id).await
}

/// What happened to an order.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/stamp-orders/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.history::<StampOrder>(id).await
}

/// Issues the stamps of an order (provincial office).
#[utoipa::path(
    tag = "stamps", request_body = Note, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/issue")]
pub async fn issue(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::ISSUE, id).await
}

/// Refuses an order (provincial office), saying why.
#[utoipa::path(
    tag = "stamps", request_body = Note, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/refuse")]
pub async fn refuse(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::REFUSE, id).await
}

/// Records that the printed stamps were handed over, with the receipt (provincial office).
#[utoipa::path(
    tag = "stamps", request_body = DeliveryForm, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/deliver")]
pub async fn deliver(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::DELIVER, id).await
}

/// Confirms that delivered stamps have come (own producer); once.
#[utoipa::path(
    tag = "stamps", request_body = Note, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/receive")]
pub async fn receive(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::RECEIVE, id).await
}

/// Binds a range of stamps to a lot (own producer): by serials, or by the codes of its first and last stamp.
#[utoipa::path(
    tag = "stamps",
    request_body = ActivationRequest,
    responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/activate")]
pub async fn activate(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::ACTIVATE, id).await
}

/// Declares a range of stamps lost or spoilt (own producer, provincial office).
#[utoipa::path(
    tag = "stamps", request_body = VoidForm, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/void")]
pub async fn void(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::VOID, id).await
}

/// Declares a range of stamps to be on display pieces (own producer, provincial office): never suspect, and their page
/// says what they are.
#[utoipa::path(
    tag = "stamps", request_body = DisplayForm, responses((status = 200, body = Offered<StampOrderView>), Refusals)
)]
#[post("/stamp-orders/{id}/display")]
pub async fn display(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISPLAY, id).await
}
