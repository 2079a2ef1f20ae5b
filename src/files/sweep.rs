//! Moves aside what uploads left behind: files whose row was never committed, and uploads that broke off.
//!
//! Nothing is removed at once: what no row names lies in the quarantine for thirty days, and what a row names comes back
//! from there by itself. A sweep that finds more than leftovers of uploads takes this for the wrong database and stops.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, Utc};

use crate::base::id::FileId;
use crate::base::{Error, Result, label};
use crate::db::{AnyConnection, Database, settings};
use crate::files::folder::{failed, sync_folder};
use crate::files::listing::{self, Lying};
use crate::files::{Folder, rules, store};
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};

/// A file this old either has its row or never gets one: no transaction lasts that long.
const OLD: Duration = Duration::from_secs(3600);
const EVERY: Duration = Duration::from_secs(3600);

/// How much a sweep may move aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// What uploads usually leave behind: [`rules::most_swept`].
    Leftovers,
    /// Everything that no row names; somebody said so.
    All,
}

/// What a sweep did, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Moved into the quarantine.
    pub moved: usize,
    /// Moved back from there, because a row names them.
    pub returned: usize,
    /// Removed for good, after their time there.
    pub removed: usize,
}

const SWEEPER: Duty =
    Duty { name: "sweeper", label: label("dọn tệp không còn dùng", "sweeper of files without a row") };

/// Sweeps every hour, for as long as the runtime lives; never at its start, when a setting may be wrong.
pub fn keep_swept(app: App) {
    let duties = app.duties.clone();
    // A sweep that is refused goes through the whole folder, and is refused until a person looked.
    duties.keep(SWEEPER, Rhythm::every(EVERY).pausing(EVERY), async move || {
        let app = app.clone();
        let swept = tokio::task::spawn_blocking(move || {
            sweep_with(&app.database, &Folder::of(&app.data_dir), SystemTime::now(), Most::Leftovers)
        });
        let Swept { moved, returned, removed } = swept.await.map_err(Error::internal)??;
        if moved + returned + removed > 0 {
            tracing::info!(moved, returned, removed, "files without a row were moved aside");
        }
        Ok(())
    });
}

/// Moves aside the leftovers of uploads; how many is returned.
pub fn sweep(database: &Database, folder: &Folder, now: SystemTime) -> Result<usize> {
    Ok(sweep_with(database, folder, now, Most::Leftovers)?.moved)
}

/// Moves files older than an hour that no row names into the quarantine, gives back what a row names, and removes what has
/// lain there for thirty days. Fails, with nothing moved aside or removed, where the folder is another database's or where
/// `most` does not allow for it.
pub fn sweep_with(database: &Database, folder: &Folder, now: SystemTime, most: Most) -> Result<Swept> {
    let returned = give_back(database, folder)?;
    let stored = folder.stored()?;
    let all = stored.len();
    let unnamed = unnamed(database, stored.into_iter().filter(|file| is_old(file, now)).collect())?;
    if most == Most::Leftovers && unnamed.len() > rules::most_swept(all) {
        return Err(Error::internal(format!(
            "{} of {all} stored files are named by no row of this database, more than uploads leave behind; nothing was \
             moved aside. Is it the right database? Where it is, `ocop files sweep --all` moves them aside.",
            unnamed.len()
        )));
    }
    // What broke off on its way is no document, however much of it there is.
    let broken_off = folder.arriving()?.into_iter().filter(|file| is_old(file, now));
    let mut moved = 0;
    let today = folder.quarantine().join(day(now).to_string());
    for file in unnamed.into_iter().chain(broken_off) {
        moved += usize::from(moved_to(&file, &today.join(file.id.to_string()))?);
    }
    Ok(Swept { moved, returned, removed: remove_expired(folder, now)? })
}

/// Gives back what lies in the quarantine and is named by a row; how many is returned.
pub fn give_back(database: &Database, folder: &Folder) -> Result<usize> {
    database.read_now(|connection| must_belong(connection, folder))?;
    let mut returned = 0;
    for day in folder.set_aside()? {
        let files = listing::files(&day)?;
        let named = named(database, &files)?;
        for file in files.iter().filter(|file| named.contains(&file.id)) {
            let place = folder.path(file.id);
            let is_free = !place.try_exists().map_err(|error| failed("read", &place, error))?;
            returned += usize::from(is_free && moved_to(file, &place)?);
        }
    }
    Ok(returned)
}

/// A folder is swept by the database that claimed it only.
fn must_belong(connection: &mut AnyConnection, folder: &Folder) -> Result<()> {
    let (own, claimed) = (settings::identity(connection)?, folder.claimed_by()?);
    if own.is_some() && own == claimed {
        return Ok(());
    }
    Err(Error::internal(format!("the files in {} are not this database's", folder.root().display())))
}

fn is_old(file: &Lying, now: SystemTime) -> bool {
    now.duration_since(file.written).is_ok_and(|age| age > OLD)
}

fn day(now: SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(now).date_naive()
}

fn unnamed(database: &Database, files: Vec<Lying>) -> Result<Vec<Lying>> {
    let named = named(database, &files)?;
    Ok(files.into_iter().filter(|file| !named.contains(&file.id)).collect())
}

fn named(database: &Database, files: &[Lying]) -> Result<HashSet<FileId>> {
    database.read_now(|connection| named_of(connection, files))
}

/// The ids of those files that a row names.
pub fn named_of(connection: &mut AnyConnection, files: &[Lying]) -> Result<HashSet<FileId>> {
    let ids: Vec<FileId> = files.iter().map(|file| file.id).collect();
    let mut named = HashSet::new();
    for some in ids.chunks(500) {
        named.extend(store::named(connection, some)?);
    }
    Ok(named)
}

