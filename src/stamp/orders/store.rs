//! Orders in the database.

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{ProducerId, ProductId, StampOrderId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::stamp_orders;
use crate::db::settings::next_number;
use crate::db::types::{Multi, text_column};
use crate::stamp::rules::State;
use crate::station::{Stretch, filters};

text_column!(State);

/// An order as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stamp_orders)]
pub struct OrderRow {
    pub id: StampOrderId,
    pub version: i32,
    /// Random, and part of each code.
    pub number: i32,
    /// The key that its codes are made with.
    pub key_id: String,
    pub product_id: ProductId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub quantity: i32,
    pub state: State,
    pub issued_at: Option<Moment>,
    pub note: Option<String>,
    pub created_at: Moment,
    pub delivered_at: Option<Moment>,
    /// The receipt of the delivery.
    pub receipt: Option<String>,
    /// When the producer said that the stamps had come.
    pub received_at: Option<Moment>,
}

impl OrderRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn key_id(&self) -> Result<char> {
        self.key_id.chars().next().ok_or_else(|| Error::internal(format!("order {} has no key", self.id)))
    }
}

pub fn find(connection: &mut AnyConnection, id: StampOrderId) -> Result<Option<OrderRow>> {
    Ok(stamp_orders::table.find(id).select(OrderRow::as_select()).first(connection).optional()?)
}

/// Finds an order and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: StampOrderId) -> Result<Option<OrderRow>> {
    diesel::update(stamp_orders::table.find(id))
        .set(stamp_orders::version.eq(stamp_orders::version))
        .execute(connection)?;
    find(connection, id)
}

/// A random number that no order has. Orders are numbered one after another (the counter's row is the lock), so that
/// no other transaction can take the same.
fn unused_number(connection: &mut AnyConnection) -> Result<i32> {
    next_number(connection, "stamp_orders")?;
    for _ in 0..1000 {
        let number = rand::random_range(0..1 << 24);
        let same = stamp_orders::table.filter(stamp_orders::number.eq(number));
        if !diesel::select(diesel::dsl::exists(same)).get_result::<bool>(connection)? {
            return Ok(number);
        }
    }
    Err(Error::internal("the numbers of stamp orders are used up"))
}

pub fn insert(
    connection: &mut AnyConnection,
    product: ProductId,
    home: Home,
    key_id: char,
    quantity: i32,
    now: Moment,
) -> Result<StampOrderId> {
    let id = StampOrderId::new();
    let number = unused_number(connection)?;
    diesel::insert_into(stamp_orders::table)
        .values((
            stamp_orders::id.eq(id),
            stamp_orders::version.eq(1),
            stamp_orders::number.eq(number),
            stamp_orders::key_id.eq(key_id.to_string()),
            stamp_orders::product_id.eq(product),
            stamp_orders::producer_id.eq(home.producer),
            stamp_orders::commune_code.eq(home.commune),
            stamp_orders::district_code.eq(home.district),
            stamp_orders::quantity.eq(quantity),
            stamp_orders::state.eq(State::Ordered),
            stamp_orders::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Moves an order on; `issued_at` and `note` are set with the state that they belong to.
pub fn set_state(
    connection: &mut AnyConnection,
    id: StampOrderId,
    state: State,
    issued_at: Option<Moment>,
    note: Option<&str>,
) -> Result<()> {
    diesel::update(stamp_orders::table.find(id))
        .set((
            stamp_orders::version.eq(stamp_orders::version + 1),
            stamp_orders::state.eq(state),
            stamp_orders::issued_at.eq(issued_at),
            stamp_orders::note.eq(note),
        ))
        .execute(connection)?;
    Ok(())
}

/// Records that the printed stamps were handed over.
pub fn set_delivered(
    connection: &mut AnyConnection,
    id: StampOrderId,
    state: State,
    receipt: &str,
    now: Moment,
) -> Result<()> {
    diesel::update(stamp_orders::table.find(id))
        .set((
            stamp_orders::version.eq(stamp_orders::version + 1),
            stamp_orders::state.eq(state),
            stamp_orders::delivered_at.eq(Some(now)),
            stamp_orders::receipt.eq(Some(receipt)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Records that the producer has the stamps.
pub fn set_received(connection: &mut AnyConnection, id: StampOrderId, now: Moment) -> Result<()> {
    diesel::update(stamp_orders::table.find(id))
        .set((stamp_orders::version.eq(stamp_orders::version + 1), stamp_orders::received_at.eq(Some(now))))
        .execute(connection)?;
    Ok(())
}

pub(super) fn next_version(connection: &mut AnyConnection, id: StampOrderId) -> Result<()> {
    diesel::update(stamp_orders::table.find(id))
        .set(stamp_orders::version.eq(stamp_orders::version + 1))
        .execute(connection)?;
    Ok(())
}

/// What was ordered for a product in a year, but for what was refused.
pub fn ordered(connection: &mut AnyConnection, product: ProductId, year: i32) -> Result<i64> {
    let first = Day::new(year, 1, 1).ok_or_else(|| Error::internal("a year without a first day"))?.starts();
    let end = Day::end_of(year).ok_or_else(|| Error::internal("a year without a last day"))?.ends();
    let sum: Option<i64> = stamp_orders::table
        .filter(stamp_orders::product_id.eq(product))
        .filter(stamp_orders::state.ne(State::Refused))
        .filter(stamp_orders::created_at.ge(first))
        .filter(stamp_orders::created_at.lt(end))
        .select(diesel::dsl::sum(stamp_orders::quantity))
        .first(connection)?;
    Ok(sum.unwrap_or(0))
}

filters! {
    /// What orders can be listed by.
    pub struct OrderFilter {
        state: State,
        producer_id: ProducerId,
        product_id: ProductId,
        /// A district or commune.
        unit_code: UnitCode,
    }
}

/// The orders of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a OrderFilter) -> stamp_orders::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(stamp_orders::table.into_boxed(), stamp_orders, territory);
    if let Some(state) = filter.state {
        query = query.filter(stamp_orders::state.eq(state));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(stamp_orders::producer_id.eq(producer));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(stamp_orders::product_id.eq(product));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(stamp_orders::district_code.eq(unit).or(stamp_orders::commune_code.nullable().eq(unit)));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(stamp_orders::id.eq_any(changed_since(Resource::StampOrder, since)));
    }
    query
}

/// Orders of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &OrderFilter,
    stretch: &Stretch<StampOrderId>,
) -> Result<Vec<OrderRow>> {
    let mut query = matching(territory, filter);
    if let Some(before) = stretch.after {
        query = query.filter(stamp_orders::id.lt(before));
    }
    let page = query.order(stamp_orders::id.desc()).limit(stretch.limit);
    Ok(page.select(OrderRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &OrderFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
