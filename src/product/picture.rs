//! `/products/{id}/pictures` and `/pictures`: how a product looks. Products are public, so their pictures are.

use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use std::sync::{Arc, LazyLock};

use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{PictureId, ProductId};
use crate::base::{Error, Moment, Result};
use crate::files::{self, Arrived, Audience, Content, Folder, StoredFile, Unnamed};
use crate::http::{Answer, At, House, Page, Problem, Refusals, Visitor};
use crate::product::api::{kept_by, seen};
use crate::product::attachment_store::{self, Picture, Sized};
use crate::product::rules::KEEPERS;
use crate::product::steps::{self, Kept};
use crate::product::{Extent, Size, shape, turn};

/// A picture of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureAnswer {
    id: PictureId,
    product_id: ProductId,
    /// Where its bytes are, for everybody, in the large size.
    address: String,
    /// Of the large size. Null for a picture from before sizes were kept, until one of its smaller sizes is asked for.
    width: Option<u32>,
    height: Option<u32>,
    sizes: PictureSizes,
    created_at: Moment,
}

/// A picture's sizes. One that is small has the same bytes in several.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureSizes {
    small: SizeAnswer,
    medium: SizeAnswer,
    large: SizeAnswer,
}

/// A picture in one size.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PictureSize)]
pub struct SizeAnswer {
    address: String,
    width: Option<u32>,
    height: Option<u32>,
}

impl SizeAnswer {
    fn new(picture: &Picture, size: Size) -> Self {
        let (width, height) = picture.extent(size).map(|Extent { width, height }| (width, height)).unzip();
        Self { address: sized_address(picture.id, size), width, height }
    }
}

impl From<Picture> for PictureAnswer {
    fn from(picture: Picture) -> Self {
        let large = SizeAnswer::new(&picture, Size::Large);
        Self {
            id: picture.id,
            product_id: picture.product_id,
            address: address(picture.id),
            width: large.width,
            height: large.height,
            sizes: PictureSizes {
                small: SizeAnswer::new(&picture, Size::Small),
                medium: SizeAnswer::new(&picture, Size::Medium),
                large,
            },
            created_at: picture.created_at,
        }
    }
}

/// Where a picture's bytes are, in the large size.
pub fn address(id: PictureId) -> String {
    format!("/api/v1/pictures/{id}")
}

/// As [`address`], for those who read it elsewhere.
pub fn absolute(public_url: &str, id: PictureId) -> String {
    format!("{public_url}{}", address(id))
}

/// A picture as a page shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub address: String,
    /// So that nothing moves on the page when the picture arrives; unknown for some from before sizes were kept.
    pub extent: Option<Extent>,
}

/// A picture in a size, for a page.
pub fn shown(picture: &Picture, size: Size) -> Shown {
    Shown { address: sized_address(picture.id, size), extent: picture.extent(size) }
}

/// Where a picture's bytes are in a size.
pub fn sized_address(id: PictureId, size: Size) -> String {
    match size {
        Size::Large => address(id),
        Size::Small | Size::Medium => format!("{}?size={}", address(id), size.as_ref()),
    }
}

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct PictureUpload {
    /// JPEG or PNG, at most 20 MiB, 24 megapixels and 12,000 pixels a side.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// The form has no field but the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// Adds a picture to a product (its producer, officers of its territory). It is kept as JPEG in three sizes, at most 1600,
/// 800 and 320 pixels on the long side, in sRGB and without the camera's data. The first one stands for the product.
#[utoipa::path(
    tag = "products",
    request_body(content = PictureUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = PictureAnswer), Refusals)
)]
#[post("/products/{id}/pictures")]
pub async fn add(upload: Upload, id: At<ProductId>) -> Result<Answer, Problem> {
    let asked = id.clone();
    let may = move |work: &mut Work| kept_by(work, asked.get()?, KEEPERS);
    let check = |_: &NoFields| Ok(());
    let (caller, arrived) = upload.receive(Content::PICTURES, may, steps::has_room, check).await?;
    let (kept, unnamed) = keep(Folder::of(&caller.house.data_dir), arrived).await?;
    caller
        .write(move |work| {
            let product = kept_by(work, id.get()?, KEEPERS)?;
            work.begin()?;
            steps::must_have_room(work, &product)?;
            work.body::<NoFields>()?;
            let picture = steps::add_picture(work, &product, &kept)?;
            unnamed.named();
            Ok(Answer::made(address(picture.id), PictureAnswer::from(picture))?)
        })
        .await
}

/// Puts the sizes to keep in the place of the uploaded file, which is removed.
async fn keep(folder: Folder, arrived: Arrived) -> Result<(Kept, Unnamed)> {
    let made = turn::take(move |turn| {
        let Arrived { file, unnamed: _until_here } = arrived;
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        steps::keep(&folder, &shape::opened(turn, folder.open(file.id)?)?, &format!("{stem}.jpg"))
    });
    made.await?
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

/// A picture's bytes, for everybody; the large size unless another is asked for.
#[utoipa::path(
    tag = "products",
    security(()),
    params(("size" = inline(Option<Size>), Query)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
#[get("/pictures/{id}")]
pub async fn show(visitor: Visitor, id: At<PictureId>) -> Result<HttpResponse, Problem> {
    let id = id.get()?;
    let mut query = visitor.request.query();
    let size = query.take("size").unwrap_or(Size::Large);
    query.finish()?;
    let file = match find(&visitor.house, id, size).await? {
        Sized::There(file) => file,
        Sized::NotMade(_) => completed(&visitor.house, id, size).await?,
    };
    Ok(files::serve(&Folder::of(&visitor.house.data_dir), file, &visitor.request, Audience::Public).await?)
}

async fn find(house: &House, id: PictureId, size: Size) -> Result<Sized> {
    let found = house.database.read(move |connection| attachment_store::find_picture(connection, id, size));
    found.await?.ok_or_else(Error::unknown)
}

/// Makes the smaller sizes of a picture from before sizes were kept, and finds the one that is asked for.
async fn completed(house: &House, id: PictureId, size: Size) -> Result<StoredFile> {
    /// One at a time: a page that shows a hundred of them asks for the same ones again and again.
    static TURN: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);
    let turn = tokio::time::timeout(turn::LONGEST_WAIT, TURN.clone().lock_owned()).await.map_err(|_| turn::busy())?;
    let large = match find(house, id, size).await? {
        // Somebody else's turn made it.
        Sized::There(file) => return Ok(file),
        Sized::NotMade(large) => large,
    };
    let folder = Folder::of(&house.data_dir);
    // This turn goes with the work, so that who hangs up does not give it away while the work goes on.
    let made = turn::take(move |leave| (steps::complete(leave, &folder, large), turn)).await;
    let (kept, _turn) = made?;
    // What was taken in once and cannot be read now is ours to mend.
    let (kept, unnamed) = kept.map_err(Error::internal)?;
    let now = house.clock.now();
    let written = house.database.write(move |connection| {
        if attachment_store::complete_picture(connection, id, &kept, now)? {
            unnamed.named();
        }
        Ok::<_, Error>(())
    });
    written.await?;
    match find(house, id, size).await? {
        Sized::There(file) => Ok(file),
        Sized::NotMade(_) => Err(Error::internal("a picture's sizes were made and are not there")),
    }
}
