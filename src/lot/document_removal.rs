//! `POST /products/{id}/remove-document`: a document goes, unless a dossier or an event of a lot rests on it.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{DocumentId, ProductId};
use crate::base::{Error, Result, say};
use crate::dossier;
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::lot::event_store;
use crate::product::steps::DOCUMENT_REMOVAL;
use crate::product::view::ProductView;
use crate::product::{self, Product, attachment_store};
use crate::station::{Offered, Taken, Verb, plain_forms};

/// Which document is removed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedDocument {
    pub document_id: DocumentId,
}

plain_forms!(NamedDocument);

/// Takes a document from a product.
pub static REMOVE_DOCUMENT: Verb<Product, NamedDocument> = DOCUMENT_REMOVAL.taken(remove);

fn remove(work: &mut Work, product: &Product, NamedDocument { document_id: id }: NamedDocument) -> Result<Taken> {
    let found = attachment_store::find_document(work.connection, id)?;
    let found = found.filter(|(document, _)| document.product_id == product.row.id);
    let (document, _) = found.ok_or_else(|| {
        let text = say("Không phải giấy tờ của sản phẩm này.", "This is no document of the product.");
        Error::invalid("/document_id", "unknown_document", text)
    })?;
    // A dossier that was handed in keeps what it could name then, also once it came back and names something else.
    let is_needed = dossier::store::names_document(work.connection, id)?
        || dossier::store::was_submitted_since(work.connection, document.product_id, document.created_at)?
        || event_store::names_document(work.connection, id)?;
    if is_needed {
        return Err(Error::conflict(
            "document_in_use",
            say(
                "Hồ sơ hoặc sự kiện của lô hàng dựa vào giấy tờ này nên không bỏ được.",
                "A dossier or an event of a lot rests on this document, and so it stays.",
            ),
        ));
    }
    attachment_store::delete_document(work.connection, id)?;
    product::store::touch(work.connection, product.row.id)?;
    Ok(Taken::stayed())
}

/// Takes a document from a product (its producer; commune or district officer): never one that a dossier names, that was there
/// when a dossier was handed in, or that an event of a lot names (409).
#[utoipa::path(
    tag = "products",
    request_body = NamedDocument,
    responses((status = 200, body = Offered<ProductView>), Refusals)
)]
#[post("/products/{id}/remove-document")]
pub async fn remove_document(caller: Caller, id: PathParam<ProductId>) -> std::result::Result<Answer, Problem> {
    caller.take(&REMOVE_DOCUMENT, id).await
}
