//! No file is lost to a wrong setting: a database, its keys and its folder start together or not at all, and what a sweep
//! takes can be had back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ocop::base::Moment;
use ocop::base::id::FileId;
use ocop::files::{FileKind, Folder, StoredFile, store};

use crate::engine::{Engine, copy, has_postgresql, new_folder, on_both};
use crate::program::Program;

/// As many as were lost once.
const DOCUMENTS: usize = 52;

/// A used database with documents that were written two hours ago.
fn used(engine: Engine, folder: &Path) -> (Program, Vec<FileId>) {
    std::fs::create_dir_all(folder).unwrap();
    let program = Program::new(&engine.new_database(folder), &folder.join("data"));
    let app = ocop::app::open(&program.storage(), "").unwrap();
    let files: Vec<StoredFile> = (0..DOCUMENTS).map(|_| document(&program)).collect();
    let insert = |file: &StoredFile| {
        app.database.write_now(|connection| store::insert(connection, file, Moment::real_now())).unwrap();
    };
    files.iter().for_each(insert);
    (program, files.iter().map(|file| file.id).collect())
}

fn document(program: &Program) -> StoredFile {
    let folder = Folder::of(&program.data_dir);
    let file = folder.keep(b"%PDF-1.7", FileKind::Pdf, "a.pdf".into()).unwrap();
    let written = std::fs::File::open(folder.path(file.id)).unwrap();
    written.set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
    file
}

/// Every file below a folder, with its content.
fn everything(folder: &Path) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert((path.clone(), std::fs::read(path).unwrap()));
            }
        }
    }
    found
}

fn copied(from: &Path, to: &Path) {
    for (path, bytes) in everything(from) {
        let place = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, bytes).unwrap();
        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        std::fs::File::options().write(true).open(&place).unwrap().set_modified(written).unwrap();
    }
}

/// Whose something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    First,
    Second,
    Nobodys,
}

#[test]
fn each_wrong_combination_of_database_keys_and_folder_is_refused_and_takes_no_file() {
    on_both(|engine| {
        let ground = new_folder();
        let at = |name: &str| ground.path().join(name);
        let (first, _) = used(engine, &at("first"));
        let (second, _) = used(engine, &at("second"));
        std::fs::create_dir(at("older")).unwrap();
        let older = copy(&first.database_url, &at("older"));
        std::fs::create_dir(at("before")).unwrap();
        // A second copy of a copy, so that its name is another one.
        let before = Program::new(&copy(&older, &at("before")), &at("none"));
        std::fs::create_dir(at("empty")).unwrap();
        let empty = engine.new_database(&at("empty"));

        let databases = [
            ("first", &first.database_url, Whose::First),
            ("second", &second.database_url, Whose::Second),
            ("an older copy", &older, Whose::First),
            ("from before there were identities", &before.database_url, Whose::First),
            ("empty", &empty, Whose::Nobodys),
        ];
        let all_keys = [
            (Some(first.data_dir.join("keys.json")), Whose::First),
            (Some(second.data_dir.join("keys.json")), Whose::Second),
            (None, Whose::Nobodys),
        ];
        // With its claim, and as it was before there were claims.
        let folders = [
            (Some(&first), true, Whose::First),
            (Some(&first), false, Whose::First),
            (Some(&second), true, Whose::Second),
            (Some(&second), false, Whose::Second),
            (None, false, Whose::Nobodys),
        ];
        let mut fitting = 0;
        let mut number = 0;
        for (name, url, of_database) in databases {
            for (keys, of_keys) in &all_keys {
                for (folder, is_claimed, of_folder) in folders {
                    number += 1;
                    if name.starts_with("from before") {
                        before.execute("DELETE FROM settings WHERE name = 'identity'");
                    }
                    let mut program = Program::new(url, &at(&format!("case-{number}")));
                    let files = program.data_dir.join("files");
                    if let Some(folder) = folder {
                        copied(&folder.data_dir.join("files"), &files);
                    }
                    if folder.is_some() && !is_claimed {
                        std::fs::remove_file(files.join("identity")).unwrap();
                    }
                    let key_file = at(&format!("case-{number}.json"));
                    if let Some(keys) = keys {
                        std::fs::copy(keys, &key_file).unwrap();
                    }
                    program.keys_file = Some(key_file.clone());
                    let case = format!("{engine:?}: {name}, keys {of_keys:?}, folder {of_folder:?} {is_claimed}");

                    let there = everything(&files);
                    let key_bytes = std::fs::read(&key_file).ok();
                    let opened = ocop::app::open(&program.storage(), "").map(drop);
                    let fits = of_database == *of_keys && of_database == of_folder;
                    if fits {
                        opened.unwrap_or_else(|error| panic!("{case}: {error}"));
                        fitting += 1;
                        assert!(there.is_subset(&everything(&files)), "{case}");
                        continue;
                    }
                    let told = opened.expect_err(&case).to_string();
                    // Wrong keys of a used database are not to be told away; all else is, by a command that is named.
                    let of_wrong_keys = of_database != Whose::Nobodys && of_database != *of_keys;
                    if of_wrong_keys {
                        assert!(told.contains("key") && told.contains("restore it from the export"), "{case}: {told}");
                    } else {
                        assert!(
                            told.contains("`ocop migrate --claim`") && told.contains("OCOP_DATA_DIR"),
                            "{case}: {told}"
                        );
                        assert!(
                            told.contains(files.to_str().unwrap()) || told.contains(key_file.to_str().unwrap()),
                            "{case}"
                        );
                    }
                    assert_eq!(everything(&files), there, "{case}");
                    assert_eq!(std::fs::read(&key_file).ok(), key_bytes, "{case}");
                }
            }
        }
        // Each used database with its folder, claimed or not; the empty one with nothing.
        assert_eq!(fitting, 4 * 2 + 1);
    });
}

