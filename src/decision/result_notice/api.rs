//! `/result-notices`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::ResultNoticeId;
use crate::decision::result_notice::ResultNotice;
use crate::decision::result_notice::steps::{self, ResultNoticeForm};
use crate::decision::result_notice::store::ResultNoticeFilter;
use crate::decision::result_notice::view::ResultNoticeView;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Offered, PageParameters};

/// Gives written notice of a result to commune and producer (office of the unit whose council concluded).
#[utoipa::path(
    tag = "decisions", request_body = ResultNoticeForm,
    responses((status = 201, body = Offered<ResultNoticeView>), Refusals)
)]
#[post("/result-notices")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// Notices of results in one's territory, the newest first.
#[utoipa::path(
    tag = "decisions",
    params(PageParameters, ResultNoticeFilter),
    responses((status = 200, body = Page<Offered<ResultNoticeView>>), Refusals)
)]
#[get("/result-notices")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<ResultNotice>().await
}

/// One notice.
#[utoipa::path(tag = "decisions", responses((status = 200, body = Offered<ResultNoticeView>), Refusals))]
#[get("/result-notices/{id}")]
pub async fn read(caller: Caller, id: PathParam<ResultNoticeId>) -> Result<Answer, Problem> {
    caller.show::<ResultNotice>(id).await
}

/// What happened to a notice.
#[utoipa::path(tag = "decisions", responses((status = 200, body = Page<History>), Refusals))]
#[get("/result-notices/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<ResultNoticeId>) -> Result<Answer, Problem> {
    caller.history::<ResultNotice>(id).await
}
