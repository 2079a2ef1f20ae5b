//! `/products/{id}/pictures` and `/pictures`: how a product looks. Products are public, so their pictures are.

use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{PictureId, ProductId};
use crate::base::{Error, Moment, Result, say};
use crate::files::{self, Audience, Content, Folder, Received, StoredFile};
use crate::http::{Answer, At, Page, Problem, Refusals, Visitor};
use crate::product::api::{entry, kept_by, seen};
use crate::product::attachment_store::{self, Picture};
use crate::product::rules::KEEPERS;
use crate::product::{Product, shape, store};

/// So many pictures a product may have.
const MOST: i64 = 20;

/// A picture of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureAnswer {
    id: PictureId,
    product_id: ProductId,
    /// Where its bytes are, for everybody.
    address: String,
    created_at: Moment,
}

impl From<Picture> for PictureAnswer {
    fn from(picture: Picture) -> Self {
        Self {
            id: picture.id,
            product_id: picture.product_id,
            address: address(picture.id),
            created_at: picture.created_at,
        }
    }
}

/// Where a picture's bytes are.
pub fn address(id: PictureId) -> String {
    format!("/api/v1/pictures/{id}")
}

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct PictureUpload {
    /// JPEG or PNG, at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// The form has no field but the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// Adds a picture to a product (its producer, officers of its territory). It is kept as JPEG, at most 1600 pixels on
/// the long side, without the camera's data. The first one stands for the product.
#[utoipa::path(
    tag = "products",
    request_body(content = PictureUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = PictureAnswer), Refusals)
)]
#[post("/products/{id}/pictures")]
pub async fn add(upload: Upload, id: At<ProductId>) -> Result<Answer, Problem> {
    let asked = id.clone();
    let (caller, received) =
        upload.receive(Content::PICTURES, move |work| kept_by(work, asked.get()?, KEEPERS)).await?;
    let file = shaped(Folder::of(&caller.house.data_dir), received).await?;
    caller
        .write(move |work| {
            let product = kept_by(work, id.get()?, KEEPERS)?;
            work.begin()?;
            must_have_room(work, &product)?;
            work.body::<NoFields>()?;
            files::store::insert(work.connection, &file, work.now)?;
            let id = attachment_store::insert_picture(work.connection, product.id, &file, work.now)?;
            // The picture is part of what a scan shows, so the product is another one than before.
            let version = store::touch(work.connection, product.id)?;
            work.record(entry(product.id, version, "add_picture"))?;
            let picture = Picture { id, product_id: product.id, created_at: work.now };
            Ok(Answer::made(address(id), PictureAnswer::from(picture))?)
        })
        .await
}

/// Takes the product's row first, so that two uploads at once do not both find the last place free.
fn must_have_room(work: &mut Work, product: &Product) -> Result<()> {
    store::take(work.connection, product.id)?;
    if attachment_store::count_pictures(work.connection, product.id)? < MOST {
        return Ok(());
    }
    Err(Error::conflict(
        "too_many_pictures",
        say(format!("Mỗi sản phẩm có tối đa {MOST} ảnh."), format!("A product has at most {MOST} pictures.")),
    ))
}

/// Puts the picture to keep in the place of the uploaded one, which has no row and is swept away later.
async fn shaped(folder: Folder, received: Received) -> Result<StoredFile> {
    let made = tokio::task::spawn_blocking(move || {
        let picture = shape::shaped(&folder.read(received.file.id)?)?;
        let stem = received.file.name.rsplit_once('.').map_or(received.file.name.as_str(), |(stem, _)| stem);
        folder.keep(&picture, Content::Jpeg, format!("{stem}.jpg"))
    });
    made.await.map_err(Error::internal)?
}

/// The pictures of a product, the one that stands for it first.
#[utoipa::path(
    tag = "products",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<PictureAnswer>), Refusals)
)]
#[get("/products/{id}/pictures")]
pub async fn list(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = seen(work, id.get()?)?;
            let mut query = work.request.query();
            let paging = query.paging();
            query.finish()?;
            let found = attachment_store::list_pictures(work.connection, product.id, paging.after, paging.one_more())?;
            let (pictures, next) = paging.cut(found, |picture| picture.id)?;
            Ok(Answer::page(pictures.into_iter().map(PictureAnswer::from).collect(), next)?)
        })
        .await
}

/// A picture's bytes, for everybody.
#[utoipa::path(
    tag = "products",
    security(()),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
#[get("/pictures/{id}")]
pub async fn show(visitor: Visitor, id: At<PictureId>) -> Result<HttpResponse, Problem> {
    let found = visitor.house.database.read(move |connection| attachment_store::find_picture(connection, id.get()?));
    let file = found.await?.ok_or_else(Error::unknown)?;
    Ok(files::serve(&Folder::of(&visitor.house.data_dir), file, &visitor.request, Audience::Public).await?)
}
