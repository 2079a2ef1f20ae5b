//! A criteria set as it is imported and listed. Everybody who signed in reads all of them.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::AnyId;
use crate::base::{Moment, Result};
use crate::criteria::SetRow;
use crate::criteria::store::{self, SetFilter};
use crate::cycle::EditionCode;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// What names a set in an address: its newest version in an edition, the one in force today unless another is
/// named.
#[derive(Debug, Clone)]
pub struct SetName {
    pub code: String,
    pub edition: Option<EditionCode>,
}

impl FromStr for SetName {
    type Err = Infallible;
    fn from_str(code: &str) -> std::result::Result<Self, Infallible> {
        Ok(Self { code: code.to_owned(), edition: None })
    }
}

impl fmt::Display for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.edition {
            Some(edition) => write!(f, "{}?edition={}", self.code, edition.as_ref()),
            None => f.write_str(&self.code),
        }
    }
}

impl SetName {
    /// The edition that is meant: the one that was named, or the one in force today, or where that has no such set the newest
    /// that has. None where there is no such set.
    pub fn edition(&self, work: &mut Work) -> Result<Option<EditionCode>> {
        if self.edition.is_some() {
            return Ok(self.edition);
        }
        let in_force = EditionCode::in_force_on(work.now.day())?;
        let known = store::editions(work.connection, &self.code)?;
        let newest = || known.iter().copied().filter(|edition| *edition < in_force).max();
        Ok(known.iter().copied().find(|edition| *edition == in_force).or_else(newest).or(known.first().copied()))
    }
}

impl Thing for SetRow {
    type Key = SetName;
    const RESOURCE: Resource = Resource::CriteriaSet;
    const PATH: &'static str = "criteria-sets";

    /// A version never changes, so there is nothing to take.
    fn load(work: &mut Work, key: &SetName, _: Access) -> Result<Option<Self>> {
        match key.edition(work)? {
            Some(edition) => store::latest(work.connection, &key.code, edition),
            None => Ok(None),
        }
    }

    fn in_address(&self) -> String {
        SetName { code: self.code.clone(), edition: Some(self.edition) }.to_string()
    }

    fn id(&self) -> AnyId {
        self.id.any()
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn shipped_at(&self) -> Option<Moment> {
        Some(self.created_at)
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        &[]
    }
}

impl Listed for SetRow {
    type Filter = SetFilter;
    type Cursor = (String, EditionCode);

    fn list(work: &mut Work, filter: &SetFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        store::list(work.connection, filter, stretch)
    }

    fn count(work: &mut Work, filter: &SetFilter) -> Result<i64> {
        store::count(work.connection, filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (self.code.clone(), self.edition)
    }
}
