//! `/t/{code}`: what everybody sees who scans a stamp.
//!
//! A code that no key of ours made is answered without asking the database.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, head, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Kind, Moment, Result, say};
use crate::http::fetch::refuse_from_elsewhere;
use crate::http::{At, House, Problem, Refusals, Request};
use crate::page::{Frame, Section, data};
use crate::stamp::answer::StampAnswer;
use crate::stamp::asker::Asker;
use crate::stamp::code::{Code, Minted};
use crate::stamp::page::StampPage;
use crate::stamp::scan::{self, Place, Scan, Scanned};
use crate::stamp::{Scanner, again, legacy, qr};

/// Where an app stands that scans, in degrees; kept to a hundredth.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceForm {
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    #[schema(minimum = -180, maximum = 180)]
    lon: f64,
}

/// What the handlers here need of a request.
pub struct Asked {
    pub house: House,
    pub scanner: Scanner,
    pub request: Request,
    asker: Asker,
}

impl Asked {
    pub fn new(request: &HttpRequest, house: &web::Data<House>, scanner: &web::Data<Scanner>) -> Result<Self> {
        Ok(Self {
            house: house.get_ref().clone(),
            scanner: scanner.get_ref().clone(),
            request: Request::without_body(request),
            asker: Asker::of(request.headers())?,
        })
    }

    pub fn stamp(&self, spelling: &str) -> Result<(Code, Minted)> {
        self.scanner.mint().read(spelling).ok_or_else(unknown_stamp)
    }

    /// Looks at a stamp without counting.
    async fn look(&self, stamp: Minted) -> Result<Scanned> {
        let now = self.house.clock.now();
        let found = self.house.database.read(move |connection| scan::look(connection, stamp, now)).await?;
        found.ok_or_else(unknown_stamp)
    }

    /// `is_visitor`: whether it may speak for a copy.
    async fn count(&self, stamp: Minted, place: Option<Place>, is_visitor: bool) -> Result<Scanned> {
        let (language, client) = (self.request.language, self.request.client);
        let scan = Scan { stamp, language, place, client, is_visitor };
        self.scanner.scan(scan).await?.ok_or_else(unknown_stamp)
    }

    /// A scan, unless nobody holds the goods or the page was counted a moment ago.
    async fn scan(&self, stamp: Minted) -> Result<Scanned> {
        match self.asker {
            Asker::Ahead => Err(fetched_ahead()),
            Asker::Program => self.look(stamp).await,
            Asker::Person | Asker::Led if self.ticket(stamp).is_some() => self.look(stamp).await,
            Asker::Person => self.count(stamp, None, true).await,
            Asker::Led => self.count(stamp, None, false).await,
        }
    }

    /// The ticket that came with the request, where it is good.
    fn ticket(&self, stamp: Minted) -> Option<String> {
        let ticket: Option<String> = self.request.query().take("again");
        ticket.filter(|ticket| {
            again::is_good(self.scanner.mint(), stamp, self.request.client, ticket, Moment::real_now())
        })
    }

    /// Where this visitor can see the stamp's page again without being counted.
    pub fn again(&self, code: Code, stamp: Minted) -> Result<String> {
        if !self.asker.is_counted() {
            return Ok(format!("/t/{code}"));
        }
        let ticket = match self.ticket(stamp) {
            Some(ticket) => ticket,
            None => again::ticket(self.scanner.mint(), stamp, self.request.client, Moment::real_now())?,
        };
        Ok(format!("/t/{code}?again={ticket}"))
    }

    pub fn frame(&self) -> Frame {
        Frame::new(&self.house, &self.request, Section::Scan)
    }

    fn answer(&self, code: Code, stamp: Minted, scanned: &Scanned) -> Result<HttpResponse> {
        let answer = StampAnswer::new(code, scanned, &self.house.public_url, self.request.language);
        if self.request.wants_page {
            let again = self.again(code, stamp)?;
            return StampPage::of_stamp(self.frame(), &answer, &again).respond();
        }
        Ok(self.data(StatusCode::OK, answer))
    }

