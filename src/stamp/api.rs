//! `/stamp-orders`: ordered by producers, issued by the provincial office, bound to lots by their producer.

use actix_web::{get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{ProducerId, ProductId, StampOrderId};
use crate::base::{Error, Moment, Result, say};
use crate::db::AnyConnection;
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::product;
use crate::stamp::activation::ActivationRequest;
use crate::stamp::rules::{DeliveryForm, DisplayForm, OrderForm, State, VoidForm};
use crate::stamp::store::{self, Filter, Order};
use crate::stamp::{Scanner, orders};

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderAnswer {
    id: StampOrderId,
    version: i32,
    product_id: ProductId,
    producer_id: ProducerId,
    quantity: i32,
    state: State,
    issued_at: Option<Moment>,
    /// What the office wrote when it issued or refused.
    note: Option<String>,
    delivered_at: Option<Moment>,
    /// The receipt of the delivery.
    receipt: Option<String>,
    /// When the producer said that the stamps had come.
    received_at: Option<Moment>,
    /// How many stamps were issued: all or none.
    issued: i64,
    /// How many stamps were delivered: all or none.
    delivered: i64,
    /// How many stamps were bound to lots.
    activated: i64,
    /// How many stamps were ever scanned.
    scanned: i64,
    /// How many stamps are void.
    void: i64,
    /// How many stamps are on display pieces.
    display: i64,
    created_at: Moment,
}

/// Orders with their numbers; four statements for all of them.
fn answers(connection: &mut AnyConnection, orders: Vec<Order>) -> Result<Vec<OrderAnswer>> {
    let ids: Vec<StampOrderId> = orders.iter().map(|order| order.id).collect();
    let numbers = store::numbers(connection, &ids)?;
    let answer = |order: Order| {
        let numbers = numbers.get(&order.id).copied().unwrap_or_default();
        let all_if = |applies: bool| if applies { i64::from(order.quantity) } else { 0 };
        OrderAnswer {
            id: order.id,
            version: order.version,
            product_id: order.product_id,
            producer_id: order.producer_id,
            quantity: order.quantity,
            state: order.state,
            issued_at: order.issued_at,
            note: order.note,
            delivered_at: order.delivered_at,
            receipt: order.receipt,
            received_at: order.received_at,
            issued: all_if(State::LIVE.contains(&order.state)),
            delivered: all_if(order.state == State::Delivered),
            activated: numbers.activated,
            scanned: numbers.scanned,
            void: numbers.void,
            display: numbers.display,
            created_at: order.created_at,
        }
    };
    Ok(orders.into_iter().map(answer).collect())
}

fn shown(work: &mut Work, id: StampOrderId) -> Result<(i32, OrderAnswer)> {
    let order = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let version = order.version;
    let answer = answers(work.connection, vec![order])?.pop().ok_or_else(Error::unknown)?;
    Ok((version, answer))
}

fn answered(work: &mut Work, id: StampOrderId) -> Result<Answer, Stop> {
    let (version, answer) = shown(work, id)?;
    Ok(Answer::resource(version, answer)?)
}

fn visible(work: &mut Work, id: StampOrderId) -> Result<Order> {
    let order = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&order.home())?;
    Ok(order)
}

/// As [`visible`], and the row is this transaction's until its end.
fn taken(work: &mut Work, id: StampOrderId) -> Result<Order> {
    let order = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&order.home())?;
    Ok(order)
}

/// Orders stamps (own producer).
#[utoipa::path(tag = "stamps", request_body = OrderForm, responses((status = 201, body = OrderAnswer), Refusals))]
#[post("/stamp-orders")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let producer = work.actor.must_be_producer()?;
            work.begin()?;
            let form: OrderForm = work.body()?;
            form.check()?;
            let product = product::store::find(work.connection, form.product_id)?
                .filter(|product| product.producer_id == producer)
                .ok_or_else(|| {
                    let detail = say("Không có sản phẩm này.", "There is no such product.");
                    Error::invalid("/product_id", "unknown_product", detail)
                })?;
            let keys = work.house.keys.clone();
            let id = orders::place(work.connection, &keys, &product, form.quantity, work.actor.id, work.now)?;
            let (version, answer) = shown(work, id)?;
            Ok(Answer::created(format!("/api/v1/stamp-orders/{id}"), version, answer)?)
        })
        .await
}

