//! The page of figures.

use actix_web::http::StatusCode;
use askama::Template;
use strum::IntoEnumIterator;

use crate::base::{Error, Result};
use crate::desk::figures::measure::{MEASURES, Measure, stars_told};
use crate::desk::figures::read::{Asked, Found, Line};
use crate::desk::frame::{Desk, FIGURES};
use crate::desk::kinds::cycles::EDITIONS;
use crate::desk::page::{AroundPage, Rendered};
use crate::desk::words::{said, word};
use crate::http::Language;
use crate::page::Frame;
use crate::page::chart::drawing::{Fill, Row, Series, THICKNESS, WIDTH};
use crate::page::chart::{Chart, ChartWriter};
use crate::page::texts::Figures as Texts;
use crate::page::words::day;

/// More bars than these are not read by anybody: the last one stands for the rest.
const MOST_BARS: usize = 15;

#[derive(Template)]
#[template(path = "desk/figures.html")]
struct FiguresPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    t: &'static Texts,
    title: String,
    words: &'static FiguresWords,
    /// What may be chosen: value, text, whether it is chosen.
    cycles: Vec<(String, String, bool)>,
    measures: Vec<(&'static str, String, bool)>,
    on: String,
    wrong_day: bool,
    shown: Option<Shown>,
}

/// The figures of a cycle.
struct Shown {
    cycle: (String, &'static str),
    charts: Vec<Chart>,
    heads: Vec<String>,
    units: Vec<(String, Vec<String>)>,
    total: Vec<String>,
    years: Vec<(String, Vec<String>)>,
    /// Address and text of each table that is taken away.
    unit_tables: Vec<(String, &'static str)>,
    year_tables: Vec<(String, &'static str)>,
}

/// What the page says.
#[derive(Debug)]
struct FiguresWords {
    lead: &'static str,
    cycle: &'static str,
    on: &'static str,
    on_hint: &'static str,
    no_day: &'static str,
    by: &'static str,
    show: &'static str,
    units: &'static str,
    unit: &'static str,
    years: &'static str,
    year: &'static str,
    total: &'static str,
}

static VIETNAMESE: FiguresWords = FiguresWords {
    lead: "Số liệu chu trình trên địa bàn của bạn, so sánh giữa các đơn vị và giữa các năm.",
    cycle: "Chu trình",
    on: "Tính đến hết ngày",
    on_hint: "Để trống: hết năm của chu trình, hoặc hôm nay.",
    no_day: "Ngày không đọc được; viết như 31/10/2020.",
    by: "So sánh theo",
    show: "Xem",
    units: "So sánh các đơn vị",
    unit: "Đơn vị",
    years: "So sánh các năm",
    year: "Năm",
    total: "Cộng",
};

static ENGLISH: FiguresWords = FiguresWords {
    lead: "What the cycle came to in your territory, unit beside unit and year beside year.",
    cycle: "Cycle",
    on: "Until the end of",
    on_hint: "Empty: the end of the cycle's year, or today.",
    no_day: "This is no day; write it as 31/10/2020.",
    by: "Compare by",
    show: "Show",
    units: "Units beside one another",
    unit: "Unit",
    years: "Years beside one another",
    year: "Year",
    total: "Altogether",
};

fn words(language: Language) -> &'static FiguresWords {
    match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    }
}

pub fn page(around: AroundPage, found: Option<Found>, asked: &Asked, wrong_day: Option<String>) -> Result<Rendered> {
    let language = around.language();
    let AroundPage { frame, desk } = around;
    let measure = asked.measure();
    let cycles = found.iter().flat_map(|found| {
        let told = |cycle: &crate::cycle::Cycle| {
            let name = format!("{} · {}", cycle.year, word(EDITIONS, cycle.edition.as_ref(), language));
            (cycle.id.to_string(), name, cycle.id == found.cycle.id)
        };
        found.cycles.iter().map(told)
    });
    let cycles = cycles.collect();
    let told = |of: Measure| (of, word(MEASURES, of.as_ref(), language));
    let measures =
        MEASURES.iter().map(|(value, text)| (*value, said(language, *text).to_owned(), *value == measure.as_ref()));
    let t = &frame.texts.figures;
    let writer = ChartWriter { language, t };
    let page = FiguresPage {
        frame: &frame,
        desk,
        t,
        title: said(language, FIGURES).to_owned(),
        words: words(language),
        cycles,
        measures: measures.collect(),
        on: wrong_day.clone().or(asked.on.map(|on| day(language, on))).unwrap_or_default(),
        wrong_day: wrong_day.is_some(),
        shown: found.map(|found| shown(found, told(measure), writer)),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status: StatusCode::OK, html, frame })
}

