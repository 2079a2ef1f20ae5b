//! What happened to lots, in the database. Rows are only ever added; an event is corrected by one that names it.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::Serialize;

use crate::base::id::{AccountId, DocumentId, LotEventId, LotId, ProducerId, ProductId, ShopId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, documents, lot_event_documents, lot_events, lots, producers, shops};
use crate::db::types::text_column;
use crate::lot::Lot;
use crate::lot::event_rules::{EventForm, EventKind};

text_column!(EventKind);

/// What happened to a lot; serialized for the history as [`crate::lot::store::Lot`].
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = lot_events)]
pub struct Event {
    pub id: LotEventId,
    pub lot_id: LotId,
    pub kind: EventKind,
    pub at: Moment,
    pub place: String,
    pub note: String,
    pub account_id: AccountId,
    pub recorded_at: Moment,
    pub quantity: Option<i64>,
    pub shop_id: Option<ShopId>,
    pub buyer_producer_id: Option<ProducerId>,
    pub buyer_name: Option<String>,
    pub buyer_address: Option<String>,
    /// The event that this one stands for.
    pub corrects_id: Option<LotEventId>,
}

/// An event with what it names, by name.
#[derive(Debug, Clone)]
pub struct Told {
    pub event: Event,
    /// Who recorded it.
    pub actor: String,
    /// Name and address of the shop or the buyer.
    pub went_to: Option<(String, String)>,
    pub documents: Vec<DocumentId>,
    pub corrected_by: Option<LotEventId>,
}

pub fn insert(
    connection: &mut AnyConnection,
    lot: LotId,
    form: EventForm,
    account: AccountId,
    now: Moment,
) -> Result<LotEventId> {
    let id = LotEventId::new();
    let destination = form.destination.unwrap_or_default();
    diesel::insert_into(lot_events::table)
        .values((
            lot_events::id.eq(id),
            lot_events::lot_id.eq(lot),
            lot_events::kind.eq(form.kind),
            lot_events::at.eq(form.at),
            lot_events::place.eq(form.place),
            lot_events::note.eq(form.note),
            lot_events::account_id.eq(account),
            lot_events::recorded_at.eq(now),
            lot_events::quantity.eq(form.quantity),
            lot_events::shop_id.eq(destination.shop_id),
            lot_events::buyer_producer_id.eq(destination.producer_id),
            lot_events::buyer_name.eq(destination.name),
            lot_events::buyer_address.eq(destination.address),
            lot_events::corrects_id.eq(form.corrects),
        ))
        .execute(connection)?;
    for document in form.documents {
        diesel::insert_into(lot_event_documents::table)
            .values((lot_event_documents::event_id.eq(id), lot_event_documents::document_id.eq(document)))
            .execute(connection)?;
    }
    diesel::update(lots::table.find(lot)).set(lots::version.eq(lots::version + 1)).execute(connection)?;
    Ok(id)
}

/// Which events of a lot to tell.
#[derive(Debug, Default)]
pub struct Page {
    pub only: Option<LotEventId>,
    pub after: Option<(Moment, LotEventId)>,
    pub limit: i64,
}

/// Events of a lot as they happened, corrected ones too.
pub fn told(connection: &mut AnyConnection, lot: LotId, page: &Page) -> Result<Vec<Told>> {
    let mut query = lot_events::table
        .inner_join(accounts::table.on(accounts::id.eq(lot_events::account_id)))
        .left_join(shops::table.on(shops::id.nullable().eq(lot_events::shop_id)))
        .left_join(producers::table.on(producers::id.nullable().eq(lot_events::buyer_producer_id)))
        .filter(lot_events::lot_id.eq(lot))
        .select((
            Event::as_select(),
            accounts::name,
            (shops::name, shops::address).nullable(),
            (producers::name, producers::address).nullable(),
        ))
        .into_boxed();
    if let Some(only) = page.only {
        query = query.filter(lot_events::id.eq(only));
    }
    if let Some((at, id)) = page.after {
        query = query.filter(lot_events::at.gt(at).or(lot_events::at.eq(at).and(lot_events::id.gt(id))));
    }
    type Named = Option<(String, String)>;
    let rows: Vec<(Event, String, Named, Named)> =
        query.order((lot_events::at, lot_events::id)).limit(page.limit).load(connection)?;
    let ids: Vec<LotEventId> = rows.iter().map(|row| row.0.id).collect();
    let corrections = corrections(connection, &ids)?;
    let mut documents = documents_of(connection, &ids)?;
    let tell = |(event, actor, shop, producer): (Event, String, Named, Named)| {
        let by_name = event.buyer_name.clone().map(|name| (name, event.buyer_address.clone().unwrap_or_default()));
        Told {
            actor,
            went_to: shop.or(producer).or(by_name),
            documents: documents.remove(&event.id).unwrap_or_default(),
            corrected_by: corrections.get(&event.id).copied(),
            event,
        }
    };
    Ok(rows.into_iter().map(tell).collect())
}

