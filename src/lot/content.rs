//! What the steps of a lot vouch for in the history: its row, what went into it, and everything that happened to it.

use std::collections::BTreeMap;

use crate::audit::check::Held;
use crate::audit::store::STEPS_AT_A_TIME;
use crate::audit::{self, StepTaken};
use crate::base::id::{AnyId, LotId, of};
use crate::base::{Digest, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::lot::{event_store, store};

/// Records one step each of many lots, with what they hold after it, in few statements.
pub fn record_all(connection: &mut AnyConnection, at: Moment, entries: Vec<StepTaken<'_, of::Lot>>) -> Result<()> {
    let ids: Vec<AnyId> = entries.iter().map(|entry| entry.id.any()).collect();
    let mut contents: BTreeMap<AnyId, Option<Digest>> = BTreeMap::new();
    for some in ids.chunks(STEPS_AT_A_TIME) {
        contents.extend(held(connection, some)?.into_iter().map(|held| (held.id, held.content)));
    }
    let steps: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let content = contents.get(&entry.id.any()).copied().flatten().ok_or_else(Error::unknown)?;
            Ok((entry, Some(content)))
        })
        .collect::<Result<_>>()?;
    audit::record_all(connection, at, &steps)
}

/// Lots as `ocop audit verify` holds them against their steps: four statements, however many.
pub fn held(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let found = store::of_any_ids(connection, ids)?;
    let lots: Vec<LotId> = found.iter().map(|lot| lot.id).collect();
    let mut inputs: BTreeMap<LotId, Vec<LotId>> = BTreeMap::new();
    for (lot, input) in store::inputs(connection, &lots)? {
        inputs.entry(lot).or_default().push(input);
    }
    let mut happened = event_store::happened(connection, &lots)?;
    found
        .into_iter()
        .map(|lot| {
            let inputs = inputs.remove(&lot.id).unwrap_or_default();
            let happened = happened.remove(&lot.id).unwrap_or_default();
            let content = Some(Digest::of("ocop-lot", &(&lot, inputs, happened))?);
            Ok(Held { id: lot.id.any(), version: lot.version, content, wrong: None })
        })
        .collect()
}
