//! What may be chosen in forms of several kinds, for whoever asks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::account::{Territory, Work};
use crate::base::id::{CycleId, ProducerId};
use crate::base::{Day, Level, Result, UnitCode, text};
use crate::criteria::SetRow;
use crate::criteria::store::SetFilter;
use crate::cycle::store::CycleFilter;
use crate::cycle::{self, Cycle, EditionCode};
use crate::db::AnyConnection;
use crate::desk::field::ShownField;
use crate::desk::input::{Alternative, Asks, Choices, FIND, Filler, Input};
use crate::desk::words::Wording;
use crate::http::Language;
use crate::place::rules::Unit;
use crate::place::store::UnitFilter;
use crate::producer::Producer;
use crate::producer::store::ProducerFilter;
use crate::product::Product;
use crate::product::store::ProductFilter;
use crate::station::{Listed, Stretch, label};
use crate::{criteria, place, producer};

/// So many may be chosen among: what is more is searched for, not picked from a list.
pub const MOST: i64 = 300;

/// The member of a view that is read as a `T`.
pub fn member<T: std::str::FromStr>(view: Option<&Value>, name: &str) -> Option<T> {
    view?.get(name)?.as_str()?.parse().ok()
}

/// So many producers are chosen among; the others are searched for.
const MOST_PRODUCERS: i64 = 50;

/// A cycle's year and edition: a year may have a cycle of each edition.
fn year(language: Language, cycle: &Cycle) -> String {
    let edition = cycle.edition.as_ref();
    match language {
        Language::Vietnamese => format!("Năm {} ({edition})", cycle.year),
        Language::English => format!("Year {} ({edition})", cycle.year),
    }
}

/// The cycles that are open.
pub fn open_cycles(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let filter = CycleFilter { state: Some(cycle::rules::State::Open), ..CycleFilter::default() };
    let cycles = cycle::store::list(work.connection, &filter, &Stretch::first(MOST))?;
    Ok(cycles.iter().map(|cycle| Alternative::new(cycle.id.to_string(), year(work.language, cycle))).collect())
}

/// All cycles.
pub fn cycles(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let cycles = cycle::store::list(work.connection, &CycleFilter::default(), &Stretch::first(MOST))?;
    Ok(cycles.iter().map(|cycle| Alternative::new(cycle.id.to_string(), year(work.language, cycle))).collect())
}

/// The criteria sets of the thing's cycle; of the open cycles where no thing is there yet.
pub fn criteria_sets(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let of_thing: Option<CycleId> = member(view, "cycle_id");
    let editions: BTreeSet<EditionCode> = match of_thing {
        Some(id) => cycle::store::find(work.connection, id)?.into_iter().map(|cycle| cycle.edition).collect(),
        None => {
            let filter = CycleFilter { state: Some(cycle::rules::State::Open), ..CycleFilter::default() };
            let open = cycle::store::list(work.connection, &filter, &Stretch::first(MOST))?;
            open.into_iter().map(|cycle| cycle.edition).collect()
        }
    };
    let mut choices = Vec::new();
    for edition in editions {
        let filter = SetFilter { edition: Some(edition), ..SetFilter::default() };
        for set in SetRow::list(work, &filter, &Stretch::first(MOST))? {
            let title = match work.language {
                Language::Vietnamese => &set.tree.0.title,
                Language::English => &set.tree.0.title_en,
            };
            choices.push(Alternative::new(set.code.clone(), format!("{title} ({})", set.code)));
        }
    }
    choices.sort_by_cached_key(|choice| text::fold(&choice.label));
    choices.dedup();
    Ok(choices)
}

/// The producers of one's territory.
pub fn producers(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let producers = Producer::list(work, &ProducerFilter::default(), &Stretch::first(MOST))?;
    Ok(producers.into_iter().map(|producer| Alternative::new(producer.id.to_string(), producer.name)).collect())
}

