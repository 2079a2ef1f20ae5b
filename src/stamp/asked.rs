//! What somebody asks who scans: of which stamp, from where, and whether it is counted.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::base::{Error, Kind, Moment, Result, say};
use crate::http::{App, Request};
use crate::page::{Frame, Section, data};
use crate::stamp::asker::Asker;
use crate::stamp::code::{Code, Minted};
use crate::stamp::place::Place;
use crate::stamp::scan::{self, Scan, Scanned};
use crate::stamp::{Scanner, again};

/// What the handlers of scans need of a request.
pub struct Asked {
    pub app: web::Data<App>,
    pub scanner: web::Data<Scanner>,
    pub request: Request,
    asker: Asker,
}

impl Asked {
    pub fn new(request: &HttpRequest, app: &web::Data<App>, scanner: &web::Data<Scanner>) -> Result<Self> {
        Ok(Self {
            app: app.clone(),
            scanner: scanner.clone(),
            request: Request::without_body(request),
            asker: Asker::of(request.headers())?,
        })
    }

    pub fn stamp(&self, spelling: &str) -> Result<(Code, Minted)> {
        self.scanner.mint().read(spelling).ok_or_else(unknown_stamp)
    }

    /// Looks at a stamp without counting.
    pub async fn look(&self, stamp: Minted) -> Result<Scanned> {
        let now = self.app.clock.now();
        let found = self.app.database.read(move |connection| scan::look(connection, stamp, now)).await?;
        found.ok_or_else(unknown_stamp)
    }

    /// `is_visitor`: whether it may speak for a copy.
    pub async fn count(&self, stamp: Minted, place: Option<Place>, is_visitor: bool) -> Result<Scanned> {
        let (language, client) = (self.request.language, self.request.client);
        let scan = Scan { stamp, language, place, client, is_visitor };
        self.scanner.scan(scan).await?.ok_or_else(unknown_stamp)
    }

    /// A scan, unless nobody holds the goods or the page was counted a moment ago.
    pub async fn scan(&self, stamp: Minted) -> Result<Scanned> {
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
        Frame::new(&self.app, &self.request, Section::Scan)
    }

    /// An answer for programs.
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
