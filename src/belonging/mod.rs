//! Whether a database, its keys and its folder of files belong together: they are used together or not at all.
//!
//! A database has an identity of its own, its folder names that identity, and its keys are those whose fingerprints it has on
//! record. Copies and backups of a database keep its identity.

pub mod key_file;
pub mod rules;
pub mod unfinished;

use crate::base::keys::Keyring;
use crate::base::{Error, Identity, Result};
use crate::config::Storage;
use crate::db::{AnyConnection, settings};
use crate::files::{self, Folder};
use rules::{FoundAtStart, FoundFolder, Misfit};

/// Whether a database also takes what nothing shows to be its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    OwnOnly,
    /// Somebody said that key file and folder are this database's.
    Told,
}

/// A database's keys, and what is still to be said in its folder.
pub struct Belonging {
    pub keys: Keyring,
    identity: Identity,
    claim: Claim,
}

/// Finds the keys of this database, or makes them where it is new; gives it an identity where it has none. Fails where
/// database, key file and folder do not belong together. What is written is kept with the transaction, but for a new key file.
pub fn establish(connection: &mut AnyConnection, storage: &Storage, claim: Claim) -> Result<Belonging> {
    let path = storage.keys_file();
    let folder = Folder::of(&storage.data_dir);
    let has_key_file = path.try_exists().map_err(Error::internal)?;
    let is_new = !settings::has_keys(connection)?;
    if !is_new && !has_key_file {
        return Err(Error::internal(format!(
            "the key file {} is missing, and this database was used with keys; restore it from the export",
            path.display()
        )));
    }
    let on_record = on_record(connection)?;
    let found =
        FoundAtStart { identity: on_record.filter(|_| !is_new), has_key_file, folder: look(connection, &folder)? };
    // Of a key that the database knows and the file lacks, no claim makes up for it: this comes first.
    let at_hand = if has_key_file { Some(key_file::read(&path)?) } else { None };
    if let (false, Some(keys)) = (is_new, &at_hand) {
        settings::check_keys(connection, keys)?;
    }
    if let (Claim::OwnOnly, Some(misfit)) = (claim, found.misfit()) {
        return Err(refused(misfit, storage));
    }
    let keys = match at_hand {
        Some(keys) => keys,
        None => {
            let keys = Keyring::generate()?;
            key_file::write(&path, &keys)?;
            keys
        }
    };
    settings::check_keys(connection, &keys)?;
    let identity = match on_record {
        Some(identity) => identity,
        // Keys that another database has too do not tell the two apart.
        None if has_key_file => Identity::random(),
        None => self::on_record(connection)?.ok_or_else(|| Error::internal("new keys are not on record"))?,
    };
    settings::set_identity(connection, identity)?;
    Ok(Belonging { keys, identity, claim })
}

/// The identity that the database has, or gets by the first key that it was used with; None for a new one.
fn on_record(connection: &mut AnyConnection) -> Result<Option<Identity>> {
    match settings::identity(connection)? {
        Some(identity) => Ok(Some(identity)),
        None => settings::first_token_key(connection)?.map(|key| Identity::of_first_key(&key)).transpose(),
    }
}

impl Belonging {
    /// Says in the folder whose it is; for after the database has kept its identity.
    pub fn mark(&self, storage: &Storage) -> Result<()> {
        let holder = Folder::of(&storage.data_dir).claim(self.identity, self.claim == Claim::Told)?;
        if holder == self.identity {
            return Ok(());
        }
        Err(refused(Misfit::ClaimedByAnother(self.identity, holder), storage))
    }
}

fn look(connection: &mut AnyConnection, folder: &Folder) -> Result<FoundFolder> {
    let claimed_by = folder.claimed_by()?;
    if claimed_by.is_some() {
        // Whose it is, is said; its files need not be counted at every start.
        return Ok(FoundFolder { claimed_by, stored: 0, known: 0, rows: 0 });
    }
    let stored = folder.stored()?;
    let known = files::sweep::named_of(connection, &stored)?.len();
    Ok(FoundFolder { claimed_by, stored: stored.len(), known, rows: files::store::count(connection)? })
}

/// The text names the three, what is wrong, and the way on.
fn refused(misfit: Misfit, storage: &Storage) -> Error {
    let database = &storage.database_url;
    let files = Folder::of(&storage.data_dir);
    let files = files.root().display();
    let what = match misfit {
        Misfit::KeysOfAnother => format!(
            "the database {database} is empty, but the key file {} is there already, so it is another database's (or the \
             first start of this one broke off)",
            storage.keys_file().display()
        ),
        Misfit::FolderOfAnother => {
            format!("the database {database} is empty, but the folder {files} is another database's already")
        }
        Misfit::ClaimedByAnother(own, other) => {
            format!("the folder {files} belongs to the database {other}, and {database} is the database {own}")
        }
        Misfit::FilesUnknown(stored) => {
            format!("the folder {files} holds {stored} files, and the database {database} knows none of them")
        }
        Misfit::FilesMissing(rows) => {
            format!("the database {database} knows {rows} files, and the folder {files} holds none of them")
        }
    };
    Error::internal(format!(
        "{what}. Nothing was changed in key file and folder. Are OCOP_DATABASE_URL, OCOP_DATA_DIR and OCOP_KEYS_FILE \
         right? Where they are meant to be used together all the same, say so once: `ocop migrate --claim`."
    ))
}
