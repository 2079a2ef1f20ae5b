//! The page of figures.

use actix_web::{HttpResponse, get};
use askama::Template;

use crate::account::Territory;
use crate::base::{Day, Error, Result, Stars};
use crate::cycle::edition::IdeaStep;
use crate::cycle::rules::State;
use crate::cycle::store::{Cycle, CycleFilter};
use crate::cycle::{self, Edition};
use crate::db::AnyConnection;
use crate::http::{Problem, Refusals, Visitor};
use crate::page::chart::drawing::{Fill, Row, Series, THICKNESS, WIDTH};
use crate::page::chart::{Chart, ChartWriter};
use crate::page::texts::{Figures as Texts, Texts as AllTexts};
use crate::page::{Frame, Section, kept, words};
use crate::place;
use crate::report::figures::Report;
use crate::report::years::YearFigures;
use crate::report::{self, years as counts};

use crate::site::figures::rules::{self, Units};
use crate::site::form::Given;
use crate::station::Stretch;

const FILLS: [Fill; 4] = [Fill::Solid, Fill::Striped, Fill::Dotted, Fill::Hollow];

/// More cycles than the programme will see.
const MOST_CYCLES: i64 = 200;

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    frame: Frame,
    t: &'static Texts,
    /// Each year, and whether it is the one that is shown.
    years: Vec<(i32, bool)>,
    shown: Option<Shown>,
}

/// The figures of one year.
struct Shown {
    as_of: String,
    /// What is counted, how many, and what else there is to say.
    facts: Vec<(&'static str, String, String)>,
    charts: Vec<Chart>,
}

/// Writes what the public is shown.
struct Writer {
    charts: ChartWriter,
    t: &'static Texts,
    stars: fn(i32) -> String,
}

impl Writer {
    /// From the idea to the certificate; a step that the year's edition does not know is left out.
    fn path(&self, report: &Report, edition: &Edition) -> Chart {
        let figures = &report.figures;
        let accepts = edition.steps.ideas.iter().any(|stage| stage.step == IdeaStep::Accept);
        let steps = [
            (self.t.registered, Some(figures.ideas.registered)),
            (self.t.accepted, accepts.then_some(figures.ideas.accepted)),
            (self.t.approved, Some(figures.plans.approved)),
            (self.t.certified, Some(figures.products.certified)),
        ];
        let rows: Vec<Row> = steps
            .into_iter()
            .filter_map(|(label, count)| Some((label, count?)))
            .map(|(label, count)| Row { label: label.to_owned(), told: self.charts.number(count), parts: vec![count] })
            .collect();
        let series = [Series { fill: Fill::Solid, name: self.t.count.to_owned() }];
        self.charts.chart("path", self.t.path, self.t.step, &series, &rows)
    }

    fn years(&self, years: &[YearFigures], awarded: &[Stars]) -> Chart {
        let series: Vec<Series> = awarded
            .iter()
            .zip(FILLS.into_iter().cycle())
            .map(|(stars, fill)| Series { fill, name: (self.stars)(stars.get()) })
            .collect();
        let row = |year: &YearFigures| {
            let parts = rules::by_stars(&year.by_stars, awarded);
            let told = awarded.iter().zip(&parts).filter(|(_, count)| **count > 0);
            let told: Vec<String> =
                told.map(|(stars, count)| format!("{}★ {}", stars.get(), self.charts.number(*count))).collect();
            let told = if told.is_empty() { self.charts.number(0) } else { told.join(" · ") };
            Row { label: year.year.to_string(), told, parts }
        };
        let rows: Vec<Row> = years.iter().map(row).collect();
        let mut chart = self.charts.chart("years", self.t.by_year, self.t.year, &series, &rows);
        let later = years.iter().filter(|year| year.later > 0);
        chart.notes = later.map(|year| (self.t.later)(year.year, &self.charts.number(year.later))).collect();
        chart
    }

    fn units(&self, units: &Units) -> Chart {
        let series = [
            Series { fill: Fill::Solid, name: self.t.valid.to_owned() },
            Series { fill: Fill::Hollow, name: self.t.ended.to_owned() },
        ];
        let others = units.others.map(|(count, share)| ((self.t.others)(&self.charts.number(count)), share));
        let named = units.named.iter().cloned().chain(others);
        let rows: Vec<Row> = named
            .map(|(label, share)| {
                let told = match share.ended {
                    0 => self.charts.number(share.valid),
                    ended => format!("{} + {}", self.charts.number(share.valid), self.charts.number(ended)),
                };
                Row { label, told, parts: vec![share.valid, share.ended] }
            })
            .collect();
        let mut chart = self.charts.chart("units", self.t.by_unit, self.t.unit, &series, &rows);
        let total = units.total();
        chart.total = Some(self.charts.numbers(&[total.valid, total.ended, total.certified()]));
        chart
    }

