//! Limits in the database.

use chrono::Datelike;
use diesel::prelude::*;

use crate::base::id::{AccountId, ProductId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::stamp_limits;
use crate::product;
use crate::stamp::orders::store::ordered;
use crate::stamp::rules;

/// 409 where an order would go beyond what the product may have this year. The product's row is taken first, so that two
/// orders at once do not both find the last ones free.
pub fn must_allow(connection: &mut AnyConnection, product: ProductId, quantity: i64, now: Moment) -> Result<()> {
    let year = now.day().date().year();
    product::store::take(connection, product)?;
    let limit: Option<i64> =
        stamp_limits::table.find((product, year)).select(stamp_limits::stamps).first(connection).optional()?;
    let Some(limit) = limit else { return Ok(()) };
    let left = limit - ordered(connection, product, year)?;
    if quantity > left { Err(rules::over_limit(year, limit, left.max(0))) } else { Ok(()) }
}

/// Sets the limit of a year; none lifts it.
pub fn put(
    connection: &mut AnyConnection,
    product: ProductId,
    year: i32,
    stamps: Option<i64>,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::delete(stamp_limits::table.find((product, year))).execute(connection)?;
    let Some(stamps) = stamps else { return Ok(()) };
    diesel::insert_into(stamp_limits::table)
        .values((
            stamp_limits::product_id.eq(product),
            stamp_limits::year.eq(year),
            stamp_limits::stamps.eq(stamps),
            stamp_limits::account_id.eq(account),
            stamp_limits::at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// The limits of a product behind a year, by year.
pub fn list(connection: &mut AnyConnection, product: ProductId, after: i32, limit: i64) -> Result<Vec<(i32, i64)>> {
    Ok(stamp_limits::table
        .filter(stamp_limits::product_id.eq(product))
        .filter(stamp_limits::year.gt(after))
        .order(stamp_limits::year)
        .limit(limit)
        .select((stamp_limits::year, stamp_limits::stamps))
        .load(connection)?)
}
