//! The open year 2021 with something at every stage, and one stamp for each verdict.

use crate::base::id::{CertificateId, CycleId};
use crate::base::{Error, Moment, Result};
use crate::cycle::EditionCode;
use crate::cycle::rules::{Round, StampsFrom, Targets};
use crate::cycle::steps::CycleForm;
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind as DecisionKind;
use crate::demo::first::cast::{Cast, DISTRICT, Producer};
use crate::demo::first::figures::{Entrant, Year};
use crate::demo::first::products::KNOWN;
use crate::demo::inspections::{self, Subjects, Team};
use crate::demo::scoring::Least;
use crate::demo::stage::{Stage, day, moment, on};
use crate::demo::stamps::{self, Sample, Shelf};
use crate::demo::support::{self, Claimant, Claims, Office, Rewarded};
use crate::demo::{councils, road};
use crate::idea::rules::{IdeaVerb, Kind};
use crate::idea::steps::IdeaForm;
use crate::rating::agenda;
use crate::station::{Note, Order, apply, apply_creation};
use crate::{idea, plan, product};

/// Fills 2021 up to `now` and makes the sample stamps.
pub fn of_2021(stage: &mut Stage, cast: &Cast, now: Moment, y2019: &Year, y2020: &Year) -> Result<Vec<Sample>> {
    let form = CycleForm {
        year: 2021,
        edition: Some(EditionCode::Of2019),
        idea_deadline: day("2021-03-31")?,
        rounds: Some(vec![
            Round { number: 1, district_deadline: day("2021-05-31")?, province_deadline: day("2021-06-30")? },
            Round { number: 2, district_deadline: day("2021-11-30")?, province_deadline: day("2021-12-31")? },
        ]),
        targets: Targets { certified: Some(50), ..Targets::default() },
        stamps_from: StampsFrom::PlanApproved,
        conditions: Vec::new(),
    };
    let cycle = road::cycle_opened(stage, &cast.office, form, moment("2021-01-11", 0)?)?;
    let own: Vec<Producer> =
        cast.producers.iter().filter(|producer| producer.district.as_str() == DISTRICT).cloned().collect();
    let entrants = road_to_dossiers(stage, cast, cycle.id, &own)?;
    councils(stage, cast, cycle.id, &entrants)?;
    samples(stage, cast, now, &entrants, y2019, y2020)
}

/// The set of what cannot carry a stamp on a jar.
const TOURISM: &str = "du-lich-cong-dong-diem-du-lich";

/// Products that are new in 2021, each with the criteria set of its kind.
const NEW: [(&str, &str); 18] = [
    ("Mật ong hoa keo", "mat-ong"),
    ("Chè xanh túi lọc", "che-tuoi-che-bien"),
    ("Giò nhung", "che-bien-tu-thit-trung-sua"),
    ("Cam sấy dẻo", "che-bien-tu-rau-cu-qua-hat"),
    ("Bánh gai", "do-an-nhanh"),
    ("Măng khô", "che-bien-tu-rau-cu-qua-hat"),
    ("Trà vằng", "san-pham-khac-tu-che-tra"),
    ("Rượu gạo men lá", "ruou-trang"),
    ("Mật ong ngâm chanh", "mat-ong"),
    ("Đũa tre", "thu-cong-my-nghe-gia-dung"),
    ("Xà phòng gừng", "my-pham"),
    ("Nước sả gừng", "do-uong-khong-con"),
    ("Hồng không hạt", "rau-cu-qua-hat-tuoi"),
    ("Thịt bò gác bếp", "che-bien-tu-thit-trung-sua"),
    ("Bún khô", "che-bien-tu-gao-ngu-coc"),
    ("Muối vừng", "gia-vi-khac"),
    ("Chổi đót", "thu-cong-my-nghe-gia-dung"),
    ("Nhung hươu khô", "che-bien-tu-thit-trung-sua"),
];

