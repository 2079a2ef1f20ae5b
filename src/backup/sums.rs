//! The list of digests of a backup, as `sha256sum -c SHA256SUMS` reads it, so that it can be checked without this program.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::backup::manifest::DatabaseKind;
use crate::backup::{damaged, failed};
use crate::base::id::FileId;
use crate::base::{Digest, Error, Result};
use crate::files::Folder;

pub const NAME: &str = "SHA256SUMS";

/// A part of a backup that has a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Database(DatabaseKind),
    File(FileId),
}

impl Part {
    pub fn path(self, backup: &Path) -> PathBuf {
        match self {
            Self::Database(kind) => backup.join(kind.file_name()),
            Self::File(id) => Folder::of(backup).path(id),
        }
    }

    /// The part of this relative path; none for any other path, so that no list leads out of its backup.
    fn at(path: &str) -> Option<Self> {
        let databases = [DatabaseKind::Sqlite, DatabaseKind::Postgresql].map(Self::Database);
        let file = path.rsplit('/').next().and_then(|name| name.parse().ok()).map(Self::File);
        databases.into_iter().chain(file).find(|part| part.path(Path::new("")).to_str() == Some(path))
    }
}

/// A list that is being written.
pub struct Sums {
    path: PathBuf,
    list: BufWriter<File>,
    digest: Sha256,
}

impl Sums {
    pub fn begin(backup: &Path) -> Result<Self> {
        let path = backup.join(NAME);
        let list = File::create_new(&path).map_err(|error| failed("write", &path, error))?;
        Ok(Self { path, list: BufWriter::new(list), digest: Sha256::new() })
    }

    pub fn add(&mut self, digest: Digest, part: Part) -> Result<()> {
        let line = format!("{digest}  {}\n", part.path(Path::new("")).display());
        self.digest.update(&line);
        self.list.write_all(line.as_bytes()).map_err(|error| failed("write", &self.path, error))
    }

    /// The digest of the list, which is there for good then.
    pub fn end(mut self) -> Result<Digest> {
        self.list
            .flush()
            .and_then(|()| self.list.get_ref().sync_all())
            .map_err(|error| failed("write", &self.path, error))?;
        Digest::try_from(self.digest.finalize().to_vec()).map_err(Error::internal)
    }
}

/// Goes through a list that is the one that `digest` is of.
pub fn read(backup: &Path, digest: Digest, mut each: impl FnMut(Digest, Part) -> Result<()>) -> Result<()> {
    let path = backup.join(NAME);
    if digest_of(&path)? != digest {
        return Err(damaged(&path, "không còn như khi được ghi", "is not as it was written"));
    }
    let list = File::open(&path).map_err(|error| failed("read", &path, error))?;
    for line in BufReader::new(list).lines() {
        let line = line.map_err(|error| failed("read", &path, error))?;
        let read = line.split_once("  ").and_then(|(digest, part)| Some((digest.parse().ok()?, Part::at(part)?)));
        let (digest, part) =
            read.ok_or_else(|| damaged(&path, "có dòng không đọc được", "has a line that cannot be read"))?;
        each(digest, part)?;
    }
    Ok(())
}

/// Fails with the path of a file that is missing or has another digest.
pub fn must_be(path: &Path, digest: Digest) -> Result<()> {
    if digest_of(path)? == digest {
        return Ok(());
    }
    Err(damaged(path, "không còn như khi được ghi", "is not as it was written"))
}

fn digest_of(path: &Path) -> Result<Digest> {
    let missing = |_| damaged(path, "bị thiếu hoặc không đọc được", "is missing or cannot be read");
    drop(File::open(path).map_err(missing)?);
    Ok(weighed(path)?.0)
}

/// What came in the way of a copy.
#[derive(Debug)]
pub enum Broken {
    /// The original cannot be read: it is damaged itself.
    Original(Error),
    Copy(Error),
}

impl From<Broken> for Error {
    fn from((Broken::Original(error) | Broken::Copy(error)): Broken) -> Self {
        error
    }
}

/// Copies a file to a new one that is there for good; its digest and its length.
pub fn copy(from: &Path, to: &Path) -> std::result::Result<(Digest, u64), Broken> {
    let unread = |error| Broken::Original(failed("read", from, error));
    let unwritten = |error| Broken::Copy(failed("write", to, error));
    let source = File::open(from).map_err(unread)?;
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Broken::Copy(failed("make", folder, error)))?;
    }
    let mut target = File::create_new(to).map_err(unwritten)?;
    let told = passed(source, &mut target).map_err(|passing| match passing {
        Passing::Reading(error) => unread(error),
        Passing::Writing(error) => unwritten(error),
    })?;
    target.sync_all().map_err(unwritten)?;
    Ok(told)
}

/// In what passing something on broke off.
enum Passing {
    Reading(std::io::Error),
    Writing(std::io::Error),
}

/// Passes everything on; its digest and its length.
fn passed(mut from: impl Read, to: &mut impl Write) -> std::result::Result<(Digest, u64), Passing> {
    let other = |error| Passing::Writing(std::io::Error::other(error));
    let (mut digest, mut length) = (Sha256::new(), 0);
    let mut bytes = vec![0; 256 * 1024];
    loop {
        let count = from.read(&mut bytes).map_err(Passing::Reading)?;
        let some = bytes.get(..count).unwrap_or_default();
        if some.is_empty() {
            let digest = Digest::try_from(digest.finalize().to_vec()).map_err(|error| other(error.to_string()))?;
            return Ok((digest, length));
        }
        digest.update(some);
        to.write_all(some).map_err(Passing::Writing)?;
        length += u64::try_from(count).map_err(|error| other(error.to_string()))?;
    }
}

/// The digest of a file, and its length.
pub fn weighed(path: &Path) -> Result<(Digest, u64)> {
    let file = File::open(path).map_err(|error| failed("read", path, error))?;
    let weighed = passed(file, &mut std::io::sink());
    weighed.map_err(|(Passing::Reading(error) | Passing::Writing(error))| failed("read", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written_and_leads_nowhere_else() {
        let backup = tempfile::tempdir().unwrap();
        let id: FileId = "01980000-0000-7000-8000-0000000000ab".parse().unwrap();
        let digest = Digest::of("x", &1).unwrap();
        let parts = [Part::Database(DatabaseKind::Sqlite), Part::File(id)];
        let mut sums = Sums::begin(backup.path()).unwrap();
        parts.iter().for_each(|part| sums.add(digest, *part).unwrap());
        let whole = sums.end().unwrap();
        let mut found = Vec::new();
        let mut collect = |digest, part| {
            found.push((digest, part));
            Ok(())
        };
        read(backup.path(), whole, &mut collect).unwrap();
        assert_eq!(found, parts.map(|part| (digest, part)));
        let path = backup.path().join(NAME);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().last().unwrap(), format!("{digest}  files/ab/{id}"));
        std::fs::write(&path, text.replace("/ab/", "/ac/")).unwrap();
        assert!(
            read(backup.path(), whole, |_, _| Ok(())).unwrap_err().to_string().contains("is not as it was written")
        );
        let changed = digest_of(&path).unwrap();
        assert!(read(backup.path(), changed, |_, _| Ok(())).unwrap_err().to_string().contains("cannot be read"));
        for elsewhere in
            ["../database.db", "/database.db", &format!("files/../{id}"), "files/identity", "keys.json", ""]
        {
            assert_eq!(Part::at(elsewhere), None, "{elsewhere}");
        }
    }
}
