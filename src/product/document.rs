//! What is shown of a document.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, DocumentId, ProductId};
use crate::base::keys::hexadecimal;
use crate::base::{Day, Moment, Result};
use crate::files::{DocumentKind, StoredFile};
use crate::product::attachment_store::Document;

/// A document of a product, without its bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    id: DocumentId,
    product_id: ProductId,
    kind: DocumentKind,
    number: Option<String>,
    issued_by: Option<String>,
    issued_on: Option<Day>,
    valid_until: Option<Day>,
    file: FileAnswer,
    uploaded_by: AccountId,
    uploaded_by_name: String,
    created_at: Moment,
}

/// What is known of a stored file.
#[derive(Debug, Clone, Serialize, ToSchema)]
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

impl DocumentView {
    /// Documents with who brought them.
    pub fn of(work: &mut Work, documents: Vec<(Document, StoredFile)>) -> Result<Vec<Self>> {
        let accounts: Vec<AccountId> = documents.iter().map(|(document, _)| document.uploaded_by).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let view = |(document, file): (Document, StoredFile)| Self {
            id: document.id,
            product_id: document.product_id,
            kind: document.kind,
            number: document.number,
            issued_by: document.issued_by,
            issued_on: document.issued_on,
            valid_until: document.valid_until,
            file: file.into(),
            uploaded_by: document.uploaded_by,
            uploaded_by_name: accounts.get(&document.uploaded_by).cloned().unwrap_or_default(),
            created_at: document.created_at,
        };
        Ok(documents.into_iter().map(view).collect())
    }

    pub fn of_one(work: &mut Work, document: (Document, StoredFile)) -> Result<Self> {
        Self::of(work, vec![document])?.pop().ok_or_else(|| crate::base::Error::internal("a view is missing"))
    }
}
