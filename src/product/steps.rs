//! The steps of products: changed, given documents and pictures. A product comes into being by a plan's approval.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::id::{DocumentId, PictureId};
use crate::base::{Error, Result, say};
use crate::files::{self, Unnamed};
use crate::product::Product;
use crate::product::attachment_store::{self, Document, Picture};
use crate::product::reshaping::CutOff;
use crate::product::rules::{DocumentForm, Gtin, ProductChange};
use crate::product::sizes::StoredSizes;
use crate::product::store;
use crate::station::{Announced, By, Label, Offer, Taken, Uploaded, Verb, label, patch_forms, plain_forms};

plain_forms!(DocumentReuse, PictureTurn, NamedPicture, PictureMove);
patch_forms!(ProductChange);

/// So many documents of other products are looked through, the newest first.
pub const MOST_ELSEWHERE: i64 = 200;

/// So many pictures a product may have.
const MOST_PICTURES: i64 = 20;

const IN_THE_TERRITORY: Label = label("trong địa bàn của mình", "in the own territory");

/// Who changes a product and gives it pictures.
const KEEPERS: By =
    By::Some(&[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer], IN_THE_TERRITORY);

/// Changes what describes a product.
pub static CHANGE: Verb<Product, ProductChange> =
    Verb::new("change", label("Sửa sản phẩm", "Change the product"), KEEPERS, change).right(Product::must_be_held);

/// Adds a document to a product.
pub static ADD_DOCUMENT: Verb<Product, Uploaded<DocumentForm>, DocumentId> = Verb::new(
    "add-document",
    label("Thêm tài liệu", "Add a document"),
    By::Some(&[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer], IN_THE_TERRITORY),
    add_document,
)
.right(Product::must_be_held)
.at_any_version();

/// Gives a product a document that another product of its producer has already: the same file, with what is known of it.
pub static REUSE_DOCUMENT: Verb<Product, DocumentReuse, DocumentId> = Verb::new(
    "reuse-document",
    label("Dùng lại giấy tờ đã có", "Use a document again"),
    By::Some(&[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer], IN_THE_TERRITORY),
    reuse_document,
)
.right(Product::must_be_held)
.at_any_version();

/// Adds a picture to a product.
pub static ADD_PICTURE: Verb<Product, NewPicture, Picture> =
    Verb::new("add-picture", label("Thêm ảnh", "Add a picture"), KEEPERS, add_picture)
        .right(Product::must_be_held)
        .open(|_, product| must_have_room(product))
        .at_any_version();

/// Puts a turned or cut picture in the place of the one that it was made of.
pub static TURN_PICTURE: Verb<Product, TurnedPicture> =
    Verb::new("turn-picture", label("Xoay, cắt ảnh", "Turn or cut a picture"), KEEPERS, turn_picture)
        .right(Product::must_be_held);

/// Takes a picture from a product.
pub static REMOVE_PICTURE: Verb<Product, NamedPicture> =
    Verb::new("remove-picture", label("Bỏ ảnh", "Remove a picture"), KEEPERS, remove_picture)
        .right(Product::must_be_held);

/// Puts a picture in another place among the product's.
pub static MOVE_PICTURE: Verb<Product, PictureMove> =
    Verb::new("move-picture", label("Đổi thứ tự ảnh", "Put a picture in another place"), KEEPERS, move_picture)
        .right(Product::must_be_held);

/// Takes a document from a product, unless something on record rests on it, which rooms below know: `lot::document_removal` is
/// the step itself.
pub static DOCUMENT_REMOVAL: Announced<Product> = Announced::new(
    "remove-document",
    label("Bỏ tài liệu", "Remove a document"),
    By::Some(&[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer], IN_THE_TERRITORY),
)
.right(Product::must_be_held);

/// Sets or lifts the limit of a product's stamps in a year; `stamp::limits` takes it.
pub static STAMP_LIMIT: Announced<Product> = Announced::new(
    "set-stamp-limit",
    label("Đặt hạn mức tem", "Set a limit of stamps"),
    By::Roles(&[Role::ProvincialOfficer]),
);

pub static VERBS: &[&dyn Offer<Product>] = &[
    &CHANGE,
    &ADD_DOCUMENT,
    &REUSE_DOCUMENT,
    &DOCUMENT_REMOVAL,
    &ADD_PICTURE,
    &TURN_PICTURE,
    &MOVE_PICTURE,
    &REMOVE_PICTURE,
    &STAMP_LIMIT,
];

/// Which picture is turned or cut, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureTurn {
    pub picture_id: PictureId,
    /// Quarter turns to the right.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3)]
    pub quarter_turns: u8,
    /// What is cut off of the turned picture.
    #[serde(default)]
    pub cut: CutOff,
}

/// Which picture is removed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedPicture {
    pub picture_id: PictureId,
}

/// Which picture is put where.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureMove {
    pub picture_id: PictureId,
    /// From 1 on; beyond the last it becomes the last.
    #[schema(minimum = 1)]
    pub place: u32,
}

/// A picture that was set right, whose sizes lie in the folder.
#[derive(Debug)]
pub struct TurnedPicture {
    pub picture_id: PictureId,
    pub new: NewPicture,
}

/// 422 for a picture that is not the product's.
pub fn unknown_picture() -> Error {
    let text = say("Không phải ảnh của sản phẩm này.", "This is no picture of the product.");
    Error::invalid("/picture_id", "unknown_picture", text)
}

/// Which document is used again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentReuse {
    /// A document of another product of the same producer.
    document_id: DocumentId,
}

