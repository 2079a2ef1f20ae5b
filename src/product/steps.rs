//! How a product gets a picture, below HTTP.

use crate::account::Work;
use crate::base::{Error, Result, say};
use crate::files::{Content, Folder, StoredFile, Unnamed};
use crate::product::api::entry;
use crate::product::attachment_store::{self, Picture};
use crate::product::shape::{self, Shaped};
use crate::product::turn::Turn;
use crate::product::{Extent, Product, Size, store};

/// So many pictures a product may have.
const MOST: i64 = 20;

/// A picture whose sizes lie in the folder; its rows are still to be written.
#[derive(Debug, Clone)]
pub struct Kept {
    pub extent: Extent,
    pub large: StoredFile,
    /// The same file as the next larger one, where the picture is no larger than this.
    pub medium: StoredFile,
    pub small: StoredFile,
}

/// Makes the sizes of a picture and stores them; what comes with them removes them unless their rows are written. Takes a
/// while: not for the async threads.
pub fn keep(folder: &Folder, picture: &Shaped, name: &str) -> Result<(Kept, Unnamed)> {
    let mut unnamed = Unnamed::new(folder);
    let large = folder.keep(&picture.jpeg()?, Content::Jpeg, name.to_owned())?;
    unnamed.add(&large);
    with_smaller(folder, picture, large, unnamed)
}

/// Makes the smaller sizes of a picture whose large one is there. Takes a while too.
pub fn complete(turn: &Turn, folder: &Folder, large: StoredFile) -> Result<(Kept, Unnamed)> {
    let picture = shape::opened(turn, folder.open(large.id)?)?;
    with_smaller(folder, &picture, large, Unnamed::new(folder))
}

fn with_smaller(folder: &Folder, picture: &Shaped, large: StoredFile, mut unnamed: Unnamed) -> Result<(Kept, Unnamed)> {
    let mut smaller = |size: Size, larger: &StoredFile| {
        let Some(picture) = picture.smaller(size) else { return Ok::<_, Error>(larger.clone()) };
        let file = folder.keep(&picture.jpeg()?, Content::Jpeg, large.name.clone())?;
        unnamed.add(&file);
        Ok(file)
    };
    let medium = smaller(Size::Medium, &large)?;
    let small = smaller(Size::Small, &medium)?;
    Ok((Kept { extent: picture.extent(), large, medium, small }, unnamed))
}

/// Takes the product's row first, so that two uploads at once do not both find the last place free.
pub fn must_have_room(work: &mut Work, product: &Product) -> Result<()> {
    store::take(work.connection, product.id)?;
    has_room(work, product)
}

/// As it stands now.
pub fn has_room(work: &mut Work, product: &Product) -> Result<()> {
    if attachment_store::count_pictures(work.connection, product.id)? < MOST {
        return Ok(());
    }
    Err(Error::conflict(
        "too_many_pictures",
        say(format!("Mỗi sản phẩm có tối đa {MOST} ảnh."), format!("A product has at most {MOST} pictures.")),
    ))
}

/// Gives a product a picture; one that other products have already keeps its files. It is part of what a scan shows, so the product is another one than before.
pub fn add_picture(work: &mut Work, product: &Product, kept: &Kept) -> Result<Picture> {
    let picture = attachment_store::insert_picture(work.connection, product.id, kept, work.now)?;
    let version = store::touch(work.connection, product.id)?;
    work.record(entry(product.id, version, "add_picture"))?;
    Ok(picture)
}
