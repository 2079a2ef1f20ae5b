//! `/products/{id}/pictures` and `/pictures`: how a product looks. Products are public, so their pictures are.

use std::sync::{Arc, LazyLock};

use actix_web::{HttpResponse, get, post};
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::account::{Caller, Upload, Work};
use crate::base::id::{PictureId, ProductId};
use crate::base::{Error, Result};
use crate::files::{self, Arrived, Audience, FileKind, Folder, StoredFile};
use crate::http::{Answer, App, ListParameters, Page, PathParam, Problem, Refusals, Visitor};
use crate::product::attachment_store::{self, Picture, Sized};
use crate::product::picture::{PictureView, address};
use crate::product::reshaping::Reshaping;
use crate::product::steps::{
    ADD_PICTURE, MOVE_PICTURE, NamedPicture, NewPicture, PictureMove, PictureTurn, REMOVE_PICTURE, TURN_PICTURE,
    TurnedPicture, unknown_picture,
};
use crate::product::view::ProductView;
use crate::product::{Product, Size, shape, sizes, turn};
use crate::station::{Added, NoFields, Offered, find};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
struct PictureUpload {
    /// JPEG or PNG, at most 20 MiB, 24 megapixels and 12,000 pixels a side.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// Adds a picture to a product (its producer, officers of its territory). It is kept as JPEG in three sizes, at most 1600,
/// 800 and 320 pixels on the long side, in sRGB and without the camera's data. The first one stands for the product.
#[utoipa::path(
    tag = "products",
    request_body(content = PictureUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Added<PictureView>), Refusals)
)]
#[post("/products/{id}/pictures")]
pub async fn add(upload: Upload, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    upload.take_prepared(&ADD_PICTURE, id, FileKind::PICTURES, |_: &NoFields| Ok(()), keep, added).await
}

fn added(work: &mut Work, picture: Picture) -> Result<Answer> {
    let (address, product) = (address(picture.id), picture.product_id);
    Answer::made(address, Added::to::<Product>(work, &product, PictureView::from(picture))?)
}

/// Puts the sizes to keep in the place of the uploaded file, which is removed.
pub async fn keep(app: &App, arrived: Arrived) -> Result<NewPicture> {
    let folder = Folder::of(&app.data_dir);
    let made = turn::take(move |turn| {
        let Arrived { file, unnamed: _until_here } = arrived;
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        let (kept, unnamed) =
            sizes::keep(&folder, &shape::opened(turn, folder.open(file.id)?)?, &format!("{stem}.jpg"))?;
        Ok(NewPicture { kept, unnamed: Some(unnamed) })
    });
    made.await?
}

/// Turns a picture of a product, or cuts it (its producer, officers of its territory). What comes of it is a new picture in the
/// place of the old one, whose address shows nothing any more.
#[utoipa::path(
    tag = "products",
    request_body = PictureTurn,
    responses((status = 200, body = Offered<ProductView>), Refusals)
)]
#[post("/products/{id}/turn-picture")]
pub async fn turn_picture(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.take_prepared(&TURN_PICTURE, id, turned).await
}

/// Takes a picture from a product (its producer, officers of its territory); its address shows nothing any more.
#[utoipa::path(
    tag = "products",
    request_body = NamedPicture,
    responses((status = 200, body = Offered<ProductView>), Refusals)
)]
#[post("/products/{id}/remove-picture")]
pub async fn remove_picture(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.take(&REMOVE_PICTURE, id).await
}

/// Puts a picture of a product in another place (its producer, officers of its territory); the first one stands for it.
#[utoipa::path(
    tag = "products",
    request_body = PictureMove,
    responses((status = 200, body = Offered<ProductView>), Refusals)
)]
#[post("/products/{id}/move-picture")]
pub async fn move_picture(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller.take(&MOVE_PICTURE, id).await
}

/// Makes the sizes of the new picture. Whose the picture is is asked where the step is taken.
pub async fn turned(app: &App, form: PictureTurn) -> Result<TurnedPicture> {
    let PictureTurn { picture_id, quarter_turns, cut } = form;
    let how = Reshaping { quarter_turns, cut };
    how.check()?;
    let found =
        app.database.read(move |connection| attachment_store::find_picture(connection, picture_id, Size::Large));
    let (Sized::There(large) | Sized::NotMade(large)) = found.await?.ok_or_else(unknown_picture)?;
    let folder = Folder::of(&app.data_dir);
    let made = turn::take(move |turn| {
        let picture = shape::reshaped(turn, folder.open(large.id)?, how)?;
        let picture = picture.smaller(Size::Large)?.unwrap_or(picture);
        let (kept, unnamed) = sizes::keep(&folder, &picture, &large.name)?;
        Ok::<_, Error>(NewPicture { kept, unnamed: Some(unnamed) })
    });
    Ok(TurnedPicture { picture_id, new: made.await?? })
}

/// The pictures of a product, the one that stands for it first.
#[utoipa::path(
    tag = "products",
    params(ListParameters),
    responses((status = 200, body = Page<PictureView>), Refusals)
)]
#[get("/products/{id}/pictures")]
pub async fn list(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let product = find::<Product>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let found =
                attachment_store::list_pictures(work.connection, product.row.id, paging.after, paging.one_more())?;
            let (pictures, next) = paging.cut(found, attachment_store::Picture::order)?;
            Ok(Answer::page(pictures.into_iter().map(PictureView::from).collect(), next)?)
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
pub async fn show(visitor: Visitor, id: PathParam<PictureId>) -> Result<HttpResponse, Problem> {
    let id = id.get()?;
    let mut query = visitor.request.query();
    let size = query.take("size").unwrap_or(Size::Large);
    query.finish()?;
    let file = match found(&visitor.app, id, size).await? {
        Sized::There(file) => file,
        Sized::NotMade(_) => completed(&visitor.app, id, size).await?,
    };
    Ok(files::serve(&Folder::of(&visitor.app.data_dir), file, &visitor.request, Audience::Public).await?)
}

async fn found(app: &App, id: PictureId, size: Size) -> Result<Sized> {
    let found = app.database.read(move |connection| attachment_store::find_picture(connection, id, size));
    found.await?.ok_or_else(Error::unknown)
}

/// Makes the smaller sizes of a picture from before sizes were kept, and finds the one that is asked for.
async fn completed(app: &App, id: PictureId, size: Size) -> Result<StoredFile> {
    /// One at a time: a page that shows a hundred of them asks for the same ones again and again.
    static TURN: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);
    let turn = tokio::time::timeout(turn::LONGEST_WAIT, TURN.clone().lock_owned()).await.map_err(|_| turn::busy())?;
    let large = match found(app, id, size).await? {
        // Somebody else's turn made it.
        Sized::There(file) => return Ok(file),
        Sized::NotMade(large) => large,
    };
    let folder = Folder::of(&app.data_dir);
    // This turn goes with the work, so that who hangs up does not give it away while the work goes on.
    let made = turn::take(move |leave| (sizes::complete(leave, &folder, large), turn)).await;
    let (kept, _turn) = made?;
    // What was taken in once and cannot be read now is ours to mend.
    let (kept, unnamed) = kept.map_err(Error::internal)?;
    let now = app.clock.now();
    let written = app.database.write(move |connection| {
        if attachment_store::complete_picture(connection, id, &kept, now)? {
            unnamed.named();
        }
        Ok::<_, Error>(())
    });
    written.await?;
    match found(app, id, size).await? {
        Sized::There(file) => Ok(file),
        Sized::NotMade(_) => Err(Error::internal("a picture's sizes were made and are not there")),
    }
}
