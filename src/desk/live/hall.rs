//! The hall's screen: the product and where its session is. Nothing of the sheets stands here, not even how many there are.

use actix_web::http::StatusCode;
use askama::Template;

use crate::account::Work;
use crate::base::id::AgendaItemId;
use crate::base::{Error, Result};
use crate::desk::page::{AroundPage, Rendered};
use crate::desk::words::{STATES, said, word};
use crate::page::Frame;
use crate::product::attachment_store;
use crate::rating::{Session, item};
use crate::station::{find, label};
use crate::{place, product};

/// So many pictures fit on a screen.
const MOST_PICTURES: i64 = 3;
/// That a product is scored for the first time goes without saying.
const FIRST_ATTEMPT: i32 = 1;

#[derive(Template)]
#[template(path = "desk/hall.html")]
struct HallPage<'a> {
    frame: &'a Frame,
    product: String,
    producer: String,
    council: String,
    state: (String, String),
    attempt: Option<String>,
    pictures: Vec<String>,
    item: (String, &'static str),
}

/// For whoever sees the item.
pub fn page(work: &mut Work, around: AroundPage, id: AgendaItemId) -> Result<Rendered> {
    let language = around.language();
    let session: Session = find(work, &id)?;
    let names = item::store::names(work.connection, &[id])?.remove(&id);
    let names = names.ok_or_else(|| Error::internal("an item without its product"))?;
    let pictures = attachment_store::list_pictures(work.connection, names.product_id, None, MOST_PICTURES)?;
    let unit = place::store::name(work.connection, &session.council.unit_code, work.now.day())?;
    let state = session.item.state.as_ref();
    let AroundPage { frame, .. } = around;
    let page = HallPage {
        frame: &frame,
        product: names.product_name,
        producer: names.producer_name,
        council: format!(
            "{} {unit}",
            said(language, label("Hội đồng đánh giá, phân hạng sản phẩm OCOP", "OCOP council of"))
        ),
        state: (state.to_owned(), word(STATES, state, language)),
        attempt: (session.item.attempt > FIRST_ATTEMPT).then(|| {
            format!("{} {}", said(language, label("Chấm lại, lần", "Scored again, time")), session.item.attempt)
        }),
        pictures: pictures
            .iter()
            .map(|picture| format!("{}?size=medium", product::picture::address(picture.id)))
            .collect(),
        item: (
            format!("/desk/agenda-items/{id}"),
            said(language, label("Trang của sản phẩm trong chương trình", "The item's page")),
        ),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status: StatusCode::OK, html, frame })
}
