//! The ranges of an order: stamps that are bound to lots, void or shown; and the numbers of all of them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::base::id::{AccountId, Id, LotId, StampOrderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{activations, stamp_displays, stamp_orders, stamps, voids};
use crate::stamp::orders::store::next_version;
use crate::stamp::rules::Range;

/// How many ranges a refusal names at most.
const NAMED_RANGES: i64 = 10;

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

/// The newest ranges of an order that were bound to lots, with the day of each.
pub fn bound(connection: &mut AnyConnection, order: StampOrderId, limit: i64) -> Result<Vec<(Range, LotId, Moment)>> {
    let rows: Vec<(i32, i32, LotId, Moment)> = activations::table
        .filter(activations::order_id.eq(order))
        .order((activations::at.desc(), activations::first))
        .limit(limit)
        .select((activations::first, activations::last, activations::lot_id, activations::at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last, lot, at)| (Range { first, last }, lot, at)).collect())
}

/// The newest ranges of an order that are void, and why; those on display pieces as [`shown`].
pub fn voided(connection: &mut AnyConnection, order: StampOrderId, limit: i64) -> Result<Vec<(Range, String, Moment)>> {
    let rows: Vec<(i32, i32, String, Moment)> = voids::table
        .filter(voids::order_id.eq(order))
        .order((voids::at.desc(), voids::first))
        .limit(limit)
        .select((voids::first, voids::last, voids::reason, voids::at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last, reason, at)| (Range { first, last }, reason, at)).collect())
}

/// The newest ranges of an order on display pieces, and why.
pub fn shown(connection: &mut AnyConnection, order: StampOrderId, limit: i64) -> Result<Vec<(Range, String, Moment)>> {
    let rows: Vec<(i32, i32, String, Moment)> = stamp_displays::table
        .filter(stamp_displays::order_id.eq(order))
        .order((stamp_displays::at.desc(), stamp_displays::first))
        .limit(limit)
        .select((stamp_displays::first, stamp_displays::last, stamp_displays::reason, stamp_displays::at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(first, last, reason, at)| (Range { first, last }, reason, at)).collect())
}

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

/// The stamps of the ranges that were activated, without those of them that are void.
const NOT_VOID: &str = "CAST(COALESCE(SUM(activations.last - activations.first + 1 - COALESCE(( \
         SELECT SUM( \
             CASE WHEN voids.last < activations.last THEN voids.last ELSE activations.last END \
             - CASE WHEN voids.first > activations.first THEN voids.first ELSE activations.first END + 1 \
         ) FROM voids \
         WHERE voids.order_id = activations.order_id \
         AND voids.first <= activations.last AND voids.last >= activations.first \
     ), 0)), 0) AS bigint)";

/// How many stamps are bound to each of these lots and not void, over all orders; a lot without any is left out.
pub fn bound_to(connection: &mut AnyConnection, lots: &[LotId]) -> Result<HashMap<LotId, i64>> {
    let counted: Vec<(LotId, i64)> = activations::table
        .filter(activations::lot_id.eq_any(lots.to_vec()))
        .group_by(activations::lot_id)
        .select((activations::lot_id, diesel::dsl::sql::<BigInt>(NOT_VOID)))
        .load(connection)?;
    Ok(counted.into_iter().collect())
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
        .inner_join(stamp_orders::table.on(stamp_orders::number.eq(stamps::order_number)))
        .filter(stamp_orders::id.eq_any(ids.to_vec()))
        .group_by(stamp_orders::id)
        .select((stamp_orders::id, count_star()))
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
