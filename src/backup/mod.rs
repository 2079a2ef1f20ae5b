//! Backups (sao lưu): a folder with the database, the files that it names, the keys under a passphrase, and what it all is.
//!
//! The database is taken first, in one state of it, whatever is written meanwhile; the files after it. Files are never changed,
//! and what no row names any more lies in the quarantine for 30 days, so each file that this state names is there. What the
//! backup is, is written last, and the folder gets its name at the very end: what broke off is no backup.

mod make;
mod manifest;
mod passphrase;
mod postgresql;
mod restore;
mod store;
mod sums;

use std::path::Path;

use crate::base::{Error, Result, say};

pub use make::{Damage, make};
pub use manifest::Manifest;
pub use passphrase::Passphrase;
pub use postgresql::Programs;
pub use restore::restore;

/// What a file of a backup cannot be used for, in the words of the system.
fn failed(what: &str, path: &Path, error: impl std::fmt::Display) -> Error {
    Error::internal(format!("cannot {what} {}: {error}", path.display()))
}

/// Something of a backup is not as it was written.
fn damaged(path: &Path, vi: &str, en: &str) -> Error {
    let path = path.display();
    Error::at_hand(say(format!("Bản sao lưu bị hỏng: {path} {vi}."), format!("The backup is damaged: {path} {en}.")))
}

/// Writes a new file that is there for good once this returns.
fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let written =
        std::fs::File::create_new(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| failed("write", path, error))
}