#[test]
fn commands_over_a_wrong_database_sweep_nothing() {
    on_both(|engine| {
        let ground = new_folder();
        let (first, _) = used(engine, &ground.path().join("first"));
        std::fs::create_dir(ground.path().join("empty")).unwrap();
        let wrong = Program { database_url: engine.new_database(&ground.path().join("empty")), ..first.clone() };
        let there = everything(&first.data_dir);
        wrong.refused(&["migrate"], &["is empty", "keys.json", "`ocop migrate --claim`"]);
        for command in
            [&["serve"][..], &["demo"], &["files", "sweep", "--all"], &["files", "restore"], &["keys", "rotate"]]
        {
            wrong.refused(command, &["is empty", "`ocop migrate --claim`"]);
        }
        assert_eq!(everything(&first.data_dir), there);
        // Told that they belong together, they do; a sweep still stops, and the earlier database says who has its folder.
        wrong.ok(&["migrate", "--claim"]);
        wrong.ok(&["migrate"]);
        wrong.refused(&["files", "sweep"], &["52 of 52", "nothing was moved aside", "`ocop files sweep --all`"]);
        first.refused(&["migrate"], &["belongs to the database"]);
        assert_eq!(Folder::of(&first.data_dir).stored().unwrap().len(), DOCUMENTS);
        first.ok(&["migrate", "--claim"]);
    });
}

#[test]
fn an_older_backup_moves_little_aside_and_the_newer_one_gets_it_back() {
    on_both(|engine| {
        let ground = new_folder();
        let (newer, files) = used(engine, &ground.path().join("newer"));
        let older = Program { database_url: copy(&newer.database_url, ground.path()), ..newer.clone() };
        let forget = |program: &Program, some: &[FileId]| {
            use diesel::prelude::*;
            use ocop::db::schema::files;
            let mut connection = program.connect();
            diesel::delete(files::table.filter(files::id.eq_any(some))).execute(&mut connection).unwrap();
        };
        let folder = Folder::of(&newer.data_dir);
        let there = everything(folder.root());
        forget(&older, &files[..3]);
        assert!(older.ok(&["files", "sweep"]).contains("3 files were moved aside, 0 given back, 0 removed"));
        assert_eq!(folder.stored().unwrap().len(), DOCUMENTS - 3);
        assert!(newer.ok(&["files", "restore"]).contains("3 files were given back"));
        assert_eq!(everything(folder.root()), there);
        // One that is much older stops.
        forget(&older, &files[3..30]);
        older.refused(&["files", "sweep"], &["30 of 52", "nothing was moved aside"]);
        assert_eq!(everything(folder.root()), there);
        assert!(older.ok(&["files", "sweep", "--all"]).contains("30 files were moved aside"));
        assert!(newer.ok(&["files", "sweep"]).contains("0 files were moved aside, 30 given back"));
        assert_eq!(everything(folder.root()), there);
    });
}

#[test]
fn instances_that_start_at_once_over_one_new_database_and_folder_agree() {
    if !has_postgresql() {
        return;
    }
    let ground = new_folder();
    let program = Program::new(&Engine::Postgresql.new_database(ground.path()), &ground.path().join("data"));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| program.ok(&["migrate"]));
        }
    });
    program.ok(&["migrate"]);
}