/// Moves a file; false where another instance was faster.
fn moved_to(file: &Lying, place: &Path) -> Result<bool> {
    let shelf = place.parent().ok_or_else(|| Error::internal("a file's path has no folder"))?;
    std::fs::create_dir_all(shelf).map_err(|error| failed("make", shelf, error))?;
    match std::fs::rename(&file.path, place) {
        Ok(()) => sync_folder(shelf).map(|()| true).map_err(|error| failed("store", place, error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("move", &file.path, error)),
    }
}

/// Removes what has lain in the quarantine for its time. What a row names was given back before.
fn remove_expired(folder: &Folder, now: SystemTime) -> Result<usize> {
    let mut removed = 0;
    for aside in folder.set_aside()? {
        let since: Option<NaiveDate> =
            aside.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        // A folder that is no day was not made by this service and is left alone.
        let Some(since) = since.filter(|since| rules::is_expired(*since, day(now))) else { continue };
        for file in listing::files(&aside)? {
            match std::fs::remove_file(&file.path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed("remove", &file.path, error)),
            }
        }
        match std::fs::remove_dir(&aside) {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, %since, "a day of the quarantine stays"),
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Identity, Moment};
    use crate::files::{FileKind, StoredFile};

    const HOUR: Duration = Duration::from_secs(3700);
    const DAY: Duration = Duration::from_secs(86_400);

    struct Ground {
        _data: tempfile::TempDir,
        database: Database,
        folder: Folder,
    }

    impl Ground {
        fn new() -> Self {
            let data = tempfile::tempdir().unwrap();
            let address = format!("sqlite:{}", data.path().join("x.db").display()).parse().unwrap();
            crate::db::migrate(&address).unwrap();
            let database = Database::open(address, 1, crate::db::Patience::default()).unwrap();
            let folder = Folder::of(data.path());
            let identity = Identity::random();
            database.write_now(|connection| settings::set_identity(connection, identity)).unwrap();
            folder.claim(identity, false).unwrap();
            Self { _data: data, database, folder }
        }

        fn keep(&self) -> StoredFile {
            self.folder.keep(b"%PDF-1.7", FileKind::Pdf, "a.pdf".into()).unwrap()
        }

        fn name(&self, file: &StoredFile) {
            self.database.write_now(|connection| store::insert(connection, file, Moment::real_now())).unwrap();
        }

        fn sweep(&self, after: Duration, most: Most) -> Result<Swept> {
            sweep_with(&self.database, &self.folder, SystemTime::now() + after, most)
        }
    }

    fn swept(moved: usize, returned: usize, removed: usize) -> Swept {
        Swept { moved, returned, removed }
    }

    #[test]
    fn only_old_files_without_a_row_are_moved_aside_and_removed_a_month_later() {
        let ground = Ground::new();
        let folder = &ground.folder;
        let (named, orphan) = (ground.keep(), ground.keep());
        ground.name(&named);
        let broken_off = folder.incoming().join(FileId::new().to_string());
        let foreign = folder.incoming().join("README");
        std::fs::write(&broken_off, b"%P").unwrap();
        std::fs::write(&foreign, b"").unwrap();

        assert_eq!(ground.sweep(Duration::from_secs(1800), Most::Leftovers).unwrap(), swept(0, 0, 0));
        assert_eq!(ground.sweep(HOUR, Most::Leftovers).unwrap(), swept(2, 0, 0));
        assert!(folder.path(named.id).exists() && foreign.exists());
        assert!(!folder.path(orphan.id).exists() && !broken_off.exists());
        assert_eq!(ground.sweep(HOUR + DAY * 30, Most::Leftovers).unwrap(), swept(0, 0, 0));
        assert_eq!(ground.sweep(HOUR + DAY * 31, Most::Leftovers).unwrap(), swept(0, 0, 2));
        assert_eq!(folder.set_aside().unwrap().len(), 0);
    }

    #[test]
    fn what_a_row_names_comes_back_from_the_quarantine_whenever_that_is() {
        let ground = Ground::new();
        let file = ground.keep();
        ground.sweep(HOUR, Most::Leftovers).unwrap();
        ground.name(&file);
        assert_eq!(ground.sweep(HOUR + DAY * 40, Most::Leftovers).unwrap(), swept(0, 1, 0));
        assert_eq!(std::fs::read(ground.folder.path(file.id)).unwrap(), b"%PDF-1.7");
    }

    #[test]
    fn a_sweep_that_would_take_more_than_leftovers_stops_until_it_is_told() {
        let ground = Ground::new();
        let files: Vec<StoredFile> = (0..21).map(|_| ground.keep()).collect();
        let told = ground.sweep(HOUR, Most::Leftovers).unwrap_err().to_string();
        assert!(told.contains("21 of 21") && told.contains("ocop files sweep --all"), "{told}");
        assert!(files.iter().all(|file| ground.folder.path(file.id).exists()));
        assert_eq!(ground.sweep(HOUR, Most::All).unwrap(), swept(21, 0, 0));
    }

    #[test]
    fn another_databases_folder_is_not_swept() {
        let ground = Ground::new();
        let file = ground.keep();
        ground.folder.claim(Identity::random(), true).unwrap();
        assert!(ground.sweep(HOUR, Most::All).unwrap_err().to_string().contains("not this database's"));
        assert!(ground.folder.path(file.id).exists());
    }
}
