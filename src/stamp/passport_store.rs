//! The orders and ranges behind stamps, a statement each for many stamps.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable};

use crate::base::id::{LotId, ProducerId, ProductId, StampOrderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{producers, products, stamp_orders};
use crate::db::types::{Guid, Instant, Multi, placeholders};
use crate::stamp::code::Minted;
use crate::stamp::rules::State;

/// An issued order with its product and producer.
#[derive(Queryable)]
pub struct Base {
    pub order: StampOrderId,
    pub number: i32,
    pub key_id: String,
    pub quantity: i32,
    pub product: ProductId,
    pub product_name: String,
    pub product_code: String,
    pub gtin: Option<String>,
    _producer: ProducerId,
    pub producer_name: String,
    pub address: String,
    pub kind: String,
    pub phone: String,
    pub public_phone: bool,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
}

/// What the ranges say of one stamp.
#[derive(QueryableByName)]
pub struct StampRange {
    #[diesel(sql_type = Guid)]
    pub order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    pub serial: i32,
    #[diesel(sql_type = Nullable<Guid>)]
    pub lot_id: Option<LotId>,
    #[diesel(sql_type = Nullable<Instant>)]
    pub void_at: Option<Moment>,
    #[diesel(sql_type = Bool)]
    pub is_display: bool,
}

/// The issued orders among those asked for, by number.
pub fn bases(connection: &mut AnyConnection, asked: &BTreeSet<Minted>) -> Result<HashMap<i32, Base>> {
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

/// What the ranges say of these stamps.
pub fn ranges(
    connection: &mut AnyConnection,
    keys: &BTreeSet<(StampOrderId, i32)>,
) -> Result<HashMap<(StampOrderId, i32), StampRange>> {
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
    let rows: Vec<StampRange> = query.load(connection)?;
    Ok(rows.into_iter().map(|stamp| ((stamp.order_id, stamp.serial), stamp)).collect())
}
