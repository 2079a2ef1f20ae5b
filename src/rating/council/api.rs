//! `/councils`: appointed, opened and closed by the office of their unit.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::CouncilId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::rating::council::Council;
use crate::rating::council::steps::{self, CouncilForm};
use crate::rating::council::store::CouncilFilter;
use crate::rating::council::view::CouncilView;
use crate::station::{Note, Offered, PageParameters};

/// Appoints a council for a round (office of the unit).
#[utoipa::path(tag = "councils", request_body = CouncilForm, responses((status = 201, body = Offered<CouncilView>), Refusals))]
#[post("/councils")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// The councils that one may know of, the newest first.
#[utoipa::path(tag = "councils", params(PageParameters, CouncilFilter), responses((status = 200, body = Page<Offered<CouncilView>>), Refusals))]
#[get("/councils")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Council>().await
}

/// One council with its seats.
#[utoipa::path(tag = "councils", responses((status = 200, body = Offered<CouncilView>), Refusals))]
#[get("/councils/{id}")]
pub async fn read(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller.show::<Council>(id).await
}

/// Opens a council (office of its unit): its members may read and score.
#[utoipa::path(tag = "councils", request_body = Note, responses((status = 200, body = Offered<CouncilView>), Refusals))]
#[post("/councils/{id}/open")]
pub async fn open(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller.take(&steps::OPEN, id).await
}

/// Gives up a council that was appointed by mistake, before it opens (office of its unit); the round may have another.
#[utoipa::path(tag = "councils", request_body = Note, responses((status = 200, body = Offered<CouncilView>), Refusals))]
#[post("/councils/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// Closes a council (office of its unit) once every product on its agenda is concluded or deferred.
#[utoipa::path(tag = "councils", request_body = Note, responses((status = 200, body = Offered<CouncilView>), Refusals))]
#[post("/councils/{id}/close")]
pub async fn close(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller.take(&steps::CLOSE, id).await
}

/// What happened to a council.
#[utoipa::path(tag = "councils", responses((status = 200, body = Page<History>), Refusals))]
#[get("/councils/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller.history::<Council>(id).await
}
