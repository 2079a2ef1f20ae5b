//! Backups are made while everybody works; where one is restored, what was answered before it began is there, and what is no
//! whole backup, or no empty place, is refused.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::engine::{Engine, new_folder, on_both};
use crate::program::Program;
use crate::province::{Province, empty};
use crate::walk::{PDF, Walk};

/// A place to keep backups, with a file that has their passphrase.
struct Shelf {
    folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        let folder = new_folder();
        std::fs::write(folder.path().join("passphrase"), "mưa phùn trên đồi chè\nmột dòng nữa\n").unwrap();
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The arguments of a command over a backup.
    fn arguments<'a>(&self, command: &'a str, backup: &'a str, of: &'a mut Vec<String>) -> Vec<&'a str> {
        of.clear();
        of.extend([self.at("passphrase").display().to_string(), self.at(backup).display().to_string()]);
        vec![command, "--passphrase-file", &of[0], &of[1]]
    }

    #[track_caller]
    fn back_up(&self, program: &Program, backup: &str) -> String {
        program.ok(&self.arguments("backup", backup, &mut Vec::new()))
    }

    #[track_caller]
    fn restore(&self, program: &Program, backup: &str) -> String {
        program.ok(&self.arguments("restore", backup, &mut Vec::new()))
    }

    #[track_caller]
    fn refuses(&self, program: &Program, command: &str, backup: &str, texts: &[&str]) {
        program.refused(&self.arguments(command, backup, &mut Vec::new()), texts);
    }

    /// A backup in which something was changed.
    fn changed(&self, of: &str, name: &str, change: impl FnOnce(&Path)) {
        let copied = std::process::Command::new("cp").arg("-r").args([self.at(of), self.at(name)]).status();
        assert!(copied.unwrap().success());
        change(&self.at(name));
    }
}

/// An empty place to restore to: its folder, and the program over it.
fn elsewhere(engine: Engine) -> (TempDir, Program) {
    let folder = new_folder();
    let program = Program::new(&engine.new_database(folder.path()), &folder.path().join("data"));
    (folder, program)
}

/// Everything below a folder that others of the machine may read or write.
fn exposed(folder: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let (mut found, mut left) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(path) = left.pop() {
        if path.metadata().unwrap().permissions().mode() & 0o077 != 0 {
            found.push(path.clone());
        }
        if path.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

#[test]
fn what_was_answered_before_a_backup_is_there_where_it_is_restored() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 4).remove(0);
        walk.province.seal();
        let (shelf, program) = (Shelf::new(), Program::new(&walk.province.database_url, &walk.province.app.data_dir));

        let (ideas, documents, scans) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()), AtomicU64::new(0));
        let is_over = AtomicBool::new(false);
        let now = || (ideas.lock().unwrap().clone(), documents.lock().unwrap().clone(), scans.load(Ordering::SeqCst));
        let while_it_lasts = |work: &dyn Fn(u64)| {
            (0..).take_while(|_| !is_over.load(Ordering::SeqCst)).for_each(work);
        };
        let before = std::thread::scope(|scope| {
            scope.spawn(|| {
                while_it_lasts(&|number| {
                    let idea = walk.idea(&walk.here, &format!("Mật ong {number}"));
                    let path = format!("/ideas/{idea}");
                    let shown = walk.province.get(&walk.here.producer, &path).ok();
                    ideas.lock().unwrap().push((path, shown));
                });
            });
            scope.spawn(|| while_it_lasts(&|_| documents.lock().unwrap().push(walk.document(&walk.here, &product))));
            scope.spawn(|| {
                while_it_lasts(&|_| {
                    walk.scan(&code, 1, None);
                    scans.fetch_add(1, Ordering::SeqCst);
                });
            });
            let began = Instant::now();
            let is_busy = || {
                let (ideas, documents, scans) = now();
                ideas.len() > 3 && documents.len() > 3 && scans > 3
            };
            while !is_busy() {
                assert!(began.elapsed() < Duration::from_secs(60), "nobody gets to work");
                crate::pace::pause();
            }
            let before = now();
            let said = shelf.back_up(&program, "backup");
            let after = now();
            is_over.store(true, Ordering::SeqCst);
            assert!(said.contains("head 1:"), "{said}");
            assert!(after.0.len() > before.0.len() && after.2 > before.2, "nothing was written meanwhile");
            before
        });
        assert_eq!(exposed(&shelf.at("backup")), Vec::<PathBuf>::new());
        let mut sums = std::process::Command::new("sha256sum");
        sums.args(["--check", "--quiet", "--strict", "SHA256SUMS"]).current_dir(shelf.at("backup"));
        assert!(sums.status().unwrap().success());

        let (place, there) = elsewhere(engine);
        let said = shelf.restore(&there, "backup");
        assert!(said.contains("was restored") && said.contains("all in order"), "{said}");
        let manifest: Value =
            serde_json::from_slice(&std::fs::read(shelf.at("backup").join("manifest.json")).unwrap()).unwrap();
        there.ok(&["audit", "verify", "--head", manifest["head"].as_str().unwrap()]);
        let restored = Province::opened_at(place, there.database_url.clone());
        restored.sign_in("admin");
        for (path, shown) in &before.0 {
            assert_eq!(restored.get(&walk.here.producer, path).ok(), *shown);
        }
        for document in &before.1 {
            let content = restored.get(&walk.here.producer, &format!("/documents/{document}/content"));
            assert_eq!(content.bytes, PDF);
        }
        let scanned = restored.public(&format!("/t/{code}")).ok();
        assert_eq!(scanned["verdict"], "genuine");
        assert!(scanned["scans"]["count"].as_u64().unwrap() > before.2, "{scanned}");
    });
}

