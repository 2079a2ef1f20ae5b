//! What a station tells `ocop audit verify` of its rows, to be held against the history.

use crate::audit::Resource;
use crate::base::id::AnyId;
use crate::base::{Digest, Result};
use crate::db::AnyConnection;

/// A row as it is today.
#[derive(Debug, Clone)]
pub struct Held {
    pub id: AnyId,
    /// Its version, which its last step made.
    pub version: i32,
    /// What it holds, as its steps were recorded with; none where it holds nothing that a step vouches for.
    pub content: Option<Digest>,
    /// What is wrong with the row in itself.
    pub wrong: Option<&'static str>,
}

/// How the rows of one kind of resource are found.
#[derive(Clone, Copy)]
pub struct Station {
    pub resource: Resource,
    /// The rows of these ids; those that are gone are left out.
    pub held: fn(&mut AnyConnection, &[AnyId]) -> Result<Vec<Held>>,
    /// Rows of which the history knows nothing, some of them.
    pub unrecorded: fn(&mut AnyConnection) -> Result<Vec<AnyId>>,
}
