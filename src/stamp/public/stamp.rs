//! `/t/{code}`: what everybody sees who scans a stamp.
//!
//! A code that no key of ours made is answered without asking the database.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, head, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::base::{Faults, Result, canonical};
use crate::http::fetch::refuse_from_elsewhere;
use crate::http::held::Credence;
use crate::http::{App, PathParam, Problem, Refusals, Request};
use crate::page::{data_as_text, fresh};
use crate::privacy::consent::{self, ConsentKind};
use crate::stamp::answer::StampAnswer;
use crate::stamp::asked::{Asked, unknown_stamp};
use crate::stamp::code::{Code, Minted};
use crate::stamp::legacy::answer::LegacyAnswer;
use crate::stamp::page::{Gaps, StampPage};
use crate::stamp::place::{Place, coarse};
use crate::stamp::public::legacy;
use crate::stamp::scan::Scanned;
use crate::stamp::{Scanner, qr};

/// Where an app stands that scans, in degrees; kept to a hundredth.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceForm {
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    #[schema(minimum = -180, maximum = 180)]
    lon: f64,
}

/// What is told of a stamp of this service, or of a code of earlier software, which names a product and no single thing.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
enum AnyStampAnswer {
    Stamp(StampAnswer),
    Legacy(LegacyAnswer),
}

fn answered(asked: &Asked, code: Code, stamp: Minted, scanned: &Scanned) -> Result<HttpResponse> {
    let language = asked.request.language;
    let answer = || StampAnswer::new(code, scanned, &asked.app.public_url, language);
    let rendered = asked.scanner.rendered();
    if asked.request.wants_page {
        let frame = asked.frame();
        let gaps = Gaps::of(&frame, code, scanned, &asked.again(code, stamp)?);
        let page = rendered.page(scanned, language, &gaps, |gaps| {
            let consent = consent::in_force(ConsentKind::Doubt, scanned.today)?;
            StampPage::of_stamp(asked.frame(), &answer(), gaps, consent).html()
        })?;
        return Ok(fresh(&frame, StatusCode::OK, page));
    }
    Ok(data_as_text(language, StatusCode::OK, rendered.data(code, scanned, language, answer)?))
}

/// Scans a stamp. HTML where `text/html` is named in `Accept`, else JSON. The scan is counted in its own answer,
/// unless nobody opens it: images, frames and scripts of other pages, and programs that fetch previews, count nothing.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((AnyStampAnswer = "application/json"), (String = "text/html"))), Refusals)
)]
#[get("/t/{code}")]
pub async fn read(
    request: HttpRequest,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    read_any(request, code, app, scanner).await
}

/// As [`read`]; also mounted under `/T`, which is how the QR spells it.
pub async fn read_any(
    request: HttpRequest,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let text = code.get()?;
    if !asked.scanner.mint().has_shape(&text) {
        return Ok(legacy::answer(&asked, &text).await?);
    }
    let (code, stamp) = asked.stamp(&text)?;
    let scanned = asked.scan(stamp).await?;
    Ok(answered(&asked, code, stamp, &scanned)?)
}

/// The address of the form for doubts, opened like a page: leads to the stamp.
#[utoipa::path(tag = "public", security(()), responses((status = 303, description = "Where the stamp is"), Refusals))]
#[get("/t/{code}/doubts")]
pub async fn lead_on_from_doubts(code: PathParam<String>) -> Result<HttpResponse, Problem> {
    lead_on(code).await
}

/// The address of the form for scratch codes, opened like a page: leads to the stamp.
#[utoipa::path(tag = "public", security(()), responses((status = 303, description = "Where the stamp is"), Refusals))]
#[get("/t/{code}/confirm")]
pub async fn lead_on_from_confirm(code: PathParam<String>) -> Result<HttpResponse, Problem> {
    lead_on(code).await
}

/// A stamp's address with a slash too many: leads to the stamp.
pub async fn lead_on(code: PathParam<String>) -> Result<HttpResponse, Problem> {
    let code = code.get()?;
    let code: String = canonical::bare(&code).chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/t/{code}"))).finish())
}

/// The head of a stamp's answer; not counted.
#[utoipa::path(tag = "public", security(()), responses((status = 200), Refusals))]
#[head("/t/{code}")]
pub async fn peek(
    request: HttpRequest,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    peek_any(request, code, app, scanner).await
}

/// As [`peek`], for `/T`.
pub async fn peek_any(
    request: HttpRequest,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let text = code.get()?;
    if !asked.scanner.mint().has_shape(&text) {
        return Ok(legacy::answer(&asked, &text).await?);
    }
    let (code, stamp) = asked.stamp(&text)?;
    let looked = asked.look(stamp).await?;
    Ok(answered(&asked, code, stamp, &looked)?)
}

/// Scans a stamp from an app that sends its place, kept to a hundredth of a degree; counted once. Pages of other origins
/// cannot send it (403).
#[utoipa::path(
    tag = "public", security(()), request_body = PlaceForm, responses((status = 200, body = StampAnswer), Refusals)
)]
#[post("/t/{code}/scans")]
pub async fn scan_from(
    request: HttpRequest,
    body: Request,
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &app, &scanner)?;
    let (code, stamp) = asked.stamp(&code.get()?)?;
    refuse_from_elsewhere(request.headers(), &app.public_url)?;
    let place = body.in_turn(app.reading_turns(Credence::Stranger), place).await?;
    let scanned = asked.count(stamp, Some(place), true).await?;
    Ok(answered(&asked, code, stamp, &scanned)?)
}

fn place(body: &mut Request) -> Result<Place> {
    let form: PlaceForm = body.body()?;
    let mut faults = Vec::new();
    let place = coarse(form.lat, form.lon, &mut faults);
    faults.into_result()?;
    Ok(place)
}

/// The stamp's QR as a vector drawing; not counted.
#[utoipa::path(
    tag = "public", security(()), responses((status = 200, body = String, content_type = "image/svg+xml"), Refusals)
)]
#[get("/t/{code}/qr.svg")]
pub async fn qr_svg(
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (code, _) = scanner.mint().read(&code.get()?).ok_or_else(unknown_stamp)?;
    Ok(picture("image/svg+xml", qr::svg(&qr::text(&app.public_url, code))?))
}

/// The stamp's QR as a picture; not counted.
#[utoipa::path(
    tag = "public", security(()), responses((status = 200, body = Vec<u8>, content_type = "image/png"), Refusals)
)]
#[get("/t/{code}/qr.png")]
pub async fn qr_png(
    code: PathParam<String>,
    app: web::Data<App>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (code, _) = scanner.mint().read(&code.get()?).ok_or_else(unknown_stamp)?;
    Ok(picture("image/png", qr::png(&qr::text(&app.public_url, code))?))
}

/// The QR of a code never changes.
fn picture(media: &'static str, bytes: impl Into<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(bytes.into())
}
