//! SQLite files that are no whole database of this service: named in both languages, and left as they are.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};

use crate::engine::Engine;
use crate::program::Program;
use crate::province::empty;

/// Everything that lies beside a database, but for what SQLite itself makes to read it.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("-shm"))
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    found.sort();
    found
}

/// What is done to a file, and what is said of it.
type Damage<'a> = (&'a dyn Fn(&Path), [&'a str; 2]);

#[test]
fn a_damaged_or_foreign_file_is_named_and_nothing_is_written_to_it() {
    let cut = |path: &Path| {
        let half = path.metadata().unwrap().len() / 2;
        std::fs::File::options().write(true).open(path).unwrap().set_len(half).unwrap();
    };
    let foreign = |path: &Path| {
        std::fs::remove_file(path).unwrap();
        let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        other.batch_execute("CREATE TABLE notes (text TEXT)").unwrap();
    };
    let text = |path: &Path| std::fs::write(path, "không phải cơ sở dữ liệu".repeat(500)).unwrap();
    let emptied = |path: &Path| {
        std::fs::write(path.with_extension("db-wal"), [1; 5000]).unwrap();
        std::fs::write(path, b"").unwrap();
    };
    let damages: [Damage<'_>; 4] = [
        (&cut, ["is no whole SQLite database", "không phải là cơ sở dữ liệu SQLite nguyên vẹn"]),
        (&foreign, ["the database of another program: it holds the table notes", "của chương trình khác"]),
        (&text, ["is no whole SQLite database", "không phải là cơ sở dữ liệu SQLite nguyên vẹn"]),
        (&emptied, ["is empty", "trống"]),
    ];
    for (damage, texts) in damages {
        let (folder, database_url) = empty(Engine::Sqlite);
        damage(Path::new(database_url.strip_prefix("sqlite:").unwrap()));
        let program = Program::new(&database_url, &folder.path().join("data"));
        let before = contents(folder.path());
        for command in [&["serve"][..], &["migrate"], &["files", "sweep"], &["keys", "rotate"]] {
            program.refused(command, &texts);
            assert_eq!(contents(folder.path()), before, "{command:?} wrote something: {texts:?}");
        }
    }
    // A new place is no damage.
    let (folder, database_url) = empty(Engine::Sqlite);
    std::fs::remove_file(database_url.strip_prefix("sqlite:").unwrap()).unwrap();
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    Program::new(&database_url, &folder.path().join("data")).ok(&["migrate"]);
}
