//! `/holds`: placed and lifted by inspectors and the provincial office.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Home, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{AccountId, HoldId, LotId, ProductId};
use crate::base::{Error, Faults, Moment, Result, say, text};
use crate::hold::rules::State;
use crate::hold::steps;
use crate::hold::store::{self, Filter, Held, Hold};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::{lot, product};

#[derive(Debug, Serialize, ToSchema)]
pub struct HoldAnswer {
    id: HoldId,
    version: i32,
    product_id: Option<ProductId>,
    lot_id: Option<LotId>,
    reason: String,
    state: State,
    placed_by: AccountId,
    placed_at: Moment,
    lifted_at: Option<Moment>,
}

impl From<Hold> for HoldAnswer {
    fn from(hold: Hold) -> Self {
        let Hold { id, version, product_id, lot_id, reason, state, placed_by, placed_at, lifted_at, .. } = hold;
        Self { id, version, product_id, lot_id, reason, state, placed_by, placed_at, lifted_at }
    }
}

/// A new hold, on a product or on a lot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    #[serde(default)]
    product_id: Option<ProductId>,
    #[serde(default)]
    lot_id: Option<LotId>,
    reason: String,
}

fn visible(work: &mut Work, id: HoldId) -> Result<Hold> {
    let hold = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&hold.home())?;
    Ok(hold)
}

fn shown(work: &mut Work, id: HoldId) -> Result<Answer, Stop> {
    let hold = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    Ok(Answer::resource(hold.version, HoldAnswer::from(hold))?)
}

/// What is to be held, and where it belongs.
fn held(work: &mut Work, form: &HoldForm) -> Result<(Held, Home)> {
    match (form.product_id, form.lot_id) {
        (Some(id), None) => {
            let product = product::store::find(work.connection, id)?;
            let home = product.map(|product| product.home()).filter(|home| work.must_see(home).is_ok());
            let detail = say("Không có sản phẩm này.", "There is no such product.");
            Ok((Held::Product(id), home.ok_or_else(|| Error::invalid("/product_id", "unknown_product", detail))?))
        }
        (None, Some(id)) => {
            let lot = lot::store::find(work.connection, id)?;
            let home = lot.map(|lot| lot.home()).filter(|home| work.must_see(home).is_ok());
            let detail = say("Không có lô này.", "There is no such lot.");
            Ok((Held::Lot(id), home.ok_or_else(|| Error::invalid("/lot_id", "unknown_lot", detail))?))
        }
        _ => Err(Error::invalid(
            "",
            "one_of_two",
            say("Cần đúng một trong product_id và lot_id.", "Exactly one of product_id and lot_id is needed."),
        )),
    }
}

/// Places a hold (inspector, provincial office).
#[utoipa::path(tag = "holds", request_body = HoldForm, responses((status = 201, body = HoldAnswer), Refusals))]
#[post("/holds")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::Inspector, Role::ProvincialOfficer])?;
            work.begin()?;
            let form: HoldForm = work.body()?;
            let mut faults = Vec::new();
            text::check(&form.reason, "/reason", 2000, &mut faults);
            faults.into_result()?;
            let (held, home) = held(work, &form)?;
            let id = steps::place(work.connection, held, home, &form.reason, work.actor.id, work.now)?;
            let hold = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::created(format!("/api/v1/holds/{id}"), hold.version, HoldAnswer::from(hold))?)
        })
        .await
}

/// The holds that the asker may know of, the newest first.
#[utoipa::path(tag = "holds", params(ListParameters), responses((status = 200, body = Page<HoldAnswer>), Refusals))]
#[get("/holds")]
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
            let (holds, next) = paging.cut(found, |hold| hold.id)?;
            Ok(Answer::page(holds.into_iter().map(HoldAnswer::from).collect(), next)?)
        })
        .await
}

/// One hold.
#[utoipa::path(tag = "holds", responses((status = 200, body = HoldAnswer), Refusals))]
#[get("/holds/{id}")]
pub async fn read(caller: Caller, id: At<HoldId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let hold = visible(work, id.get()?)?;
            Ok(Answer::resource(hold.version, HoldAnswer::from(hold))?)
        })
        .await
}

/// Lifts a hold (inspector, provincial office).
#[utoipa::path(tag = "holds", request_body = Note, responses((status = 200, body = HoldAnswer), Refusals))]
#[post("/holds/{id}/lift")]
pub async fn lift(caller: Caller, id: At<HoldId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let hold = store::take(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&hold.home())?;
            work.must_be(&[Role::Inspector, Role::ProvincialOfficer])?;
            work.begin_at(hold.version)?;
            hold.state.lift()?;
            let note = work.body::<Note>()?.optional()?;
            steps::lift(work.connection, &hold, note.as_deref(), work.actor.id, work.now)?;
            shown(work, hold.id)
        })
        .await
}

/// What happened to a hold.
#[utoipa::path(tag = "holds", responses((status = 200, body = Page<History>), Refusals))]
#[get("/holds/{id}/history")]
pub async fn history(caller: Caller, id: At<HoldId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let hold = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Hold, hold.id)?)
        })
        .await
}
