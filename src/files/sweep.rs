//! Removes what uploads left behind: files whose row was never committed, and uploads that broke off.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::base::Result;
use crate::base::id::FileId;
use crate::db::Database;
use crate::files::folder::failed;
use crate::files::{Folder, store};
use crate::http::House;

/// A file this old either has its row or never gets one: no transaction lasts that long.
const OLD: Duration = Duration::from_secs(3600);
const EVERY: Duration = Duration::from_secs(3600);

/// Sweeps now and then every hour, for as long as the runtime lives.
pub fn keep_swept(house: House) {
    actix_web::rt::spawn(async move {
        loop {
            let house = house.clone();
            let swept = tokio::task::spawn_blocking(move || {
                sweep(&house.database, &Folder::of(&house.data_dir), SystemTime::now())
            });
            match swept.await {
                Ok(Ok(0)) => {}
                Ok(Ok(removed)) => tracing::info!(removed, "files without a row were removed"),
                Ok(Err(error)) => tracing::error!(%error, "the files could not be swept"),
                Err(error) => tracing::error!(%error, "the sweep of files broke off"),
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Removes files older than an hour that no row names. How many is returned.
pub fn sweep(database: &Database, folder: &Folder, now: SystemTime) -> Result<usize> {
    let mut removed = 0;
    for (shelf, _) in old_entries(folder.root().to_owned(), None)? {
        let is_incoming = shelf == folder.incoming();
        let old = old_entries(shelf, Some(now))?;
        let ids: Vec<FileId> = old.iter().filter_map(|(_, id)| *id).collect();
        let named = if is_incoming { Vec::new() } else { database.read_now(|connection| named(connection, &ids))? };
        for (path, id) in old {
            // A name that is no id was not written by this service and is left alone.
            if id.is_some_and(|id| !named.contains(&id)) {
                std::fs::remove_file(&path).map_err(|error| failed("remove", &path, error))?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn named(connection: &mut crate::db::AnyConnection, ids: &[FileId]) -> Result<Vec<FileId>> {
    let mut named = Vec::new();
    for some in ids.chunks(500) {
        named.extend(store::named(connection, some)?);
    }
    Ok(named)
}

/// What lies in a folder, with the id that each name is; only what is old enough where a time is given. A folder that
/// is not there yet holds nothing.
fn old_entries(folder: PathBuf, now: Option<SystemTime>) -> Result<Vec<(PathBuf, Option<FileId>)>> {
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", &folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed("read", &folder, error))?;
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            // An upload was settled or given up in this very moment.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed("read", &entry.path(), error)),
        };
        let wanted = match now {
            Some(now) => {
                let written = metadata.modified().map_err(|error| failed("read", &entry.path(), error))?;
                metadata.is_file() && now.duration_since(written).is_ok_and(|age| age > OLD)
            }
            None => metadata.is_dir(),
        };
        if wanted {
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            found.push((entry.path(), id));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Moment;
    use crate::files::Content;

    #[test]
    fn only_old_files_without_a_row_are_removed() {
        let data = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", data.path().join("x.db").display()).parse().unwrap();
        crate::db::migrate(&address).unwrap();
        let database = Database::open(address, 1, crate::db::Patience::default()).unwrap();
        let folder = Folder::of(data.path());
        let keep = |name: &str| folder.keep(b"%PDF-1.7", Content::Pdf, name.into()).unwrap();
        let (named, orphan) = (keep("named.pdf"), keep("orphan.pdf"));
        let broken_off = folder.incoming().join(FileId::new().to_string());
        let foreign = folder.incoming().join("README");
        std::fs::write(&broken_off, b"%P").unwrap();
        std::fs::write(&foreign, b"").unwrap();
        database.write_now(|connection| store::insert(connection, &named, Moment::real_now())).unwrap();

        let soon = SystemTime::now() + Duration::from_secs(1800);
        assert_eq!(sweep(&database, &folder, soon).unwrap(), 0);
        let later = SystemTime::now() + Duration::from_secs(3700);
        assert_eq!(sweep(&database, &folder, later).unwrap(), 2);
        assert!(folder.path(named.id).exists() && foreign.exists());
        assert!(!folder.path(orphan.id).exists() && !broken_off.exists());
    }
}
