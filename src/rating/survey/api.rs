//! `/surveys`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::SurveyId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::rating::survey::Survey;
use crate::rating::survey::steps::{self, ResultForm, SurveyChange};
use crate::rating::survey::store::SurveyFilter;
use crate::rating::survey::view::SurveyView;
use crate::station::{Note, Offered, PageParameters};

/// The surveys that one may read, the newest first.
#[utoipa::path(
    tag = "surveys", params(PageParameters, SurveyFilter), responses((status = 200, body = Page<Offered<SurveyView>>), Refusals)
)]
#[get("/surveys")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Survey>().await
}

/// One survey, for the council while it is open, who oversees the unit, and after the conclusion the producer.
#[utoipa::path(tag = "surveys", responses((status = 200, body = Offered<SurveyView>), Refusals))]
#[get("/surveys/{id}")]
pub async fn read(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.show::<Survey>(id).await
}

/// Changes a survey that is not finished (working group, secretary, office of the council's unit).
#[utoipa::path(tag = "surveys", request_body = SurveyChange, responses((status = 200, body = Offered<SurveyView>), Refusals))]
#[patch("/surveys/{id}")]
pub async fn change(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Records a test's result (working group, secretary, office of the council's unit).
#[utoipa::path(tag = "surveys", request_body = ResultForm, responses((status = 200, body = Offered<SurveyView>), Refusals))]
#[post("/surveys/{id}/record-result")]
pub async fn record_result(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.take(&steps::RECORD_RESULT, id).await
}

/// Gives up a survey that was begun by mistake and is not finished (working group, secretary, office of the council's unit).
#[utoipa::path(tag = "surveys", request_body = Note, responses((status = 200, body = Offered<SurveyView>), Refusals))]
#[post("/surveys/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// Finishes a survey (working group, secretary, office of the council's unit): it is fixed from then on.
#[utoipa::path(tag = "surveys", request_body = Note, responses((status = 200, body = Offered<SurveyView>), Refusals))]
#[post("/surveys/{id}/finish")]
pub async fn finish(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.take(&steps::FINISH, id).await
}

/// What happened to a survey.
#[utoipa::path(tag = "surveys", responses((status = 200, body = Page<History>), Refusals))]
#[get("/surveys/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    caller.history::<Survey>(id).await
}
