//! The orders and ranges behind stamps, a statement each for many orders.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::base::id::{LotId, ProducerId, ProductId, StampOrderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{activations, producers, products, stamp_displays, stamp_orders, voids};
use crate::stamp::rules::{Range, State};

/// An issued order with its product and producer.
#[derive(Debug, Queryable)]
pub struct Base {
    pub order: StampOrderId,
    pub number: i32,
    pub key_id: String,
    pub quantity: i32,
    pub producer: ProducerId,
    pub product: ProductId,
    pub product_name: String,
    pub product_code: String,
    pub gtin: Option<String>,
    pub producer_name: String,
    pub address: String,
    pub kind: String,
    pub phone: String,
    pub public_phone: bool,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
}

/// What the ranges of an order say.
#[derive(Debug, Default)]
pub struct Ranges {
    pub lots: Vec<(Range, LotId)>,
    pub void: Vec<(Range, Moment)>,
    pub displays: Vec<Range>,
}

impl Ranges {
    pub fn count(&self) -> usize {
        self.lots.len() + self.void.len() + self.displays.len()
    }
}

/// The issued orders among those asked for, by number.
pub fn bases(connection: &mut AnyConnection, numbers: &BTreeSet<i32>) -> Result<HashMap<i32, Base>> {
    let rows: Vec<Base> = stamp_orders::table
        .inner_join(products::table.on(products::id.eq(stamp_orders::product_id)))
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .filter(stamp_orders::number.eq_any(numbers.iter().copied().collect::<Vec<_>>()))
        .filter(stamp_orders::state.eq_any(State::LIVE))
        .select((
            stamp_orders::id,
            stamp_orders::number,
            stamp_orders::key_id,
            stamp_orders::quantity,
            stamp_orders::producer_id,
            products::id,
            products::name,
            products::code,
            products::gtin,
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

/// The ranges of these orders; those without any are left out.
pub fn ranges(connection: &mut AnyConnection, orders: &[StampOrderId]) -> Result<HashMap<StampOrderId, Ranges>> {
    let mut found: HashMap<StampOrderId, Ranges> = HashMap::new();
    if orders.is_empty() {
        return Ok(found);
    }
    let lots: Vec<(StampOrderId, i32, i32, LotId)> = activations::table
        .filter(activations::order_id.eq_any(orders.to_vec()))
        .select((activations::order_id, activations::first, activations::last, activations::lot_id))
        .load(connection)?;
    let void: Vec<(StampOrderId, i32, i32, Moment)> = voids::table
        .filter(voids::order_id.eq_any(orders.to_vec()))
        .select((voids::order_id, voids::first, voids::last, voids::at))
        .load(connection)?;
    let displays: Vec<(StampOrderId, i32, i32)> = stamp_displays::table
        .filter(stamp_displays::order_id.eq_any(orders.to_vec()))
        .select((stamp_displays::order_id, stamp_displays::first, stamp_displays::last))
        .load(connection)?;
    for (order, first, last, lot) in lots {
        found.entry(order).or_default().lots.push((Range { first, last }, lot));
    }
    for (order, first, last, at) in void {
        found.entry(order).or_default().void.push((Range { first, last }, at));
    }
    for (order, first, last) in displays {
        found.entry(order).or_default().displays.push(Range { first, last });
    }
    Ok(found)
}