fn shown(found: Found, (measure, name): (Measure, String), writer: ChartWriter) -> Shown {
    let (language, words) = (writer.language, words(writer.language));
    let Found { cycle, report, units, years, .. } = found;
    let cells =
        |(name, figures): &Line| (name.clone(), Measure::iter().map(|of| of.written(figures, language)).collect());
    let as_of = (writer.t.as_of)(report.year, &day(language, report.on));
    let mut charts = vec![way(&report.figures, writer, as_of)];
    // One unit is beside none.
    if units.len() > 1 {
        charts.push(compared("units", (words.unit, format!("{}: {name}", words.units)), measure, &units, writer));
    }
    charts.push(compared("years", (words.year, format!("{}: {name}", words.years)), measure, &years, writer));
    let tables = |of: &str| {
        let query = format!("cycle={}&on={}&by={}&of={of}", cycle.id, report.on, measure.as_ref());
        [("csv", "CSV"), ("xlsx", "XLSX")].map(|(kind, text)| (format!("/desk/figures.{kind}?{query}"), text)).to_vec()
    };
    Shown {
        cycle: (format!("/desk/cycles/{}", cycle.id), words.cycle),
        charts,
        heads: Measure::iter().map(|of| word(MEASURES, of.as_ref(), language)).collect(),
        units: units.iter().map(cells).collect(),
        total: Measure::iter().map(|of| of.written(&report.figures, language)).collect(),
        years: years.iter().map(cells).collect(),
        unit_tables: tables("units"),
        year_tables: tables("years"),
    }
}

/// From the idea to the certificate.
fn way(figures: &crate::report::figures::Figures, writer: ChartWriter, title: String) -> Chart {
    let steps = [Measure::Registered, Measure::Accepted, Measure::Approved, Measure::Certified];
    let row = |of: Measure| Row {
        label: word(MEASURES, of.as_ref(), writer.language),
        told: of.written(figures, writer.language),
        parts: vec![of.of(figures)],
    };
    let series = [Series { fill: Fill::Solid, name: writer.t.count.to_owned() }];
    writer.chart("path", title, writer.t.step, &series, &steps.map(row))
}

/// Bars of one measure; certified products by their stars.
fn compared(
    id: &'static str,
    (head, title): (&'static str, String),
    measure: Measure,
    lines: &[Line],
    writer: ChartWriter,
) -> Chart {
    let language = writer.language;
    let parts = match measure {
        Measure::Certified => vec![Measure::ThreeStars, Measure::FourStars, Measure::FiveStars],
        _ => vec![measure],
    };
    let fills = [Fill::Solid, Fill::Striped, Fill::Dotted];
    let series: Vec<Series> = parts
        .iter()
        .zip(fills)
        .map(|(of, fill)| Series { fill, name: word(MEASURES, of.as_ref(), language) })
        .collect();
    let drawn = if lines.len() > MOST_BARS { lines.split_at(MOST_BARS.saturating_sub(1)) } else { (lines, &[][..]) };
    let row = |(name, figures): &Line| {
        let told = match measure {
            Measure::Certified if figures.products.certified > 0 => stars_told(&figures.products.by_stars),
            _ => measure.written(figures, language),
        };
        Row { label: name.clone(), told, parts: parts.iter().map(|of| of.of(figures)).collect() }
    };
    let mut rows: Vec<Row> = drawn.0.iter().map(row).collect();
    if !drawn.1.is_empty() {
        let sum = |of: &Measure| drawn.1.iter().fold(0usize, |sum, (_, figures)| sum.saturating_add(of.of(figures)));
        let told = writer.number(sum(&measure));
        rows.push(Row {
            label: (writer.t.others)(&writer.number(drawn.1.len())),
            told,
            parts: parts.iter().map(sum).collect(),
        });
    }
    writer.chart(id, title, head, &series, &rows)
}
