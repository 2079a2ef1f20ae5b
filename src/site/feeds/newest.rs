//! `/feed.atom`: products that were newly certified.

use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::Duration;

use crate::base::{Day, Error, Moment};
use crate::decision::rules::Certified;
use crate::http::{Problem, Refusals, Visitor};
use crate::paper::words;
use crate::site::feeds::answer;
use crate::site::feeds::store::{self, FeedItem, Stretch};
use crate::site::feeds::xml::Text;
use crate::site::names::Names;
use crate::site::structured;

const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "feeds/newest.xml")]
struct Feed {
    public_url: Text,
    province: Text,
    updated: Moment,
    entries: Vec<FeedEntry>,
}

/// A certificate, told as news.
struct FeedEntry {
    /// Of the certificate, so that a product which is certified again is news again, wherever the site moves.
    id: Text,
    title: Text,
    address: Text,
    at: Moment,
    producer: Text,
    summary: Text,
}

impl FeedEntry {
    fn new(entry: &FeedItem, public_url: &str, today: Day) -> Self {
        let described = &entry.described;
        let certificate = described.certificate.as_ref();
        let award = certificate.and_then(|certificate| structured::award(certificate, today)).unwrap_or_default();
        let place: Vec<&str> =
            [Some(entry.commune.as_str()), entry.district.as_deref()].into_iter().flatten().collect();
        let worth = certificate.map_or_else(String::new, |certificate| {
            let until = words::short_day(&certificate.term.last_day());
            format!("Giấy chứng nhận số {}, có giá trị đến hết ngày {until}.", certificate.number)
        });
        let summary = format!("{award}. {}, {}. {worth}", described.maker.name, place.join(", "));
        Self {
            id: Text::new(&format!("urn:uuid:{}", entry.certificate)),
            title: Text::new(&format!("{} – {award}", described.name)),
            address: Text::new(&structured::address(public_url, &described.code)),
            at: entry.certified_at.plus(Duration::microseconds(running_number(certificate))),
            producer: Text::new(&described.maker.name),
            summary: Text::new(&summary),
        }
    }
}

/// The last part of a certificate's number. One decision certifies many products at one moment, and readers of news keep those apart
/// that were told at different ones.
fn running_number(certificate: Option<&Certified>) -> i64 {
    let last = certificate.and_then(|certificate| certificate.number.rsplit('-').next());
    last.and_then(|last| last.parse().ok()).unwrap_or(0)
}

/// The 50 products that were certified last and still are, the newest first.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "application/atom+xml"), Refusals)
)]
#[get("/feed.atom")]
pub async fn feed(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let today = app.clock.now().day();
    let public_url = app.public_url.clone();
    let told = app.database.read(move |connection| {
        let names = Names::read(connection, today)?;
        let entries = store::certified(connection, &names, Stretch::Newest, MOST)?;
        let changed = entries.iter().map(|entry| entry.certified_at).max();
        let entries: Vec<_> = entries.iter().map(|entry| FeedEntry::new(entry, &public_url, today)).collect();
        let updated = entries.iter().map(|entry| entry.at).max();
        // Before anything is certified the feed is as old as the programme (490/QĐ-TTg).
        let updated = updated.or(Day::new(2018, 5, 7).map(Day::starts)).unwrap_or_else(Moment::real_now);
        let feed = Feed {
            public_url: Text::new(&public_url),
            province: Text::new(&words::lower_first(&names.province())),
            updated,
            entries,
        };
        // What lapses leaves the feed as a day begins.
        let changed = changed.map(|changed| changed.max(today.starts()));
        Ok::<_, Error>((feed.render().map_err(Error::internal)?, changed))
    });
    let (document, changed) = told.await?;
    Ok(answer::whole(&request, "application/atom+xml; charset=utf-8", document, changed))
}
