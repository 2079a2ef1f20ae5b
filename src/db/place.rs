//! Where an SQLite file was when it was opened: what is written into a file that lost its name is lost with the process.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::base::{Error, Kind, Result, say};
use crate::db::Address;

/// A file, and which one it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    path: PathBuf,
    device: u64,
    node: u64,
}

impl Place {
    /// Of an SQLite database that is there; other databases have no file.
    pub fn of(address: &Address) -> Result<Option<Self>> {
        let Address::Sqlite(path) = address else { return Ok(None) };
        let path = PathBuf::from(path);
        let metadata =
            path.metadata().map_err(|error| Error::internal(format!("cannot read {}: {error}", path.display())))?;
        Ok(Some(Self { device: metadata.dev(), node: metadata.ino(), path }))
    }

    /// 503 where the file was deleted, or another one lies in its place.
    pub fn must_be_the_same(&self) -> Result<()> {
        let is_same = |metadata: Metadata| (metadata.dev(), metadata.ino()) == (self.device, self.node);
        if Path::metadata(&self.path).is_ok_and(is_same) {
            return Ok(());
        }
        tracing::error!(path = %self.path.display(), "the database's file was deleted or replaced");
        Err(Error::refused(
            Kind::Unavailable,
            "busy",
            say(
                "Tệp cơ sở dữ liệu đã bị xóa hoặc thay bằng tệp khác, nên hệ thống không ghi gì vào đó.",
                "The database's file was deleted or replaced by another one, so nothing is written into it.",
            ),
        ))
    }
}
