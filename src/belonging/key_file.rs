//! The file of the secret keys.

use std::path::Path;

use crate::base::keys::Keyring;
use crate::base::{Error, Result};

pub fn read(path: &Path) -> Result<Keyring> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::internal(format!("cannot read the key file {}: {error}", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| Error::internal(format!("the key file {} is damaged: {error}", path.display())))
}

/// Writes a new key file that only its owner may read; never over an existing one.
pub fn write(path: &Path, keys: &Keyring) -> Result<()> {
    use std::io::Write;
    let failed = |error: std::io::Error| Error::internal(format!("cannot write {}: {error}", path.display()));
    let text = serde_json::to_string_pretty(keys).map_err(Error::internal)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // A part of a key file, as a full disk leaves it, would be taken for one that is damaged.
        if let Err(left) = std::fs::remove_file(path) {
            tracing::error!(error = %left, path = %path.display(), "a part of a key file stays");
        }
        failed(error)
    })
}

/// Puts other keys in the place of a key file, all of it or nothing.
pub fn replace(path: &Path, keys: &Keyring) -> Result<()> {
    let failed = |error: std::io::Error| Error::internal(format!("cannot replace {}: {error}", path.display()));
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    write(&fresh, keys)?;
    std::fs::rename(&fresh, path).map_err(failed)?;
    // The rename itself must last as well.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
