//! Makes a backup of a database that may be served meanwhile.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::audit::{Head, seal_store};
use crate::backup::manifest::{self, DatabaseKind, FORMAT, Manifest};
use crate::backup::passphrase::Passphrase;
use crate::backup::postgresql::Programs;
use crate::backup::sums::{self, Broken, Part, Sums};
use crate::backup::{failed, store, write_new};
use crate::base::capacity::{self, MEBIBYTE};
use crate::base::id::FileId;
use crate::base::keys::Keyring;
use crate::base::{Error, Identity, Moment, Result, say};
use crate::config::Storage;
use crate::db::{Address, AnyConnection, Database, schema_state, settings};
use crate::files::folder::sync_folder;
use crate::files::{self, Folder, StoredFile};

/// What a backup leaves to who writes on the same disk.
const LEFT_FREE: u64 = 1024 * MEBIBYTE;
/// So many rows of files are read at once.
const PAGE: i64 = 500;

/// What becomes of a backup where a file is lost or damaged already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    Refused,
    /// Somebody said that the rest is to be backed up all the same.
    LeftOut,
}

/// Makes the backup `to` of what `storage` names: all of it, or nothing under that name.
pub fn make(
    database: &Database,
    keys: &Keyring,
    storage: &Storage,
    programs: &Programs,
    passphrase: &Passphrase,
    to: &Path,
    damage: Damage,
) -> Result<Manifest> {
    let folder = Folder::of(&storage.data_dir);
    let bytes = database.read_now(|connection| {
        must_belong(connection, keys, &folder)?;
        Ok::<_, Error>(store::bytes(connection)?.saturating_add(files::store::bytes(connection)?))
    })?;
    must_fit(to, u64::try_from(bytes).map_err(Error::internal)?)?;
    let unfinished = Unfinished::begin(to)?;
    let backup = unfinished.path.as_path();
    let kind = DatabaseKind::of(&storage.database_url);
    let place = Part::Database(kind).path(backup);
    let mut taking = Taking {
        keys,
        folder: &folder,
        backup,
        damage,
        sums: Sums::begin(backup)?,
        files: 0,
        bytes: 0,
        left_out: Vec::new(),
    };
    let made_at = Moment::real_now();
    let (schema, identity, head) = match &storage.database_url {
        Address::Sqlite(_) => {
            let mut copy = store::copy_sqlite(&storage.database_url, &place)?;
            taking.take(&mut copy, &storage.database_url)?
        }
        Address::Postgresql(url) => database.snapshot_now(|connection| {
            let snapshot = store::export_snapshot(connection)?;
            programs.dump(url, &snapshot, &place)?;
            taking.take(connection, &storage.database_url)
        })?,
    };
    // Neither SQLite nor pg_dump makes sure of it.
    File::open(&place).and_then(|file| file.sync_all()).map_err(|error| failed("write", &place, error))?;
    let Taking { mut sums, files, bytes, left_out, .. } = taking;
    let (digest, length) = sums::weighed(&place)?;
    sums.add(digest, Part::Database(kind))?;
    let manifest = Manifest {
        format: FORMAT,
        made_at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database: kind,
        schema,
        identity,
        head,
        files,
        bytes: bytes + length,
        sums: sums.end()?,
        left_out,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    passphrase.seal(keys, backup, &text)?;
    write_new(&backup.join(manifest::NAME), &text)?;
    unfinished.named(to)?;
    Ok(manifest)
}

/// A backup that fills the disk would stop the service that it is made of.
fn must_fit(to: &Path, bytes: u64) -> Result<()> {
    let free = capacity::free(to)?;
    if free >= bytes.saturating_add(LEFT_FREE) {
        return Ok(());
    }
    let (needed, free) = (bytes / MEBIBYTE, free / MEBIBYTE);
    Err(Error::at_hand(say(
        format!(
            "Bản sao lưu cần {needed} MiB và phải để trống 1 GiB; ở {} còn {free} MiB. Hãy chuyển bản cũ đi nơi khác.",
            to.display()
        ),
        format!(
            "The backup takes {needed} MiB and must leave 1 GiB; {} has {free} MiB. Move older ones elsewhere.",
            to.display()
        ),
    )))
}

/// Keys or files of another database would make a backup of which nothing can be restored.
fn must_belong(connection: &mut AnyConnection, keys: &Keyring, folder: &Folder) -> Result<()> {
    settings::must_hold_keys(connection, keys)?;
    match (settings::identity(connection)?, folder.claimed_by()?) {
        (Some(own), Some(holder)) if own == holder => Ok(()),
        _ => Err(Error::at_hand(say(
            format!("Các tệp trong {} không thuộc cơ sở dữ liệu này; chưa sao lưu gì.", folder.root().display()),
            format!("The files in {} are not this database's; no backup was made.", folder.root().display()),
        ))),
    }
}

/// A backup that is being filled.
struct Taking<'a> {
    keys: &'a Keyring,
    folder: &'a Folder,
    backup: &'a Path,
    damage: Damage,
    sums: Sums,
    files: u64,
    bytes: u64,
    left_out: Vec<FileId>,
}

