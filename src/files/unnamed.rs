//! Files that lie in the folder and that no row names yet.

use crate::base::id::FileId;
use crate::files::{Folder, StoredFile};

/// Removes its files when it is dropped before rows name them: what is refused is gone at once.
#[derive(Debug)]
pub struct Unnamed {
    folder: Folder,
    ids: Vec<FileId>,
}

impl Unnamed {
    pub fn new(folder: &Folder) -> Self {
        Self { folder: folder.clone(), ids: Vec::new() }
    }

    pub fn add(&mut self, file: &StoredFile) {
        self.ids.push(file.id);
    }

    /// Their rows are written. Should the transaction not be committed, they stay until they are swept: whether it was is
    /// not always known.
    pub fn named(mut self) {
        self.ids.clear();
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        for id in &self.ids {
            let path = self.folder.path(*id);
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "a file that nothing names stays until the sweep");
            }
        }
    }
}
