//! What a conclusion vouches for in the history: the results of an item and the commitments of the sheets that were
//! counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::check::Held;
use crate::base::id::{AgendaItemId, AnyId};
use crate::base::{Digest, Result};
use crate::db::AnyConnection;
use crate::rating::item::{self, State};
use crate::rating::result::store::{self, Concluded};
use crate::rating::sheet;

/// A result and the commitments of its sheets.
type Counted = (Concluded, Vec<Option<Digest>>);

/// Of an item, once it has a result: every result with the commitments of its sheets, sorted.
pub fn content(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Digest>> {
    let results = store::of_items(connection, &[item])?;
    Ok(contents(connection, &[item], &results)?.remove(&item))
}

fn contents(
    connection: &mut AnyConnection,
    items: &[AgendaItemId],
    results: &[Concluded],
) -> Result<BTreeMap<AgendaItemId, Digest>> {
    let mut commitments = sheet::store::commitments(connection, items)?;
    let mut concluded: BTreeMap<AgendaItemId, Vec<Counted>> = BTreeMap::new();
    for result in results {
        let item = result.agenda_item_id;
        let sheets = commitments.remove(&(item, result.attempt)).unwrap_or_default();
        concluded.entry(item).or_default().push((result.clone(), sheets));
    }
    concluded.into_iter().map(|(item, results)| Ok((item, Digest::of("ocop-result", &results)?))).collect()
}

/// Items as `ocop audit verify` holds them against their steps.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let ids: Vec<AgendaItemId> = ids.iter().map(|id| AgendaItemId::from_uuid(id.uuid())).collect();
    let results = store::of_items(connection, &ids)?;
    let mut contents = contents(connection, &ids, &results)?;
    let of_attempts: BTreeSet<(AgendaItemId, i32)> =
        results.iter().map(|result| (result.agenda_item_id, result.attempt)).collect();
    let held = |item: item::Item| {
        let content = contents.remove(&item.id);
        // A result is that of the present attempt, and there is one where the item is concluded, and only there.
        let has_result = of_attempts.contains(&(item.id, item.attempt));
        let fits = (item.state == State::Concluded) == has_result && content.is_some() == has_result;
        let wrong = (!fits).then_some("its state and attempt do not fit its results");
        Held { id: item.id.any(), version: item.version, content, wrong }
    };
    Ok(item::store::of_ids(connection, &ids)?.into_iter().map(held).collect())
}
