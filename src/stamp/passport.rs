//! Everything that a stamp's page says, read for many stamps at once: the number of statements does not grow with them.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable};

use crate::base::id::{LotId, ProducerId, ProductId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{producers, products, stamp_orders};
use crate::db::types::{Guid, Instant, Multi, placeholders};
use crate::decision::certificate_store::newest_of;
use crate::decision::rules::Certified;
use crate::lot::event_rules::EventKind;
use crate::lot::event_store::Event;
use crate::lot::store::Lot;
use crate::product::attachment_store::{self, Picture};
use crate::stamp::code::Minted;
use crate::stamp::rules::State;
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

/// An issued order with its product and producer.
#[derive(Queryable)]
struct Base {
    order: StampOrderId,
    number: i32,
    key_id: String,
    quantity: i32,
    product: ProductId,
    product_name: String,
    product_code: String,
    gtin: Option<String>,
    _producer: ProducerId,
    producer_name: String,
    address: String,
    kind: String,
    phone: String,
    public_phone: bool,
    origin: Option<String>,
    shelf_life: Option<String>,
    safety_warnings: Option<String>,
}

/// What the ranges say of one stamp.
#[derive(QueryableByName)]
struct Stamp {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = Nullable<Guid>)]
    lot_id: Option<LotId>,
    #[diesel(sql_type = Nullable<Instant>)]
    void_at: Option<Moment>,
    #[diesel(sql_type = Bool)]
    is_display: bool,
}

/// The passports of those stamps that were issued; the others are not in the answer.
pub fn read(connection: &mut AnyConnection, asked: &BTreeSet<Minted>) -> Result<HashMap<Minted, Passport>> {
    let bases = bases(connection, asked)?;
    let issued: Vec<(Minted, &Base)> = asked
        .iter()
        .filter_map(|stamp| {
            let base = bases.get(&stamp.order)?;
            let is_own_key = base.key_id.chars().eq([stamp.key_id]);
            (is_own_key && (1..=base.quantity).contains(&stamp.serial)).then_some((*stamp, base))
        })
        .collect();
    let keys: BTreeSet<(StampOrderId, i32)> = issued.iter().map(|(stamp, base)| (base.order, stamp.serial)).collect();
    let ranges = ranges(connection, &keys)?;
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

/// The issued orders among those asked for, by number.
fn bases(connection: &mut AnyConnection, asked: &BTreeSet<Minted>) -> Result<HashMap<i32, Base>> {
    let numbers: BTreeSet<i32> = asked.iter().map(|stamp| stamp.order).collect();
    let rows: Vec<Base> = stamp_orders::table
        .inner_join(products::table.on(products::id.eq(stamp_orders::product_id)))
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .filter(stamp_orders::number.eq_any(numbers.into_iter().collect::<Vec<_>>()))
        .filter(stamp_orders::state.eq_any(State::LIVE))
        .select((
            stamp_orders::id,
            stamp_orders::number,
            stamp_orders::key_id,
            stamp_orders::quantity,
            products::id,
            products::name,
            products::code,
            products::gtin,
            producers::id,
            producers::name,
            producers::address,
            producers::kind,
            producers::phone,
            producers::public_phone,
            products::origin,
            products::shelf_life,
            products::safety_warnings,
        ))
        .load(connection)?;
    Ok(rows.into_iter().map(|base| (base.number, base)).collect())
}

fn ranges(
    connection: &mut AnyConnection,
    keys: &BTreeSet<(StampOrderId, i32)>,
) -> Result<HashMap<(StampOrderId, i32), Stamp>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = format!(
        "WITH asked (order_id, serial) AS (VALUES {}) \
         SELECT asked.order_id AS order_id, asked.serial AS serial, activations.lot_id AS lot_id, \
             (SELECT MIN(voids.at) FROM voids WHERE voids.order_id = asked.order_id \
                 AND voids.first <= asked.serial AND voids.last >= asked.serial) AS void_at, \
             EXISTS (SELECT 1 FROM stamp_displays WHERE stamp_displays.order_id = asked.order_id \
                 AND stamp_displays.first <= asked.serial AND stamp_displays.last >= asked.serial) AS is_display \
         FROM asked LEFT JOIN activations ON activations.order_id = asked.order_id \
             AND activations.first <= asked.serial AND activations.last >= asked.serial",
        placeholders(connection, keys.len(), 2)
    );
    let query = keys.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, (order, serial)| {
        query.bind::<Guid, _>(*order).bind::<Integer, _>(*serial)
    });
    let rows: Vec<Stamp> = query.load(connection)?;
    Ok(rows.into_iter().map(|stamp| ((stamp.order_id, stamp.serial), stamp)).collect())
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
