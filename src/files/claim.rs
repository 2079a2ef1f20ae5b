//! Whose files a folder holds: a file in it names the database's identity, so that it goes where the files go.

use std::io::{Read, Seek, Write};
use std::path::PathBuf;

use crate::base::{Error, Identity, Result};
use crate::files::Folder;
use crate::files::folder::{failed, sync_folder};

impl Folder {
    fn claim_file(&self) -> PathBuf {
        self.root().join("identity")
    }

    /// The database that claimed this folder, if any did.
    pub fn claimed_by(&self) -> Result<Option<Identity>> {
        let path = self.claim_file();
        match std::fs::read_to_string(&path) {
            Ok(text) => self.read_claim(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path, error)),
        }
    }

    /// Claims the folder for a database where none has claimed it, or also where another one has. Told is who holds it
    /// then: of two databases that start over one folder at once, one gets it.
    pub fn claim(&self, identity: Identity, also_from_another: bool) -> Result<Identity> {
        let path = self.claim_file();
        let claimed = std::fs::create_dir_all(self.root()).and_then(|()| {
            let mut file =
                std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            match file.lock() {
                // A file system without locks is shared by nobody who would need them.
                Err(error) if error.kind() != std::io::ErrorKind::Unsupported => return Err(error),
                _ => {}
            }
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok((file, text))
        });
        let (mut file, text) = claimed.map_err(|error| failed("open", &path, error))?;
        match self.read_claim(&text)? {
            Some(holder) if holder == identity || !also_from_another => return Ok(holder),
            _ => {}
        }
        // A claim that breaks off here leaves an empty file, which is no claim.
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{identity}"))
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_folder(self.root()))
            .map_err(|error| failed("write", &path, error))?;
        Ok(identity)
    }

    fn read_claim(&self, text: &str) -> Result<Option<Identity>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let read = text.parse().map(Some);
        read.map_err(|error| Error::internal(format!("{} holds no identity: {error}", self.claim_file().display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_until_it_is_told_otherwise() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::of(data.path());
        let (first, second) = (Identity::random(), Identity::random());
        assert_eq!(folder.claimed_by().unwrap(), None);
        assert_eq!(folder.claim(first, false).unwrap(), first);
        assert_eq!(folder.claim(second, false).unwrap(), first);
        assert_eq!(folder.claimed_by().unwrap(), Some(first));
        assert_eq!(folder.claim(second, true).unwrap(), second);
        std::fs::write(folder.root().join("identity"), "").unwrap();
        assert_eq!(folder.claim(first, false).unwrap(), first, "a claim that broke off is none");
    }
}
