//! `/personal-data-requests`.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, post};

use crate::account::Caller;
use crate::audit::{History, StepName, StepTaken};
use crate::base::Error;
use crate::base::id::PersonalDataRequestId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::personal_data::export::{PersonalDataExport, package};
use crate::personal_data::forms::{PersonalDataAnswer, PersonalDataRequestForm};
use crate::personal_data::rules::must_be_there;
use crate::personal_data::store::PersonalDataRequestFilter;
use crate::personal_data::view::PersonalDataRequestView;
use crate::personal_data::{PersonalDataRequest, steps, store};
use crate::station::{Access, Note, Offered, PageParameters, Thing};

/// Asks for a copy, an erasure or a correction of one's own data (everybody); with `person`, enters what somebody without an
/// account asks by letter or in person (administrator). It is answered within two working days.
#[utoipa::path(
    tag = "personal data",
    request_body = PersonalDataRequestForm,
    responses((status = 201, body = Offered<PersonalDataRequestView>), Refusals)
)]
#[post("/personal-data-requests")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&steps::CREATE).await
}

/// One's own requests; administrators see all. The newest first.
#[utoipa::path(
    tag = "personal data",
    params(PageParameters, PersonalDataRequestFilter),
    responses((status = 200, body = Page<Offered<PersonalDataRequestView>>), Refusals)
)]
#[get("/personal-data-requests")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<PersonalDataRequest>().await
}

/// One request about one's own data.
#[utoipa::path(
    tag = "personal data", responses((status = 200, body = Offered<PersonalDataRequestView>), Refusals)
)]
#[get("/personal-data-requests/{id}")]
pub async fn read(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<Answer, Problem> {
    caller.show::<PersonalDataRequest>(id).await
}

/// Answers a request (administrator). The answer to `export` lets the copy be fetched for seven days; the answer to `erase`
/// carries the erasure out, and tells what was erased and what is kept and why; `correct` says what was put right by the
/// steps of the thing itself.
#[utoipa::path(
    tag = "personal data",
    request_body = PersonalDataAnswer,
    responses((status = 200, body = Offered<PersonalDataRequestView>), Refusals)
)]
#[post("/personal-data-requests/{id}/answer")]
pub async fn answer(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<Answer, Problem> {
    caller.take(&steps::ANSWER, id).await
}

/// Refuses a request, with the reason by the law (administrator).
#[utoipa::path(
    tag = "personal data",
    request_body = Note,
    responses((status = 200, body = Offered<PersonalDataRequestView>), Refusals)
)]
#[post("/personal-data-requests/{id}/refuse")]
pub async fn refuse(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<Answer, Problem> {
    caller.take(&steps::REFUSE, id).await
}

/// Withdraws a request (who asked; administrators where they entered it).
#[utoipa::path(
    tag = "personal data",
    request_body = Note,
    responses((status = 200, body = Offered<PersonalDataRequestView>), Refusals)
)]
#[post("/personal-data-requests/{id}/withdraw")]
pub async fn withdraw(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<Answer, Problem> {
    caller.take(&steps::WITHDRAW, id).await
}

/// The copy of all that is held of who asked, as a file (who asked; administrator, to hand it over). It is made anew each time,
/// for seven days after the answer, and each time stands in the request's history.
#[utoipa::path(tag = "personal data", responses((status = 200, body = PersonalDataExport), Refusals))]
#[get("/personal-data-requests/{id}/export.json")]
pub async fn fetch_export(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<HttpResponse, Problem> {
    exported(caller, id).await
}

/// The copy that a request asks for, for whoever may have it.
pub async fn exported(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<HttpResponse, Problem> {
    let query = caller.request.query();
    let sent = caller
        .write(move |work| {
            let key = id.get()?;
            let request = PersonalDataRequest::load(work, &key, Access::Taken)?.ok_or_else(Error::unknown)?;
            query.finish()?;
            let row = &request.row;
            must_be_there(row.kind, row.state, row.closed_at, work.now)?;
            let made = package(work, &request)?;
            store::count_version(work.connection, key)?;
            let state = Some(row.state.as_ref());
            let entry = StepTaken {
                resource: PersonalDataRequest::RESOURCE,
                id: key,
                version: row.version + 1,
                account: None,
                verb: const { StepName::new("fetch-export") },
                from: state,
                to: state,
                note: None,
            };
            work.record(entry)?;
            Ok(Answer::ok(made)?)
        })
        .await?;
    let number = sent.body().and_then(|body| body.get("number")).cloned().unwrap_or_default();
    let name = format!("attachment; filename=\"personal-data-{number}.json\"");
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, name))
        .json(sent.body()))
}

/// What happened to a request.
#[utoipa::path(tag = "personal data", responses((status = 200, body = Page<History>), Refusals))]
#[get("/personal-data-requests/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<PersonalDataRequestId>) -> Result<Answer, Problem> {
    caller.history::<PersonalDataRequest>(id).await
}
