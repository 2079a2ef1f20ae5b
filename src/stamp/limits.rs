//! `/products/{id}/stamp-limits`: how many stamps the office lets a product have in a year (hạn mức tem).

use actix_web::{get, put};
use chrono::Datelike;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role};
use crate::audit::{Entry, Resource};
use crate::base::id::{AccountId, ProductId, of};
use crate::base::{Day, Error, Fault, Faults, Moment, Result, say};
use crate::db::AnyConnection;
use crate::db::schema::{stamp_limits, stamp_orders};
use crate::http::{Answer, At, Page, Problem, Refusals};
use crate::product;
use crate::stamp::rules::{self, State};

const MOST: i64 = 1_000_000_000;

/// A limit of one year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitForm {
    year: i32,
    /// Stamps that may be ordered in the year; null lifts the limit.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    stamps: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampLimit)]
pub struct LimitAnswer {
    year: i32,
    stamps: i64,
    /// What was ordered in the year and not refused.
    ordered: i64,
    left: i64,
}

impl LimitForm {
    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if !(2000..=2200).contains(&self.year) {
            faults.push(Fault::new("/year", "out_of_range", say("Năm từ 2000 đến 2200.", "A year from 2000 to 2200.")));
        }
        if self.stamps.is_some_and(|stamps| !(0..=MOST).contains(&stamps)) {
            let detail = say(format!("Từ 0 đến {MOST}."), format!("0 to {MOST}."));
            faults.push(Fault::new("/stamps", "out_of_range", detail));
        }
        faults.into_result()
    }
}

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

/// What was ordered for a product in a year, but for what was refused.
fn ordered(connection: &mut AnyConnection, product: ProductId, year: i32) -> Result<i64> {
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

fn put_limit(
    connection: &mut AnyConnection,
    product: ProductId,
    form: &LimitForm,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    let of_year = stamp_limits::table.find((product, form.year));
    diesel::delete(of_year).execute(connection)?;
    if let Some(stamps) = form.stamps {
        diesel::insert_into(stamp_limits::table)
            .values((
                stamp_limits::product_id.eq(product),
                stamp_limits::year.eq(form.year),
                stamp_limits::stamps.eq(stamps),
                stamp_limits::account_id.eq(account),
                stamp_limits::at.eq(now),
            ))
            .execute(connection)?;
    }
    Ok(())
}

fn answers(connection: &mut AnyConnection, product: ProductId, after: i32, limit: i64) -> Result<Vec<LimitAnswer>> {
    let rows: Vec<(i32, i64)> = stamp_limits::table
        .filter(stamp_limits::product_id.eq(product))
        .filter(stamp_limits::year.gt(after))
        .order(stamp_limits::year)
        .limit(limit)
        .select((stamp_limits::year, stamp_limits::stamps))
        .load(connection)?;
    rows.into_iter()
        .map(|(year, stamps)| {
            let ordered = ordered(connection, product, year)?;
            Ok(LimitAnswer { year, stamps, ordered, left: (stamps - ordered).max(0) })
        })
        .collect()
}

/// The limits of a product by year, with what is left of them.
#[utoipa::path(
    tag = "stamps",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<LimitAnswer>), Refusals)
)]
#[get("/products/{id}/stamp-limits")]
pub async fn list(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = product::store::find(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&product.home())?;
            let mut query = work.request.query();
            let paging = query.paging::<i32>();
            query.finish()?;
            let after = paging.after.unwrap_or(0);
            let found = answers(work.connection, product.id, after, paging.one_more())?;
            let (limits, next) = paging.cut(found, |limit| limit.year)?;
            Ok(Answer::page(limits, next)?)
        })
        .await
}

/// Sets or lifts the limit of a year (provincial office). It is part of the product: `If-Match` names the product's
/// version, and the step stands in its history.
#[utoipa::path(tag = "stamps", request_body = LimitForm, responses((status = 200, body = Page<LimitAnswer>), Refusals))]
#[put("/products/{id}/stamp-limits")]
pub async fn set(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let product = product::store::take(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&product.home())?;
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin_at(product.version)?;
            let form: LimitForm = work.body()?;
            form.check()?;
            put_limit(work.connection, product.id, &form, work.actor.id, work.now)?;
            let version = product::store::touch(work.connection, product.id)?;
            let note = form.stamps.map_or_else(|| format!("{}: -", form.year), |most| format!("{}: {most}", form.year));
            work.record(Entry::<of::Product> {
                resource: Resource::Product,
                id: product.id,
                version,
                account: None,
                verb: "set_stamp_limit",
                from: None,
                to: None,
                note: Some(&note),
            })?;
            let items = answers(work.connection, product.id, 0, 100)?;
            Ok(Answer::resource(version, Page { items, next: None, total: None })?)
        })
        .await
}
