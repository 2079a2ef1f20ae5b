//! `/t/{code}`: what everybody sees who scans a stamp.
//!
//! A code that no key of ours made is answered without asking the database.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderValue, USER_AGENT, VARY};
use actix_web::{HttpRequest, HttpResponse, get, head, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Kind, Result, say, text};
use crate::http::request::names_html;
use crate::http::{At, House, Language, Problem, Refusals, Request};
use crate::stamp::answer::StampAnswer;
use crate::stamp::code::{Code, Minted};
use crate::stamp::scan::{self, Place, Scan, Scanned};
use crate::stamp::{Scanner, page, qr, store};

/// Programs that fetch an address to show a preview of it; nobody holds the goods.
const PREVIEW_AGENTS: [&str; 16] = [
    "facebookexternalhit",
    "facebot",
    "twitterbot",
    "slackbot",
    "whatsapp",
    "telegrambot",
    "zalo",
    "discordbot",
    "linkedinbot",
    "skypeuripreview",
    "viber",
    "pinterest",
    "googlebot",
    "bingbot",
    "applebot",
    "embedly",
];

/// Where an app stands that scans, in degrees; kept to a hundredth.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceForm {
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    #[schema(minimum = -180, maximum = 180)]
    lon: f64,
}

/// What a shopper found wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoubtForm {
    text: String,
    /// How the office may ask back.
    #[serde(default)]
    contact: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtAnswer {
    code: String,
}

/// What the handlers here need of a request.
struct Asked {
    house: House,
    scanner: Scanner,
    language: Language,
    wants_page: bool,
    is_preview: bool,
    address: IpAddr,
}

impl Asked {
    fn new(request: &HttpRequest, house: &web::Data<House>, scanner: &web::Data<Scanner>) -> Self {
        let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
        let agent = agent.to_ascii_lowercase();
        Self {
            house: house.get_ref().clone(),
            scanner: scanner.get_ref().clone(),
            language: Language::of(request.headers()),
            wants_page: names_html(request.headers()),
            is_preview: PREVIEW_AGENTS.iter().any(|known| agent.contains(known)),
            address: client_address(request),
        }
    }

    fn stamp(&self, spelling: &str) -> Result<(Code, Minted)> {
        self.scanner.mint().read(spelling).ok_or_else(unknown_stamp)
    }

    /// Looks at a stamp without counting.
    async fn look(&self, stamp: Minted) -> Result<Scanned> {
        let now = self.house.clock.now();
        let found = self.house.database.read(move |connection| scan::look(connection, stamp, now)).await?;
        found.ok_or_else(unknown_stamp)
    }

    async fn count(&self, stamp: Minted, place: Option<Place>) -> Result<Scanned> {
        let scan = Scan { stamp, language: self.language, place, address: self.address };
        self.scanner.scan(scan).await?.ok_or_else(unknown_stamp)
    }

    fn answer(&self, code: Code, scanned: &Scanned) -> Result<HttpResponse> {
        let answer = StampAnswer::new(code, scanned, &self.house.public_url);
        if self.wants_page {
            return Ok(self.html(StatusCode::OK, page::stamp(&answer, self.language)?));
        }
        Ok(self.head(StatusCode::OK).json(answer))
    }

