//! `codes.csv` and `scratch.csv`; the log of exports; one-time links for printers.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role};
use crate::base::id::{AccountId, StampExportId, StampExportLinkId, StampOrderId};
use crate::base::{Error, Kind as Refused, Moment, Result, say};
use crate::http::head;
use crate::http::{Answer, App, Page, PathParam, Problem, Refusals};
use crate::stamp::Scanner;
use crate::stamp::asker::Asker;
use crate::stamp::exports::codes::{self, Column};
use crate::stamp::exports::opening::{self, Terms};
use crate::stamp::exports::steps::{self, Link, LinkForm};
use crate::stamp::exports::store::{self, Export, Kind, Taker};
use crate::stamp::orders::StampOrder;
use crate::stamp::orders::store as orders;
use crate::stamp::rules::Range;
use crate::station::find;

/// A link for a printer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampExportLink)]
pub struct LinkAnswer {
    id: StampExportLinkId,
    printer: String,
    /// Works once; it is told only here, for the service keeps a digest of it.
    url: String,
    expires_at: Moment,
}

/// One export of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StampExport)]
pub struct ExportAnswer {
    id: StampExportId,
    kind: Kind,
    from: i32,
    to: i32,
    at: Moment,
    account_id: Option<AccountId>,
    link_id: Option<StampExportLinkId>,
    printer: Option<String>,
}

impl From<Export> for ExportAnswer {
    fn from(export: Export) -> Self {
        let Export { id, kind, first, last, account_id, link_id, printer, at } = export;
        Self { id, kind, from: first, to: last, at, account_id, link_id, printer }
    }
}

/// The codes of an issued order (own producer, provincial office): serial, code, address; all, or the range of `from`
/// and `to`. Logged.
#[utoipa::path(
    tag = "stamps",
    params(("from" = Option<i32>, Query), ("to" = Option<i32>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals)
)]
#[get("/stamp-orders/{id}/codes.csv")]
pub async fn codes_csv(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    codes_of(caller, id, scanner.get_ref()).await
}

/// The codes of an order, for whoever may have them.
pub async fn codes_of(caller: Caller, id: PathParam<StampOrderId>, scanner: &Scanner) -> Result<HttpResponse, Problem> {
    let terms = Terms { roles: &[Role::Producer, Role::ProvincialOfficer], most: None };
    let public_url = caller.app.public_url.to_string();
    let opened = opening::open(caller, id, terms, |_, _, _, _| Ok((Kind::Codes, ()))).await?;
    Ok(codes::streamed(scanner.mint().clone(), public_url, &opened.order, opened.range, Column::Address)?)
}

/// The scratch codes of an issued order (provincial office): serial, code, eight digits to print under a layer that is
/// scratched off, in two groups of four, so that spreadsheets keep their zeros. Logged.
#[utoipa::path(
    tag = "stamps",
    params(("from" = Option<i32>, Query), ("to" = Option<i32>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals)
)]
#[get("/stamp-orders/{id}/scratch.csv")]
pub async fn scratch_csv(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    scratch_codes_of(caller, id, scanner.get_ref()).await
}

/// The scratch codes of an order, for whoever may have them.
pub async fn scratch_codes_of(
    caller: Caller,
    id: PathParam<StampOrderId>,
    scanner: &Scanner,
) -> Result<HttpResponse, Problem> {
    let terms = Terms { roles: &[Role::ProvincialOfficer], most: None };
    let public_url = caller.app.public_url.to_string();
    let opened = opening::open(caller, id, terms, |_, _, _, _| Ok((Kind::Scratch, ()))).await?;
    Ok(codes::streamed(scanner.mint().clone(), public_url, &opened.order, opened.range, Column::Scratch)?)
}

/// Each time that codes or labels of an order left the service, the newest first.
#[utoipa::path(
    tag = "stamps",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<ExportAnswer>), Refusals)
)]
#[get("/stamp-orders/{id}/exports")]
pub async fn list(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let order: StampOrder = find(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let found = store::list(work.connection, order.row.id, paging.after, paging.one_more())?;
            let (exports, next) = paging.cut(found, |export| export.id)?;
            Ok(Answer::page(exports.into_iter().map(ExportAnswer::from).collect(), next)?)
        })
        .await
}

/// Makes a link by which a printer fetches the codes of an issued order, once (provincial office). An `Idempotency-Key`
/// is not heeded here: a kept answer would hold the secret.
#[utoipa::path(tag = "stamps", request_body = LinkForm, responses((status = 201, body = LinkAnswer), Refusals))]
#[post("/stamp-orders/{id}/export-links")]
pub async fn make_link(caller: Caller, id: PathParam<StampOrderId>) -> Result<Answer, Problem> {
    caller
        .take_for(&steps::MAKE_LINK, id, |work, link| {
            let Link { id, order, printer, secret, expires_at } = link;
            let url = format!("{}/api/v1/stamp-exports/{secret}", work.app.public_url);
            let location = format!("/api/v1/stamp-orders/{order}/exports");
            Answer::made(location, LinkAnswer { id, printer, url, expires_at })
        })
        .await
}

/// The codes of an order for the printer who has the link; once. Programs that only look at the address do not use it up.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals)
)]
#[get("/stamp-exports/{secret}")]
pub async fn by_link(
    request: HttpRequest,
    secret: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let secret = secret.get()?;
    if head::is_asked_alone(&request) || !Asker::of(request.headers())?.is_counted() {
        return Err(gone().into());
    }
    let now = app.clock.now();
    let found = app.database.write(move |connection| {
        let Some((link, order)) = store::use_link(connection, &secret, now)? else { return Err(gone()) };
        let order = orders::find(connection, order)?.ok_or_else(gone)?;
        let range = Range { first: 1, last: order.quantity };
        store::insert(connection, order.id, Kind::Codes, range, Taker::Link(link), now)?;
        Ok((order, range))
    });
    let (order, range) = found.await?;
    Ok(codes::streamed(scanner.mint().clone(), app.public_url.to_string(), &order, range, Column::Address)?)
}

/// Unknown, used and expired links cannot be told apart.
fn gone() -> Error {
    Error::refused(
        Refused::Unknown,
        "unknown_link",
        say(
            "Liên kết không đúng, đã dùng hoặc đã hết hạn; xin liên kết mới từ Văn phòng Điều phối tỉnh.",
            "The link is wrong, used or expired; ask the provincial office for a new one.",
        ),
    )
}
