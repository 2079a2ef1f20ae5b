//! `/public/shops`, for programs.

use actix_web::get;

use crate::http::{Answer, Page, Problem, Refusals, Visitor};
use crate::shop;
use crate::shop::store::ShopFilter;
use crate::site::view::{KEPT, PublicShop};
use crate::station::{Filters, Stretch};

/// Points of sale that are open today, by name.
#[utoipa::path(
    tag = "public",
    security(()),
    params(
        ShopFilter, ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<PublicShop>, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals)
)]
#[get("/public/shops")]
pub async fn list_shops(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging();
            let filter = ShopFilter::take(&mut query);
            query.finish()?;
            let found = shop::store::list(open.connection, &filter, Some(open.now.day()), &Stretch::of(&paging))?;
            let (shops, next) = paging.cut(found, |shop| (shop.folded.clone(), shop.id))?;
            Ok(Answer::page(shops.into_iter().map(PublicShop::from).collect(), next)?.kept(KEPT))
        })
        .await
}
