//! `/decisions/{id}/originals` and `/decision-originals`.

use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{DecisionId, OriginalId};
use crate::base::{Error, Result};
use crate::decision::Decision;
use crate::decision::original_steps::{ADD_ORIGINAL, judged};
use crate::decision::signature::store;
use crate::decision::signature::view::{OriginalView, views};
use crate::files::{self, Arrived, Audience, FileKind, Folder};
use crate::http::{Answer, App, ListParameters, Page, PathParam, Problem, Refusals};
use crate::station::{NoFields, find};

/// Signed originals are PDF.
pub const KINDS: &[FileKind] = &[FileKind::Pdf];

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct OriginalUpload {
    /// The signed PDF, at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// Hands in the PDF of a decision that was signed outside (office and signatory of its unit). Its signatures are judged and
/// its content is held against the draft's PDF; it is kept whatever comes of it, and the one that was handed in last counts.
#[utoipa::path(
    tag = "decisions",
    request_body(content = OriginalUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = OriginalView), Refusals)
)]
#[post("/decisions/{id}/originals")]
pub async fn add(upload: Upload, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    let answer = |work: &mut Work, id: OriginalId| {
        let original = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
        let address = format!("/api/v1/decisions/{}/originals", original.decision_id);
        let view = views(work, vec![original])?.pop().ok_or_else(Error::unknown)?;
        Answer::made(address, view)
    };
    let decision = id.clone();
    let prepare = async move |app: &App, arrived: Arrived| judged(app, decision.get()?, arrived).await;
    upload.take_prepared(&ADD_ORIGINAL, id, KINDS, |_: &NoFields| Ok(()), prepare, answer).await
}

/// The signed originals of a decision, the newest first.
#[utoipa::path(tag = "decisions", params(ListParameters), responses((status = 200, body = Page<OriginalView>), Refusals))]
#[get("/decisions/{id}/originals")]
pub async fn list(caller: Caller, id: PathParam<DecisionId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let decision = find::<Decision>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let originals = store::list(work.connection, decision.id, paging.after, paging.one_more())?;
            let (originals, next) = paging.cut(originals, |original| original.id)?;
            Ok(Answer::page(views(work, originals)?, next)?)
        })
        .await
}

/// A signed original itself, byte for byte.
#[utoipa::path(
    tag = "decisions",
    responses((status = 200, description = "The file", content_type = "application/pdf"), Refusals)
)]
#[get("/decision-originals/{id}/content")]
pub async fn content(caller: Caller, id: PathParam<OriginalId>) -> Result<HttpResponse, Problem> {
    sent(caller, id).await
}

/// The file of an original, to who may read it.
pub async fn sent(caller: Caller, id: PathParam<OriginalId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(|work| {
            let original = store::find(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            find::<Decision>(work, &original.decision_id)?;
            files::store::find(work.connection, original.file_id)?.ok_or_else(Error::unknown)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}