/// A file in a program's folder, with its row.
fn stored(program: &Program, name: &str) -> ocop::files::StoredFile {
    let app = ocop::app::open(&program.storage(), "").unwrap();
    let kept = ocop::files::Folder::of(&program.data_dir);
    let file = kept.keep(PDF, ocop::files::FileKind::Pdf, name.into()).unwrap();
    let now = ocop::base::Moment::real_now();
    app.database.write_now(|connection| ocop::files::store::insert(connection, &file, now)).unwrap();
    file
}

#[test]
fn what_is_no_whole_backup_or_no_empty_place_is_refused_in_both_languages() {
    on_both(|engine| {
        let shelf = Shelf::new();
        let (folder, database_url) = empty(engine);
        let program = Program::new(&database_url, &folder.path().join("data"));
        let file = stored(&program, "a.pdf");
        shelf.back_up(&program, "good");
        shelf.refuses(&program, "backup", "good", &["is there already", "đã có sẵn"]);

        let copy = |backup: &Path| ocop::files::Folder::of(backup).path(file.id);
        let database = match engine {
            Engine::Sqlite => "database.db",
            Engine::Postgresql => "database.dump",
        };
        shelf.changed("good", "unfinished", |backup| std::fs::remove_file(backup.join("manifest.json")).unwrap());
        shelf.changed("good", "damaged", |backup| std::fs::write(copy(backup), b"%PDF-1.5").unwrap());
        shelf.changed("good", "missing", |backup| std::fs::remove_file(copy(backup)).unwrap());
        shelf.changed("good", "cut", |backup| {
            let half = std::fs::metadata(backup.join(database)).unwrap().len() / 2;
            std::fs::File::options().write(true).open(backup.join(database)).unwrap().set_len(half).unwrap();
        });
        let manifest = |backup: &Path, change: &dyn Fn(&mut Value)| {
            let path = backup.join("manifest.json");
            let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            change(&mut manifest);
            std::fs::write(path, manifest.to_string()).unwrap();
        };
        shelf.changed("good", "newer", |backup| manifest(backup, &|it| it["schema"] = "20991231000001".into()));
        shelf.changed("good", "other-form", |backup| manifest(backup, &|it| it["format"] = 2.into()));
        shelf.changed("good", "forged", |backup| manifest(backup, &|it| it["head"] = Value::Null));

        let (_place, there) = elsewhere(engine);
        for (backup, texts) in [
            ("nowhere", ["is no backup", "không phải là bản sao lưu"]),
            ("unfinished", ["is no backup", "đã dở dang"]),
            ("damaged", ["is not as it was written", "không còn như khi được ghi"]),
            ("missing", ["is missing", "bị thiếu"]),
            ("cut", ["is not as it was written", "không còn như khi được ghi"]),
            ("newer", ["a newer program (20991231000001)", "chương trình mới hơn"]),
            ("other-form", ["the form 2", "mẫu 2"]),
            ("forged", ["manifest.json of the backup was changed", "đã bị sửa"]),
        ] {
            shelf.refuses(&there, "restore", backup, &texts);
            assert!(!there.data_dir.exists(), "{backup}");
        }
        std::fs::write(shelf.at("passphrase"), "mưa phùn trên đồi sim\n").unwrap();
        shelf.refuses(&there, "restore", "good", &["The passphrase is wrong", "Cụm mật khẩu không đúng"]);
        std::fs::write(shelf.at("passphrase"), "ngắn\n").unwrap();
        shelf.refuses(&there, "restore", "good", &["needs 16 characters", "ít nhất 16 ký tự"]);
        std::fs::write(shelf.at("passphrase"), "mưa phùn trên đồi chè").unwrap();
        let other_kind = match engine {
            Engine::Sqlite => "postgres://nobody@127.0.0.1:1/ocop".to_owned(),
            Engine::Postgresql => format!("sqlite:{}", shelf.at("other.db").display()),
        };
        let other_kind = Program { database_url: other_kind, ..there.clone() };
        shelf.refuses(&other_kind, "restore", "good", &["another kind of database", "loại cơ sở dữ liệu khác"]);

        // What is there already is not written over, whichever of the three it is.
        let place = ["holds", "an empty place only", "chỗ trống"];
        let onto_its_database = Program { data_dir: there.data_dir.clone(), ..program.clone() };
        shelf.refuses(&onto_its_database, "restore", "good", &place);
        let onto_its_folder =
            Program { data_dir: program.data_dir.clone(), keys_file: Some(shelf.at("k")), ..there.clone() };
        shelf.refuses(&onto_its_folder, "restore", "good", &place);
        let onto_its_keys = Program { keys_file: Some(program.data_dir.join("keys.json")), ..there.clone() };
        shelf.refuses(&onto_its_keys, "restore", "good", &["keys.json is there already", "chỗ trống"]);
        assert!(!there.data_dir.exists());
        shelf.restore(&there, "good");
        shelf.refuses(&there, "restore", "good", &place);
    });
}

