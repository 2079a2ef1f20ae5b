//! What lies in the folder of stored files, as the file system tells it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::base::Result;
use crate::base::id::FileId;
use crate::files::Folder;
use crate::files::folder::failed;

/// A file that this service wrote: its name is an id. Others are left alone.
#[derive(Debug, Clone)]
pub struct Lying {
    pub path: PathBuf,
    pub id: FileId,
    pub written: SystemTime,
}

impl Folder {
    /// The files in their places.
    pub fn stored(&self) -> Result<Vec<Lying>> {
        let mut found = Vec::new();
        for shelf in self.shelves()? {
            found.extend(files(&shelf)?);
        }
        Ok(found)
    }

    /// The folders in which files have their places.
    pub fn shelves(&self) -> Result<Vec<PathBuf>> {
        let mut shelves = folders(self.root())?;
        shelves.retain(|folder| *folder != self.incoming() && *folder != self.quarantine());
        Ok(shelves)
    }

    /// What is still arriving, and what broke off while it did.
    pub fn arriving(&self) -> Result<Vec<Lying>> {
        files(&self.incoming())
    }

    /// Where a file's bytes lie: in their place, or in the quarantine.
    pub fn whereabouts(&self, id: FileId) -> Result<Option<PathBuf>> {
        let aside = self.set_aside()?.into_iter().map(|day| day.join(id.to_string()));
        Ok(std::iter::once(self.path(id)).chain(aside).find(|path| path.exists()))
    }

    /// The folders of what was moved aside, one a day.
    pub fn set_aside(&self) -> Result<Vec<PathBuf>> {
        folders(&self.quarantine())
    }
}

/// The files of one folder.
pub fn files(folder: &Path) -> Result<Vec<Lying>> {
    let mut found = Vec::new();
    for (path, metadata) in entries(folder)? {
        let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        if let (true, Some(id)) = (metadata.is_file(), id) {
            let written = metadata.modified().map_err(|error| failed("read", &path, error))?;
            found.push(Lying { path, id, written });
        }
    }
    Ok(found)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|(_, metadata)| metadata.is_dir()).map(|(path, _)| path).collect())
}

/// A folder that is not there yet holds nothing.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, std::fs::Metadata)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed("read", folder, error))?;
        match entry.metadata() {
            Ok(metadata) => found.push((entry.path(), metadata)),
            // An upload was settled or given up in this very moment.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("read", &entry.path(), error)),
        }
    }
    Ok(found)
}
