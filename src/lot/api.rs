//! `/lots`: recorded by their producer, read by the offices, recalled by either.

use std::collections::BTreeSet;

use actix_web::{get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{LotId, ProducerId, ProductId};
use crate::base::{Day, Error, Moment, Result, say};
use crate::db::AnyConnection;
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::lot::rules::{InputsForm, LotForm, State};
use crate::lot::steps;
use crate::lot::store::{self, Filter, Lot};
use crate::product;

#[derive(Debug, Serialize, ToSchema)]
pub struct LotAnswer {
    id: LotId,
    version: i32,
    product_id: ProductId,
    producer_id: ProducerId,
    code: String,
    produced_on: Day,
    expires_on: Option<Day>,
    quantity: i64,
    unit: String,
    inputs: Vec<LotId>,
    state: State,
    /// Whether it or any lot that went into it was recalled.
    recalled: bool,
    recalled_at: Option<Moment>,
    recall_reason: Option<String>,
    /// The recalled lot that it was made of; null where it was recalled itself.
    recall_origin_id: Option<LotId>,
    /// It or its product is on hold.
    held: bool,
    warnings: Vec<LotWarning>,
    created_at: Moment,
}

/// What else to know of a lot.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotWarning {
    /// Something that went into it is on hold. The hold covers that lot only, until it is recalled.
    InputHeld,
}

/// Lots with their inputs and how holds touch them; two statements for all of them.
fn answers(connection: &mut AnyConnection, lots: Vec<Lot>) -> Result<Vec<LotAnswer>> {
    let ids: BTreeSet<LotId> = lots.iter().map(|lot| lot.id).collect();
    let inputs = store::inputs(connection, &ids.iter().copied().collect::<Vec<_>>())?;
    let holds = store::holds(connection, &ids)?;
    let touched = |lot: &Lot| holds.get(&lot.id).copied().unwrap_or_default();
    let answer = |lot: Lot| LotAnswer {
        inputs: inputs.iter().filter(|(of, _)| *of == lot.id).map(|(_, input)| *input).collect(),
        state: lot.state(),
        recalled: lot.recalled_at.is_some(),
        held: touched(&lot).own,
        warnings: touched(&lot).of_an_input.then_some(LotWarning::InputHeld).into_iter().collect(),
        id: lot.id,
        version: lot.version,
        product_id: lot.product_id,
        producer_id: lot.producer_id,
        code: lot.code,
        produced_on: lot.produced_on,
        expires_on: lot.expires_on,
        quantity: lot.quantity,
        unit: lot.unit,
        recalled_at: lot.recalled_at,
        recall_reason: lot.recall_reason,
        recall_origin_id: lot.recall_origin_id,
        created_at: lot.created_at,
    };
    Ok(lots.into_iter().map(answer).collect())
}

fn shown(work: &mut Work, id: LotId) -> Result<(i32, LotAnswer)> {
    let lot = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let version = lot.version;
    let answer = answers(work.connection, vec![lot])?.pop().ok_or_else(Error::unknown)?;
    Ok((version, answer))
}

pub fn visible(work: &mut Work, id: LotId) -> Result<Lot> {
    let lot = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&lot.home())?;
    Ok(lot)
}

/// As [`visible`], and the row is this transaction's until its end.
pub fn taken(work: &mut Work, id: LotId) -> Result<Lot> {
    let lot = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&lot.home())?;
    Ok(lot)
}

/// Records a lot (own producer).
#[utoipa::path(tag = "lots", request_body = LotForm, responses((status = 201, body = LotAnswer), Refusals))]
#[post("/lots")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let producer = work.actor.must_be_producer()?;
            work.begin()?;
            let form: LotForm = work.body()?;
            let product = product::store::find(work.connection, form.product_id)?
                .filter(|product| product.producer_id == producer)
                .ok_or_else(|| {
                    let detail = say("Không có sản phẩm này.", "There is no such product.");
                    Error::invalid("/product_id", "unknown_product", detail)
                })?;
            let id = steps::make(work.connection, &product, form, work.actor.id, work.now)?;
            let (version, answer) = shown(work, id)?;
            Ok(Answer::created(format!("/api/v1/lots/{id}"), version, answer)?)
        })
        .await
}

/// The lots that the asker may know of, the newest first.
#[utoipa::path(tag = "lots", params(ListParameters), responses((status = 200, body = Page<LotAnswer>), Refusals))]
#[get("/lots")]
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
                // Codes are not folded: they are searched as they are printed.
                search: query.take("q"),
                before: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (lots, next) = paging.cut(found, |lot| lot.id)?;
            Ok(Answer::page(answers(work.connection, lots)?, next)?)
        })
        .await
}

/// One lot.
#[utoipa::path(tag = "lots", responses((status = 200, body = LotAnswer), Refusals))]
#[get("/lots/{id}")]
pub async fn read(caller: Caller, id: At<LotId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let lot = visible(work, id.get()?)?;
            let (version, answer) = shown(work, lot.id)?;
            Ok(Answer::resource(version, answer)?)
        })
        .await
}

/// What happened to a lot's record.
#[utoipa::path(tag = "lots", responses((status = 200, body = Page<History>), Refusals))]
#[get("/lots/{id}/history")]
pub async fn history(caller: Caller, id: At<LotId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let lot = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Lot, lot.id)?)
        })
        .await
}

/// Names inputs that were forgotten when the lot was recorded (own producer). Inputs are only ever added.
#[utoipa::path(tag = "lots", request_body = InputsForm, responses((status = 200, body = LotAnswer), Refusals))]
#[post("/lots/{id}/inputs")]
pub async fn add_inputs(caller: Caller, id: At<LotId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let lot = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer])?;
            work.begin_at(lot.version)?;
            let form: InputsForm = work.body()?;
            steps::add_inputs(work.connection, &lot, &form, work.actor.id, work.now)?;
            let (version, answer) = shown(work, lot.id)?;
            Ok(Answer::resource(version, answer)?)
        })
        .await
}

/// Recalls a lot and everything made of it (provincial office, inspector, own producer); the reason goes to shoppers.
#[utoipa::path(tag = "lots", request_body = Note, responses((status = 200, body = LotAnswer), Refusals))]
#[post("/lots/{id}/recall")]
pub async fn recall(caller: Caller, id: At<LotId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let lot = taken(work, id.get()?)?;
            work.must_be(&[Role::ProvincialOfficer, Role::Inspector, Role::Producer])?;
            work.begin_at(lot.version)?;
            lot.state().recall()?;
            let reason = work.body::<Note>()?.demanded()?;
            steps::recall(work.connection, &lot, &reason, work.actor.id, work.now)?;
            let (version, answer) = shown(work, lot.id)?;
            Ok::<_, Stop>(Answer::resource(version, answer)?)
        })
        .await
}
