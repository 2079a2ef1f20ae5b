//! A disk that is full or read-only: said in words, nothing that was answered is lost, and all goes on once it takes something.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::{Disk, LONGEST_ANSWER, Office, becomes, fault_of};
use crate::engine::{self, Engine, has_postgresql, on_both};
use crate::program::Program;
use crate::province::{Province, Reply, empty};
use crate::walk::Walk;

const IN_WORDS: &str = "full, read-only or broken";

/// A province whose database and files lie on a disk.
fn on(disk: &Disk, engine: Engine) -> (TempDir, String) {
    let (folder, mut database_url) = empty(engine);
    let place = tempfile::tempdir_in(disk.path()).unwrap();
    let copied = Command::new("cp").arg("-r").arg(folder.path().join(".")).arg(place.path()).status();
    assert!(copied.unwrap().success());
    match database_url.strip_prefix("sqlite:") {
        Some(path) => {
            let name = Path::new(path).file_name().unwrap();
            database_url = format!("sqlite:{}", place.path().join(name).display());
        }
        None => engine::move_to(&database_url, &disk.path().join("tables")),
    }
    (place, database_url)
}

#[test]
fn a_full_disk_is_told_in_words_and_costs_nothing_that_was_answered() {
    on_both(|engine| {
        let Some(disk) = Disk::new(96) else { return };
        let (folder, database_url) = on(&disk, engine);
        let program = Program::new(&database_url, &folder.path().join("data"));
        let province = Province::opened_at(folder, database_url.clone());
        let person = province.hire("office", "provincial_officer", Some("42"), None);
        let mut office = Office::of(&province, &person);
        assert_eq!(office.make().status, 201);

        disk.fill();
        let refused = (0..2000).map(|_| office.make()).find(|reply| reply.status == 503).expect("the disk is full");
        let problem = refused.refused(503, "database_unwritable");
        assert!(problem["detail"].as_str().unwrap().contains(IN_WORDS), "{problem}");
        let problem = becomes(&province, 503).refused(503, "not_ready");
        let (_, told) = fault_of(&problem);
        assert!(told.contains(IN_WORDS) || told.contains("running out of room"), "{problem}");
        // What is there is still shown.
        office.must_have_what_was_answered();

        disk.make_room();
        becomes(&province, 200);
        assert_eq!(office.make().status, 201);
        office.must_have_what_was_answered();

        program.ok(&["audit", "verify"]);
        drop(province);
        if engine == Engine::Postgresql {
            engine::leave(&disk.path().join("tables"));
        }
    });
}

#[test]
fn a_full_or_read_only_disk_is_told_in_words_at_a_start() {
    let Some(disk) = Disk::new(96) else { return };
    let (folder, database_url) = on(&disk, Engine::Sqlite);
    let program = Program::new(&database_url, &folder.path().join("data"));
    program.ok(&["migrate"]);
    let refuses = |program: &Program| {
        for command in ["serve", "migrate"] {
            program.refused(&[command], &["full", "read-only", "đầy", "chỉ đọc được"]);
        }
    };
    disk.fill();
    refuses(&program);
    // Of a new place nothing is left that would be in the way of the next try.
    let data = disk.path().join("data");
    let new = Program::new(&Engine::Sqlite.new_database(disk.path()), &data);
    new.refused(&["migrate"], &["full", "đầy"]);
    assert!(!data.join("keys.json").exists());
    disk.make_room();
    new.ok(&["migrate"]);
    program.ok(&["migrate"]);
    disk.remount("ro");
    refuses(&program);
    disk.remount("rw");
    program.ok(&["audit", "verify"]);
}

#[test]
fn a_folder_that_became_read_only_is_told_by_readiness() {
    let Some(disk) = Disk::new(96) else { return };
    let (folder, database_url) = empty(Engine::Sqlite);
    let files = folder.path().join("data/files");
    let copied = Command::new("cp").arg("-r").arg(files.join(".")).arg(disk.path()).status();
    assert!(copied.unwrap().success());
    std::fs::remove_dir_all(&files).unwrap();
    std::os::unix::fs::symlink(disk.path(), &files).unwrap();
    let province = Province::opened_at(folder, database_url);
    becomes(&province, 200);
    disk.remount("ro");
    let problem = becomes(&province, 503).refused(503, "not_ready");
    assert_eq!(fault_of(&problem).0, "/files", "{problem}");
    disk.remount("rw");
    becomes(&province, 200);
}

/// Scans stop where the database takes nothing, and the writer of scans is well again before anybody scans anew.
#[test]
fn a_database_that_takes_nothing_is_told_and_scans_are_well_again_without_a_scan() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let code = walk.activated(&walk.here, &product, 1).remove(0);
        assert_eq!(walk.scan(&code, 1, None)["scans"]["count"], 1);
        let state = || {
            let answer = becomes(&walk.province, 200).json();
            let parts = answer["parts"].as_array().unwrap();
            parts.iter().find(|part| part["name"] == "scan_writer").unwrap()["state"].clone()
        };
        assert_eq!(state(), "well");
        let takes_nothing = TakesNothing::of(&walk.province, engine);
        let began = std::time::Instant::now();
        let scanned = || Reply::of(walk.province.request(reqwest::Method::GET, &format!("/t/{code}")).send().unwrap());
        super::until("scans are refused", || scanned().status == 503);
        assert!(began.elapsed() < LONGEST_ANSWER);
        let problem = becomes(&walk.province, 503).refused(503, "not_ready");
        assert_eq!(fault_of(&problem).0, "/database", "{problem}");
        takes_nothing.end();
        assert_eq!(state(), "well");
        assert!(scanned().ok()["scans"]["count"].as_u64().unwrap() >= 2);
    });
}

/// A database that takes nothing for a while: on SQLite its file is elsewhere, on PostgreSQL it is as a standby is.
enum TakesNothing {
    Moved(String),
    ReadOnly(String),
}

impl TakesNothing {
    fn of(province: &Province, engine: Engine) -> Self {
        let url = province.database_url.clone();
        match engine {
            Engine::Sqlite => {
                let path = url.strip_prefix("sqlite:").unwrap().to_owned();
                std::fs::rename(&path, format!("{path}.aside")).unwrap();
                Self::Moved(path)
            }
            Engine::Postgresql => {
                engine::allow_writing(&url, false);
                Self::ReadOnly(url)
            }
        }
    }

    fn end(self) {
        match self {
            Self::Moved(path) => std::fs::rename(format!("{path}.aside"), path).unwrap(),
            Self::ReadOnly(url) => engine::allow_writing(&url, true),
        }
    }
}

#[test]
fn a_database_that_became_read_only_says_so() {
    if !has_postgresql() {
        return;
    }
    let province = Province::new(Engine::Postgresql);
    let person = province.hire("office", "provincial_officer", Some("42"), None);
    let mut office = Office::of(&province, &person);
    assert_eq!(office.make().status, 201);
    engine::allow_writing(&province.database_url, false);
    super::until("the connections of before are given up", || {
        office.make().json()["code"] == json!("database_unwritable")
    });
    office.must_have_what_was_answered();
    engine::allow_writing(&province.database_url, true);
    becomes(&province, 200);
    super::until("it is written again", || office.make().status == 201);
    office.must_have_what_was_answered();
}