    fn head(&self, status: StatusCode) -> actix_web::HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((VARY, "Accept, Accept-Language"))
            .insert_header((CONTENT_LANGUAGE, self.language.tag()));
        response
    }

    fn html(&self, status: StatusCode, page: String) -> HttpResponse {
        self.head(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(page)
    }

    /// A refusal is a page for those who asked for one; what is ours to mend goes the usual way, to be logged. Neither
    /// may be kept: a stamp that is unknown today may be issued tomorrow.
    fn settle(&self, result: Result<HttpResponse>) -> Result<HttpResponse, Problem> {
        let error = match result {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let Some(refusal) = error.refusal().filter(|_| self.wants_page) else {
            let mut response = HttpResponse::from_error(Problem(error));
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
            return Ok(response);
        };
        let title = match refusal.kind {
            Kind::Unknown => say("Không phải tem của chương trình", "Not a stamp of this programme"),
            Kind::Unavailable => say("Xin thử lại", "Please try again"),
            _ => say("Chưa thực hiện được", "That did not work"),
        };
        let faults = refusal.faults.iter().map(|fault| &fault.detail);
        let detail = faults.chain([&refusal.detail]).next().cloned().unwrap_or_else(|| title.clone());
        let status = actix_web::ResponseError::status_code(&Problem(error.clone()));
        Ok(self.html(status, page::notice(&title, &detail, self.language)?))
    }
}

fn unknown_stamp() -> Error {
    Error::refused(
        Kind::Unknown,
        "unknown_stamp",
        say(
            "Mã này không do tỉnh phát hành. Hàng mang tem này không đáng tin: xin đừng mua và hãy báo cho cơ quan quản lý thị \
             trường. Nếu bạn gõ mã bằng tay, hãy kiểm tra lại từng ký tự.",
            "The province did not issue this code. Do not trust goods that carry it. If you typed the code, check each \
             character again.",
        ),
    )
}

/// The client's address: the peer, unless that is this very machine, where only a proxy of ours can sit; then the last
/// entry of `X-Forwarded-For`, which that proxy wrote. Entries before it are the client's own claim.
fn client_address(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
    if !peer.to_canonical().is_loopback() {
        return peer;
    }
    let last = request.headers().get_all("x-forwarded-for").last().and_then(|value| value.to_str().ok());
    let forwarded = last.and_then(|value| value.rsplit(',').next()).and_then(|entry| entry.trim().parse().ok());
    forwarded.unwrap_or(peer)
}

/// Scans a stamp. HTML where `text/html` is named in `Accept`, else JSON. The scan is counted in its own answer, except
/// for link previews.
#[utoipa::path(tag = "public", security(()), responses((status = 200, body = StampAnswer), Refusals))]
#[get("/t/{code}")]
pub async fn read(
    request: HttpRequest,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    read_any(request, code, house, scanner).await
}

/// As [`read`]; also mounted under `/T`, which is how the QR spells it.
pub async fn read_any(
    request: HttpRequest,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner);
    let answer = async {
        let (code, stamp) = asked.stamp(&code.get()?)?;
        let scanned = if asked.is_preview { asked.look(stamp).await? } else { asked.count(stamp, None).await? };
        asked.answer(code, &scanned)
    };
    asked.settle(answer.await)
}

/// The head of a stamp's answer; not counted.
#[utoipa::path(tag = "public", security(()), responses((status = 200), Refusals))]
#[head("/t/{code}")]
pub async fn peek(
    request: HttpRequest,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    peek_any(request, code, house, scanner).await
}

/// As [`peek`], for `/T`.
pub async fn peek_any(
    request: HttpRequest,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner);
    let answer = async {
        let (code, stamp) = asked.stamp(&code.get()?)?;
        asked.answer(code, &asked.look(stamp).await?)
    };
    asked.settle(answer.await)
}

/// Scans a stamp from an app that sends its place, kept to a hundredth of a degree; counted once.
#[utoipa::path(
    tag = "public", security(()), request_body = PlaceForm, responses((status = 200, body = StampAnswer), Refusals)
)]
#[post("/t/{code}/scans")]
pub async fn scan_from(
    request: HttpRequest,
    body: Request,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner);
    let answer = async {
        let (code, stamp) = asked.stamp(&code.get()?)?;
        let place = place(body)?;
        asked.answer(code, &asked.count(stamp, Some(place)).await?)
    };
    asked.settle(answer.await)
}

fn place(mut body: Request) -> Result<Place> {
    let form: PlaceForm = body.body()?;
    let mut faults = Vec::new();
    let mut coarse = |degrees: f64, most: f64, pointer: &str| {
        let hundredths = (degrees.abs() <= most).then(|| hundredths(degrees)).flatten();
        if hundredths.is_none() {
            let detail = say(format!("Từ -{most} đến {most} độ."), format!("-{most} to {most} degrees."));
            faults.push(Fault::new(pointer, "out_of_range", detail));
        }
        hundredths.unwrap_or_default()
    };
    let place = Place { latitude: coarse(form.lat, 90.0, "/lat"), longitude: coarse(form.lon, 180.0, "/lon") };
    faults.into_result()?;
    Ok(place)
}

