//! `/desk/figures`, as a page and as tables that are taken away.

use actix_web::{HttpRequest, web};
use strum::IntoEnumIterator;

use crate::desk::arrival::DeskAnswer;
use crate::desk::field::Datum;
use crate::desk::figures::measure::{MEASURES, Measure};
use crate::desk::figures::page;
use crate::desk::figures::read::{Asked, Found, Line, find};
use crate::desk::page::AroundPage;
use crate::desk::table::{self, TableKind};
use crate::desk::typed;
use crate::desk::visit::{DeskVisit, enter, unknown};
use crate::desk::words::{said, word};
use crate::http::Language;
use crate::station::label;

/// What the address asks for, and the day as it was typed where it is none.
fn asked(visit: &DeskVisit) -> (Asked, Option<String>) {
    let mut query = visit.caller.request.query();
    let mut text = |name: &'static str| query.take::<String>(name).filter(|text| !text.trim().is_empty());
    let (cycle, on, measure) = (text("cycle"), text("on"), text("by"));
    let day = on.as_deref().and_then(typed::day).and_then(|day| day.parse().ok());
    let wrong = on.filter(|_| day.is_none());
    // An id that is none names no cycle.
    let cycle = cycle.map(|id| id.parse().unwrap_or_default());
    (Asked { cycle, on: day, measure: measure.and_then(|measure| measure.parse().ok()) }, wrong)
}

/// `GET /desk/figures`.
pub async fn show(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (asked, wrong_day) = asked(&visit);
        let frame = visit.frame("/desk/figures");
        let page = visit.look("figures", move |work, desk| {
            let found = find(work, &asked)?;
            page::page(AroundPage { frame, desk }, found, &asked, wrong_day)
        });
        Ok(page.await?.response())
    })
    .await
}

/// `GET /desk/figures.csv`.
pub async fn csv(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    file(request, body, TableKind::Csv).await
}

/// `GET /desk/figures.xlsx`.
pub async fn xlsx(request: HttpRequest, body: web::Payload) -> DeskAnswer {
    file(request, body, TableKind::Xlsx).await
}

/// The units, or with `of=years` the years.
async fn file(request: HttpRequest, body: web::Payload, kind: TableKind) -> DeskAnswer {
    enter(&request, body, async |visit| {
        let (asked, _) = asked(&visit);
        let of_years = visit.caller.request.query().take::<String>("of").as_deref() == Some("years");
        let language = visit.language();
        let table = visit.look("figures", move |work, _| {
            let found = find(work, &asked)?;
            found.map(|found| table::written(rows(found, of_years, language), kind)).transpose()
        });
        let name = if of_years { "figures-by-year" } else { "figures-by-unit" };
        Ok(table::sent(name, kind, table.await?.ok_or_else(unknown)?))
    })
    .await
}

/// The table's rows, its heads first; the units end with their sum.
fn rows(found: Found, of_years: bool, language: Language) -> Vec<Vec<Datum>> {
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let (first, lines) = if of_years {
        (say("Năm", "Year"), found.years)
    } else {
        let mut lines = found.units;
        lines.push((say("Cộng", "Altogether"), found.report.figures));
        (say("Đơn vị", "Unit"), lines)
    };
    let heads = Measure::iter().map(|measure| Datum::Text(word(MEASURES, measure.as_ref(), language)));
    let row = |(name, figures): Line| {
        let cells = Measure::iter().map(|measure| measure.datum(&figures));
        [Datum::Text(name)].into_iter().chain(cells).collect()
    };
    let heads: Vec<Datum> = [Datum::Text(first)].into_iter().chain(heads).collect();
    [heads].into_iter().chain(lines.into_iter().map(row)).collect()
}
