//! Documents and pictures of products in the database.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, DocumentId, PictureId, ProductId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{documents, files, pictures};
use crate::db::types::text_column;
use crate::files::StoredFile;
use crate::product::rules::{DocumentForm, DocumentKind};

text_column!(DocumentKind);

/// A document of a product (tài liệu minh chứng).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Document {
    pub id: DocumentId,
    pub product_id: ProductId,
    pub kind: DocumentKind,
    pub number: Option<String>,
    pub issued_by: Option<String>,
    pub issued_on: Option<Day>,
    pub valid_until: Option<Day>,
    pub uploaded_by: AccountId,
    pub created_at: Moment,
}

/// Writes a document's row; its file's row must be there.
pub fn insert_document(
    connection: &mut AnyConnection,
    product: ProductId,
    form: DocumentForm,
    file: &StoredFile,
    uploaded_by: AccountId,
    now: Moment,
) -> Result<DocumentId> {
    let id = DocumentId::new();
    diesel::insert_into(documents::table)
        .values((
            documents::id.eq(id),
            documents::product_id.eq(product),
            documents::file_id.eq(file.id),
            documents::kind.eq(form.kind),
            documents::number.eq(form.number),
            documents::issued_by.eq(form.issued_by),
            documents::issued_on.eq(form.issued_on),
            documents::valid_until.eq(form.valid_until),
            documents::uploaded_by.eq(uploaded_by),
            documents::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn find_document(connection: &mut AnyConnection, id: DocumentId) -> Result<Option<(Document, StoredFile)>> {
    Ok(documents::table
        .inner_join(files::table.on(files::id.eq(documents::file_id)))
        .filter(documents::id.eq(id))
        .select((Document::as_select(), StoredFile::as_select()))
        .first(connection)
        .optional()?)
}

/// A product's documents, newest first.
pub fn list_documents(
    connection: &mut AnyConnection,
    product: ProductId,
    kind: Option<DocumentKind>,
    after: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<(Document, StoredFile)>> {
    let mut query = documents::table
        .inner_join(files::table.on(files::id.eq(documents::file_id)))
        .filter(documents::product_id.eq(product))
        .select((Document::as_select(), StoredFile::as_select()))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(documents::kind.eq(kind));
    }
    if let Some(after) = after {
        query = query.filter(documents::id.lt(after));
    }
    Ok(query.order(documents::id.desc()).limit(limit).load(connection)?)
}

/// All documents of a product, without their files.
pub fn documents_of(connection: &mut AnyConnection, product: ProductId) -> Result<Vec<Document>> {
    let documents = documents::table.filter(documents::product_id.eq(product)).order(documents::id);
    Ok(documents.select(Document::as_select()).load(connection)?)
}

/// A picture of a product; the first is its face.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = pictures)]
pub struct Picture {
    pub id: PictureId,
    pub product_id: ProductId,
    pub created_at: Moment,
}

/// Writes a picture's row; its file's row must be there.
pub fn insert_picture(
    connection: &mut AnyConnection,
    product: ProductId,
    file: &StoredFile,
    now: Moment,
) -> Result<PictureId> {
    let id = PictureId::new();
    diesel::insert_into(pictures::table)
        .values((
            pictures::id.eq(id),
            pictures::product_id.eq(product),
            pictures::file_id.eq(file.id),
            pictures::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn find_picture(connection: &mut AnyConnection, id: PictureId) -> Result<Option<StoredFile>> {
    Ok(pictures::table
        .inner_join(files::table.on(files::id.eq(pictures::file_id)))
        .filter(pictures::id.eq(id))
        .select(StoredFile::as_select())
        .first(connection)
        .optional()?)
}

pub fn count_pictures(connection: &mut AnyConnection, product: ProductId) -> Result<i64> {
    Ok(pictures::table.filter(pictures::product_id.eq(product)).count().get_result(connection)?)
}

/// A product's pictures, oldest first: the first is its face.
pub fn list_pictures(
    connection: &mut AnyConnection,
    product: ProductId,
    after: Option<PictureId>,
    limit: i64,
) -> Result<Vec<Picture>> {
    let mut query = pictures::table.filter(pictures::product_id.eq(product)).select(Picture::as_select()).into_boxed();
    if let Some(after) = after {
        query = query.filter(pictures::id.gt(after));
    }
    Ok(query.order(pictures::id).limit(limit).load(connection)?)
}

/// The pictures that stand for products, where they have one.
pub fn faces(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, PictureId>> {
    // Newest first, so that the oldest of a product is what stays in the map.
    let rows: Vec<(ProductId, PictureId)> = pictures::table
        .filter(pictures::product_id.eq_any(products.to_vec()))
        .order(pictures::id.desc())
        .select((pictures::product_id, pictures::id))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The picture that stands for a product.
pub fn face(connection: &mut AnyConnection, product: ProductId) -> Result<Option<PictureId>> {
    Ok(list_pictures(connection, product, None, 1)?.into_iter().next().map(|picture| picture.id))
}
