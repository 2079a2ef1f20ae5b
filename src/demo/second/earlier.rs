//! What was certified before the act of 2026: under the edition of 2023 by the district, under that of 2025 by the province.
//!
//! No set of these editions is at hand whole; their products are scored with the sets of 2026, without least options, which
//! say of themselves that they are made up for the demo.

use crate::account::Actor;
use crate::base::id::CertificateId;
use crate::base::{Day, Error, Result};
use crate::criteria;
use crate::cycle::rules::{Round, StampsFrom, Targets};
use crate::cycle::steps::CycleForm;
use crate::cycle::{Cycle, EditionCode};
use crate::decision::certificate_store;
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind as DecisionKind;
use crate::demo::councils::{self, Council};
use crate::demo::road;
use crate::demo::scoring::Least;
use crate::demo::second::cast::Cast;
use crate::demo::second::products::{Entrant, Kindred, entered, handed_in, kindred};
use crate::demo::stage::{Stage, day, moment, on};
use crate::rating::agenda;
use crate::station::{Note, Order, apply, apply_creation};

/// Certified in August 2023: the first is rated again in time, the second is not.
const SUMMER_2023: [Kindred; 2] = [kindred(0, "Mật ong rừng", "mat-ong"), kindred(1, "Bánh gai", "do-an-nhanh")];
/// Certified on 18 September 2023, on whose day three years later the last transitional term ends.
const AUTUMN_2023: [Kindred; 1] = [kindred(2, "Muối vừng", "gia-vi-khac")];
/// Certified in February 2024: the window of rating again is open.
const WINTER_2023: [Kindred; 2] =
    [kindred(0, "Chè xanh", "che-tuoi-che-bien"), kindred(1, "Cam giòn", "rau-cu-qua-hat-tuoi")];

/// Certified in December 2025, with the points that their councils' members gave.
const OF_2025: [(Kindred, i64); 6] = [
    (kindred(0, "Mật ong hoa keo", "mat-ong"), 76),
    (kindred(4, "Bánh đa vừng", "do-an-nhanh"), 61),
    (kindred(5, "Rượu gạo", "ruou-trang"), 72),
    (kindred(6, "Chẻo lạc", "gia-vi-khac"), 58),
    (kindred(3, "Kẹo cu đơ", "do-an-nhanh"), 63),
    (kindred(9, "Nước ép cam", "do-uong-khong-con"), 66),
];

/// A product that was certified, and its certificate.
pub struct Certified {
    pub entrant: Entrant,
    pub certificate: CertificateId,
}

/// The products of 2023 and 2024, by what becomes of them.
pub struct Of2023 {
    pub kept: Certified,
    pub transitional: Certified,
}

/// The products of 2025, by what becomes of them.
pub struct Of2025 {
    pub good: Certified,
    pub raised: Certified,
    pub revoked: Certified,
    pub recalled: Certified,
    pub held: Certified,
    /// The ministry demands that it is rated again.
    pub demanded: Certified,
}

/// How many products come to a dossier before 2026.
pub const ENTERED: usize = SUMMER_2023.len() + AUTUMN_2023.len() + WINTER_2023.len() + OF_2025.len();

pub fn of_2023(stage: &mut Stage, cast: &Cast) -> Result<Of2023> {
    let all = SUMMER_2023.iter().chain(&AUTUMN_2023).chain(&WINTER_2023);
    sets_imported(stage, cast, EditionCode::Of2023, all, "2023-02-27")?;
    let rounds = [(1, "2023-07-31", "2023-08-31"), (2, "2024-01-31", "2024-02-29")];
    let cycle = cycle_opened(stage, cast, EditionCode::Of2023, "2023-03-01", &rounds)?;
    let first: Vec<Kindred> = SUMMER_2023.iter().chain(&AUTUMN_2023).copied().collect();
    let mut first = round(stage, cast, &cycle, 1, "2023-07-20", &first)?;
    let autumn = first.split_off(SUMMER_2023.len());
    let kept = district_recognises(stage, cast, first, "211/QĐ-UBND", "2023-08-10")?;
    let transitional = district_recognises(stage, cast, autumn, "245/QĐ-UBND", "2023-09-18")?;
    let winter = round(stage, cast, &cycle, 2, "2024-01-25", &WINTER_2023)?;
    district_recognises(stage, cast, winter, "37/QĐ-UBND", "2024-02-20")?;
    road::cycle_closed(stage, &cast.office, &cycle, moment("2024-03-29", 0)?)?;
    Ok(Of2023 { kept: first_of(kept)?, transitional: first_of(transitional)? })
}

