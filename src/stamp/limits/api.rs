//! `/products/{id}/stamp-limits`.

use actix_web::{get, put};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::Result;
use crate::base::id::ProductId;
use crate::db::AnyConnection;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::product::Product;
use crate::stamp::limits::steps::{self, LimitForm};
use crate::stamp::orders::limit_store;
use crate::stamp::orders::store::ordered;
use crate::station::find;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampLimit)]
pub struct LimitAnswer {
    pub year: i32,
    pub stamps: i64,
    /// What was ordered in the year and not refused.
    pub ordered: i64,
    pub left: i64,
}

/// The limits of a product, with what was ordered.
pub fn answers(connection: &mut AnyConnection, product: ProductId, after: i32, limit: i64) -> Result<Vec<LimitAnswer>> {
    let limits = limit_store::list(connection, product, after, limit)?.into_iter().map(|(year, stamps)| {
        let ordered = ordered(connection, product, year)?;
        Ok(LimitAnswer { year, stamps, ordered, left: (stamps - ordered).max(0) })
    });
    limits.collect()
}

/// The limits of a product by year, with what is left of them.
#[utoipa::path(
    tag = "stamps",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<LimitAnswer>), Refusals)
)]
#[get("/products/{id}/stamp-limits")]
pub async fn list(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let product = find::<Product>(work, &id.get()?)?.row;
            // A seat at a council lets see the product, not its trade.
            work.actor.must_see(&product.home())?;
            let paging = query.paging::<i32>();
            query.finish()?;
            let found = answers(work.connection, product.id, paging.after.unwrap_or(0), paging.one_more())?;
            let (limits, next) = paging.cut(found, |limit| limit.year)?;
            Ok(Answer::page(limits, next)?)
        })
        .await
}

/// Sets or lifts the limit of a year (provincial office). It is part of the product: `If-Match` names the product's
/// version, and the step stands in its history.
#[utoipa::path(tag = "stamps", request_body = LimitForm, responses((status = 200, body = Page<LimitAnswer>), Refusals))]
#[put("/products/{id}/stamp-limits")]
pub async fn set(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller
        .take_for(&steps::SET, id, |work, (product, version)| {
            let items = answers(work.connection, product, 0, 100)?;
            Answer::resource(version, Page { items, next: None, as_of: None, total: None })
        })
        .await
}
