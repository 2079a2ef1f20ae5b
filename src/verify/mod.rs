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

use crate::audit::Head;
use crate::base::Result;
use crate::base::keys::Keyring;
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
    let mut findings = Findings { count: Count::default(), tell };
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
    let mut findings = Findings { count: Count::default(), tell };
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
    Ok(findings.count)
}