#[test]
fn a_restore_that_breaks_off_leaves_what_does_not_start_and_says_so() {
    on_both(|engine| {
        let shelf = Shelf::new();
        let (folder, database_url) = empty(engine);
        shelf.back_up(&Program::new(&database_url, &folder.path().join("data")), "good");
        let (place, there) = elsewhere(engine);
        let broken = match engine {
            // The database's folder is a file.
            Engine::Sqlite => {
                std::fs::write(place.path().join("file"), b"").unwrap();
                let database_url = format!("sqlite:{}", place.path().join("file/ocop.db").display());
                Program { database_url, ..there.clone() }
            }
            // The program that restores breaks off.
            Engine::Postgresql => {
                let programs = place.path().join("programs");
                std::fs::create_dir(&programs).unwrap();
                std::os::unix::fs::symlink("/bin/false", programs.join("pg_restore")).unwrap();
                Program { postgresql_programs: Some(programs), ..there.clone() }
            }
        };
        // What lies outside of the folder is named, for whoever empties the place.
        let keys = place.path().join("keys.json");
        let broken = Program { keys_file: Some(keys.clone()), ..broken };
        let (went_well, said) = broken.run(&shelf.arguments("restore", "good", &mut Vec::new()));
        assert!(!went_well, "{said}");
        let texts = ["A restore into", "broke off", "dở dang", keys.to_str().unwrap()];
        for command in [&["serve"][..], &["migrate"], &["audit", "verify"], &["keys", "export"], &["files", "sweep"]] {
            there.refused(command, &texts);
        }
        shelf.refuses(&there, "restore", "good", &texts);
        std::fs::remove_dir_all(&there.data_dir).unwrap();
        std::fs::remove_file(&keys).unwrap();
        shelf.restore(&there, "good");
        there.ok(&["audit", "verify"]);
    });
}

#[test]
fn a_lost_or_altered_file_is_named_and_stops_a_backup_unless_somebody_says_so() {
    on_both(|engine| {
        let shelf = Shelf::new();
        let (folder, database_url) = empty(engine);
        let program = Program::new(&database_url, &folder.path().join("data"));
        let kept = ocop::files::Folder::of(&program.data_dir);
        let files = ["lost.pdf", "altered.pdf", "aside.pdf", "unreadable.pdf"].map(|name| stored(&program, name).id);
        assert!(program.ok(&["files", "verify"]).contains("4 files, all in order"));
        let [lost, altered, aside, unreadable] = files;
        // What a sweep moved aside meanwhile is still backed up.
        let day = kept.quarantine().join("2026-11-27");
        std::fs::create_dir_all(&day).unwrap();
        std::fs::rename(kept.path(aside), day.join(aside.to_string())).unwrap();
        shelf.back_up(&program, "whole");
        // What the disk does not give back is named by where it lies, and no other file is kept from a backup by it.
        std::fs::remove_file(kept.path(unreadable)).unwrap();
        std::fs::create_dir(kept.path(unreadable)).unwrap();
        let place = kept.path(unreadable).display().to_string();
        shelf.refuses(&program, "backup", "unreadable", &[&unreadable.to_string(), "cannot read", &place, "bị mất"]);
        let mut of = Vec::new();
        let said = program.ok(&[&shelf.arguments("backup", "unreadable", &mut of)[..], &["--despite-damage"]].concat());
        assert!(said.contains(&format!("left out: file {unreadable}")) && said.contains("3 files"), "{said}");
        std::fs::remove_file(kept.path(lost)).unwrap();
        std::fs::write(kept.path(altered), b"%PDF-1.5").unwrap();
        let named = [&format!("file {lost}"), &format!("file {altered}"), "lost or altered"];
        program.refused(&["files", "verify"], &named);
        shelf.refuses(
            &program,
            "backup",
            "damaged",
            &["--despite-damage", "is lost or not as it was stored", "bị mất"],
        );
        assert!(!shelf.at("damaged").exists() && !shelf.at("damaged.unfinished").exists());
        let mut of = Vec::new();
        let said = program.ok(&[&shelf.arguments("backup", "damaged", &mut of)[..], &["--despite-damage"]].concat());
        assert!(said.contains(&format!("left out: file {lost}")) && said.contains("1 files"), "{said}");
        // It is restored, and what was lost is named there too.
        let (_place, there) = elsewhere(engine);
        shelf.refuses(&there, "restore", "damaged", &["restored as it was backed up", &format!("file {altered}")]);
        there.ok(&["migrate"]);
    });
}
