//! When a database, its keys and its folder of files do not belong together.

use crate::base::Identity;

/// What is found at a start.
#[derive(Debug, Clone, Copy)]
pub struct FoundAtStart {
    /// None for a new database: it was never used with keys.
    pub identity: Option<Identity>,
    pub has_key_file: bool,
    pub folder: FoundFolder,
}

/// What is found in the folder of files.
#[derive(Debug, Clone, Copy)]
pub struct FoundFolder {
    /// The database that claimed it.
    pub claimed_by: Option<Identity>,
    /// Files that lie there.
    pub stored: usize,
    /// Those of them that the database knows.
    pub known: usize,
    /// Files that the database knows, wherever they lie.
    pub rows: i64,
}

/// What does not belong together. Each can be told to, by `ocop migrate --claim`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// A new database, and a key file that some database was used with.
    KeysOfAnother,
    /// A new database, and a folder that another one claimed or filled.
    FolderOfAnother,
    /// The folder was claimed by a database with another identity.
    ClaimedByAnother(Identity, Identity),
    /// No database claimed the folder yet, and none of its files is known to this one.
    FilesUnknown(usize),
    /// No database claimed the folder yet, and none of the files that this one knows lies there.
    FilesMissing(i64),
}

impl FoundAtStart {
    /// What keeps the three from being used together.
    pub fn misfit(&self) -> Option<Misfit> {
        let FoundFolder { claimed_by, stored, known, rows } = self.folder;
        match (self.identity, claimed_by) {
            (None, _) if self.has_key_file => Some(Misfit::KeysOfAnother),
            (None, Some(_)) => Some(Misfit::FolderOfAnother),
            (None, None) => (stored > 0).then_some(Misfit::FolderOfAnother),
            (Some(own), Some(other)) => (own != other).then_some(Misfit::ClaimedByAnother(own, other)),
            // From before folders were claimed: ids are random, so a single known file shows whose they are.
            (Some(_), None) if known > 0 => None,
            (Some(_), None) if stored > 0 => Some(Misfit::FilesUnknown(stored)),
            (Some(_), None) => (rows > 0).then_some(Misfit::FilesMissing(rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_fits_or_is_named() {
        let (own, other) = (Identity::random(), Identity::random());
        let misfit = |identity, has_key_file, claimed_by, [stored, known, rows]: [u8; 3]| {
            let folder = FoundFolder { claimed_by, stored: stored.into(), known: known.into(), rows: rows.into() };
            FoundAtStart { identity, has_key_file, folder }.misfit()
        };
        // A new database takes nothing that is there already.
        assert_eq!(misfit(None, false, None, [0, 0, 0]), None);
        assert_eq!(misfit(None, true, None, [0, 0, 0]), Some(Misfit::KeysOfAnother));
        assert_eq!(misfit(None, true, Some(other), [1, 0, 0]), Some(Misfit::KeysOfAnother));
        assert_eq!(misfit(None, false, Some(other), [0, 0, 0]), Some(Misfit::FolderOfAnother));
        assert_eq!(misfit(None, false, None, [1, 0, 0]), Some(Misfit::FolderOfAnother));
        // A claimed folder is its claimer's, whatever lies in it: an older backup knows less, a lost disk has less.
        assert_eq!(misfit(Some(own), true, Some(own), [9, 0, 0]), None);
        assert_eq!(misfit(Some(own), true, Some(own), [0, 0, 9]), None);
        assert_eq!(misfit(Some(own), true, Some(other), [9, 9, 9]), Some(Misfit::ClaimedByAnother(own, other)));
        // From before: told by the files.
        assert_eq!(misfit(Some(own), true, None, [0, 0, 0]), None);
        assert_eq!(misfit(Some(own), true, None, [9, 1, 9]), None);
        assert_eq!(misfit(Some(own), true, None, [9, 0, 0]), Some(Misfit::FilesUnknown(9)));
        assert_eq!(misfit(Some(own), true, None, [9, 0, 9]), Some(Misfit::FilesUnknown(9)));
        assert_eq!(misfit(Some(own), true, None, [0, 0, 9]), Some(Misfit::FilesMissing(9)));
    }
}
