//! Documents and pictures of products in the database.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::base::id::{AccountId, DocumentId, FileId, PictureId, ProducerId, ProductId};
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{documents, files as files_table, pictures, products};
use crate::db::types::text_column;
use crate::files::store::SUM_OF_SIZES;
use crate::files::{self, StoredFile};
use crate::product::rules::{DocumentForm, DocumentKind};
use crate::product::sizes::StoredSizes;
use crate::product::store::ProductRow;
use crate::product::{Extent, Size};

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
        .inner_join(files_table::table.on(files_table::id.eq(documents::file_id)))
        .filter(documents::id.eq(id))
        .select((Document::as_select(), StoredFile::as_select()))
        .first(connection)
        .optional()?)
}

/// How many bytes the documents and pictures of a producer's products take; a file that several have counts once, and sizes
/// that we make of a picture do not.
pub fn bytes_of(connection: &mut AnyConnection, producer: ProducerId) -> Result<i64> {
    let of_products = products::table.filter(products::producer_id.eq(producer)).select(products::id);
    let in_documents = documents::table.filter(documents::product_id.eq_any(of_products)).select(documents::file_id);
    let in_pictures = pictures::table.filter(pictures::product_id.eq_any(of_products)).select(pictures::file_id);
    let stored = files_table::id.eq_any(in_documents).or(files_table::id.eq_any(in_pictures));
    Ok(files_table::table.filter(stored).select(sql::<BigInt>(SUM_OF_SIZES)).get_result(connection)?)
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
        .inner_join(files_table::table.on(files_table::id.eq(documents::file_id)))
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

/// Documents of a producer's other products that a product lacks, the newest first: a file counts once, however many products
/// have it.
pub fn documents_elsewhere(
    connection: &mut AnyConnection,
    product: &ProductRow,
    limit: i64,
) -> Result<Vec<(Document, StoredFile)>> {
    let held: Vec<FileId> =
        documents::table.filter(documents::product_id.eq(product.id)).select(documents::file_id).load(connection)?;
    let others = products::table
        .filter(products::producer_id.eq(product.producer_id))
        .filter(products::id.ne(product.id))
        .select(products::id);
    let found: Vec<(Document, StoredFile)> = documents::table
        .inner_join(files_table::table.on(files_table::id.eq(documents::file_id)))
        .filter(documents::product_id.eq_any(others))
        .filter(documents::file_id.ne_all(held))
        .select((Document::as_select(), StoredFile::as_select()))
        .order(documents::id.desc())
        .limit(limit)
        .load(connection)?;
    let mut known = HashSet::new();
    Ok(found.into_iter().filter(|(_, file)| known.insert(file.id)).collect())
}

/// Until when the documents of these kinds hold, each with its product.
pub fn ends_of(
    connection: &mut AnyConnection,
    products: &[ProductId],
    kinds: &[DocumentKind],
) -> Result<Vec<(ProductId, Option<Day>)>> {
    Ok(documents::table
        .filter(documents::product_id.eq_any(products.to_vec()))
        .filter(documents::kind.eq_any(kinds.to_vec()))
        .select((documents::product_id, documents::valid_until))
        .load(connection)?)
}

/// The documents of these products by kind, each with its last day where it has one.
pub fn terms_of(
    connection: &mut AnyConnection,
    products: &[ProductId],
) -> Result<Vec<(ProductId, DocumentKind, Option<Day>)>> {
    Ok(documents::table
        .filter(documents::product_id.eq_any(products.to_vec()))
        .order(documents::id)
        .select((documents::product_id, documents::kind, documents::valid_until))
        .load(connection)?)
}

/// A picture of a product; the first is its face.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pictures)]
pub struct Picture {
    pub id: PictureId,
    pub product_id: ProductId,
    pub created_at: Moment,
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// Among the product's pictures; those of one place follow one another by their ids.
    pub place: i32,
}

impl Picture {
    /// By what a product's pictures are ordered.
    pub fn order(&self) -> (i32, PictureId) {
        (self.place, self.id)
    }

    /// How large it is in a size, without looking at it. Of a picture from before sizes were kept this is known once one
    /// of its smaller sizes was asked for.
    pub fn extent(&self, size: Size) -> Option<Extent> {
        let (width, height) = (u32::try_from(self.width?).ok()?, u32::try_from(self.height?).ok()?);
        Some(Extent { width, height }.within(size))
    }
}

/// Writes a picture's row and, unless they are there, those of its files.
pub fn insert_picture(
    connection: &mut AnyConnection,
    product: ProductId,
    kept: &StoredSizes,
    now: Moment,
) -> Result<Picture> {
    if files::store::find(connection, kept.large.id)?.is_none() {
        files::store::insert(connection, &kept.large, now)?;
        insert_smaller(connection, kept, now)?;
    }
    let last: Option<i32> =
        pictures::table.filter(pictures::product_id.eq(product)).select(max(pictures::place)).first(connection)?;
    let place = last.filter(|last| *last > 0).map_or(0, |last| last.saturating_add(1));
    write_picture(connection, (PictureId::new(), place), product, kept, now)
}

fn write_picture(
    connection: &mut AnyConnection,
    (id, place): (PictureId, i32),
    product: ProductId,
    kept: &StoredSizes,
    now: Moment,
) -> Result<Picture> {
    let (width, height) = sides(kept)?;
    diesel::insert_into(pictures::table)
        .values((
            pictures::id.eq(id),
            pictures::product_id.eq(product),
            pictures::file_id.eq(kept.large.id),
            pictures::created_at.eq(now),
            pictures::width.eq(width),
            pictures::height.eq(height),
            pictures::medium_file_id.eq(kept.medium.id),
            pictures::small_file_id.eq(kept.small.id),
            pictures::place.eq(place),
        ))
        .execute(connection)?;
    Ok(Picture { id, product_id: product, created_at: now, width: Some(width), height: Some(height), place })
}

/// Puts a picture in the place of another one, whose row goes: its address was promised never to show anything else. The id
/// of the new one stands directly behind the old one's, so that it keeps its place among the product's pictures.
pub fn replace_picture(
    connection: &mut AnyConnection,
    old: PictureId,
    product: ProductId,
    kept: &StoredSizes,
    now: Moment,
) -> Result<()> {
    files::store::insert(connection, &kept.large, now)?;
    insert_smaller(connection, kept, now)?;
    let id = PictureId::from_uuid(Uuid::from_u128(old.uuid().as_u128().wrapping_add(1)));
    let place: i32 = pictures::table.find(old).select(pictures::place).first(connection)?;
    write_picture(connection, (id, place), product, kept, now)?;
    delete_picture(connection, old)
}

/// Takes a picture from its product; its files are swept where nothing else has them.
pub fn delete_picture(connection: &mut AnyConnection, id: PictureId) -> Result<()> {
    diesel::delete(pictures::table.find(id)).execute(connection)?;
    Ok(())
}

/// Puts a product's pictures in this order.
pub fn order_pictures(connection: &mut AnyConnection, ids: &[PictureId]) -> Result<()> {
    for (id, place) in ids.iter().zip(1i32..) {
        diesel::update(pictures::table.find(id)).set(pictures::place.eq(place)).execute(connection)?;
    }
    Ok(())
}

/// Takes a document from its product; its file is swept where nothing else has it.
pub fn delete_document(connection: &mut AnyConnection, id: DocumentId) -> Result<()> {
    diesel::delete(documents::table.find(id)).execute(connection)?;
    Ok(())
}

/// Gives a picture from before its smaller sizes, unless somebody else just did. Whether it did.
pub fn complete_picture(
    connection: &mut AnyConnection,
    id: PictureId,
    kept: &StoredSizes,
    now: Moment,
) -> Result<bool> {
    diesel::update(pictures::table.find(id)).set(pictures::file_id.eq(pictures::file_id)).execute(connection)?;
    let known: Option<FileId> = pictures::table.find(id).select(pictures::small_file_id).first(connection)?;
    if known.is_some() {
        return Ok(false);
    }
    insert_smaller(connection, kept, now)?;
    let (width, height) = sides(kept)?;
    diesel::update(pictures::table.find(id))
        .set((
            pictures::width.eq(width),
            pictures::height.eq(height),
            pictures::medium_file_id.eq(kept.medium.id),
            pictures::small_file_id.eq(kept.small.id),
        ))
        .execute(connection)?;
    Ok(true)
}

fn insert_smaller(connection: &mut AnyConnection, kept: &StoredSizes, now: Moment) -> Result<()> {
    if kept.medium.id != kept.large.id {
        files::store::insert(connection, &kept.medium, now)?;
    }
    if kept.small.id != kept.medium.id {
        files::store::insert(connection, &kept.small, now)?;
    }
    Ok(())
}

fn sides(kept: &StoredSizes) -> Result<(i32, i32)> {
    let Extent { width, height } = kept.extent;
    Ok((i32::try_from(width).map_err(Error::internal)?, i32::try_from(height).map_err(Error::internal)?))
}

/// A picture's file in a size.
#[derive(Debug, Clone)]
pub enum Sized {
    There(StoredFile),
    /// It is from before sizes were kept; this is its large one.
    NotMade(StoredFile),
}

/// None where there is no such picture.
pub fn find_picture(connection: &mut AnyConnection, id: PictureId, size: Size) -> Result<Option<Sized>> {
    let row: Option<(FileId, Option<FileId>, Option<FileId>)> = pictures::table
        .find(id)
        .select((pictures::file_id, pictures::medium_file_id, pictures::small_file_id))
        .first(connection)
        .optional()?;
    let Some((large, medium, small)) = row else { return Ok(None) };
    let wanted = match size {
        Size::Large => Some(large),
        Size::Medium => medium,
        Size::Small => small,
    };
    let file = files::store::find(connection, wanted.unwrap_or(large))?;
    let file = file.ok_or_else(|| Error::internal("a picture whose file has no row"))?;
    Ok(Some(if wanted.is_some() { Sized::There(file) } else { Sized::NotMade(file) }))
}

/// How many pictures each of these products has, where it has one.
pub fn count_pictures(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, i64>> {
    let counted: Vec<(ProductId, i64)> = pictures::table
        .filter(pictures::product_id.eq_any(products.to_vec()))
        .group_by(pictures::product_id)
        .select((pictures::product_id, diesel::dsl::count_star()))
        .load(connection)?;
    Ok(counted.into_iter().collect())
}

/// A product's pictures in their order: the first is its face.
pub fn list_pictures(
    connection: &mut AnyConnection,
    product: ProductId,
    after: Option<(i32, PictureId)>,
    limit: i64,
) -> Result<Vec<Picture>> {
    let mut query = pictures::table.filter(pictures::product_id.eq(product)).select(Picture::as_select()).into_boxed();
    if let Some((place, id)) = after {
        query = query.filter(pictures::place.gt(place).or(pictures::place.eq(place).and(pictures::id.gt(id))));
    }
    Ok(query.order((pictures::place, pictures::id)).limit(limit).load(connection)?)
}

/// The pictures of these products, of each in their order.
pub fn pictures_of(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, Vec<Picture>>> {
    let rows: Vec<Picture> = pictures::table
        .filter(pictures::product_id.eq_any(products.to_vec()))
        .order((pictures::place, pictures::id))
        .select(Picture::as_select())
        .load(connection)?;
    let mut found: HashMap<ProductId, Vec<Picture>> = HashMap::new();
    for picture in rows {
        found.entry(picture.product_id).or_default().push(picture);
    }
    Ok(found)
}

/// These documents with their files.
pub fn documents_with_files(connection: &mut AnyConnection, ids: &[DocumentId]) -> Result<Vec<(Document, StoredFile)>> {
    Ok(documents::table
        .inner_join(files_table::table.on(files_table::id.eq(documents::file_id)))
        .filter(documents::id.eq_any(ids.to_vec()))
        .order(documents::id)
        .select((Document::as_select(), StoredFile::as_select()))
        .load(connection)?)
}

/// The pictures that stand for products, where they have one.
pub fn faces(connection: &mut AnyConnection, products: &[ProductId]) -> Result<HashMap<ProductId, Picture>> {
    let of_each = pictures_of(connection, products)?.into_iter();
    Ok(of_each.filter_map(|(product, pictures)| Some((product, pictures.into_iter().next()?))).collect())
}

/// The picture that stands for a product.
pub fn face(connection: &mut AnyConnection, product: ProductId) -> Result<Option<Picture>> {
    Ok(list_pictures(connection, product, None, 1)?.into_iter().next())
}
