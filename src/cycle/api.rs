//! `/cycles` and `/editions`.

use actix_web::{get, patch, post};
use strum::IntoEnumIterator;

use crate::account::Caller;
use crate::audit::History;
use crate::base::Result;
use crate::base::id::CycleId;
use crate::cycle::Cycle;
use crate::cycle::edition::{Edition, EditionCode};
use crate::cycle::steps::{self, CycleChange, CycleForm};
use crate::cycle::store::CycleFilter;
use crate::cycle::view::CycleView;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};

/// Makes a cycle (provincial office).
#[utoipa::path(tag = "cycles", request_body = CycleForm, responses((status = 201, body = Offered<CycleView>), Refusals))]
#[post("/cycles")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// The cycles, the latest year first.
#[utoipa::path(
    tag = "cycles", params(PageParameters, CycleFilter), responses((status = 200, body = Page<Offered<CycleView>>), Refusals)
)]
#[get("/cycles")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Cycle>().await
}

/// The editions of the procedure as data: weights, bands, councils, who takes which step, conditions, validity.
#[utoipa::path(
    tag = "cycles",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<Edition>), Refusals)
)]
#[get("/editions")]
pub async fn editions(caller: Caller) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |_| {
            let paging = query.paging::<EditionCode>();
            query.finish()?;
            let shown = |code: &EditionCode| paging.after.is_none_or(|after| after < *code);
            let editions = EditionCode::iter().filter(shown).map(EditionCode::edition).collect::<Result<Vec<_>>>()?;
            let (editions, next) = paging.cut(editions, |edition| edition.code)?;
            Ok(Answer::page(editions, next)?)
        })
        .await
}

/// One cycle.
#[utoipa::path(tag = "cycles", responses((status = 200, body = Offered<CycleView>), Refusals))]
#[get("/cycles/{id}")]
pub async fn read(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    caller.show::<Cycle>(id).await
}

/// Corrects a cycle that is still a draft (provincial office); the form is given whole.
#[utoipa::path(tag = "cycles", request_body = CycleChange, responses((status = 200, body = Offered<CycleView>), Refusals))]
#[patch("/cycles/{id}")]
pub async fn change(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Opens a cycle (provincial office): ideas may be registered.
#[utoipa::path(tag = "cycles", request_body = Note, responses((status = 200, body = Offered<CycleView>), Refusals))]
#[post("/cycles/{id}/open")]
pub async fn open(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    caller.take(&steps::OPEN, id).await
}

/// Closes a cycle (provincial office): its work ends.
#[utoipa::path(tag = "cycles", request_body = Note, responses((status = 200, body = Offered<CycleView>), Refusals))]
#[post("/cycles/{id}/close")]
pub async fn close(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    caller.take(&steps::CLOSE, id).await
}

/// What happened to a cycle.
#[utoipa::path(tag = "cycles", responses((status = 200, body = Page<History>), Refusals))]
#[get("/cycles/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    caller.history::<Cycle>(id).await
}
