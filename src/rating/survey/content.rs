//! What the steps of surveys vouch for in the history: the row, and the SHA-256 of each file.

use crate::audit::check::Held;
use crate::base::id::{AnyId, SurveyId};
use crate::base::keys::hexadecimal;
use crate::base::{Digest, Error, Result};
use crate::db::AnyConnection;
use crate::rating::survey::store;

/// Of a survey as it stands now.
pub fn content(connection: &mut AnyConnection, id: SurveyId) -> Result<Option<Digest>> {
    let held = held(connection, &[id.any()])?.pop();
    Ok(held.ok_or_else(|| Error::internal("a survey that was just written is gone"))?.content)
}

/// Surveys as `ocop audit verify` holds them against their steps.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let rows = store::of_ids(connection, ids)?;
    let ids: Vec<SurveyId> = rows.iter().map(|row| row.id).collect();
    let mut files = store::files(connection, &ids)?;
    let held = rows.into_iter().map(|row| {
        let files = files.remove(&row.id).unwrap_or_default();
        let files: Vec<_> = files.into_iter().map(|(file, stored)| (file, hexadecimal(&stored.sha256))).collect();
        let content = Some(Digest::of("ocop-survey", &(&row, files))?);
        Ok(Held { id: row.id.any(), version: row.version, content, wrong: None })
    });
    held.collect()
}
