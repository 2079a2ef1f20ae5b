//! Whether this instance can do its work, found out by doing some: a note is written into the database and read again, a file is
//! written into the folder of files.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::base::{Error, Label, Message, Moment, Result, label, say};
use crate::files::Folder;
use crate::files::folder::failed;
use crate::http::App;
use crate::http::duties::SCAN_WRITER;

/// Whoever asks sooner, while all is well, makes the service read and not write.
const FRESH: Duration = Duration::from_secs(1);

/// What everything needs.
#[derive(Debug, Clone)]
pub struct Needed {
    pub name: &'static str,
    pub label: Label,
    /// When it worked, or what is wrong in words.
    pub found: Result<Moment, Message>,
}

/// What was found, and when.
type Found = (Instant, [Needed; 2]);

/// Whether this instance takes requests. Cheap to clone.
#[derive(Clone, Default)]
pub struct Readiness {
    is_leaving: Arc<AtomicBool>,
    found: Arc<tokio::sync::Mutex<Option<Found>>>,
}

impl Readiness {
    /// From now on this instance says that it takes no more requests, while it still answers them.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    pub fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }

    /// What is found of all that everything needs.
    pub async fn find(&self, app: &App) -> [Needed; 2] {
        // Those outside may queue for as long as they like: that is no fault of this instance.
        let database = app.database.inside();
        let asked = Instant::now();
        let mut kept = self.found.lock().await;
        if let Some((at, found)) = kept.as_ref() {
            let was_found_meanwhile = *at >= asked;
            let was_well = at.elapsed() < FRESH && found.iter().all(|needed| needed.found.is_ok());
            if was_found_meanwhile || (was_well && database.must_answer().await.is_ok()) {
                return found.clone();
            }
        }
        let database = database.must_work().await;
        if database.is_ok() {
            // It was written where scans are.
            app.duties.works_again(SCAN_WRITER);
        }
        let data_dir = Arc::clone(&app.data_dir);
        let files = actix_web::web::block(move || must_take_files(&data_dir)).await;
        let files = files.map_err(Error::internal).and_then(|files| files);
        let found = [
            needed("database", label("cơ sở dữ liệu: đọc và ghi", "database: it reads and writes"), database),
            needed("files", label("thư mục tệp: nhận tệp", "folder of files: it takes files"), files),
        ];
        kept.insert((Instant::now(), found)).1.clone()
    }
}

fn needed(name: &'static str, label: Label, done: Result<()>) -> Needed {
    let found = match done {
        Ok(()) => Ok(Moment::real_now()),
        Err(Error::Refused(refusal)) => Err(refusal.detail),
        Err(error) => {
            tracing::error!(%error, part = name, "the service cannot do its work");
            Err(say("Phần này không hoạt động; lý do ghi trong nhật ký.", "It does not work; the log says why."))
        }
    };
    Needed { name, label, found }
}

/// Writes a file that lies under no name.
fn must_take_files(data_dir: &Path) -> Result<()> {
    let folder = Folder::of(data_dir);
    let mut file = folder.nameless()?;
    file.write_all(b"ready").and_then(|()| file.sync_all()).map_err(|error| failed("write", folder.root(), error))
}
