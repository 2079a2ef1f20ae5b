//! Orders and their ranges in the database.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::account::{Home, Territory, within_territory};
use crate::base::id::{AccountId, CertificateId, CycleId, Id, LotId, PlanId, ProducerId, ProductId, StampOrderId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::cycle::rules::StampsFrom;
use crate::db::AnyConnection;
use crate::db::schema::{activations, certificates, cycles, plans, stamp_displays, stamp_orders, stamps, voids};
use crate::db::settings::next_number;
use crate::db::types::{Guid, text_column};
use crate::decision::certificate_store::valid;
use crate::stamp::rules::{Range, State};

text_column!(State);

/// How many ranges a refusal names at most.
const NAMED_RANGES: i64 = 10;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stamp_orders)]
pub struct Order {
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

impl Order {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }

    pub fn key_id(&self) -> Result<char> {
        self.key_id.chars().next().ok_or_else(|| Error::internal(format!("order {} has no key", self.id)))
    }
}

/// How far a product has come on the road to stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub stamps_from: StampsFrom,
    pub has_approved_plan: bool,
    pub is_certified: bool,
}

/// The rule of the product's latest cycle and what the product has; None where it never had a plan.
pub fn standing(connection: &mut AnyConnection, product: ProductId, today: Day) -> Result<Option<Standing>> {
    let latest: Option<(CycleId, StampsFrom)> = plans::table
        .inner_join(cycles::table.on(cycles::id.eq(plans::cycle_id)))
        .filter(plans::product_id.eq(product))
        .order((cycles::year.desc(), plans::id.desc()))
        .select((cycles::id, cycles::stamps_from))
        .first(connection)
        .optional()?;
    let Some((_, stamps_from)) = latest else { return Ok(None) };
    let approved: Option<PlanId> = plans::table
        .filter(plans::product_id.eq(product))
        .filter(plans::state.eq("approved"))
        .select(plans::id)
        .first(connection)
        .optional()?;
    let valid: Option<CertificateId> = certificates::table
        .filter(certificates::product_id.eq(product))
        .filter(valid(today))
        .select(certificates::id)
        .first(connection)
        .optional()?;
    Ok(Some(Standing { stamps_from, has_approved_plan: approved.is_some(), is_certified: valid.is_some() }))
}

pub fn find(connection: &mut AnyConnection, id: StampOrderId) -> Result<Option<Order>> {
    Ok(stamp_orders::table.find(id).select(Order::as_select()).first(connection).optional()?)
}

/// Finds an order and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: StampOrderId) -> Result<Option<Order>> {
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

fn next_version(connection: &mut AnyConnection, id: StampOrderId) -> Result<()> {
    diesel::update(stamp_orders::table.find(id))
        .set(stamp_orders::version.eq(stamp_orders::version + 1))
        .execute(connection)?;
    Ok(())
}

pub fn insert_activation(
    connection: &mut AnyConnection,
    order: StampOrderId,
    range: Range,
    lot: LotId,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(activations::table)
        .values((
            activations::id.eq(Id::<Activation>::new()),
            activations::order_id.eq(order),
            activations::first.eq(range.first),
            activations::last.eq(range.last),
            activations::lot_id.eq(lot),
            activations::account_id.eq(account),
            activations::at.eq(now),
        ))
        .execute(connection)?;
    next_version(connection, order)
}

pub fn insert_void(
    connection: &mut AnyConnection,
    order: StampOrderId,
    range: Range,
    reason: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(voids::table)
        .values((
            voids::id.eq(Id::<Void>::new()),
            voids::order_id.eq(order),
            voids::first.eq(range.first),
            voids::last.eq(range.last),
            voids::reason.eq(reason),
            voids::account_id.eq(account),
            voids::at.eq(now),
        ))
        .execute(connection)?;
    next_version(connection, order)
}

pub fn insert_display(
    connection: &mut AnyConnection,
    order: StampOrderId,
    range: Range,
    reason: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(stamp_displays::table)
        .values((
            stamp_displays::id.eq(Id::<Display>::new()),
            stamp_displays::order_id.eq(order),
            stamp_displays::first.eq(range.first),
            stamp_displays::last.eq(range.last),
            stamp_displays::reason.eq(reason),
            stamp_displays::account_id.eq(account),
            stamp_displays::at.eq(now),
        ))
        .execute(connection)?;
    next_version(connection, order)
}

/// Names the ids of display ranges.
enum Display {}
/// Names the ids of activations.
enum Activation {}
/// Names the ids of voids.
enum Void {}

/// Activated ranges of an order that share a serial with `range`.
pub fn activated_within(connection: &mut AnyConnection, order: StampOrderId, range: Range) -> Result<Vec<Range>> {
    let rows: Vec<(i32, i32)> = activations::table
        .filter(activations::order_id.eq(order))
        .filter(activations::first.le(range.last))
        .filter(activations::last.ge(range.first))
        .order(activations::first)
        .limit(NAMED_RANGES)
        .select((activations::first, activations::last))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last)| Range { first, last }).collect())
}