pub fn of_2025(stage: &mut Stage, cast: &Cast) -> Result<Of2025> {
    let kindreds = OF_2025.map(|(kindred, _)| kindred);
    sets_imported(stage, cast, EditionCode::Of2025, kindreds.iter(), "2025-07-10")?;
    let cycle = cycle_opened(stage, cast, EditionCode::Of2025, "2025-07-14", &[(1, "2025-10-31", "2025-12-31")])?;
    let held = day("2025-11-20")?;
    let entrants = in_time(stage, cast, &cycle, held, &kindreds)?;
    let office = &cast.office;
    let council = councils::council_opened(stage, office, &cast.province, cycle.id, 1, on(held.plus_days(-10), 0))?;
    let dossiers = entrants.iter().map(|entrant| entrant.dossier).collect();
    let items = councils::on_agenda(stage, office, council, dossiers, on(held.plus_days(-9), 0))?;
    for ((item, (_, points)), turn) in items.iter().zip(OF_2025).zip(0..) {
        let work = &mut stage.work(office, on(held.plus_days(-1), 0));
        apply(work, &agenda::steps::ADMIT, item, Order::given(Note::NONE))?;
        let sum = cast.province.sum_of(points)?;
        councils::score(stage, &cast.province, *item, (sum, Least::Any), on(held, turn * 10))?;
    }
    councils::council_closed(stage, office, council, on(held.plus_days(4), 0))?;
    let rated = entrants.into_iter().zip(items).collect();
    let unit = (&cast.province, office, &cast.signatory);
    let certified = recognised(stage, unit, rated, "3116/QĐ-UBND", day("2025-12-10")?)?;
    road::cycle_closed(stage, office, &cycle, moment("2026-01-15", 0)?)?;
    let all: [Certified; OF_2025.len()] =
        certified.try_into().map_err(|_| Error::internal("the demo certified too little in 2025"))?;
    let [good, raised, revoked, recalled, held, demanded] = all;
    Ok(Of2025 { good, raised, revoked, recalled, held, demanded })
}

fn first_of(certified: Vec<Certified>) -> Result<Certified> {
    certified.into_iter().next().ok_or_else(|| Error::internal("the demo certified nothing"))
}

/// The sets that products of an edition are scored with.
fn sets_imported<'a>(
    stage: &mut Stage,
    cast: &Cast,
    edition: EditionCode,
    kindreds: impl Iterator<Item = &'a Kindred>,
    at: &str,
) -> Result<()> {
    for Kindred { criteria_set, .. } in kindreds {
        if criteria::store::latest(stage.connection, criteria_set, edition)?.is_some_and(|set| set.complete) {
            continue;
        }
        let newest = criteria::store::latest(stage.connection, criteria_set, EditionCode::Of2026)?;
        let mut set = newest.ok_or_else(|| Error::internal(format!("no criteria set {criteria_set}")))?.tree.0;
        set.edition = edition;
        set.title = format!("{} (minh họa)", set.title);
        set.title_en = format!("{} (made up for the demo)", set.title_en);
        set.note = Some("Bộ minh họa của bản trình diễn, dựng theo bộ của 26/2026/QĐ-TTg; không phải văn bản.".into());
        let groups = set.parts.iter_mut().flat_map(|part| part.groups.iter_mut());
        let options = groups.flat_map(|group| group.criteria.iter_mut()).flat_map(|one| one.options.iter_mut());
        options.for_each(|option| option.least_for_stars = None);
        apply_creation(&mut stage.work(&cast.office, moment(at, 0)?), &criteria::steps::IMPORT, set)?;
    }
    Ok(())
}

