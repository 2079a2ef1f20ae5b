//! `/desk/search`: what one may see, by the words of its name.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::account::Work;
use crate::base::{Error, Result};
use crate::desk::arrival::DeskAnswer;
use crate::desk::counter::Counter;
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::page::{AroundPage, Rendered};
use crate::desk::visit::enter;
use crate::desk::words::{STATES, said, word};
use crate::http::{Language, Query};
use crate::page::Frame;
use crate::station::label;

/// So many of a kind are told here; its list has the others.
const MOST: u32 = 10;
/// The filter by which a list is searched.
const BY: &str = "q";

#[derive(Template)]
#[template(path = "desk/search.html")]
struct SearchPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    sought: String,
    found: Vec<Found>,
    none: &'static str,
    all: &'static str,
}

/// What is found of a kind: its name, its list narrowed by the words, how many there are, and the first.
struct Found {
    kind: &'static str,
    list: String,
    total: i64,
    things: Vec<(String, String, String)>,
}

/// `GET /desk/search`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let sought = visit.caller.request.query().take::<String>(BY).unwrap_or_default().trim().to_owned();
        let frame = visit.frame("/desk/search");
        let page = visit.look("search", move |work, desk| page(work, AroundPage { frame, desk }, sought));
        Ok(page.await?.response())
    })
    .await
}

fn page(work: &mut Work, around: AroundPage, sought: String) -> Result<Rendered> {
    let language = around.language();
    let say = |vi, en| said(language, label(vi, en));
    let mut found = Vec::new();
    let is_searched = |counter: &&&dyn Counter| counter.filters().iter().any(|filter| filter.name == BY);
    for counter in kinds::ALL.iter().filter(is_searched) {
        if !sought.is_empty() && counter.may_list(work.asker()) {
            found.extend(of_kind(work, *counter, &sought, language)?);
        }
    }
    let AroundPage { frame, desk } = around;
    let page = SearchPage {
        frame: &frame,
        desk,
        title: say("Tìm kiếm", "Search"),
        none: if sought.is_empty() {
            say("Ghi tên ý tưởng, sản phẩm hoặc chủ thể cần tìm.", "Give the name of an idea, a product or a producer.")
        } else {
            say("Không tìm thấy gì trong những mục bạn được xem.", "Nothing was found among what you may see.")
        },
        all: say("Xem tất cả", "See all"),
        sought,
        found,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status: StatusCode::OK, html, frame })
}

fn of_kind(work: &mut Work, counter: &dyn Counter, sought: &str, language: Language) -> Result<Option<Found>> {
    let words = serde_urlencoded::to_string([(BY, sought)]).map_err(Error::internal)?;
    let stretched = counter.list(work, Query::parse(&format!("{words}&limit={MOST}")))?;
    let told = |row: crate::desk::counter::ListedThing| {
        let state = row.view.get("state").and_then(serde_json::Value::as_str).unwrap_or_default();
        let name = counter.name(&row.view, language).unwrap_or_else(|| row.key.clone());
        (format!("/desk/{}/{}", counter.path(), row.key), name, word(STATES, state, language))
    };
    Ok((stretched.total > 0).then(|| Found {
        kind: said(language, counter.title()),
        list: format!("/desk/{}?{words}", counter.path()),
        total: stretched.total,
        things: stretched.rows.into_iter().map(told).collect(),
    }))
}