/// Void ranges of an order that share a serial with `range`.
pub fn void_within(connection: &mut AnyConnection, order: StampOrderId, range: Range) -> Result<Vec<Range>> {
    let rows: Vec<(i32, i32)> = voids::table
        .filter(voids::order_id.eq(order))
        .filter(voids::first.le(range.last))
        .filter(voids::last.ge(range.first))
        .order(voids::first)
        .limit(NAMED_RANGES)
        .select((voids::first, voids::last))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last)| Range { first, last }).collect())
}

/// Display ranges of an order that share a serial with `range`.
pub fn shown_within(connection: &mut AnyConnection, order: StampOrderId, range: Range) -> Result<Vec<Range>> {
    let rows: Vec<(i32, i32)> = stamp_displays::table
        .filter(stamp_displays::order_id.eq(order))
        .filter(stamp_displays::first.le(range.last))
        .filter(stamp_displays::last.ge(range.first))
        .order(stamp_displays::first)
        .limit(NAMED_RANGES)
        .select((stamp_displays::first, stamp_displays::last))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last)| Range { first, last }).collect())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    stamps: i64,
}

/// How many stamps are bound to a lot and not void, over all orders.
pub fn bound_to(connection: &mut AnyConnection, lot: LotId) -> Result<i64> {
    let counted: Count = diesel::sql_query(
        "SELECT CAST(COALESCE(SUM(activations.last - activations.first + 1 - COALESCE(( \
             SELECT SUM( \
                 CASE WHEN voids.last < activations.last THEN voids.last ELSE activations.last END \
                 - CASE WHEN voids.first > activations.first THEN voids.first ELSE activations.first END + 1 \
             ) FROM voids \
             WHERE voids.order_id = activations.order_id \
             AND voids.first <= activations.last AND voids.last >= activations.first \
         ), 0)), 0) AS bigint) AS stamps \
         FROM activations WHERE activations.lot_id = $1",
    )
    .bind::<Guid, _>(lot)
    .get_result(connection)?;
    Ok(counted.stamps)
}

/// How many stamps of an order were activated, are void, are shown, were ever scanned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    pub activated: i64,
    pub void: i64,
    pub display: i64,
    pub scanned: i64,
}

/// The numbers of these orders, in four statements.
pub fn numbers(connection: &mut AnyConnection, ids: &[StampOrderId]) -> Result<HashMap<StampOrderId, Numbers>> {
    use diesel::dsl::{count_star, sum};
    type Sums = Vec<(StampOrderId, Option<i64>)>;
    let activated: Sums = activations::table
        .filter(activations::order_id.eq_any(ids.to_vec()))
        .group_by(activations::order_id)
        .select((activations::order_id, sum(activations::last - activations::first + 1)))
        .load(connection)?;
    let void: Sums = voids::table
        .filter(voids::order_id.eq_any(ids.to_vec()))
        .group_by(voids::order_id)
        .select((voids::order_id, sum(voids::last - voids::first + 1)))
        .load(connection)?;
    let display: Sums = stamp_displays::table
        .filter(stamp_displays::order_id.eq_any(ids.to_vec()))
        .group_by(stamp_displays::order_id)
        .select((stamp_displays::order_id, sum(stamp_displays::last - stamp_displays::first + 1)))
        .load(connection)?;
    let scanned: Vec<(StampOrderId, i64)> = stamps::table
        .filter(stamps::order_id.eq_any(ids.to_vec()))
        .group_by(stamps::order_id)
        .select((stamps::order_id, count_star()))
        .load(connection)?;
    let mut numbers: HashMap<StampOrderId, Numbers> = HashMap::new();
    for (id, stamps) in activated {
        numbers.entry(id).or_default().activated = stamps.unwrap_or(0);
    }
    for (id, stamps) in void {
        numbers.entry(id).or_default().void = stamps.unwrap_or(0);
    }
    for (id, stamps) in display {
        numbers.entry(id).or_default().display = stamps.unwrap_or(0);
    }
    for (id, stamps) in scanned {
        numbers.entry(id).or_default().scanned = stamps;
    }
    Ok(numbers)
}

/// Which orders to list.
#[derive(Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub producer: Option<ProducerId>,
    pub product: Option<ProductId>,
    pub unit: Option<UnitCode>,
    pub before: Option<StampOrderId>,
    pub limit: i64,
}

/// Orders of a territory, the newest first.
pub fn list(connection: &mut AnyConnection, territory: &Territory, filter: &Filter) -> Result<Vec<Order>> {
    let query = stamp_orders::table.select(Order::as_select()).into_boxed();
    let mut query = within_territory!(query, stamp_orders, territory);
    if let Some(state) = filter.state {
        query = query.filter(stamp_orders::state.eq(state));
    }
    if let Some(producer) = filter.producer {
        query = query.filter(stamp_orders::producer_id.eq(producer));
    }
    if let Some(product) = filter.product {
        query = query.filter(stamp_orders::product_id.eq(product));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(stamp_orders::district_code.eq(unit).or(stamp_orders::commune_code.nullable().eq(unit)));
    }
    if let Some(before) = filter.before {
        query = query.filter(stamp_orders::id.lt(before));
    }
    Ok(query.order(stamp_orders::id.desc()).limit(filter.limit).load(connection)?)
}
