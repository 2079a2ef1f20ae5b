//! The folder of stored files: `files/<last two digits of the id>/<id>`; what is still arriving lies in `incoming/`, what was
//! moved aside in `quarantine/<day>/`.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::base::capacity::storage_full;
use crate::base::id::FileId;
use crate::base::{Error, Result};
use crate::files::rules::FileKind;
use crate::files::store::StoredFile;

/// Where the files of a data folder lie.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    pub const INCOMING: &'static str = "incoming";

    pub fn of(data_dir: &Path) -> Self {
        Self(data_dir.join("files"))
    }

    pub fn root(&self) -> &Path {
        &self.0
    }

    /// Where the file's bytes lie. The last digits of an id are random, the first are the time; the first two of the
    /// id as a whole would put years of files into one folder, so the last two name it.
    pub fn path(&self, id: FileId) -> PathBuf {
        let name = id.to_string();
        let shelf = name.get(name.len().saturating_sub(2)..).unwrap_or_default().to_owned();
        self.0.join(shelf).join(name)
    }

    pub fn incoming(&self) -> PathBuf {
        self.0.join(Self::INCOMING)
    }

    /// Where files lie that no row names.
    pub fn quarantine(&self) -> PathBuf {
        self.0.join("quarantine")
    }

    /// Moves a file that is wholly written and synced to its place, and makes the move last.
    pub fn settle(&self, incoming: &Path, id: FileId) -> Result<()> {
        let path = self.path(id);
        let shelf = path.parent().ok_or_else(|| Error::internal("a file's path has no folder"))?;
        let moved = std::fs::create_dir_all(shelf)
            .and_then(|()| std::fs::rename(incoming, &path))
            .and_then(|()| sync_folder(shelf))
            .and_then(|()| sync_folder(&self.0));
        moved.map_err(|error| failed("store", &path, error))
    }

    /// Stores bytes that are at hand. Their row is still to be written.
    pub fn keep(&self, bytes: &[u8], content: FileKind, name: String) -> Result<StoredFile> {
        let id = FileId::new();
        let incoming = self.incoming();
        let path = incoming.join(id.to_string());
        std::fs::create_dir_all(&incoming)
            .and_then(|()| File::create_new(&path))
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .map_err(|error| failed("write", &path, error))?;
        self.settle(&path, id)?;
        Ok(StoredFile {
            id,
            sha256: Sha256::digest(bytes).to_vec(),
            size: i64::try_from(bytes.len()).map_err(Error::internal)?,
            media_type: content.media_type().to_owned(),
            name,
        })
    }

    /// A file to be written and read again that lies under no name, so that it is gone once it is closed.
    pub fn nameless(&self) -> Result<File> {
        let incoming = self.incoming();
        let path = incoming.join(FileId::new().to_string());
        std::fs::create_dir_all(&incoming)
            .and_then(|()| File::options().read(true).write(true).create_new(true).open(&path))
            .and_then(|file| std::fs::remove_file(&path).map(|()| file))
            .map_err(|error| failed("write", &path, error))
    }

    pub fn open(&self, id: FileId) -> Result<BufReader<File>> {
        let path = self.path(id);
        File::open(&path).map(BufReader::new).map_err(|error| failed("read", &path, error))
    }
}

pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// 507 where the disk had no room, whatever was left when it was asked.
pub fn failed(what: &str, path: &Path, error: std::io::Error) -> Error {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        tracing::error!(%error, path = %path.display(), "the disk is full");
        return storage_full();
    }
    Error::internal(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_nothing_stays_behind() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::of(data.path());
        let file = folder.keep(b"%PDF-1.7", FileKind::Pdf, "a.pdf".into()).unwrap();
        let read = std::io::read_to_string(folder.open(file.id).unwrap()).unwrap();
        assert_eq!(read, "%PDF-1.7");
        assert_eq!(std::fs::read_dir(folder.incoming()).unwrap().count(), 0);
    }
}
