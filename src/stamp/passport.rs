//! Everything that a stamp's page says, read for many stamps at once: the number of statements does not grow with them.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::id::{LotId, ProductId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::decision::certificate_store::newest_of;
use crate::decision::rules::Certified;
use crate::lot::event_rules::EventKind;
use crate::lot::event_store::Event;
use crate::lot::store::Lot;
use crate::product::attachment_store::{self, Picture};
use crate::stamp::code::Minted;
use crate::stamp::passport_store::{self, Base};
use crate::stamp::rules::suspects::Marks;
use crate::{hold, lot};

/// A stamp as it stands now, without its scans.
#[derive(Debug, Clone)]
pub struct Passport {
    pub order: StampOrderId,
    pub serial: i32,
    pub product: ProductFacts,
    pub producer: ProducerFacts,
    pub certificate: Option<Certified>,
    pub lot: Option<LotFacts>,
    pub events: Vec<EventFacts>,
    pub is_void: bool,
    /// What the rules of suspicion ask besides.
    pub marks: Marks,
    /// Its goods are shown, not sold.
    pub is_display: bool,
    pub is_recalled: bool,
    pub is_held: bool,
}

#[derive(Debug, Clone)]
pub struct ProductFacts {
    pub name: String,
    pub code: String,
    pub gtin: Option<String>,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
    /// The first of its pictures.
    pub picture: Option<Picture>,
}

#[derive(Debug, Clone)]
pub struct ProducerFacts {
    pub name: String,
    pub address: String,
    pub kind: String,
    /// Only where the producer made it public.
    pub phone: Option<String>,
}

#[derive(Debug, Clone)]
pub struct LotFacts {
    pub code: String,
    pub produced_on: Day,
    pub expires_on: Option<Day>,
}

#[derive(Debug, Clone)]
pub struct EventFacts {
    pub kind: EventKind,
    pub at: Moment,
    pub place: String,
    pub note: String,
}

/// The passports of those stamps that were issued; the others are not in the answer.
pub fn read(connection: &mut AnyConnection, asked: &BTreeSet<Minted>) -> Result<HashMap<Minted, Passport>> {
    let bases = passport_store::bases(connection, asked)?;
    let issued: Vec<(Minted, &Base)> = asked
        .iter()
        .filter_map(|stamp| {
            let base = bases.get(&stamp.order)?;
            let is_own_key = base.key_id.chars().eq([stamp.key_id]);
            (is_own_key && (1..=base.quantity).contains(&stamp.serial)).then_some((*stamp, base))
        })
        .collect();
    let keys: BTreeSet<(StampOrderId, i32)> = issued.iter().map(|(stamp, base)| (base.order, stamp.serial)).collect();
    let ranges = passport_store::ranges(connection, &keys)?;
    let lot_ids: BTreeSet<LotId> = ranges.values().filter_map(|stamp| stamp.lot_id).collect();
    let product_ids: Vec<ProductId> =
        issued.iter().map(|(_, base)| base.product).collect::<BTreeSet<_>>().into_iter().collect();
    let lots = lots(connection, &lot_ids)?;
    let recalled = lot::store::recalled(connection, &lot_ids)?;
    let (held_products, held_lots) = held(connection, &product_ids, &lot_ids)?;
    let certificates = newest_of(connection, &product_ids)?;
    let pictures = attachment_store::faces(connection, &product_ids)?;
    let passport = |(stamp, base): (Minted, &Base)| {
        let range = ranges.get(&(base.order, stamp.serial));
        let lot_id = range.and_then(|range| range.lot_id);
        let (lot, events) = lot_id.and_then(|id| lots.get(&id)).cloned().unzip();
        let events = events.unwrap_or_default();
        let marks = Marks { void_at: range.and_then(|range| range.void_at), sold_out_at: sold_out_at(&events) };
        let passport = Passport {
            order: base.order,
            serial: stamp.serial,
            product: ProductFacts {
                name: base.product_name.clone(),
                code: base.product_code.clone(),
                gtin: base.gtin.clone(),
                origin: base.origin.clone(),
                shelf_life: base.shelf_life.clone(),
                safety_warnings: base.safety_warnings.clone(),
                picture: pictures.get(&base.product).cloned(),
            },
            producer: ProducerFacts {
                name: base.producer_name.clone(),
                address: base.address.clone(),
                kind: base.kind.clone(),
                phone: base.public_phone.then(|| base.phone.clone()),
            },
            certificate: certificates.get(&base.product).cloned(),
            lot,
            events,
            is_void: marks.void_at.is_some(),
            marks,
            is_display: range.is_some_and(|range| range.is_display),
            is_recalled: lot_id.is_some_and(|id| recalled.contains(&id)),
            is_held: held_products.contains(&base.product) || lot_id.is_some_and(|id| held_lots.contains(&id)),
        };
        (stamp, passport)
    };
    Ok(issued.into_iter().map(passport).collect())
}

/// When the last of a lot was said to be sold.
fn sold_out_at(events: &[EventFacts]) -> Option<Moment> {
    events.iter().filter(|event| event.kind == EventKind::SoldOut).map(|event| event.at).min()
}

fn lots(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashMap<LotId, (LotFacts, Vec<EventFacts>)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<LotId> = ids.iter().copied().collect();
    let lots: Vec<Lot> = lot::store::find_all(connection, &ids)?;
    let events: Vec<Event> = lot::event_store::standing(connection, &ids)?;
    let facts = |lot: Lot| LotFacts { code: lot.code, produced_on: lot.produced_on, expires_on: lot.expires_on };
    let mut lots: HashMap<LotId, (LotFacts, Vec<EventFacts>)> =
        lots.into_iter().map(|lot| (lot.id, (facts(lot), Vec::new()))).collect();
    for Event { lot_id, kind, at, place, note, .. } in events {
        if let Some((_, events)) = lots.get_mut(&lot_id) {
            events.push(EventFacts { kind, at, place, note });
        }
    }
    Ok(lots)
}

fn held(
    connection: &mut AnyConnection,
    products: &[ProductId],
    lots: &BTreeSet<LotId>,
) -> Result<(HashSet<ProductId>, HashSet<LotId>)> {
    hold::store::held(connection, products, &lots.iter().copied().collect::<Vec<_>>())
}
