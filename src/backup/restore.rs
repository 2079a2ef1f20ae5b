//! Puts a backup into a place that is empty. All of the backup is read before anything is written.

use std::path::{Path, PathBuf};

use crate::backup::manifest::{DatabaseKind, Manifest};
use crate::backup::passphrase::Passphrase;
use crate::backup::postgresql::Programs;
use crate::backup::sums::{self, Part};
use crate::backup::{damaged, failed};
use crate::base::{Error, Result, say};
use crate::belonging::{key_file, unfinished};
use crate::config::Storage;
use crate::db::{Address, knows, occupant};
use crate::files::Folder;
use crate::files::folder::sync_folder;

/// What a file system itself puts into a new folder.
const OF_THE_FILE_SYSTEM: &str = "lost+found";

/// Restores the backup `from` to where `storage` says. Where it breaks off after it began to write, nothing starts over what
/// is there.
pub fn restore(from: &Path, storage: &Storage, programs: &Programs, passphrase: &Passphrase) -> Result<Manifest> {
    let (manifest, text) = Manifest::read(from)?;
    must_fit(&manifest, storage)?;
    must_be_empty(storage)?;
    let keys = passphrase.open(from, &text)?;
    sums::read(from, manifest.sums, |digest, part| sums::must_be(&part.path(from), digest))?;

    unfinished::begin(&storage.data_dir, &outside(storage))?;
    let mut database = None;
    sums::read(from, manifest.sums, |digest, part| match part {
        Part::Database(kind) if kind == manifest.database => {
            database = Some((part.path(from), digest));
            Ok(())
        }
        Part::Database(_) => Err(damaged(&part.path(from), "không thuộc bản sao lưu này", "does not belong to it")),
        Part::File(_) => {
            let place = part.path(&storage.data_dir);
            let (copied, _) = sums::copy(&part.path(from), &place)?;
            if copied == digest { Ok(()) } else { sums::must_be(&place, digest) }
        }
    })?;
    let folder = Folder::of(&storage.data_dir);
    for shelf in folder.shelves()? {
        sync_folder(&shelf).map_err(|error| failed("write", &shelf, error))?;
    }
    folder.claim(manifest.identity, false)?;
    key_file::write(&storage.keys_file(), &keys)?;
    let (copy, digest) = database.ok_or_else(|| damaged(from, "không có cơ sở dữ liệu", "has no database"))?;
    match &storage.database_url {
        Address::Sqlite(path) => put(&copy, Path::new(path), |place| sums::must_be(place, digest))?,
        Address::Postgresql(url) => programs.restore(url, &copy)?,
    }
    unfinished::end(&storage.data_dir)?;
    Ok(manifest)
}

/// What a restore makes outside of the data folder, as an administrator finds it.
fn outside(storage: &Storage) -> Vec<String> {
    let mut outside = vec![storage.database_url.to_string()];
    let mut note = |path: &Path| {
        if !path.starts_with(&storage.data_dir) {
            outside.push(path.display().to_string());
        }
    };
    note(&storage.keys_file());
    if let Address::Sqlite(path) = &storage.database_url {
        note(&beside(Path::new(path)));
    }
    outside
}

/// Where a file lies until it is whole.
fn beside(place: &Path) -> PathBuf {
    let mut beside = place.as_os_str().to_owned();
    beside.push(".restoring");
    beside.into()
}

fn must_fit(manifest: &Manifest, storage: &Storage) -> Result<()> {
    let address = &storage.database_url;
    if DatabaseKind::of(address) != manifest.database {
        return Err(Error::at_hand(say(
            format!(
                "Bản sao lưu là của loại cơ sở dữ liệu khác với {address}; khôi phục đúng loại rồi dùng `ocop copy`."
            ),
            format!(
                "The backup is of another kind of database than {address}; restore it as it is, then use `ocop copy`."
            ),
        )));
    }
    if !knows(address, &manifest.schema)? {
        return Err(Error::at_hand(say(
            format!(
                "Bản sao lưu có cấu trúc của chương trình mới hơn ({}); hãy khôi phục bằng chương trình đó. Chưa ghi gì.",
                manifest.schema
            ),
            format!(
                "The backup has the schema of a newer program ({}); restore it with that one. Nothing was written.",
                manifest.schema
            ),
        )));
    }
    Ok(())
}

/// Nothing that is there is written over.
fn must_be_empty(storage: &Storage) -> Result<()> {
    unfinished::must_be_whole(&storage.data_dir)?;
    let taken = |what: String, vi: &str, en: &str| {
        Err(Error::at_hand(say(
            format!("{what} {vi}; chỉ khôi phục vào chỗ trống. Chưa ghi gì."),
            format!("{what} {en}; a backup is restored to an empty place only. Nothing was written."),
        )))
    };
    if let Some(found) = occupant(&storage.database_url)? {
        return taken(storage.database_url.to_string(), &format!("đã có {found}"), &format!("holds {found} already"));
    }
    if let Address::Sqlite(path) = &storage.database_url
        && beside(Path::new(path)).exists()
    {
        return taken(beside(Path::new(path)).display().to_string(), "đã có sẵn", "is there already");
    }
    if storage.keys_file().exists() {
        return taken(storage.keys_file().display().to_string(), "đã có sẵn", "is there already");
    }
    let entries = match std::fs::read_dir(&storage.data_dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| failed("read", &storage.data_dir, error))?,
    };
    for entry in entries {
        let name = entry.map_err(|error| failed("read", &storage.data_dir, error))?.file_name();
        if name != OF_THE_FILE_SYSTEM {
            let (folder, name) = (storage.data_dir.display().to_string(), name.to_string_lossy().into_owned());
            return taken(folder, &format!("đã có {name}"), &format!("holds {name} already"));
        }
    }
    Ok(())
}

/// Copies a file to its place: under its name it is there whole, or not at all.
fn put(from: &Path, place: &Path, check: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let beside = beside(place);
    sums::copy(from, &beside)?;
    check(&beside)?;
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::rename(beside, place).and_then(|()| sync_folder(folder)).map_err(|error| failed("write", place, error))
}
