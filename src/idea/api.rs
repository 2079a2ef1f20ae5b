//! `/ideas`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::IdeaId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::idea::Idea;
use crate::idea::steps::{self, IdeaChange, IdeaForm, OpinionForm};
use crate::idea::store::IdeaFilter;
use crate::idea::view::IdeaView;
use crate::station::{Note, Offered, PageParameters};

/// Registers an idea (producer; commune officer on behalf).
#[utoipa::path(tag = "ideas", request_body = IdeaForm, responses((status = 201, body = Offered<IdeaView>), Refusals))]
#[post("/ideas")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Ideas of one's territory, the newest first.
#[utoipa::path(tag = "ideas", params(PageParameters, IdeaFilter), responses((status = 200, body = Page<Offered<IdeaView>>), Refusals))]
#[get("/ideas")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Idea>().await
}

/// One idea.
#[utoipa::path(tag = "ideas", responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[get("/ideas/{id}")]
pub async fn read(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.show::<Idea>(id).await
}

/// Rewrites parts of an idea that is a draft or was returned (producer; commune officer on behalf).
#[utoipa::path(tag = "ideas", request_body = IdeaChange, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[patch("/ideas/{id}")]
pub async fn change(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Hands an idea in (producer; commune officer on behalf, with the signed paper form).
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/submit")]
pub async fn submit(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::SUBMIT, id).await
}

/// Gives up an idea that was never handed in (producer; commune officer on behalf). It can still be read, with its history.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// Sends an idea on with the commune's opinion (commune officer).
#[utoipa::path(tag = "ideas", request_body = OpinionForm, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/forward")]
pub async fn forward(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::FORWARD, id).await
}

/// Selects an idea for the province (district officer, where the edition has districts); also one that the commune held
/// for ten days.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/select")]
pub async fn select(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::SELECT, id).await
}

/// Accepts an idea (provincial office): a plan may be written.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/accept")]
pub async fn accept(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::ACCEPT, id).await
}

/// Returns an idea for correction, with a reason; handed in again it comes back to who returned it.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/return")]
pub async fn send_back(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::RETURN, id).await
}

/// Ends an idea, with a reason (district, where the edition has districts; province).
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = Offered<IdeaView>), Refusals))]
#[post("/ideas/{id}/reject")]
pub async fn reject(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.take(&steps::REJECT, id).await
}

/// What happened to an idea.
#[utoipa::path(tag = "ideas", responses((status = 200, body = Page<History>), Refusals))]
#[get("/ideas/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<IdeaId>) -> Result<Answer, Problem> {
    caller.history::<Idea>(id).await
}
