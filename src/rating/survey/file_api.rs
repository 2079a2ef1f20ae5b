//! `/surveys/{id}/photographs`, `/surveys/{id}/test-papers` and `/survey-files`: read by who reads the survey, public to nobody.

use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{SurveyFileId, SurveyId, SurveyTestId};
use crate::base::{Error, Result};
use crate::files::{self, Audience, FileKind, Folder};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::survey::Survey;
use crate::rating::survey::steps::{ADD_PHOTOGRAPH, ADD_TEST_PAPER, PhotographFields, TestPaperFields};
use crate::rating::survey::store;
use crate::rating::survey::view::{SurveyFileView, address};
use crate::station::{Added, find};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct PhotographUpload {
    /// JPEG or PNG, at most 20 MiB; kept as it is.
    #[schema(value_type = String, format = Binary)]
    file: String,
    caption: Option<String>,
}

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct TestPaperUpload {
    /// PDF, JPEG or PNG, at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// Of which test.
    test: SurveyTestId,
}

fn added(work: &mut Work, id: SurveyFileId) -> Result<Answer> {
    let found = store::file(work.connection, id)?.ok_or_else(Error::unknown)?;
    let survey = found.0.survey_id;
    Answer::made(address(id), Added::to::<Survey>(work, &survey, SurveyFileView::from(found))?)
}

/// Adds a photograph to a survey that is not finished (working group, secretary, office of the council's unit).
#[utoipa::path(
    tag = "surveys",
    request_body(content = PhotographUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<SurveyFileView>), Refusals)
)]
#[post("/surveys/{id}/photographs")]
pub async fn add_photograph(upload: Upload, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_PHOTOGRAPH, id, FileKind::PICTURES, PhotographFields::check, added).await
}

/// Adds a laboratory's paper to a survey that is not finished (working group, secretary, office of the council's unit).
#[utoipa::path(
    tag = "surveys",
    request_body(content = TestPaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<SurveyFileView>), Refusals)
)]
#[post("/surveys/{id}/test-papers")]
pub async fn add_test_paper(upload: Upload, id: PathParam<SurveyId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_TEST_PAPER, id, FileKind::PAPERS, |_: &TestPaperFields| Ok(()), added).await
}

/// A photograph or a laboratory's paper, byte for byte, for who reads the survey.
#[utoipa::path(
    tag = "surveys",
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")
    )), Refusals)
)]
#[get("/survey-files/{id}")]
pub async fn show(caller: Caller, id: PathParam<SurveyFileId>) -> Result<HttpResponse, Problem> {
    sent(caller, id).await
}

/// The same for who asks from a page.
pub async fn sent(caller: Caller, id: PathParam<SurveyFileId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let (file, stored) = store::file(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            find::<Survey>(work, &file.survey_id)?;
            Ok(stored)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}
