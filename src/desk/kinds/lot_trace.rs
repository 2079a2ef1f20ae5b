//! Where a lot came from and where it went, as a drawing and in words; and what a recall of it reaches.

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::Beside;
use crate::desk::trace_drawing::{DrawnLot, draw};
use crate::desk::words::said;
use crate::http::Language;
use crate::lot::Lot;
use crate::lot::trace::{self, Direction, Trace, TracedLot};
use crate::page::words::{day, moment, number};
use crate::station::{label, offers};

/// So many steps are followed on a page, and so many lots told in each direction; the API has all.
const STEPS: i32 = 8;
const MOST_TOLD: usize = 60;
const MOST_DRAWN: usize = 40;
const MOST_DEPARTURES: usize = 100;

pub fn beside(work: &mut Work, lot: &Lot) -> Result<Vec<Beside>> {
    let language = work.language;
    let territory = work.actor.territory();
    let trace = trace::follow(work.connection, &territory, lot.id, Direction::Both, STEPS)?;
    let mut found = Vec::new();
    if trace.lots.iter().any(|traced| traced.step != 0) {
        found.push(drawn(lot, &trace, language));
    }
    let made_of_it: Vec<&TracedLot> = trace.lots.iter().filter(|traced| traced.step > 0).collect();
    let went_in: Vec<&TracedLot> = trace.lots.iter().filter(|traced| traced.step < 0).collect();
    found.extend(listed(label("Làm từ các lô", "Made of these lots"), &went_in, language));
    let reached = if may_recall(work, lot)? {
        label(
            "Làm từ lô này: thu hồi lô này là thu hồi cả các lô sau",
            "Made of this lot: a recall recalls these with it",
        )
    } else {
        label("Được làm từ lô này", "Made of this lot")
    };
    found.extend(listed(reached, &made_of_it, language));
    found.extend(departures(&trace, language));
    Ok(found)
}

/// Whether the asker may recall it now: what a recall reaches is told then.
fn may_recall(work: &Work, lot: &Lot) -> Result<bool> {
    Ok(offers(work.asker(), lot)?.iter().any(|(step, refusal)| step.name() == "recall" && refusal.is_none()))
}

/// What is to be known of a lot, in words.
fn mark(traced: &TracedLot, language: Language) -> String {
    let told = if traced.recalled_at.is_some() {
        label("Đã thu hồi", "Recalled")
    } else if traced.held {
        label("Đang tạm đình chỉ", "On hold")
    } else if traced.input_held {
        label("Nguyên liệu bị tạm đình chỉ", "An input is on hold")
    } else {
        return day(language, traced.produced_on);
    };
    said(language, told).to_owned()
}

fn drawn(lot: &Lot, trace: &Trace, language: Language) -> Beside {
    let lots: Vec<DrawnLot> = trace
        .lots
        .iter()
        .take(MOST_DRAWN)
        .map(|traced| DrawnLot {
            id: traced.id,
            step: traced.step,
            lines: [traced.code.clone(), traced.product_name.clone(), mark(traced, language)],
        })
        .collect();
    let links: Vec<_> = trace.links.iter().map(|link| (link.lot_id, link.input_id)).collect();
    let called = match language {
        Language::Vietnamese => {
            format!("Sơ đồ truy xuất của lô {}: các lô bên trái là đầu vào, bên phải là làm từ lô này", lot.code)
        }
        Language::English => {
            format!("The trace of lot {}: on the left what it was made of, on the right what was made of it", lot.code)
        }
    };
    let mut beside = Beside::new(label("Sơ đồ truy xuất", "Trace"));
    beside.drawing = Some(draw(&lots, &links, &called));
    beside
}

fn listed(title: crate::station::Label, lots: &[&TracedLot], language: Language) -> Option<Beside> {
    if lots.is_empty() {
        return None;
    }
    let mut beside = Beside::new(title);
    let link = |traced: &&TracedLot| {
        let quantity = traced.quantity.zip(traced.unit.as_ref());
        let quantity =
            quantity.map(|(count, unit)| format!(" · {} {unit}", number(language, count))).unwrap_or_default();
        let told = format!(
            "{} · {} · {}{quantity} · {}",
            traced.code,
            traced.product_name,
            traced.producer_name,
            mark(traced, language)
        );
        // Of what lies outside the asker's territory there is no page.
        let address = traced.quantity.map(|_| format!("/desk/lots/{}", traced.id));
        (address.unwrap_or_default(), told)
    };
    beside.links = lots.iter().take(MOST_TOLD).map(link).collect();
    if let Some(others) = lots.len().checked_sub(MOST_TOLD).filter(|others| *others > 0) {
        let more = said(language, label("và các lô khác:", "and others:"));
        beside.links.push((String::new(), format!("{more} {others}")));
    }
    Some(beside)
}

/// Where the lots of the asker's own territory went.
fn departures(trace: &Trace, language: Language) -> Option<Beside> {
    if trace.destinations.is_empty() {
        return None;
    }
    let say = |vi, en| said(language, label(vi, en)).to_owned();
    let code = |id| trace.lots.iter().find(|lot| lot.id == id).map(|lot| lot.code.clone()).unwrap_or_default();
    let rows = trace.destinations.iter().take(MOST_DEPARTURES).map(|departure| {
        vec![
            code(departure.lot_id),
            moment(language, departure.at),
            format!("{}, {}", departure.name, departure.address),
            departure.quantity.map(|count| number(language, count)).unwrap_or_default(),
        ]
    });
    let heads = vec![say("Lô", "Lot"), say("Lúc", "When"), say("Giao, bán cho", "To"), say("Số lượng", "Quantity")];
    let mut beside = Beside::new(label("Đã giao, bán đi đâu", "Where it went"));
    beside.table = Some((heads, rows.collect()));
    Some(beside)
}
