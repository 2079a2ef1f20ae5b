//! `GET /units`: the places, for anybody.

use actix_web::get;

use crate::http::{Answer, Kept, Page, Problem, Refusals, Visitor};
use crate::place::rules::Unit;
use crate::place::store::{self, UnitFilter};

/// The units that stand on a day (`on`, default today), by level, parent or name.
#[utoipa::path(
    tag = "units",
    security(()),
    params(
        ("level" = Option<crate::base::Level>, Query),
        ("parent" = Option<String>, Query, description = "The code of the unit above"),
        ("on" = Option<String>, Query, description = "The day, default today"),
        ("q" = Option<String>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<Unit>, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals)
)]
#[get("/units")]
pub async fn units(visitor: Visitor) -> Result<Answer, Problem> {
    visitor
        .read(|open| {
            let mut query = open.request.query();
            let paging = query.paging();
            let on = query.take("on").unwrap_or(open.now.day());
            let filter = UnitFilter {
                level: query.take("level"),
                parent: query.take("parent"),
                search: query.search(),
                after: paging.after.clone(),
                limit: paging.one_more(),
            };
            query.finish()?;
            let (items, next) = paging.cut(store::list(open.connection, on, &filter)?, |unit| unit.code.clone())?;
            Ok(Answer::page(items, next)?.kept(Kept::Publicly(300)))
        })
        .await
}
