//! What the steps of reports vouch for in the history: the row, with what the report rests on once it is finished.

use crate::audit::check::Held;
use crate::base::id::{AnyId, GroupReportId};
use crate::base::{Digest, Error, Result};
use crate::db::AnyConnection;
use crate::rating::group_report::store;

/// Of a report as it stands now.
pub fn content(connection: &mut AnyConnection, id: GroupReportId) -> Result<Option<Digest>> {
    let held = held(connection, &[id.any()])?.pop();
    Ok(held.ok_or_else(|| Error::internal("a report that was just written is gone"))?.content)
}

/// Reports as `ocop audit verify` holds them against their steps.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let held = store::of_ids(connection, ids)?.into_iter().map(|row| {
        let content = Some(Digest::of("ocop-group-report", &row)?);
        Ok(Held { id: row.id.any(), version: row.version, content, wrong: None })
    });
    held.collect()
}
