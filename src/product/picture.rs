//! What is shown of a picture, and where its bytes are.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Moment;
use crate::base::id::{PictureId, ProductId};
use crate::product::attachment_store::Picture;
use crate::product::{Extent, Size};

/// A picture of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureView {
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
    small: SizeView,
    medium: SizeView,
    large: SizeView,
}

/// A picture in one size.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PictureSize)]
pub struct SizeView {
    address: String,
    width: Option<u32>,
    height: Option<u32>,
}

impl SizeView {
    fn new(picture: &Picture, size: Size) -> Self {
        let (width, height) = picture.extent(size).map(|Extent { width, height }| (width, height)).unzip();
        Self { address: sized_address(picture.id, size), width, height }
    }
}

impl From<Picture> for PictureView {
    fn from(picture: Picture) -> Self {
        let large = SizeView::new(&picture, Size::Large);
        Self {
            id: picture.id,
            product_id: picture.product_id,
            address: address(picture.id),
            width: large.width,
            height: large.height,
            sizes: PictureSizes {
                small: SizeView::new(&picture, Size::Small),
                medium: SizeView::new(&picture, Size::Medium),
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
