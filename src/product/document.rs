//! `/products/{id}/documents` and `/documents`: what a producer can show for its product.

use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{AccountId, DocumentId, ProductId};
use crate::base::keys::hexadecimal;
use crate::base::{Day, Error, Moment, Result};
use crate::files::{self, Audience, Content, Folder, StoredFile};
use crate::http::{Answer, At, Page, Problem, Refusals};
use crate::product::api::{entry, kept_by, seen};
use crate::product::attachment_store::{self, Document};
use crate::product::rules::{DOCUMENT_KEEPERS, DocumentForm, DocumentKind};
use crate::product::store;

/// A document of a product, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentAnswer {
    id: DocumentId,
    product_id: ProductId,
    kind: DocumentKind,
    number: Option<String>,
    issued_by: Option<String>,
    issued_on: Option<Day>,
    valid_until: Option<Day>,
    file: FileAnswer,
    uploaded_by: AccountId,
    created_at: Moment,
}

/// What is known of a stored file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileAnswer {
    name: String,
    media_type: String,
    /// In bytes.
    size: i64,
    /// Lower-case hexadecimal.
    sha256: String,
}

impl From<StoredFile> for FileAnswer {
    fn from(file: StoredFile) -> Self {
        Self { name: file.name, media_type: file.media_type, size: file.size, sha256: hexadecimal(&file.sha256) }
    }
}

impl From<(Document, StoredFile)> for DocumentAnswer {
    fn from((document, file): (Document, StoredFile)) -> Self {
        Self {
            id: document.id,
            product_id: document.product_id,
            kind: document.kind,
            number: document.number,
            issued_by: document.issued_by,
            issued_on: document.issued_on,
            valid_until: document.valid_until,
            file: file.into(),
            uploaded_by: document.uploaded_by,
            created_at: document.created_at,
        }
    }
}

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
    responses((status = 201, body = DocumentAnswer), Refusals)
)]
#[post("/products/{id}/documents")]
pub async fn add(upload: Upload, id: At<ProductId>) -> Result<Answer, Problem> {
    let asked = id.clone();
    let may = move |work: &mut Work| kept_by(work, asked.get()?, DOCUMENT_KEEPERS);
    let (caller, arrived) = upload.receive(Content::DOCUMENTS, may, |_, _| Ok(()), DocumentForm::check).await?;
    caller
        .write(move |work| {
            let product = kept_by(work, id.get()?, DOCUMENT_KEEPERS)?;
            work.begin()?;
            let form: DocumentForm = work.body()?;
            form.check()?;
            files::store::insert(work.connection, &arrived.file, work.now)?;
            arrived.unnamed.named();
            let (uploader, now) = (work.actor.id, work.now);
            let id =
                attachment_store::insert_document(work.connection, product.id, form, &arrived.file, uploader, now)?;
            let version = store::touch(work.connection, product.id)?;
            work.record(entry(product.id, version, "add_document"))?;
            let found = attachment_store::find_document(work.connection, id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::made(format!("/api/v1/documents/{id}"), DocumentAnswer::from(found))?)
        })
        .await
}

/// The documents of a product, newest first.
#[utoipa::path(
    tag = "products",
    params(
        ("kind" = Option<DocumentKind>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<DocumentAnswer>), Refusals)
)]
#[get("/products/{id}/documents")]
pub async fn list(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = seen(work, id.get()?)?;
            let mut query = work.request.query();
            let paging = query.paging();
            let kind = query.take("kind");
            query.finish()?;
            let found =
                attachment_store::list_documents(work.connection, product.id, kind, paging.after, paging.one_more())?;
            let (documents, next) = paging.cut(found, |(document, _)| document.id)?;
            Ok(Answer::page(documents.into_iter().map(DocumentAnswer::from).collect(), next)?)
        })
        .await
}

/// The document and its file, where the asker may read it. The one place that decides this.
fn readable(work: &mut Work, id: DocumentId) -> Result<(Document, StoredFile)> {
    let (document, file) = attachment_store::find_document(work.connection, id)?.ok_or_else(Error::unknown)?;
    seen(work, document.product_id)?;
    Ok((document, file))
}

/// What is known of a document.
#[utoipa::path(tag = "products", responses((status = 200, body = DocumentAnswer), Refusals))]
#[get("/documents/{id}")]
pub async fn read(caller: Caller, id: At<DocumentId>) -> Result<Answer, Problem> {
    caller.read(|work| Ok(Answer::ok(DocumentAnswer::from(readable(work, id.get()?)?))?)).await
}

/// A document's bytes, as they were uploaded.
#[utoipa::path(
    tag = "products",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals)
)]
#[get("/documents/{id}/content")]
pub async fn content(caller: Caller, id: At<DocumentId>) -> Result<HttpResponse, Problem> {
    let (_, file) = caller.look(move |work| readable(work, id.get()?)).await?;
    Ok(files::serve(&Folder::of(&caller.house.data_dir), file, &caller.request, Audience::Private).await?)
}