    fn facts(&self, report: &Report, awarded: &[Stars]) -> Vec<(&'static str, String, String)> {
        let figures = &report.figures;
        let by_stars = |counts| {
            let counts = rules::by_stars(counts, awarded);
            let told = awarded.iter().zip(counts).filter(|(_, count)| *count > 0);
            let told =
                told.map(|(stars, count)| format!("{} {}", self.charts.number(count), (self.t.of_stars)(stars.get())));
            told.collect::<Vec<_>>().join(", ")
        };
        let plain = |name, count| (name, self.charts.number(count), String::new());
        vec![
            plain(self.t.registered, figures.ideas.registered),
            plain(self.t.approved, figures.plans.approved),
            (self.t.certified, self.charts.number(figures.products.certified), by_stars(&figures.products.by_stars)),
            (self.t.so_far, self.charts.number(figures.cumulative.certified), by_stars(&figures.cumulative.by_stars)),
            plain(self.t.still_valid, figures.cumulative.valid),
            plain(self.t.shops, figures.shops),
        ]
    }
}

/// What is read for the page.
struct Read {
    cycles: Vec<Cycle>,
    shown: Option<(Cycle, Report, Units)>,
    years: Vec<YearFigures>,
}

/// The figures of a year, or of the latest that has any. A year whose cycle is only drafted is nobody's business yet.
fn read(connection: &mut AnyConnection, year: Option<i32>, today: Day) -> Result<Read> {
    let mut cycles = cycle::store::list(connection, &CycleFilter::default(), &Stretch::first(MOST_CYCLES))?;
    cycles.retain(|cycle| cycle.state != State::Draft);
    let mut shown: Option<(Cycle, Report)> = None;
    for cycle in cycles.iter().filter(|cycle| year.is_none_or(|year| cycle.year == year)) {
        let report = report::made(connection, cycle.id, None, today, &Territory::Province)?;
        let has_figures = rules::has_figures(&report.figures);
        if shown.is_none() || has_figures {
            shown = Some((cycle.clone(), report));
        }
        if has_figures {
            break;
        }
    }
    if year.is_some() && shown.is_none() {
        return Err(Error::unknown());
    }
    let Some((cycle, report)) = shown else { return Ok(Read { cycles, shown: None, years: Vec::new() }) };
    let issued = report::store::issued_by(connection, today)?;
    let known: Vec<_> = cycles.iter().map(|cycle| (cycle.id, cycle.year)).collect();
    let years = rules::years(counts::by_year(&issued, &known, today));
    let places = place::store::places(connection)?;
    let units = rules::units(&report.by_unit, |code| places.name(code, report.on));
    Ok(Read { cycles, shown: Some((cycle, report, units)), years })
}

/// The programme's figures of a year as a page: by default of the latest year that has any.
#[utoipa::path(
    tag = "pages",
    security(()),
    params(("year" = Option<i32>, Query, description = "The year of a cycle")),
    responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/figures")]
pub async fn show(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let mut given = Given::new(request.query());
    let year = given.choice("year");
    given.finish()?;
    let today = app.clock.now().day();
    let Read { cycles, shown, years } = app.database.read(move |connection| read(connection, year, today)).await?;
    let address = year.map_or_else(|| "/figures".to_owned(), |year| format!("/figures?year={year}"));
    let frame = Frame::new(&app, &request, Section::Figures).canonical(&address);
    let texts: &'static AllTexts = frame.texts;
    let t = &texts.figures;
    let writer = Writer { charts: ChartWriter { language: frame.language, t }, t, stars: texts.frame.stars };
    let editions: Vec<Edition> = cycles.iter().map(|cycle| cycle.edition.edition()).collect::<Result<_>>()?;
    let awarded = rules::awarded(&editions);
    let chosen_year = shown.as_ref().map(|(cycle, ..)| cycle.year);
    let shown = shown
        .map(|(cycle, report, units)| {
            Ok::<_, Error>(Shown {
                as_of: (writer.t.as_of)(report.year, &words::day(writer.charts.language, report.on)),
                facts: writer.facts(&report, &awarded),
                charts: vec![
                    writer.path(&report, &cycle.edition.edition()?),
                    writer.years(&years, &awarded),
                    writer.units(&units),
                ],
            })
        })
        .transpose()?;
    let years = cycles.iter().map(|cycle| (cycle.year, Some(cycle.year) == chosen_year)).collect();
    let page = FiguresPage { t: writer.t, years, shown, frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&request, &page.frame, html))
}