/// The orders that the asker may know of, the newest first.
#[utoipa::path(tag = "stamps", params(ListParameters), responses((status = 200, body = Page<OrderAnswer>), Refusals))]
#[get("/stamp-orders")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                state: query.take("state"),
                producer: query.take("producer_id"),
                product: query.take("product_id"),
                unit: query.take("unit_code"),
                before: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (orders, next) = paging.cut(found, |order| order.id)?;
            Ok(Answer::page(answers(work.connection, orders)?, next)?)
        })
        .await
}

/// One order.
#[utoipa::path(tag = "stamps", responses((status = 200, body = OrderAnswer), Refusals))]
#[get("/stamp-orders/{id}")]
pub async fn read(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let order = visible(work, id.get()?)?;
            answered(work, order.id)
        })
        .await
}

/// What happened to an order.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/stamp-orders/{id}/history")]
pub async fn history(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let order = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::StampOrder, order.id)?)
        })
        .await
}

/// Issues the stamps of an order (provincial office).
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/issue")]
pub async fn issue(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin_at(order.version)?;
            order.state.issue()?;
            let note = work.body::<Note>()?.optional()?;
            orders::issue(work.connection, &order, note.as_deref(), work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Refuses an order (provincial office), saying why.
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/refuse")]
pub async fn refuse(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin_at(order.version)?;
            order.state.refuse()?;
            let note = work.body::<Note>()?.demanded()?;
            orders::refuse(work.connection, &order, &note, work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Records that the printed stamps were handed over, with the receipt (provincial office).
#[utoipa::path(tag = "stamps", request_body = DeliveryForm, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/deliver")]
pub async fn deliver(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin_at(order.version)?;
            order.state.deliver()?;
            let form: DeliveryForm = work.body()?;
            orders::deliver(work.connection, &order, &form, work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Confirms that delivered stamps have come (own producer); once.
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/receive")]
pub async fn receive(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer])?;
            work.begin_at(order.version)?;
            let note = work.body::<Note>()?.optional()?;
            orders::receive(work.connection, &order, note.as_deref(), work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Binds a range of stamps to a lot (own producer): by serials, or by the codes of its first and last stamp.
#[utoipa::path(
    tag = "stamps", request_body = ActivationRequest, responses((status = 200, body = OrderAnswer), Refusals)
)]
#[post("/stamp-orders/{id}/activate")]
pub async fn activate(caller: Caller, id: At<StampOrderId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .write(move |work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer])?;
            work.begin_at(order.version)?;
            order.state.must_be_issued("activate")?;
            let form = work.body::<ActivationRequest>()?.resolved(&mint, &order)?;
            orders::activate(work.connection, &order, form, work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Declares a range of stamps lost or spoilt (own producer, provincial office).
#[utoipa::path(tag = "stamps", request_body = VoidForm, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/void")]
pub async fn void(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer, Role::ProvincialOfficer])?;
            work.begin_at(order.version)?;
            order.state.must_be_issued("void")?;
            let form: VoidForm = work.body()?;
            orders::void(work.connection, &order, &form, work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}

/// Declares a range of stamps to be on display pieces (own producer, provincial office): never suspect, and their page
/// says what they are.
#[utoipa::path(tag = "stamps", request_body = DisplayForm, responses((status = 200, body = OrderAnswer), Refusals))]
#[post("/stamp-orders/{id}/display")]
pub async fn display(caller: Caller, id: At<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let order = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer, Role::ProvincialOfficer])?;
            work.begin_at(order.version)?;
            order.state.must_be_issued("display")?;
            let form: DisplayForm = work.body()?;
            orders::display(work.connection, &order, &form, work.actor.id, work.now)?;
            answered(work, order.id)
        })
        .await
}
