//! `/`: where the public begins.

use actix_web::{HttpResponse, get};
use askama::Template;

use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::http::{Problem, Refusals, Visitor};
use crate::page::{Frame, Section, kept, texts, words};
use crate::site::catalogue::card::{Around, Card, cards};
use crate::site::catalogue::store::{counts, newly_certified};
use crate::site::check::rules::LONGEST_CODE;
use crate::site::form::LONGEST;
use crate::site::names::Names;

/// So many newly certified products.
const NEW: i64 = 6;

/// A number and what it counts.
struct Figure {
    number: String,
    what: &'static str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    t: &'static texts::Home,
    figures: Vec<Figure>,
    cards: Vec<Card>,
}

/// The first page: search, check a stamp, newly certified products, the programme in three numbers.
#[utoipa::path(
    tag = "pages", security(()), responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/")]
pub async fn show(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let frame = Frame::new(&app, &request, Section::Home).canonical("/");
    let today = app.clock.now().day();
    let page = app.database.read(move |connection| filled(connection, frame, today)).await?;
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&request, &page.frame, html))
}

fn filled(connection: &mut AnyConnection, frame: Frame, today: Day) -> Result<HomePage> {
    let t = &frame.texts.home;
    let names = Names::read(connection, today)?;
    let around = Around { texts: frame.texts, names: &names };
    let new = newly_certified(connection, today, NEW)?;
    let counts = counts(connection, today)?;
    let figure = |number: i64, what| Figure { number: words::number(frame.language, number), what };
    Ok(HomePage {
        cards: cards(connection, &new, &around)?,
        figures: vec![
            figure(counts.certified, t.certified),
            figure(counts.producers, t.producers),
            figure(counts.shops, t.shops),
        ],
        t,
        frame,
    })
}