/// The corrections of these events.
pub fn corrections(connection: &mut AnyConnection, ids: &[LotEventId]) -> Result<HashMap<LotEventId, LotEventId>> {
    let rows: Vec<(LotEventId, LotEventId)> = lot_events::table
        .filter(lot_events::corrects_id.assume_not_null().eq_any(ids.to_vec()))
        .select((lot_events::corrects_id.assume_not_null(), lot_events::id))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The documents that show these events.
pub fn documents_of(
    connection: &mut AnyConnection,
    ids: &[LotEventId],
) -> Result<HashMap<LotEventId, Vec<DocumentId>>> {
    let rows: Vec<(LotEventId, DocumentId)> = lot_event_documents::table
        .filter(lot_event_documents::event_id.eq_any(ids.to_vec()))
        .order((lot_event_documents::event_id, lot_event_documents::document_id))
        .select((lot_event_documents::event_id, lot_event_documents::document_id))
        .load(connection)?;
    let mut documents: HashMap<LotEventId, Vec<DocumentId>> = HashMap::new();
    for (event, document) in rows {
        documents.entry(event).or_default().push(document);
    }
    Ok(documents)
}

/// Whether an event is this lot's, and if so the one that corrected it.
pub fn correction_of(
    connection: &mut AnyConnection,
    lot: LotId,
    event: LotEventId,
) -> Result<Option<Option<LotEventId>>> {
    let same = lot_events::table.filter(lot_events::lot_id.eq(lot)).filter(lot_events::id.eq(event));
    if !diesel::select(exists(same)).get_result::<bool>(connection)? {
        return Ok(None);
    }
    Ok(Some(corrections(connection, &[event])?.remove(&event)))
}

/// Which of these documents are the product's.
pub fn known_documents(
    connection: &mut AnyConnection,
    product: ProductId,
    ids: &[DocumentId],
) -> Result<HashSet<DocumentId>> {
    let rows: Vec<DocumentId> = documents::table
        .filter(documents::product_id.eq(product))
        .filter(documents::id.eq_any(ids.to_vec()))
        .select(documents::id)
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// Events that no other corrects, of these lots, as they happened.
pub fn standing(connection: &mut AnyConnection, ids: &[LotId]) -> Result<Vec<Event>> {
    let later = diesel::alias!(lot_events as later);
    Ok(lot_events::table
        .filter(lot_events::lot_id.eq_any(ids.to_vec()))
        .filter(not(exists(later.filter(later.field(lot_events::corrects_id).eq(lot_events::id.nullable())))))
        .order((lot_events::at, lot_events::id))
        .select(Event::as_select())
        .load(connection)?)
}

/// Which of these lots their owners shipped or sold to a producer, by events that still stand.
pub fn released_to(connection: &mut AnyConnection, producer: ProducerId, ids: &[LotId]) -> Result<HashSet<LotId>> {
    let later = diesel::alias!(lot_events as later);
    let rows: Vec<LotId> = lot_events::table
        .filter(lot_events::lot_id.eq_any(ids.to_vec()))
        .filter(lot_events::buyer_producer_id.eq(producer))
        .filter(lot_events::kind.eq_any([EventKind::Ship, EventKind::Sell]))
        .filter(not(exists(later.filter(later.field(lot_events::corrects_id).eq(lot_events::id.nullable())))))
        .select(lot_events::lot_id)
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The newest lots that a producer may make others of: its own, and what others shipped or sold to it; none that was recalled.
pub fn usable_by(connection: &mut AnyConnection, producer: ProducerId, limit: i64) -> Result<Vec<Lot>> {
    let later = diesel::alias!(lot_events as later);
    let released = lot_events::table
        .filter(lot_events::buyer_producer_id.assume_not_null().eq(producer))
        .filter(lot_events::kind.eq_any([EventKind::Ship, EventKind::Sell]))
        .filter(not(exists(later.filter(later.field(lot_events::corrects_id).eq(lot_events::id.nullable())))))
        .select(lot_events::lot_id);
    Ok(lots::table
        .filter(lots::producer_id.eq(producer).or(lots::id.eq_any(released)))
        .filter(lots::recalled_at.is_null())
        .order(lots::id.desc())
        .limit(limit)
        .select(Lot::as_select())
        .load(connection)?)
}

/// An event and the documents that show it.
pub type Happened = (Event, Vec<DocumentId>);

/// The events of these lots, each lot's as they were recorded, corrected ones too.
pub fn happened(connection: &mut AnyConnection, ids: &[LotId]) -> Result<BTreeMap<LotId, Vec<Happened>>> {
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

/// Whether some event names a document.
pub fn names_document(connection: &mut AnyConnection, id: DocumentId) -> Result<bool> {
    let naming = lot_event_documents::table.filter(lot_event_documents::document_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(naming)).get_result(connection)?)
}