/// The producers that were searched for, for who makes their accounts.
pub fn all_producers(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let search = view.and_then(|view| view.get(FIND)?.as_str()).map(text::fold).filter(|search| !search.is_empty());
    let filter = ProducerFilter { q: search, ..ProducerFilter::default() };
    let stretch = Stretch::first(MOST_PRODUCERS);
    let mut found = producer::store::list(work.connection, &Territory::Province, &filter, &stretch)?;
    // The one that an address names is there whatever was searched for.
    if let Some(id) = member::<ProducerId>(view, "producer_id").filter(|id| found.iter().all(|known| known.id != *id)) {
        found.extend(producer::store::find(work.connection, id)?);
    }
    let places = place::store::places(work.connection)?;
    let today = work.now.day();
    let told = |producer: Producer| {
        let commune = places.name(&producer.commune_code, today);
        Alternative::new(producer.id.to_string(), format!("{} ({commune})", producer.name))
    };
    Ok(found.into_iter().map(told).collect())
}

/// The products of the thing's producer, or of one's own territory.
pub fn products(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let producer_id: Option<ProducerId> = member(view, "producer_id");
    let filter = ProductFilter { producer_id, ..ProductFilter::default() };
    let products = Product::list(work, &filter, &Stretch::first(MOST))?;
    Ok(products.into_iter().map(|product| Alternative::new(product.row.id.to_string(), product.row.name)).collect())
}

impl Filler for Work<'_> {
    fn is_asked(&self, input: &Input) -> bool {
        input.is_for(self.actor.role)
    }

    /// Those of one's territory on this day.
    fn communes(&mut self) -> Result<Vec<Alternative>> {
        units_of(self, &[Level::Commune])
    }

    fn choices(&mut self, source: Choices, view: Option<&Value>) -> Result<Vec<Alternative>> {
        source(self, view)
    }
}

/// The districts and communes of one's territory on this day.
pub fn units(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    units_of(work, &[Level::Province, Level::District, Level::Commune])
}

/// All communes of a day, under their districts: who has no account may be from any.
pub fn all_communes(connection: &mut AnyConnection, today: Day) -> Result<Vec<Alternative>> {
    units_where(connection, today, &[Level::Commune], |_| true)
}

fn units_of(work: &mut Work, levels: &[Level]) -> Result<Vec<Alternative>> {
    let (today, territory) = (work.now.day(), work.actor.territory());
    let own = match &work.actor.producer {
        Some(id) => producer::store::find(work.connection, *id)?.map(|producer| producer.commune_code),
        None => None,
    };
    let is_administrator = work.actor.is(&[crate::account::Role::Administrator]);
    units_where(work.connection, today, levels, |unit| match &territory {
        Territory::Province => true,
        Territory::District(code) => unit.code == *code || unit.parent_code.as_ref() == Some(code),
        Territory::Commune(code) => unit.code == *code,
        Territory::Producer(_) => own.as_ref() == Some(&unit.code),
        Territory::Nothing => is_administrator,
    })
}

fn units_where(
    connection: &mut AnyConnection,
    today: Day,
    levels: &[Level],
    is_within: impl Fn(&Unit) -> bool,
) -> Result<Vec<Alternative>> {
    let places = place::store::places(connection)?;
    let mut choices: Vec<(bool, Option<UnitCode>, Alternative)> = Vec::new();
    for level in levels {
        let filter = UnitFilter { level: Some(*level), limit: 1000, ..Default::default() };
        for unit in place::store::list(connection, today, &filter)?.into_iter().filter(&is_within) {
            let district = unit.parent_code.clone().filter(|parent| parent.level() == Level::District);
            let choice = Alternative::new(unit.code.as_str(), unit.name.clone());
            let choice = match (&district, level) {
                (Some(district), Level::Commune) => choice.under(places.name(district, today)),
                _ => choice,
            };
            choices.push((choice.group.is_some(), district.filter(|_| *level == Level::Commune), choice));
        }
    }
    choices
        .sort_by_cached_key(|(is_within, district, choice)| (*is_within, district.clone(), text::fold(&choice.label)));
    Ok(choices.into_iter().map(|(_, _, choice)| choice).collect())
}

/// Filters that many lists have.
pub const SEARCH: Input = Input::new("q", label("Tìm theo tên", "Search by name"), Asks::Line);
pub const UNIT: Input = Input::new("unit_code", label("Địa bàn", "Place"), Asks::From(units));
pub const CYCLE: Input = Input::new("cycle_id", label("Chu trình", "Cycle"), Asks::From(cycles));

pub const LATE: Input = Input::new("late", label("Nộp muộn", "Late"), Asks::From(yes_or_no));

/// The sets that the service knows, by name, the newest edition's where several have the code.
pub const OF_SET: Input = Input::new("criteria_set", label("Bộ tiêu chí", "Criteria set"), Asks::From(all_sets));