/// Degrees rounded to hundredths, as a whole number of them.
fn hundredths(degrees: f64) -> Option<i32> {
    format!("{:.0}", degrees * 100.0).parse().ok()
}

/// Reports a doubt about a stamp to the office, as JSON or as the page's form. Doubts alone never change a verdict.
#[utoipa::path(
    tag = "public", security(()), request_body = DoubtForm, responses((status = 201, body = DoubtAnswer), Refusals)
)]
#[post("/t/{code}/doubts")]
pub async fn doubt(
    request: HttpRequest,
    body: Request,
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner);
    let answer = async {
        let (code, stamp) = asked.stamp(&code.get()?)?;
        report(&asked, stamp, body).await?;
        if asked.wants_page {
            let title = say("Đã nhận phản ánh", "Thank you");
            let text = say(
                "Cảm ơn bạn. Văn phòng Điều phối tỉnh và đoàn kiểm tra sẽ xem phản ánh này.",
                "The provincial office and the inspectors will look at your report.",
            );
            return Ok(asked.html(StatusCode::CREATED, page::notice(&title, &text, asked.language)?));
        }
        Ok(asked.head(StatusCode::CREATED).json(DoubtAnswer { code: code.to_string() }))
    };
    asked.settle(answer.await)
}

async fn report(asked: &Asked, stamp: Minted, mut body: Request) -> Result<()> {
    let form: DoubtForm = body.body_or_form()?;
    let contact = form.contact.filter(|contact| !contact.trim().is_empty());
    let mut faults = Vec::new();
    text::check(&form.text, "/text", 2000, &mut faults);
    if let Some(contact) = &contact {
        text::check_length(contact, "/contact", 200, &mut faults);
    }
    faults.into_result()?;
    let now = asked.house.clock.now();
    asked
        .house
        .database
        .write(move |connection| {
            let scanned = scan::look(connection, stamp, now)?.ok_or_else(unknown_stamp)?;
            let passport = scanned.passport;
            store::insert_doubt(connection, passport.order, passport.serial, &form.text, contact.as_deref(), now)
        })
        .await
}

/// The stamp's QR as a vector drawing; not counted.
#[utoipa::path(
    tag = "public", security(()), responses((status = 200, body = String, content_type = "image/svg+xml"), Refusals)
)]
#[get("/t/{code}/qr.svg")]
pub async fn qr_svg(
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (code, _) = scanner.mint().read(&code.get()?).ok_or_else(unknown_stamp)?;
    Ok(picture("image/svg+xml", qr::svg(&qr::text(&house.public_url, code))?))
}

/// The stamp's QR as a picture; not counted.
#[utoipa::path(
    tag = "public", security(()), responses((status = 200, body = Vec<u8>, content_type = "image/png"), Refusals)
)]
#[get("/t/{code}/qr.png")]
pub async fn qr_png(
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let (code, _) = scanner.mint().read(&code.get()?).ok_or_else(unknown_stamp)?;
    Ok(picture("image/png", qr::png(&qr::text(&house.public_url, code))?))
}

/// The QR of a code never changes.
fn picture(media: &'static str, bytes: impl Into<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_forwarded_address_counts_only_from_this_machine() {
        let address = |peer: &str, forwarded: &str| {
            let request =
                TestRequest::get().peer_addr(peer.parse().unwrap()).insert_header(("x-forwarded-for", forwarded));
            client_address(&request.to_http_request()).to_string()
        };
        assert_eq!(address("127.0.0.1:1", "198.51.100.1, 203.0.113.7"), "203.0.113.7");
        assert_eq!(address("192.0.2.9:1", "203.0.113.7"), "192.0.2.9");
        assert_eq!(address("127.0.0.1:1", "unknown"), "127.0.0.1");
    }

    #[test]
    fn places_are_kept_to_a_hundredth_of_a_degree() {
        assert_eq!(hundredths(18.34567), Some(1835));
        assert_eq!(hundredths(-105.904), Some(-10590));
        assert_eq!(hundredths(-0.001), Some(0));
        assert_eq!(hundredths(f64::NAN), None);
    }
}