    /// The same for programs.
    pub fn data(&self, status: StatusCode, body: impl Serialize) -> HttpResponse {
        data(self.request.language, status, body)
    }
}

pub fn unknown_stamp() -> Error {
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

/// What a browser fetches before anybody looks is not given: what is looked at then without being asked for again would
/// never be counted.
fn fetched_ahead() -> Error {
    Error::refused(
        Kind::Unavailable,
        "fetched_ahead",
        say(
            "Trang của con tem chỉ mở khi có người xem, không tải trước.",
            "A stamp's page is opened when somebody looks at it, not ahead of that.",
        ),
    )
}

/// Scans a stamp. HTML where `text/html` is named in `Accept`, else JSON. The scan is counted in its own answer,
/// unless nobody opens it: images, frames and scripts of other pages, and programs that fetch previews, count nothing.
#[utoipa::path(
    tag = "public", security(()),
    responses((status = 200, content((StampAnswer = "application/json"), (String = "text/html"))), Refusals)
)]
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
    let asked = Asked::new(&request, &house, &scanner)?;
    let text = code.get()?;
    if !asked.scanner.mint().has_shape(&text) {
        return Ok(legacy::public::answer(&asked, &text).await?);
    }
    let (code, stamp) = asked.stamp(&text)?;
    let scanned = asked.scan(stamp).await?;
    Ok(asked.answer(code, stamp, &scanned)?)
}

/// A stamp's address with a slash too many, or that of a form that was opened like a page: leads to the stamp.
pub async fn lead_on(code: At<String>) -> Result<HttpResponse, Problem> {
    let code = code.get()?;
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/t/{code}"))).finish())
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
    let asked = Asked::new(&request, &house, &scanner)?;
    let text = code.get()?;
    if !asked.scanner.mint().has_shape(&text) {
        return Ok(legacy::public::answer(&asked, &text).await?);
    }
    let (code, stamp) = asked.stamp(&text)?;
    let looked = asked.look(stamp).await?;
    Ok(asked.answer(code, stamp, &looked)?)
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
    code: At<String>,
    house: web::Data<House>,
    scanner: web::Data<Scanner>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &house, &scanner)?;
    let (code, stamp) = asked.stamp(&code.get()?)?;
    refuse_from_elsewhere(request.headers(), &house.public_url)?;
    let place = place(body)?;
    let scanned = asked.count(stamp, Some(place), true).await?;
    Ok(asked.answer(code, stamp, &scanned)?)
}

fn place(mut body: Request) -> Result<Place> {
    let form: PlaceForm = body.body()?;
    let mut faults = Vec::new();
    let place = coarse(form.lat, form.lon, &mut faults);
    faults.into_result()?;
    Ok(place)
}

/// A place to a hundredth of a degree.
pub fn coarse(lat: f64, lon: f64, faults: &mut Vec<Fault>) -> Place {
    let mut coarse = |degrees: f64, most: f64, pointer: &str| {
        let hundredths = (degrees.abs() <= most).then(|| hundredths(degrees)).flatten();
        if hundredths.is_none() {
            let detail = say(format!("Từ -{most} đến {most} độ."), format!("-{most} to {most} degrees."));
            faults.push(Fault::new(pointer, "out_of_range", detail));
        }
        hundredths.unwrap_or_default()
    };
    Place { latitude: coarse(lat, 90.0, "/lat"), longitude: coarse(lon, 180.0, "/lon") }
}

/// Degrees rounded to hundredths, as a whole number of them.
fn hundredths(degrees: f64) -> Option<i32> {
    format!("{:.0}", degrees * 100.0).parse().ok()
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

    #[test]
    fn places_are_kept_to_a_hundredth_of_a_degree() {
        assert_eq!(hundredths(18.34567), Some(1835));
        assert_eq!(hundredths(-105.904), Some(-10590));
        assert_eq!(hundredths(-0.001), Some(0));
        assert_eq!(hundredths(f64::NAN), None);
    }
}
