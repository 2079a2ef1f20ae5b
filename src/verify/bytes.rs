//! The stored files: whether each is there and holds the bytes of its row. Reads all of them, so it takes as long as the disk
//! needs for that.

use std::io::BufRead;

use sha2::{Digest, Sha256};

use crate::base::Result;
use crate::base::id::FileId;
use crate::db::AnyConnection;
use crate::files::{Folder, store};
use crate::verify::Findings;

const PAGE: i64 = 500;

pub fn verify(connection: &mut AnyConnection, folder: &Folder, findings: &mut Findings) -> Result<()> {
    let mut after: Option<FileId> = None;
    loop {
        let page = store::behind(connection, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for file in page {
            findings.count.files += 1;
            if let Some(what) = wrong(folder, &file) {
                findings.broken(format!("file {}", file.id), None, what)?;
            }
        }
    }
}

fn wrong(folder: &Folder, file: &store::StoredFile) -> Option<String> {
    let read = folder.open(file.id).map_err(|error| error.to_string()).and_then(|mut bytes| {
        let (mut digest, mut size) = (Sha256::new(), 0);
        loop {
            let some = bytes.fill_buf().map_err(|error| error.to_string())?;
            if some.is_empty() {
                return Ok((digest.finalize().to_vec(), size));
            }
            digest.update(some);
            let length = some.len();
            size += length;
            bytes.consume(length);
        }
    });
    match read {
        Err(error) => Some(format!("its bytes cannot be read: {error}")),
        Ok((digest, size)) if digest != file.sha256 || i64::try_from(size) != Ok(file.size) => {
            Some("its bytes are not those that were stored".to_owned())
        }
        Ok(_) => None,
    }
}