fn cycle_opened(
    stage: &mut Stage,
    cast: &Cast,
    edition: EditionCode,
    opened: &str,
    rounds: &[(i32, &str, &str)],
) -> Result<Cycle> {
    let opened_on = day(opened)?;
    let round = |(number, first, last): &(i32, &str, &str)| {
        Ok(Round { number: *number, district_deadline: day(first)?, province_deadline: day(last)? })
    };
    let form = CycleForm {
        year: opened_on.year(),
        edition: Some(edition),
        idea_deadline: opened_on.plus_days(120),
        rounds: Some(rounds.iter().map(round).collect::<Result<_>>()?),
        targets: Targets::default(),
        stamps_from: StampsFrom::PlanApproved,
        conditions: Vec::new(),
    };
    road::cycle_opened(stage, &cast.office, form, on(opened_on, 0))
}

/// Products whose dossiers were handed in before a session.
fn in_time(stage: &mut Stage, cast: &Cast, cycle: &Cycle, held: Day, kindreds: &[Kindred]) -> Result<Vec<Entrant>> {
    let mut entrants = Vec::new();
    for kindred in kindreds {
        let entrant = entered(stage, cast, cycle, *kindred, None, held.plus_days(-60))?;
        handed_in(stage, &entrant, on(held.plus_days(-20), 0))?;
        entrants.push(entrant);
    }
    Ok(entrants)
}

type Rated = (Entrant, crate::base::id::AgendaItemId);

/// A round at the district, whose council finds three stars in all products.
fn round(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    number: i32,
    held: &str,
    kindreds: &[Kindred],
) -> Result<Vec<Rated>> {
    let held = day(held)?;
    let entrants = in_time(stage, cast, cycle, held, kindreds)?;
    let (office, council) = (&cast.district.office, &cast.district.council);
    let opened = on(held.plus_days(-6), 0);
    let made = councils::council_opened(stage, office, council, cycle.id, number, opened)?;
    let dossiers = entrants.iter().map(|entrant| entrant.dossier).collect();
    let items = councils::on_agenda(stage, office, made, dossiers, on(held.plus_days(-5), 0))?;
    for (item, turn) in items.iter().zip(0..) {
        let sum = council.sum_of(stage.chance.between(55, 66))?;
        councils::score(stage, council, *item, (sum, Least::Any), on(held, turn * 10))?;
    }
    councils::council_closed(stage, office, made, on(held.plus_days(3), 0))?;
    Ok(entrants.into_iter().zip(items).collect())
}

fn district_recognises(
    stage: &mut Stage,
    cast: &Cast,
    rated: Vec<Rated>,
    number: &str,
    signed_on: &str,
) -> Result<Vec<Certified>> {
    let unit = (&cast.district.council, &cast.district.office, &cast.district.signatory);
    recognised(stage, unit, rated, number, day(signed_on)?)
}

/// A decision that recognises products, drafted and signed by a unit on a day.
fn recognised(
    stage: &mut Stage,
    (council, office, signatory): (&Council, &Actor, &Actor),
    rated: Vec<Rated>,
    number: &str,
    signed_on: Day,
) -> Result<Vec<Certified>> {
    let form = DecisionForm {
        agenda_item_ids: rated.iter().map(|(_, item)| *item).collect(),
        ..DecisionForm::blank(DecisionKind::Recognise, council.unit.clone())
    };
    let draft = councils::decision_drafted(stage, office, form, on(signed_on, 0))?;
    councils::promulgated(stage, signatory, draft, number, on(signed_on, 120))?;
    let certificate = |(entrant, item)| {
        let found = certificate_store::of_agenda_item(stage.connection, item)?;
        let certificate = found.ok_or_else(|| Error::internal("a recognised product without its certificate"))?.id;
        Ok(Certified { entrant, certificate })
    };
    rated.into_iter().map(certificate).collect()
}
