//! `/inspections/{id}/files`, `/inspections/{id}/reply-papers` and `/inspection-files`: read by who reads the inspection, public
//! to nobody.

use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{InspectionFileId, InspectionId};
use crate::base::{Error, Result};
use crate::files::{self, Audience, FileKind, Folder};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::inspection::Inspection;
use crate::inspection::outcome::{ADD_REPLY_PAPER, ReplyPaperFields};
use crate::inspection::store;
use crate::inspection::view::{InspectionFileView, address};
use crate::inspection::visit::{ADD_FILE, InspectionFileFields, TeamPurpose};
use crate::station::{Added, find};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct InspectionFileUpload {
    /// PDF, JPEG or PNG, at most 20 MiB; kept as it is.
    #[schema(value_type = String, format = Binary)]
    file: String,
    purpose: TeamPurpose,
    caption: Option<String>,
}

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct ReplyPaperUpload {
    /// PDF, JPEG or PNG, at most 20 MiB; kept as it is.
    #[schema(value_type = String, format = Binary)]
    file: String,
    caption: Option<String>,
}

fn added(work: &mut Work, id: InspectionFileId) -> Result<Answer> {
    let found = store::file(work.connection, id)?.ok_or_else(Error::unknown)?;
    let inspection = found.0.inspection_id;
    Answer::made(address(id), Added::to::<Inspection>(work, &inspection, InspectionFileView::from(found))?)
}

/// Adds a photograph or a paper to an inspection from the visit to the conclusion (team, provincial office).
#[utoipa::path(
    tag = "inspections",
    request_body(content = InspectionFileUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<InspectionFileView>), Refusals)
)]
#[post("/inspections/{id}/files")]
pub async fn add_file(upload: Upload, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_FILE, id, FileKind::PAPERS, InspectionFileFields::check, added).await
}

/// Adds what shows that an order was followed (producer).
#[utoipa::path(
    tag = "inspections",
    request_body(content = ReplyPaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<InspectionFileView>), Refusals)
)]
#[post("/inspections/{id}/reply-papers")]
pub async fn add_reply_paper(upload: Upload, id: PathParam<InspectionId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_REPLY_PAPER, id, FileKind::PAPERS, ReplyPaperFields::check, added).await
}

/// A photograph or a paper of an inspection, byte for byte, for who reads the inspection.
#[utoipa::path(
    tag = "inspections",
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")
    )), Refusals)
)]
#[get("/inspection-files/{id}")]
pub async fn show(caller: Caller, id: PathParam<InspectionFileId>) -> Result<HttpResponse, Problem> {
    sent(caller, id).await
}

/// The same for who asks from a page.
pub async fn sent(caller: Caller, id: PathParam<InspectionFileId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let (file, stored) = store::file(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            find::<Inspection>(work, &file.inspection_id)?;
            Ok(stored)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}
