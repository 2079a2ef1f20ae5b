//! What an SQLite file must be before anything is done with it: whole, and of this service. It is asked read-only, for any other
//! way to open it would write into it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::base::{Error, Result, say};
use crate::db::Address;
use crate::db::unusable::{damaged, unusable};

/// How many bytes the log has before its first page, and before each.
const LOG_HEAD: usize = 32;
const PAGE_HEAD: usize = 24;

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    pages: i64,
    #[diesel(sql_type = BigInt)]
    size: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    name: String,
}

const PAGES: &str = "SELECT page_count AS pages, page_size AS size FROM pragma_page_count, pragma_page_size";
const OURS: &str = "SELECT name FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
const ANY: &str = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 1";

/// Fails, with nothing written, where an SQLite file lost a part of itself or is another program's. One that is missing or empty
/// is neither.
pub fn must_be_sound(address: &Address) -> Result<()> {
    let Address::Sqlite(path) = address else { return Ok(()) };
    let log = format!("{path}-wal");
    if length(path)? == 0 {
        // SQLite would throw the log away with what it holds.
        return if length(&log)? == 0 { Ok(()) } else { Err(emptied(path)) };
    }
    let mut connection = SqliteConnection::establish(&read_only(path)).map_err(|error| unusable(path, &error))?;
    let connection = &mut connection;
    sql_query("PRAGMA busy_timeout = 5000").execute(connection).map_err(|error| unusable(path, &error))?;
    // While this reads nobody cuts the log of what it sees, so the lengths are of one state with the count of pages.
    connection.batch_execute("BEGIN").map_err(|error| unusable(path, &error))?;
    let ours: Vec<Found> = sql_query(OURS).load(connection).map_err(|error| unusable(path, &error))?;
    let any: Vec<Found> = sql_query(ANY).load(connection).map_err(|error| unusable(path, &error))?;
    let Pages { pages, size } = sql_query(PAGES).get_result(connection).map_err(|error| unusable(path, &error))?;
    let (pages, size) = (u64::try_from(pages).map_err(Error::internal)?, u64::try_from(size).map_err(Error::internal)?);
    let kept = length(path)?.checked_div(size).unwrap_or_default();
    if kept < pages {
        let failed = |error: std::io::Error| Error::internal(format!("cannot read {log}: {error}"));
        let logged = logged(&log, size).map_err(failed)?;
        if let Some(lost) = (kept + 1..=pages).find(|page| !logged.contains(page)) {
            return Err(damaged(path, &format!("{kept} of {pages} pages, and page {lost} is not in the log")));
        }
    }
    match any.first() {
        Some(found) if ours.is_empty() => Err(Error::at_hand(say(
            format!(
                "{path} là cơ sở dữ liệu của chương trình khác: trong đó có bảng {}. Chưa ghi gì; OCOP_DATABASE_URL có đúng \
                 không?",
                found.name
            ),
            format!(
                "{path} is the database of another program: it holds the table {}. Nothing was written; is \
                 OCOP_DATABASE_URL right?",
                found.name
            ),
        ))),
        _ => Ok(()),
    }
}

/// Which pages the log holds, of those that it was written with since it began anew: the first frame of an older round ends it.
fn logged(log: &str, size: u64) -> std::io::Result<BTreeSet<u64>> {
    let mut pages = BTreeSet::new();
    let mut file = match File::open(log) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(pages),
        Err(error) => return Err(error),
    };
    let mut head = [0; LOG_HEAD];
    if file.read_exact(&mut head).is_err() {
        return Ok(pages);
    }
    let round = head.get(16..24).map(<[u8]>::to_vec);
    let skipped = i64::try_from(size).map_err(std::io::Error::other)?;
    let mut frame = [0; PAGE_HEAD];
    while file.read_exact(&mut frame).is_ok() && frame.get(8..16).map(<[u8]>::to_vec) == round {
        if let Some(page) = frame.first_chunk::<4>() {
            pages.insert(u64::from(u32::from_be_bytes(*page)));
        }
        file.seek_relative(skipped)?;
    }
    Ok(pages)
}

/// How many bytes a file has; none where it is missing.
fn length(path: &str) -> Result<u64> {
    match Path::new(path).metadata() {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(Error::internal(format!("cannot read {path}: {error}"))),
    }
}

/// The file as an address by which SQLite writes nothing into it.
fn read_only(path: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let authority = if path.starts_with('/') { "//" } else { "" };
    format!("file:{authority}{path}?mode=ro")
}

fn emptied(path: &str) -> Error {
    Error::at_hand(say(
        format!(
            "{path} trống hoặc đã mất, nhưng {path}-wal còn giữ những gì ghi sau cùng. Chưa ghi gì; hãy đặt lại đúng tệp, hoặc khôi \
             phục bản sao lưu."
        ),
        format!(
            "{path} is empty or lost, while {path}-wal holds what was written last. Nothing was written; put the right file back, \
             or restore a backup."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::db::AnyConnection;

    /// A database of ours with next to nothing in it, which somebody has open.
    struct Small {
        folder: tempfile::TempDir,
        path: PathBuf,
        address: Address,
        held: AnyConnection,
        length: u64,
    }

    fn small() -> Small {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ocop.db");
        let address = Address::Sqlite(path.display().to_string());
        let mut held = address.connect().unwrap();
        held.batch_execute("CREATE TABLE __diesel_schema_migrations (version TEXT); PRAGMA wal_checkpoint").unwrap();
        let length = std::fs::metadata(&path).unwrap().len();
        Small { folder, path, address, held, length }
    }

    #[test]
    fn a_file_that_is_missing_empty_or_new_is_sound_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100% #1?.db");
        let address = Address::Sqlite(path.display().to_string());
        must_be_sound(&address).unwrap();
        assert!(!path.exists());
        std::fs::write(&path, b"").unwrap();
        must_be_sound(&address).unwrap();
        drop(address.connect().unwrap());
        must_be_sound(&address).unwrap();
    }

    #[test]
    fn what_is_cut_short_is_told_from_what_the_log_still_holds() {
        let Small { folder: _folder, path, address, mut held, length: short } = small();
        held.batch_execute("CREATE TABLE t (a BLOB); INSERT INTO t VALUES (zeroblob(400000))").unwrap();
        must_be_sound(&address).unwrap();
        held.batch_execute("PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES (1)").unwrap();
        must_be_sound(&address).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_len(short).unwrap();
        let told = must_be_sound(&address).unwrap_err().to_string();
        assert!(told.contains("is no whole SQLite database") && told.contains("nguyên vẹn"), "{told}");
    }

    #[test]
    fn what_a_log_holds_of_an_earlier_round_makes_no_file_whole() {
        let Small { folder: _folder, path, address, mut held, length: short } = small();
        held.batch_execute(
            "CREATE TABLE t (a BLOB); INSERT INTO t VALUES (zeroblob(400000)); PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES (1)",
        )
        .unwrap();
        let log = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
        assert!(log > 400_000, "{log}: the log is as long as before");
        must_be_sound(&address).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_len(short).unwrap();
        let told = must_be_sound(&address).unwrap_err().to_string();
        assert!(told.contains("is no whole SQLite database"), "{told}");
    }
}