impl Taking<'_> {
    /// What this state of the database is, with every file that it names.
    fn take(&mut self, connection: &mut AnyConnection, address: &Address) -> Result<(String, Identity, Option<Head>)> {
        // They may have been changed since.
        settings::must_hold_keys(connection, self.keys)?;
        let schema = schema_state(connection, address)?.newest;
        let identity =
            settings::identity(connection)?.ok_or_else(|| Error::internal("the database lost its identity"))?;
        let head = seal_store::latest(connection)?.as_ref().map(Head::of);
        let mut after = None;
        loop {
            let page = files::store::behind(connection, after, PAGE)?;
            let Some(last) = page.last() else { return Ok((schema, identity, head)) };
            after = Some(last.id);
            for file in page {
                self.take_file(&file)?;
            }
        }
    }

    fn take_file(&mut self, file: &StoredFile) -> Result<()> {
        let (part, kept) = (Part::File(file.id), self.folder.whereabouts(file.id)?);
        let copy = part.path(self.backup);
        let (copied, told) = match kept.map(|path| sums::copy(&path, &copy)).transpose() {
            Ok(copied) => (copied, String::new()),
            Err(Broken::Original(error)) => (None, format!(" ({error})")),
            Err(Broken::Copy(error)) => return Err(error),
        };
        match copied {
            Some((digest, length)) if digest.as_ref() == file.sha256 && i64::try_from(length) == Ok(file.size) => {
                self.files += 1;
                self.bytes += length;
                self.sums.add(digest, part)
            }
            _ if self.damage == Damage::LeftOut => {
                match std::fs::remove_file(&copy) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed("remove", &copy, error)),
                    _ => {}
                }
                self.left_out.push(file.id);
                Ok(())
            }
            _ => Err(Error::at_hand(say(
                format!(
                    "Tệp {} bị mất hoặc không còn như khi được lưu{told}; `ocop files verify` liệt kê mọi tệp như thế, và \
                     --despite-damage sao lưu phần còn lại.",
                    file.id
                ),
                format!(
                    "The file {} is lost or not as it was stored{told}; `ocop files verify` names all such files, and \
                     --despite-damage backs up the rest.",
                    file.id
                ),
            ))),
        }
    }
}

/// The folder of a backup until it has its name; gone again where it does not get it.
struct Unfinished {
    path: PathBuf,
    is_named: bool,
}

impl Unfinished {
    fn begin(to: &Path) -> Result<Self> {
        let mut name = to.file_name().ok_or_else(|| failed("make", to, "it has no name"))?.to_owned();
        name.push(".unfinished");
        let path = to.with_file_name(name);
        for there in [to, path.as_path()] {
            if there.symlink_metadata().is_ok() {
                return Err(Error::at_hand(say(
                    format!("{} đã có sẵn; mỗi bản sao lưu cần một thư mục mới.", there.display()),
                    format!("{} is there already; each backup needs a new folder.", there.display()),
                )));
            }
        }
        match std::fs::create_dir(&path) {
            Ok(()) => Ok(Self { path, is_named: false }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::at_hand(say(
                format!("Chưa có thư mục để đặt {} vào.", to.display()),
                format!("There is no folder to put {} into.", to.display()),
            ))),
            Err(error) => Err(failed("make", &path, error)),
        }
    }

    /// Gives the folder its name, for good.
    fn named(mut self, to: &Path) -> Result<()> {
        let root = Folder::of(&self.path);
        let synced = root
            .shelves()?
            .iter()
            .map(PathBuf::as_path)
            .chain([root.root(), &self.path])
            .try_for_each(|folder| if folder.exists() { sync_folder(folder) } else { Ok(()) });
        synced.and_then(|()| std::fs::rename(&self.path, to)).map_err(|error| failed("finish", to, error))?;
        self.is_named = true;
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        sync_folder(parent).map_err(|error| failed("finish", to, error))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.is_named {
            return;
        }
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "what a backup left behind stays");
        }
    }
}