pub fn yes_or_no(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    Ok(states(work, &[("true", label("Có", "Yes")), ("false", label("Không", "No"))]))
}

fn all_sets(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let language = work.language;
    let told = |known: &criteria::store::SetTitle| {
        let title = match language {
            Language::Vietnamese => &known.title,
            Language::English => &known.title_en,
        };
        Alternative::new(known.code.clone(), format!("{title} ({})", known.code))
    };
    let mut sets: Vec<Alternative> = criteria::store::titles(work.connection)?.iter().map(told).collect();
    sets.sort_by_cached_key(|choice| text::fold(&choice.label));
    Ok(sets)
}

/// Members that many views have.
pub const PRODUCER: ShownField = crate::desk::field::field(
    "/producer_name",
    label("Chủ thể", "Producer"),
    crate::desk::field::Writing::Link("producers", "/producer_id"),
);
/// The set that something is scored with, by its name.
pub const CRITERIA_SET: ShownField = crate::desk::field::field(
    "/criteria_set_title",
    label("Bộ tiêu chí", "Criteria set"),
    crate::desk::field::Writing::CriteriaSet,
);
pub const COMMUNE: ShownField =
    crate::desk::field::field("/commune_name", label("Xã", "Commune"), crate::desk::field::Writing::Text);
pub const DISTRICT: ShownField =
    crate::desk::field::field("/district_name", label("Huyện", "District"), crate::desk::field::Writing::Text);
pub const YEAR: ShownField =
    crate::desk::field::field("/year", label("Năm", "Year"), crate::desk::field::Writing::Whole);
/// The unit whose council it is about, and the council's round.
pub const COUNCIL: ShownField =
    crate::desk::field::field("/unit_name", label("Hội đồng", "Council"), crate::desk::field::Writing::Text);
pub const ROUND: ShownField =
    crate::desk::field::field("/round", label("Đợt", "Round"), crate::desk::field::Writing::Whole);

/// The product on a council's agenda that it belongs to.
pub const ON_AGENDA: ShownField = crate::desk::field::field(
    "/product_name",
    label("Chương trình hội đồng", "On the agenda"),
    crate::desk::field::Writing::Link("agenda-items", "/agenda_item_id"),
);

pub const CREATED: ShownField =
    crate::desk::field::field("/created_at", label("Lập lúc", "Made"), crate::desk::field::Writing::Moment);

/// The values of a filter by state, as entries of a select.
pub fn states(work: &Work, known: &[Wording]) -> Vec<Alternative> {
    let language = work.language;
    known.iter().map(|(value, label)| Alternative::new(*value, crate::desk::words::said(language, *label))).collect()
}

/// The states that things of a kind have, of all that have words.
pub fn states_of<S: std::str::FromStr>(work: &mut Work, _: Option<&Value>) -> Result<Vec<Alternative>> {
    let known: Vec<_> =
        crate::desk::words::STATES.iter().filter(|(value, _)| value.parse::<S>().is_ok()).copied().collect();
    Ok(states(work, &known))
}

/// How a photograph is turned and cut.
pub const QUARTER_TURNS: Input = Input::new(
    "quarter_turns",
    label("Xoay ảnh", "Turn"),
    Asks::OneOfNumbers(&[
        ("1", label("Sang phải 90°", "90° to the right")),
        ("3", label("Sang trái 90°", "90° to the left")),
        ("2", label("Quay ngược 180°", "Upside down")),
    ]),
);
const IN_HUNDREDTHS: crate::station::Label = label("phần trăm", "per cent");
pub const CUT_LEFT: Input =
    Input::new("cut.left", label("Cắt bên trái", "Cut off at the left"), Asks::Whole).hint(IN_HUNDREDTHS);
pub const CUT_TOP: Input =
    Input::new("cut.top", label("Cắt phía trên", "Cut off at the top"), Asks::Whole).hint(IN_HUNDREDTHS);
pub const CUT_RIGHT: Input =
    Input::new("cut.right", label("Cắt bên phải", "Cut off at the right"), Asks::Whole).hint(IN_HUNDREDTHS);
pub const CUT_BOTTOM: Input =
    Input::new("cut.bottom", label("Cắt phía dưới", "Cut off at the bottom"), Asks::Whole).hint(IN_HUNDREDTHS);
