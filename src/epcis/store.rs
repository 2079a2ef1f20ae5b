//! What EPCIS tells, read from the tables of the stations; nothing is written here. The number of statements does not
//! grow with the events.

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::account::{Territory, within_territory};
use crate::base::id::{AnyId, DocumentId, LotEventId, LotId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{activations, lot_events, lot_inputs, lots, producers, products, shops, stamp_orders, voids};
use crate::epcis::rules::{self, Cursor, EventType, Source, Wanted};
use crate::lot::event_store::{self, Event};
use crate::lot::store::{self as lot_store, Lot};
use crate::product::rules::Gtin;
use crate::stamp::orders::store::OrderRow;

/// A run of stamps of an order that were bound to a lot or declared void.
#[derive(Debug, Clone, Queryable)]
pub struct Run {
    pub id: AnyId,
    pub order: StampOrderId,
    pub first: i32,
    pub last: i32,
    pub at: Moment,
    pub lot: Option<LotId>,
    pub reason: Option<String>,
}

/// Something that EPCIS tells.
#[derive(Debug, Clone)]
pub enum Fact {
    Made(Lot),
    Happened(Event),
    Recalled(Lot, Moment),
    Activated(Run),
    Voided(Run),
}

impl Fact {
    pub fn place(&self) -> Cursor {
        match self {
            Self::Made(lot) => Cursor(lot.produced_on.starts(), Source::Made, lot.id.any()),
            Self::Happened(event) => Cursor(event.at, Source::Happened, event.id.any()),
            Self::Recalled(lot, at) => Cursor(*at, Source::Recalled, lot.id.any()),
            Self::Activated(run) => Cursor(run.at, Source::Activated, run.id),
            Self::Voided(run) => Cursor(run.at, Source::Voided, run.id),
        }
    }

    fn lot(&self) -> Option<LotId> {
        match self {
            Self::Made(lot) | Self::Recalled(lot, _) => Some(lot.id),
            Self::Happened(event) => Some(event.lot_id),
            Self::Activated(run) | Self::Voided(run) => run.lot,
        }
    }

    fn order(&self) -> Option<StampOrderId> {
        match self {
            Self::Activated(run) | Self::Voided(run) => Some(run.order),
            _ => None,
        }
    }
}

/// Narrows a boxed query to the moments asked for, behind the cursor.
macro_rules! within_time {
    ($query:ident, $at:expr, $id:expr, $source:expr, $wanted:expr) => {
        if let Some(from) = $wanted.from {
            $query = $query.filter($at.ge(from));
        }
        if let Some(before) = $wanted.before {
            $query = $query.filter($at.lt(before));
        }
        if let Some(Cursor(at, source, id)) = $wanted.after {
            $query = match $source.cmp(&source) {
                std::cmp::Ordering::Less => $query.filter($at.gt(at)),
                std::cmp::Ordering::Equal => $query.filter($at.gt(at).or($at.eq(at).and($id.gt(id)))),
                std::cmp::Ordering::Greater => $query.filter($at.ge(at)),
            };
        }
    };
}

/// The events asked for within a territory, by time.
pub fn facts(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    if wanted.wants(Source::Made) {
        facts.extend(made(connection, territory, wanted)?.into_iter().map(Fact::Made));
    }
    if wanted.wants(Source::Happened) {
        facts.extend(happened(connection, territory, wanted)?.into_iter().map(Fact::Happened));
    }
    if wanted.wants(Source::Recalled) {
        let recalled = recalled(connection, territory, wanted)?;
        facts.extend(recalled.into_iter().filter_map(|lot| lot.recalled_at.map(|at| Fact::Recalled(lot, at))));
    }
    if wanted.wants(Source::Activated) {
        facts.extend(activated(connection, territory, wanted)?.into_iter().map(Fact::Activated));
    }
    if wanted.wants(Source::Voided) {
        facts.extend(voided(connection, territory, wanted)?.into_iter().map(Fact::Voided));
    }
    facts.sort_by_key(Fact::place);
    facts.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    Ok(facts)
}

/// The first day that begins at or after a moment.
fn day_from(moment: Moment) -> Day {
    let day = moment.day();
    if day.starts() < moment { day.plus_days(1) } else { day }
}

fn made(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Lot>> {
    let mut query = within_territory!(lots::table.select(Lot::as_select()).into_boxed(), lots, territory);
    // A lot's day stands for the moment at which it begins.
    if let Some(from) = wanted.from {
        query = query.filter(lots::produced_on.ge(day_from(from)));
    }
    if let Some(before) = wanted.before {
        query = query.filter(lots::produced_on.lt(day_from(before)));
    }
    if let Some(Cursor(at, source, id)) = wanted.after {
        let day = at.day();
        query = if source == Source::Made {
            query.filter(lots::produced_on.gt(day).or(lots::produced_on.eq(day).and(lots::id.gt(id))))
        } else {
            query.filter(lots::produced_on.gt(day))
        };
    }
    let has_inputs = || exists(lot_inputs::table.filter(lot_inputs::lot_id.eq(lots::id)));
    query = match (wanted.wants_type(EventType::ObjectEvent), wanted.wants_type(EventType::TransformationEvent)) {
        (true, true) => query,
        (false, true) => query.filter(has_inputs()),
        (true, false) => query.filter(not(has_inputs())),
        (false, false) => return Ok(Vec::new()),
    };
    if let Some(things) = &wanted.things {
        query = query.filter(lots::id.eq_any(things.lots.clone()));
    }
    Ok(query.order((lots::produced_on, lots::id)).limit(wanted.limit).load(connection)?)
}

fn happened(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Event>> {
    let query = lot_events::table
        .inner_join(lots::table.on(lots::id.eq(lot_events::lot_id)))
        .select(Event::as_select())
        .into_boxed();
    let mut query = within_territory!(query, lots, territory);
    within_time!(query, lot_events::at, lot_events::id, Source::Happened, wanted);
    if let Some(steps) = &wanted.steps {
        query = query.filter(lot_events::kind.eq_any(rules::kinds(steps)));
    }
    if let Some(things) = &wanted.things {
        query = query.filter(lot_events::lot_id.eq_any(things.lots.clone()));
    }
    Ok(query.order((lot_events::at, lot_events::id)).limit(wanted.limit).load(connection)?)
}

fn recalled(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Lot>> {
    let query = lots::table.filter(lots::recalled_at.is_not_null()).select(Lot::as_select()).into_boxed();
    let mut query = within_territory!(query, lots, territory);
    within_time!(query, lots::recalled_at.assume_not_null(), lots::id, Source::Recalled, wanted);
    if let Some(things) = &wanted.things {
        query = query.filter(lots::id.eq_any(things.lots.clone()));
    }
    Ok(query.order((lots::recalled_at, lots::id)).limit(wanted.limit).load(connection)?)
}

fn activated(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Run>> {
    let query = activations::table
        .inner_join(stamp_orders::table.on(stamp_orders::id.eq(activations::order_id)))
        .select((
            activations::id,
            activations::order_id,
            activations::first,
            activations::last,
            activations::at,
            activations::lot_id.nullable(),
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("NULL"),
        ))
        .into_boxed();
    let mut query = within_territory!(query, stamp_orders, territory);
    within_time!(query, activations::at, activations::id, Source::Activated, wanted);
    if let Some(things) = &wanted.things {
        let named = activations::order_id
            .eq_any(things.orders.clone())
            .or(activations::lot_id.eq_any(things.lots.clone()))
            .or(activations::id.eq_any(things.runs.clone()));
        query = query.filter(named);
    }
    Ok(query.order((activations::at, activations::id)).limit(wanted.limit).load(connection)?)
}

fn voided(connection: &mut AnyConnection, territory: &Territory, wanted: &Wanted) -> Result<Vec<Run>> {
    let query = voids::table
        .inner_join(stamp_orders::table.on(stamp_orders::id.eq(voids::order_id)))
        .select((
            voids::id,
            voids::order_id,
            voids::first,
            voids::last,
            voids::at,
            diesel::dsl::sql::<diesel::sql_types::Nullable<crate::db::types::Guid>>("NULL"),
            voids::reason.nullable(),
        ))
        .into_boxed();
    let mut query = within_territory!(query, stamp_orders, territory);
    within_time!(query, voids::at, voids::id, Source::Voided, wanted);
    if let Some(things) = &wanted.things {
        let named = voids::order_id.eq_any(things.orders.clone()).or(voids::id.eq_any(things.runs.clone()));
        query = query.filter(named);
    }
    Ok(query.order((voids::at, voids::id)).limit(wanted.limit).load(connection)?)
}

/// A lot with what its name and its events need.
#[derive(Debug, Clone)]
pub struct LotFacts {
    pub lot: Lot,
    pub product: String,
    pub gtin: Option<Gtin>,
    pub producer: String,
}

/// What facts name, by id.
#[derive(Debug, Default)]
pub struct Background {
    pub lots: HashMap<LotId, LotFacts>,
    pub inputs: HashMap<LotId, Vec<LotId>>,
    pub orders: HashMap<StampOrderId, (OrderRow, Option<Gtin>)>,
    pub documents: HashMap<LotEventId, Vec<DocumentId>>,
    /// The correction of an event, and when it was recorded.
    pub corrections: HashMap<LotEventId, (LotEventId, Moment)>,
    /// Names and addresses of shops and buying producers, by event.
    pub went_to: HashMap<LotEventId, (String, String)>,
}

/// Everything that these facts name.
pub fn background(connection: &mut AnyConnection, facts: &[Fact]) -> Result<Background> {
    let made: Vec<LotId> =
        facts.iter().filter_map(|fact| if let Fact::Made(lot) = fact { Some(lot.id) } else { None }).collect();
    let mut inputs: HashMap<LotId, Vec<LotId>> = HashMap::new();
    for (lot, input) in lot_store::inputs(connection, &made)? {
        inputs.entry(lot).or_default().push(input);
    }
    let ids: BTreeSet<LotId> = facts.iter().filter_map(Fact::lot).chain(inputs.values().flatten().copied()).collect();
    let orders: BTreeSet<StampOrderId> = facts.iter().filter_map(Fact::order).collect();
    let events: Vec<&Event> =
        facts.iter().filter_map(|fact| if let Fact::Happened(event) = fact { Some(event) } else { None }).collect();
    let event_ids: Vec<LotEventId> = events.iter().map(|event| event.id).collect();
    Ok(Background {
        lots: lot_facts(connection, &ids)?,
        inputs,
        orders: order_facts(connection, &orders)?,
        documents: event_store::documents_of(connection, &event_ids)?,
        corrections: corrections(connection, &event_ids)?,
        went_to: destinations(connection, &event_ids)?,
    })
}

fn lot_facts(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashMap<LotId, LotFacts>> {
    let rows: Vec<(Lot, String, Option<String>, String)> = lots::table
        .inner_join(products::table.on(products::id.eq(lots::product_id)))
        .inner_join(producers::table.on(producers::id.eq(lots::producer_id)))
        .filter(lots::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .select((Lot::as_select(), products::name, products::gtin, producers::name))
        .load(connection)?;
    let facts = |(lot, product, gtin, producer): (Lot, String, Option<String>, String)| {
        let gtin = gtin.as_deref().and_then(Gtin::read);
        (lot.id, LotFacts { lot, product, gtin, producer })
    };
    Ok(rows.into_iter().map(facts).collect())
}

fn order_facts(
    connection: &mut AnyConnection,
    ids: &BTreeSet<StampOrderId>,
) -> Result<HashMap<StampOrderId, (OrderRow, Option<Gtin>)>> {
    let rows: Vec<(OrderRow, Option<String>)> = stamp_orders::table
        .inner_join(products::table.on(products::id.eq(stamp_orders::product_id)))
        .filter(stamp_orders::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .select((OrderRow::as_select(), products::gtin))
        .load(connection)?;
    Ok(rows.into_iter().map(|(order, gtin)| (order.id, (order, gtin.as_deref().and_then(Gtin::read)))).collect())
}

fn corrections(
    connection: &mut AnyConnection,
    ids: &[LotEventId],
) -> Result<HashMap<LotEventId, (LotEventId, Moment)>> {
    let rows: Vec<(LotEventId, LotEventId, Moment)> = lot_events::table
        .filter(lot_events::corrects_id.assume_not_null().eq_any(ids.to_vec()))
        .select((lot_events::corrects_id.assume_not_null(), lot_events::id, lot_events::recorded_at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(corrected, by, at)| (corrected, (by, at))).collect())
}

fn destinations(connection: &mut AnyConnection, ids: &[LotEventId]) -> Result<HashMap<LotEventId, (String, String)>> {
    type Named = Option<(String, String)>;
    let rows: Vec<(LotEventId, Named, Named)> = lot_events::table
        .left_join(shops::table.on(shops::id.nullable().eq(lot_events::shop_id)))
        .left_join(producers::table.on(producers::id.nullable().eq(lot_events::buyer_producer_id)))
        .filter(lot_events::id.eq_any(ids.to_vec()))
        .select((
            lot_events::id,
            (shops::name, shops::address).nullable(),
            (producers::name, producers::address).nullable(),
        ))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(|(id, shop, producer)| Some((id, shop.or(producer)?))).collect())
}

/// The runs in which a stamp was bound to a lot or declared void.
pub fn runs_with(connection: &mut AnyConnection, order: StampOrderId, serial: i32) -> Result<Vec<AnyId>> {
    let bound: Vec<AnyId> = activations::table
        .filter(activations::order_id.eq(order))
        .filter(activations::first.le(serial))
        .filter(activations::last.ge(serial))
        .select(activations::id)
        .load(connection)?;
    let void: Vec<AnyId> = voids::table
        .filter(voids::order_id.eq(order))
        .filter(voids::first.le(serial))
        .filter(voids::last.ge(serial))
        .select(voids::id)
        .load(connection)?;
    Ok(bound.into_iter().chain(void).collect())
}

/// The order with this number, where it can hold such a serial.
pub fn order_with(connection: &mut AnyConnection, number: i32, serial: i32) -> Result<Option<StampOrderId>> {
    Ok(stamp_orders::table
        .filter(stamp_orders::number.eq(number))
        .filter(stamp_orders::quantity.ge(serial))
        .select(stamp_orders::id)
        .first(connection)
        .optional()?)
}
