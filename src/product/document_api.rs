//! `/products/{id}/documents` and `/documents`: what a producer can show for its product.

use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{DocumentId, ProductId};
use crate::base::{Day, Error, Result};
use crate::files::{self, Audience, FileKind, Folder, StoredFile};
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::product::Product;
use crate::product::attachment_store::{self, Document};
use crate::product::document::DocumentView;
use crate::product::rules::{DocumentForm, DocumentKind};
use crate::product::steps::{ADD_DOCUMENT, DocumentReuse, REUSE_DOCUMENT};
use crate::station::{Added, find};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct DocumentUpload {
    /// PDF, JPEG, PNG, DOCX or XLSX, at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: String,
    kind: DocumentKind,
    number: Option<String>,
    issued_by: Option<String>,
    issued_on: Option<Day>,
    valid_until: Option<Day>,
}

/// Adds a document to a product (its producer; commune or district officer).
#[utoipa::path(
    tag = "products",
    request_body(content = DocumentUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<DocumentView>), Refusals)
)]
#[post("/products/{id}/documents")]
pub async fn add(upload: Upload, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    upload.take_for(&ADD_DOCUMENT, id, FileKind::DOCUMENTS, DocumentForm::check, made).await
}

/// A document that was made.
pub fn made(work: &mut Work, id: DocumentId) -> Result<Answer> {
    let found = attachment_store::find_document(work.connection, id)?.ok_or_else(Error::unknown)?;
    let product = found.0.product_id;
    let view = DocumentView::of_one(work, found)?;
    Answer::made(format!("/api/v1/documents/{id}"), Added::to::<Product>(work, &product, view)?)
}

/// Gives a product a document that another product of its producer has already (its producer; commune or district officer):
/// a paper is scanned once, however many products and years it serves.
#[utoipa::path(
    tag = "products",
    request_body = DocumentReuse,
    responses((status = 201, body = Added<DocumentView>), Refusals)
)]
#[post("/products/{id}/reuse-document")]
pub async fn reuse(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.take_for(&REUSE_DOCUMENT, id, made).await
}

/// The documents of a product, newest first.
#[utoipa::path(
    tag = "products",
    params(
        ("kind" = Option<DocumentKind>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<DocumentView>), Refusals)
)]
#[get("/products/{id}/documents")]
pub async fn list(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let product = find::<Product>(work, &id.get()?)?;
            let paging = query.paging();
            let kind = query.take("kind");
            query.finish()?;
            let found = attachment_store::list_documents(
                work.connection,
                product.row.id,
                kind,
                paging.after,
                paging.one_more(),
            )?;
            let (documents, next) = paging.cut(found, |(document, _)| document.id)?;
            Ok(Answer::page(DocumentView::of(work, documents)?, next)?)
        })
        .await
}

/// The document and its file, where the asker may read it. The one place that decides this.
fn readable(work: &mut Work, id: DocumentId) -> Result<(Document, StoredFile)> {
    let (document, file) = attachment_store::find_document(work.connection, id)?.ok_or_else(Error::unknown)?;
    find::<Product>(work, &document.product_id)?;
    Ok((document, file))
}

/// What is known of a document.
#[utoipa::path(tag = "products", responses((status = 200, body = DocumentView), Refusals))]
#[get("/documents/{id}")]
pub async fn read(caller: Caller, id: PathParam<DocumentId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let found = readable(work, id.get()?)?;
            Ok(Answer::ok(DocumentView::of_one(work, found)?)?)
        })
        .await
}

/// A document's bytes, as they were uploaded.
#[utoipa::path(
    tag = "products",
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )), Refusals)
)]
#[get("/documents/{id}/content")]
pub async fn content(caller: Caller, id: PathParam<DocumentId>) -> Result<HttpResponse, Problem> {
    sent(caller, id, Audience::Private).await
}

/// The file of a document, to who may read it.
pub async fn sent(caller: Caller, id: PathParam<DocumentId>, audience: Audience) -> Result<HttpResponse, Problem> {
    let (_, file) = caller.look(move |work| readable(work, id.get()?)).await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, audience).await?)
}