/// Ideas at each of their stages, plans at each of theirs; the approved ones come back with their dossiers.
fn road_to_dossiers(stage: &mut Stage, cast: &Cast, cycle: CycleId, own: &[Producer]) -> Result<Vec<Entrant>> {
    let mut entrants = Vec::new();
    for ((name, set), place) in NEW.into_iter().zip(0..) {
        let producer = own
            .get(usize::try_from(place).map_err(Error::internal)? % own.len())
            .cloned()
            .ok_or_else(|| Error::internal("the demo's district has no producers"))?;
        let form = IdeaForm {
            cycle_id: cycle,
            producer_id: None,
            kind: Kind::New,
            product_id: None,
            product_name: format!("{name} {}", producer.brand),
            criteria_set: set.to_owned(),
            description: format!("{name} của {}, làm từ nguyên liệu tại chỗ.", producer.commune_name),
            target_value: crate::base::Vnd::new(450_000_000).unwrap_or_default(),
            packaging: "Túi và hộp giấy có nhãn.".into(),
        };
        let at = on(day("2021-01-12")?.plus_days(place % 6), 60);
        if place == 17 {
            apply_creation(&mut stage.work(&producer.actor, at), &idea::steps::CREATE, form)?;
            continue;
        }
        let idea = road::registered_idea(stage, &producer.actor, form, at)?;
        let steps: &[IdeaVerb] = match place {
            16 => &[],
            15 => &[IdeaVerb::Forward],
            14 => &[IdeaVerb::Return],
            13 => &[IdeaVerb::Forward, IdeaVerb::Reject],
            12 => &[IdeaVerb::Forward, IdeaVerb::Select],
            _ => &[IdeaVerb::Forward, IdeaVerb::Select, IdeaVerb::Accept],
        };
        let idea = road::go(stage, cast.way(&producer)?, idea, steps, at)?;
        let finance = |stage: &mut Stage| road::finance(stage, 2021, [900, 200, 30, 250]);
        match place {
            0..=9 => {
                let money = finance(stage)?;
                let approved = day("2021-02-01")?.plus_days(place % 3);
                let dossier = road::plan_approved(stage, cast.way(&producer)?, &idea, money, approved)?;
                entrants.push(Entrant::of(producer, &dossier));
            }
            10 => {
                let money = finance(stage)?;
                road::plan_submitted(stage, &producer.actor, road::plan_form(&idea, money), moment("2021-02-03", 0)?)?;
            }
            11 => {
                let money = finance(stage)?;
                let work = &mut stage.work(&producer.actor, moment("2021-02-04", 0)?);
                apply_creation(work, &plan::steps::CREATE, road::plan_form(&idea, money))?;
            }
            _ => {}
        }
    }
    Ok(entrants)
}

/// The councils of round 1: at the district an item in every state, at the province one rated and one to be admitted.
fn councils(stage: &mut Stage, cast: &Cast, cycle: CycleId, entrants: &[Entrant]) -> Result<()> {
    let code = DISTRICT.parse().map_err(Error::internal)?;
    let district = cast.district(&code)?;
    let council = &district.council;
    let at = |minutes| moment("2021-02-17", minutes);
    // The first dossiers are handed in; the last stay with their producers.
    let standing = entrants.get(..7).ok_or_else(|| Error::internal("the demo has too few dossiers"))?;
    for entrant in standing {
        councils::hand_in(stage, &entrant.producer.actor, entrant.dossier, moment("2021-02-08", 0)?)?;
    }
    let made = councils::council_opened(stage, &district.office, council, cycle, 1, moment("2021-02-09", 0)?)?;
    let dossiers = standing.iter().map(|entrant| entrant.dossier).collect();
    let items = councils::on_agenda(stage, &district.office, made, dossiers, moment("2021-02-10", 0)?)?;
    let mut sent = Vec::new();
    for ((item, entrant), place) in items.into_iter().zip(standing).zip(0i64..) {
        match place {
            0 | 1 => {
                councils::score(
                    stage,
                    council,
                    item,
                    (if place == 0 { 5 * 64 } else { 5 * 58 }, Least::Any),
                    at(place * 10)?,
                )?;
                let letter = Note { note: Some("Công văn số 88/UBND-NN ngày 18/02/2021".into()) };
                let mut work = stage.work(&district.office, moment("2021-02-18", 0)?);
                apply(&mut work, &agenda::steps::SEND_UP, &item, Order::given(letter))?;
                sent.push(entrant);
            }
            2 => councils::score(stage, council, item, (5 * 71, Least::Any), at(30)?)?,
            3 => councils::score(stage, council, item, (5 * 50 - 1, Least::Any), at(40)?)?,
            4 => {
                councils::open_scoring(stage, council, item, at(50)?)?;
                for (member, total) in council.scoring.iter().zip([60, 62, 59, 61, 63]) {
                    councils::submit_sheet(stage, member, item, (total, Least::Any), at(50)?)?;
                }
                councils::close_scoring(stage, council, item, at(50)?)?;
            }
            5 => {
                councils::open_scoring(stage, council, item, at(60)?)?;
                if let Some(member) = council.scoring.get(2) {
                    councils::submit_sheet(stage, member, item, (57, Least::Any), at(60)?)?;
                }
            }
            _ => {}
        }
    }
    at_the_province(stage, cast, cycle, &sent)
}

fn at_the_province(stage: &mut Stage, cast: &Cast, cycle: CycleId, sent: &[&Entrant]) -> Result<()> {
    let at = moment("2021-02-19", 0)?;
    let made = councils::council_opened(stage, &cast.office, &cast.province, cycle, 1, at)?;
    let dossiers = sent.iter().map(|entrant| entrant.dossier).collect();
    let items = councils::on_agenda(stage, &cast.office, made, dossiers, at)?;
    let Some(first) = items.first() else { return Ok(()) };
    apply(&mut stage.work(&cast.office, at), &agenda::steps::ADMIT, first, Order::given(Note::NONE))?;
    councils::score(stage, &cast.province, *first, (7 * 66 + 3, Least::Any), moment("2021-02-19", 60)?)?;
    let form = DecisionForm {
        agenda_item_ids: vec![*first],
        ..DecisionForm::blank(DecisionKind::Recognise, cast.province.unit.clone())
    };
    councils::decision_drafted(stage, &cast.office, form, moment("2021-02-19", 120)?)?;
    Ok(())
}

