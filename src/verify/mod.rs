//! Holds today's rows against the history, and the history against its seals (kiểm chứng): `ocop audit verify`.
//!
//! A room that has something to vouch for writes its content with a step (`record_with`) and says here, in `stations`, how
//! its rows are read again.

mod adopt;
mod bytes;
mod seals;
mod shipped;
mod stations;
mod steps;

use std::fmt;

use diesel::connection::SimpleConnection;

use crate::audit::{Head, Resource, refold_store};
use crate::base::id::AnyId;
use crate::base::keys::Keyring;
use crate::base::{Error, Moment, Result, say};
use crate::db::AnyConnection;
use crate::files::Folder;

pub use adopt::{Adoption, adopt, must_be_chained};

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The resource and its id, or the seal.
    pub place: String,
    pub version: Option<i32>,
    pub what: String,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, version, what } = self;
        match version {
            Some(version) => write!(f, "{place} version {version}: {what}"),
            None => write!(f, "{place}: {what}"),
        }
    }
}

/// What was gone through, and how much of it is broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub entries: u64,
    pub seals: u64,
    pub files: u64,
    pub breaks: u64,
}

/// Takes what is found, as it is found.
struct Findings<'a> {
    count: Count,
    /// What is vouched for in the spelling of one database alone, with its last version.
    earlier: Vec<(Resource, AnyId, i32)>,
    tell: &'a mut dyn FnMut(&Break) -> Result<()>,
}

impl Findings<'_> {
    fn broken(&mut self, place: String, version: Option<i32>, what: impl Into<String>) -> Result<()> {
        self.count.breaks += 1;
        (self.tell)(&Break { place, version, what: what.into() })
    }
}

/// Goes through the stored files alone.
pub fn verify_files(
    connection: &mut AnyConnection,
    folder: &Folder,
    tell: &mut dyn FnMut(&Break) -> Result<()>,
) -> Result<Count> {
    let mut findings = Findings { count: Count::default(), earlier: Vec::new(), tell };
    bytes::verify(connection, folder, &mut findings)?;
    Ok(findings.count)
}

/// Goes through everything; `connection` should see one state of the database, `folder` is that of its files, and `kept` are
/// heads that somebody kept outside of it. Nothing is written.
pub fn verify(
    connection: &mut AnyConnection,
    keys: &Keyring,
    folder: &Folder,
    kept: &[Head],
    tell: &mut dyn FnMut(&Break) -> Result<()>,
) -> Result<Count> {
    Ok(found(connection, keys, folder, kept, tell)?.count)
}

/// Vouches anew, by a step in nobody's name, for whatever the steps vouch for in a spelling that the other kind of database cannot
/// repeat; how many things those were. Everything is verified first, by the digests that it has: where anything is broken nothing
/// is vouched for.
pub fn vouch_anew(
    connection: &mut AnyConnection,
    now: Moment,
    keys: &Keyring,
    folder: &Folder,
    tell: &mut dyn FnMut(&Break) -> Result<()>,
) -> Result<usize> {
    if let AnyConnection::Postgresql(postgresql) = connection {
        // What is changed meanwhile is not what was verified.
        postgresql.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
    }
    let Findings { count, earlier, .. } = found(connection, keys, folder, &[], tell)?;
    if count.breaks > 0 {
        return Err(Error::at_hand(say(
            format!("Lịch sử có {} chỗ không khớp nên không xác nhận lại gì; chưa ghi gì.", count.breaks),
            format!("The history has {} breaks, so nothing was vouched for anew; nothing was written.", count.breaks),
        )));
    }
    for (resource, id, version) in &earlier {
        refold_store::vouch_anew(connection, now, *resource, *id, *version)?;
    }
    Ok(earlier.len())
}

fn found<'a>(
    connection: &mut AnyConnection,
    keys: &Keyring,
    folder: &Folder,
    kept: &[Head],
    tell: &'a mut dyn FnMut(&Break) -> Result<()>,
) -> Result<Findings<'a>> {
    let mut findings = Findings { count: Count::default(), earlier: Vec::new(), tell };
    for station in stations::stations() {
        steps::verify(connection, &station, &mut findings)?;
    }
    bytes::verify(connection, folder, &mut findings)?;
    shipped::verify(connection, &mut findings)?;
    seals::verify(connection, keys, kept, &mut findings)?;
    if let Some(when) = adopt::chained_anew(connection)? {
        findings.broken(
            "history".into(),
            None,
            format!("it was chained anew on {when}: what is older is not proven"),
        )?;
    }
    Ok(findings)
}
