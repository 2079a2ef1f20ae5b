//! What the steps of a lot vouch for in the history: its row, what went into it, and everything that happened to it.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::check::Held;
use crate::audit::store::STEPS_AT_A_TIME;
use crate::audit::{self, Entry};
use crate::base::id::{AnyId, DocumentId, LotEventId, LotId, of};
use crate::base::{Digest, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{lot_event_documents, lot_events, lots};
use crate::lot::event_store::Event;
use crate::lot::store::{self, Lot};

/// An event and the documents that show it.
type Happened = (Event, Vec<DocumentId>);

/// Records one step each of many lots, with what they hold after it, in few statements.
pub fn record_all(connection: &mut AnyConnection, at: Moment, entries: Vec<Entry<'_, of::Lot>>) -> Result<()> {
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
    let found: Vec<Lot> =
        lots::table.filter(lots::id.eq_any(ids.to_vec())).select(Lot::as_select()).load(connection)?;
    let lots: Vec<LotId> = found.iter().map(|lot| lot.id).collect();
    let mut inputs: BTreeMap<LotId, Vec<LotId>> = BTreeMap::new();
    for (lot, input) in store::inputs(connection, &lots)? {
        inputs.entry(lot).or_default().push(input);
    }
    let mut happened = happened(connection, &lots)?;
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

/// The events of these lots, each lot's as they were recorded, corrected ones too.
fn happened(connection: &mut AnyConnection, ids: &[LotId]) -> Result<BTreeMap<LotId, Vec<Happened>>> {
    let events: Vec<Event> = lot_events::table
        .filter(lot_events::lot_id.eq_any(ids.to_vec()))
        .order((lot_events::lot_id, lot_events::id))
        .select(Event::as_select())
        .load(connection)?;
    // By their lots: the events themselves may be more than a statement can name.
    let shown: Vec<(LotEventId, DocumentId)> = lot_event_documents::table
        .inner_join(lot_events::table.on(lot_events::id.eq(lot_event_documents::event_id)))
        .filter(lot_events::lot_id.eq_any(ids.to_vec()))
        .order((lot_event_documents::event_id, lot_event_documents::document_id))
        .select((lot_event_documents::event_id, lot_event_documents::document_id))
        .load(connection)?;
    let mut documents: BTreeMap<LotEventId, Vec<DocumentId>> = BTreeMap::new();
    for (event, document) in shown {
        documents.entry(event).or_default().push(document);
    }
    let mut happened: BTreeMap<LotId, Vec<Happened>> = BTreeMap::new();
    for event in events {
        let documents = documents.remove(&event.id).unwrap_or_default();
        happened.entry(event.lot_id).or_default().push((event, documents));
    }
    Ok(happened)
}