/// A picture whose sizes lie in the folder.
#[derive(Debug)]
pub struct NewPicture {
    pub kept: StoredSizes,
    /// Removes the sizes unless their rows are written; none where they are there to stay, as the demo's drawings.
    pub unnamed: Option<Unnamed>,
}

fn change(work: &mut Work, product: &Product, change: ProductChange) -> Result<Taken> {
    let row = &product.row;
    let described = change.applied_to(row.described())?;
    if described == row.described() {
        return Ok(Taken::unchanged());
    }
    if let Some(gtin) = described.gtin.as_deref().and_then(Gtin::read)
        && store::of_gtin(work.connection, &gtin)?.is_some_and(|other| other.id != row.id)
    {
        return Err(Error::conflict(
            "gtin_taken",
            say("GTIN này là của sản phẩm khác.", "This GTIN is another product's."),
        ));
    }
    if let Some(former) = row.gtin.as_deref().filter(|former| described.gtin.as_deref() != Some(*former)) {
        store::keep_former_gtin(work.connection, row.id, former, work.now)?;
    }
    store::update(work.connection, row.id, described)?;
    Ok(Taken::stayed())
}

fn add_document(work: &mut Work, product: &Product, form: Uploaded<DocumentForm>) -> Result<Taken<DocumentId>> {
    let Uploaded { fields, file: arrived } = form;
    fields.check()?;
    files::store::insert(work.connection, &arrived.file, work.now)?;
    arrived.unnamed.named();
    let (product, uploader, now) = (product.row.id, work.actor.id, work.now);
    let id = attachment_store::insert_document(work.connection, product, fields, &arrived.file, uploader, now)?;
    store::touch(work.connection, product)?;
    Ok(Taken::stayed().giving(id))
}

fn reuse_document(work: &mut Work, product: &Product, form: DocumentReuse) -> Result<Taken<DocumentId>> {
    let elsewhere = attachment_store::documents_elsewhere(work.connection, &product.row, MOST_ELSEWHERE)?;
    let Some((document, file)) = elsewhere.into_iter().find(|(document, _)| document.id == form.document_id) else {
        let text = say(
            "Không phải giấy tờ của sản phẩm khác của chủ thể này, hoặc sản phẩm đã có giấy tờ này.",
            "This is no document of another product of this producer, or the product has it already.",
        );
        return Err(Error::invalid("/document_id", "unknown_document", text));
    };
    let Document { kind, number, issued_by, issued_on, valid_until, .. } = document;
    let fields = DocumentForm { kind, number, issued_by, issued_on, valid_until };
    let (product, uploader, now) = (product.row.id, work.actor.id, work.now);
    let id = attachment_store::insert_document(work.connection, product, fields, &file, uploader, now)?;
    store::touch(work.connection, product)?;
    Ok(Taken::stayed().giving(id))
}

fn must_have_room(product: &Product) -> Result<()> {
    if product.pictures < MOST_PICTURES {
        return Ok(());
    }
    Err(Error::conflict(
        "too_many_pictures",
        say(
            format!("Mỗi sản phẩm có tối đa {MOST_PICTURES} ảnh."),
            format!("A product has at most {MOST_PICTURES} pictures."),
        ),
    ))
}

/// A picture that other products have already keeps its files. It is part of what a scan shows, so the product is another
/// one than before.
fn add_picture(work: &mut Work, product: &Product, NewPicture { kept, unnamed }: NewPicture) -> Result<Taken<Picture>> {
    let picture = attachment_store::insert_picture(work.connection, product.row.id, &kept, work.now)?;
    store::touch(work.connection, product.row.id)?;
    if let Some(unnamed) = unnamed {
        unnamed.named();
    }
    Ok(Taken::stayed().giving(picture))
}

/// It is part of what a scan shows, as a picture that is added.
fn turn_picture(work: &mut Work, product: &Product, turned: TurnedPicture) -> Result<Taken> {
    let TurnedPicture { picture_id, new: NewPicture { kept, unnamed } } = turned;
    pictures_with(work, product, picture_id)?;
    attachment_store::replace_picture(work.connection, picture_id, product.row.id, &kept, work.now)?;
    store::touch(work.connection, product.row.id)?;
    if let Some(unnamed) = unnamed {
        unnamed.named();
    }
    Ok(Taken::stayed())
}

/// The ids of a product's pictures in their order; 422 where this one is not among them.
fn pictures_with(work: &mut Work, product: &Product, picture: PictureId) -> Result<Vec<PictureId>> {
    let pictures = attachment_store::list_pictures(work.connection, product.row.id, None, MOST_PICTURES)?;
    let ids: Vec<PictureId> = pictures.into_iter().map(|picture| picture.id).collect();
    if ids.contains(&picture) { Ok(ids) } else { Err(unknown_picture()) }
}

fn remove_picture(work: &mut Work, product: &Product, form: NamedPicture) -> Result<Taken> {
    pictures_with(work, product, form.picture_id)?;
    attachment_store::delete_picture(work.connection, form.picture_id)?;
    store::touch(work.connection, product.row.id)?;
    Ok(Taken::stayed())
}

fn move_picture(work: &mut Work, product: &Product, PictureMove { picture_id, place }: PictureMove) -> Result<Taken> {
    let mut ids = pictures_with(work, product, picture_id)?;
    let before = usize::try_from(place).map_err(Error::internal)?.checked_sub(1).ok_or_else(|| {
        Error::invalid("/place", "out_of_range", say("Thứ tự tính từ 1.", "Places are counted from 1."))
    })?;
    ids.retain(|id| *id != picture_id);
    ids.insert(before.min(ids.len()), picture_id);
    attachment_store::order_pictures(work.connection, &ids)?;
    store::touch(work.connection, product.row.id)?;
    Ok(Taken::stayed())
}