/// One stamp for each verdict, on products of the years before. What is bad never falls on a producer that the reports name.
fn samples(
    stage: &mut Stage,
    cast: &Cast,
    now: Moment,
    entrants: &[Entrant],
    y2019: &Year,
    y2020: &Year,
) -> Result<Vec<Sample>> {
    let own = cast.producers.first().ok_or_else(|| Error::internal("the demo has no producers"))?;
    let good = y2019.certified.iter().map(|(entrant, _)| entrant).find(|entrant| entrant.producer.actor == own.actor);
    let good = good.ok_or_else(|| Error::internal("the demo's own producer was not certified"))?;
    let of_2020 = unnamed(stage, y2020)?;
    let of_2019 = unnamed(stage, y2019)?;
    let chosen = |from: &[(Entrant, CertificateId)], place: usize| {
        from.get(place).cloned().ok_or_else(|| Error::internal("the demo certified too little"))
    };
    let (recalled, _) = chosen(&of_2020, 0)?;
    let (held, _) = chosen(&of_2020, 1)?;
    let (revoked, certificate) = chosen(&of_2019, 0)?;
    let [(passed, _), (replied, _), (overdue, _), (planned, _)] =
        [chosen(&of_2020, 2)?, chosen(&of_2020, 3)?, chosen(&of_2020, 4)?, chosen(&of_2020, 5)?];
    let subjects = Subjects {
        passed: passed.goods(),
        replied: replied.goods(),
        overdue: overdue.goods(),
        planned: planned.goods(),
        failed: None,
    };
    let team = Team { office: &cast.office, inspector: &cast.inspector, from: day("2021-02-01")? };
    inspections::played(stage, &team, subjects)?;
    supported(stage, cast, &of_2020, y2019)?;
    let unrated = entrants.last().ok_or_else(|| Error::internal("the demo has no dossiers"))?;
    let shelf = Shelf {
        good: good.goods(),
        recalled: recalled.goods(),
        held: held.goods(),
        revoked: revoked.goods(),
        warned: vec![("not_rated", unrated.goods())],
    };
    let staff = (&cast.office, &cast.inspector);
    stamps::samples(stage, staff, shelf, (day("2021-02-05")?, now), |stage| revoke(stage, cast, certificate))
}

/// Claims of 2020, the reward of the second round of 2019, and the draft of the one of 2020.
fn supported(stage: &mut Stage, cast: &Cast, of_2020: &[(Entrant, CertificateId)], y2019: &Year) -> Result<()> {
    let claimant = |place: usize| -> Result<Claimant> {
        let (entrant, _) = of_2020.get(place).ok_or_else(|| Error::internal("the demo certified too little"))?;
        let district = cast.districts.get(&entrant.producer.district);
        let district = district.ok_or_else(|| Error::internal("a producer's district has no office"))?;
        Ok(Claimant { goods: entrant.goods(), accepts: &district.office })
    };
    let claims = Claims {
        paid: claimant(6)?,
        taken_back: claimant(7)?,
        decided: claimant(8)?,
        sent: (claimant(9)?, 39),
        returned: claimant(10)?,
        handed_in: claimant(11)?,
    };
    let office = |from: &str| -> Result<Office> {
        Ok(Office { office: &cast.office, signatory: &cast.signatory, from: day(from)? })
    };
    support::claimed(stage, &office("2020-10-12")?, claims)?;
    let ends =
        [(y2019.certified.last(), "2020-02-03", Rewarded::Paid), (of_2020.last(), "2021-02-08", Rewarded::Drafted)];
    for (last, begins, how_far) in ends {
        let (_, certificate) = last.ok_or_else(|| Error::internal("the demo certified too little"))?;
        support::rewarded(stage, &office(begins)?, *certificate, "513/QĐ-UBND", how_far)?;
    }
    Ok(())
}

/// Certified goods of producers whose names are made up.
fn unnamed(stage: &mut Stage, year: &Year) -> Result<Vec<(Entrant, CertificateId)>> {
    let mut found = Vec::new();
    for (entrant, certificate) in &year.certified {
        let product = product::store::find(stage.connection, entrant.product)?.ok_or_else(Error::unknown)?;
        let is_named = KNOWN.iter().any(|(brand, _)| *brand == entrant.producer.brand);
        if !is_named && product.criteria_set != TOURISM {
            found.push((entrant.clone(), *certificate));
        }
    }
    Ok(found)
}

fn revoke(stage: &mut Stage, cast: &Cast, certificate: CertificateId) -> Result<()> {
    let form = DecisionForm {
        certificate_ids: vec![certificate],
        reason: Some("Không duy trì điều kiện an toàn thực phẩm.".into()),
        ..DecisionForm::blank(DecisionKind::Revoke, cast.province.unit.clone())
    };
    let draft = councils::decision_drafted(stage, &cast.office, form, moment("2021-02-17", 0)?)?;
    councils::promulgated(stage, &cast.signatory, draft, "512/QĐ-UBND", moment("2021-02-18", 0)?)
}
