//! `/support-claims/{id}/papers`, `/support-claims/{id}/minutes` and `/support-claim-files`: read by who reads the claim, public
//! to nobody.

use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{SupportClaimFileId, SupportClaimId};
use crate::base::{Error, Result};
use crate::files::{self, Audience, FileKind, Folder};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::station::{Added, find};
use crate::support::SupportClaim;
use crate::support::claim::making::{ADD_PAPER, ClaimPaperFields};
use crate::support::claim::office::ADD_MINUTES;
use crate::support::claim::store;
use crate::support::claim::view::{SupportClaimFileView, address};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct ClaimPaperUpload {
    /// PDF, JPEG or PNG, at most 20 MiB; kept as it is.
    #[schema(value_type = String, format = Binary)]
    file: String,
    caption: Option<String>,
}

fn added(work: &mut Work, id: SupportClaimFileId) -> Result<Answer> {
    let found = store::file(work.connection, id)?.ok_or_else(Error::unknown)?;
    let claim = found.0.claim_id;
    Answer::made(address(id), Added::to::<SupportClaim>(work, &claim, SupportClaimFileView::from(found))?)
}

/// Adds an invoice or another paper to a claim that is not handed in, or came back (producer).
#[utoipa::path(
    tag = "support",
    request_body(content = ClaimPaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<SupportClaimFileView>), Refusals)
)]
#[post("/support-claims/{id}/papers")]
pub async fn add_paper(upload: Upload, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_PAPER, id, FileKind::PAPERS, ClaimPaperFields::check, added).await
}

/// Adds the minutes of the acceptance to a claim that was handed in (commune or district, by edition).
#[utoipa::path(
    tag = "support",
    request_body(content = ClaimPaperUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<SupportClaimFileView>), Refusals)
)]
#[post("/support-claims/{id}/minutes")]
pub async fn add_minutes(upload: Upload, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_MINUTES, id, FileKind::PAPERS, ClaimPaperFields::check, added).await
}

/// A paper of a claim, byte for byte, for who reads the claim.
#[utoipa::path(
    tag = "support",
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")
    )), Refusals)
)]
#[get("/support-claim-files/{id}")]
pub async fn show(caller: Caller, id: PathParam<SupportClaimFileId>) -> Result<HttpResponse, Problem> {
    sent(caller, id).await
}

/// The same for who asks from a page.
pub async fn sent(caller: Caller, id: PathParam<SupportClaimFileId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let (file, stored) = store::file(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            find::<SupportClaim>(work, &file.claim_id)?;
            Ok(stored)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}
