//! Puts a picture into the folder in all its sizes.

use crate::base::{Error, Result};
use crate::files::{FileKind, Folder, StoredFile, Unnamed};
use crate::product::shape::{self, Shaped};
use crate::product::turn::Turn;
use crate::product::{Extent, Size};

/// A picture whose sizes lie in the folder; its rows are still to be written.
#[derive(Debug, Clone)]
pub struct StoredSizes {
    pub extent: Extent,
    pub large: StoredFile,
    /// The same file as the next larger one, where the picture is no larger than this.
    pub medium: StoredFile,
    pub small: StoredFile,
}

/// Makes the sizes of a picture and stores them; what comes with them removes them unless their rows are written. Takes a
/// while: not for the async threads.
pub fn keep(folder: &Folder, picture: &Shaped, name: &str) -> Result<(StoredSizes, Unnamed)> {
    let mut unnamed = Unnamed::new(folder);
    let large = folder.keep(&picture.jpeg()?, FileKind::Jpeg, name.to_owned())?;
    unnamed.add(&large);
    with_smaller(folder, picture, large, unnamed)
}

/// Makes the smaller sizes of a picture whose large one is there. Takes a while too.
pub fn complete(turn: &Turn, folder: &Folder, large: StoredFile) -> Result<(StoredSizes, Unnamed)> {
    let picture = shape::opened(turn, folder.open(large.id)?)?;
    with_smaller(folder, &picture, large, Unnamed::new(folder))
}

fn with_smaller(
    folder: &Folder,
    picture: &Shaped,
    large: StoredFile,
    mut unnamed: Unnamed,
) -> Result<(StoredSizes, Unnamed)> {
    let mut smaller = |size: Size, larger: &StoredFile| {
        let Some(picture) = picture.smaller(size)? else { return Ok::<_, Error>(larger.clone()) };
        let file = folder.keep(&picture.jpeg()?, FileKind::Jpeg, large.name.clone())?;
        unnamed.add(&file);
        Ok(file)
    };
    let medium = smaller(Size::Medium, &large)?;
    let small = smaller(Size::Small, &medium)?;
    Ok((StoredSizes { extent: picture.extent(), large, medium, small }, unnamed))
}
