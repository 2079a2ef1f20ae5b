//! The open year 2021 with something at every stage, and one stamp for each verdict.

use std::net::{IpAddr, Ipv4Addr};

use crate::account::Actor;
use crate::base::id::{CertificateId, CycleId, LotId, StampOrderId};
use crate::base::{Error, Moment, Result};
use crate::cycle::EditionCode;
use crate::cycle::rules::{Round, StampsFrom, Targets};
use crate::cycle::steps::CycleForm;
use crate::decision::form::DecisionForm;
use crate::decision::promulgation::Signature;
use crate::decision::rules::Kind as DecisionKind;
use crate::demo::cast::{Cast, DISTRICT, Producer};
use crate::demo::figures::{Entrant, Year};
use crate::demo::names::KNOWN;
use crate::demo::sessions;
use crate::demo::stage::{Stage, day, moment, on};
use crate::demo::year;
use crate::hold::steps::HoldForm;
use crate::http::{ClientAddress, Language};
use crate::idea::rules::{IdeaVerb, Kind};
use crate::idea::steps::IdeaForm;
use crate::lot::event_rules::{EventForm, EventKind};
use crate::lot::rules::LotForm;
use crate::rating::agenda;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::orders;
use crate::stamp::orders::activation::ActivationRequest;
use crate::stamp::rules::VoidForm;
use crate::stamp::scan::{self, Scan};
use crate::station::{Note, Order, Reason, apply, apply_creation};
use crate::{decision, hold, idea, lot, plan, product};

/// A stamp to try, and what its scan shows.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Sample {
    pub verdict: String,
    pub code: String,
}

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
    let cycle = year::cycle_opened(stage, cast, form, moment("2021-01-11", 0)?)?;
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
        let idea = year::registered_idea(stage, &producer, form, at)?;
        let steps: &[IdeaVerb] = match place {
            16 => &[],
            15 => &[IdeaVerb::Forward],
            14 => &[IdeaVerb::Return],
            13 => &[IdeaVerb::Forward, IdeaVerb::Reject],
            12 => &[IdeaVerb::Forward, IdeaVerb::Select],
            _ => &[IdeaVerb::Forward, IdeaVerb::Select, IdeaVerb::Accept],
        };
        let idea = year::go(stage, cast, &producer, idea, steps, at)?;
        let finance = |stage: &mut Stage| year::finance(stage, 2021, [900, 200, 30, 250]);
        match place {
            0..=9 => {
                let money = finance(stage)?;
                let approved = day("2021-02-01")?.plus_days(place % 3);
                entrants.push(year::plan_approved(stage, cast, &producer, &idea, money, approved)?);
            }
            10 => {
                let money = finance(stage)?;
                year::plan_submitted(stage, &producer, year::plan_form(&idea, money), moment("2021-02-03", 0)?)?;
            }
            11 => {
                let money = finance(stage)?;
                let work = &mut stage.work(&producer.actor, moment("2021-02-04", 0)?);
                apply_creation(work, &plan::steps::CREATE, year::plan_form(&idea, money))?;
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
        sessions::hand_in(stage, entrant, moment("2021-02-08", 0)?)?;
    }
    let made = sessions::council_opened(stage, &district.office, council, cycle, 1, moment("2021-02-09", 0)?)?;
    let dossiers = standing.iter().map(|entrant| entrant.dossier).collect();
    let items = sessions::on_agenda(stage, &district.office, made, dossiers, moment("2021-02-10", 0)?)?;
    let mut sent = Vec::new();
    for ((item, entrant), place) in items.into_iter().zip(standing).zip(0i64..) {
        match place {
            0 | 1 => {
                sessions::score(stage, council, item, if place == 0 { 5 * 64 } else { 5 * 58 }, at(place * 10)?)?;
                let letter = Note { note: Some("Công văn số 88/UBND-NN ngày 18/02/2021".into()) };
                let mut work = stage.work(&district.office, moment("2021-02-18", 0)?);
                apply(&mut work, &agenda::steps::SEND_UP, &item, Order::given(letter))?;
                sent.push(entrant);
            }
            2 => sessions::score(stage, council, item, 5 * 71, at(30)?)?,
            3 => sessions::score(stage, council, item, 5 * 50 - 1, at(40)?)?,
            4 => {
                sessions::open_scoring(stage, council, item, at(50)?)?;
                for (member, total) in council.scoring.iter().zip([60, 62, 59, 61, 63]) {
                    sessions::submit_sheet(stage, member, item, total, at(50)?)?;
                }
                sessions::close_scoring(stage, council, item, at(50)?)?;
            }
            5 => {
                sessions::open_scoring(stage, council, item, at(60)?)?;
                if let Some(member) = council.scoring.get(2) {
                    sessions::submit_sheet(stage, member, item, 57, at(60)?)?;
                }
            }
            _ => {}
        }
    }
    at_the_province(stage, cast, cycle, &sent)
}

fn at_the_province(stage: &mut Stage, cast: &Cast, cycle: CycleId, sent: &[&Entrant]) -> Result<()> {
    let at = moment("2021-02-19", 0)?;
    let made = sessions::council_opened(stage, &cast.office, &cast.province, cycle, 1, at)?;
    let dossiers = sent.iter().map(|entrant| entrant.dossier).collect();
    let items = sessions::on_agenda(stage, &cast.office, made, dossiers, at)?;
    let Some(first) = items.first() else { return Ok(()) };
    apply(&mut stage.work(&cast.office, at), &agenda::steps::ADMIT, first, Order::given(Note::NONE))?;
    sessions::score(stage, &cast.province, *first, 7 * 66 + 3, moment("2021-02-19", 60)?)?;
    let form = DecisionForm {
        kind: DecisionKind::Recognise,
        unit_code: cast.province.unit.clone(),
        agenda_item_ids: vec![*first],
        certificate_ids: Vec::new(),
        reason: None,
        stars: None,
        ground: None,
        rests_on: None,
    };
    apply_creation(&mut stage.work(&cast.office, moment("2021-02-19", 120)?), &decision::steps::CREATE, form)?;
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
    let mint = Mint::new(&stage.app().keys.clone())?;
    let own = cast.producers.first().ok_or_else(|| Error::internal("the demo has no producers"))?;
    let good = y2019.certified.iter().map(|(entrant, _)| entrant).find(|entrant| entrant.producer.actor == own.actor);
    let good = good.cloned().ok_or_else(|| Error::internal("the demo's own producer was not certified"))?;
    let of_2020 = unnamed(stage, y2020)?;
    let of_2019 = unnamed(stage, y2019)?;
    let chosen = |from: &[(Entrant, CertificateId)], place: usize| {
        from.get(place).cloned().ok_or_else(|| Error::internal("the demo certified too little"))
    };
    let mut samples = Vec::new();
    let mut add = |stage: &mut Stage, verdict: &str, order: StampOrderId, serial: i32| {
        let code = code(stage, &mint, order, serial)?;
        samples.push(Sample { verdict: verdict.to_owned(), code });
        Ok::<_, Error>(())
    };

    // 1 to 200 go onto good jars, 201 to 220 were spoilt, the others wait.
    let (order, lot) = goods(stage, cast, &good, "L01-2021")?;
    let form = VoidForm { from: 201, to: 220, reason: "Cuộn tem bị ướt khi vận chuyển".into() };
    let work = &mut stage.work(&good.producer.actor, moment("2021-02-10", 0)?);
    apply(work, &orders::steps::VOID, &order, Order::given(form))?;
    journey(stage, &good.producer.actor, lot)?;
    add(stage, "genuine", order, 1)?;
    add(stage, "not_activated", order, 300)?;
    add(stage, "void", order, 205)?;
    copied(stage, &mint, order, 2, now)?;
    add(stage, "suspect", order, 2)?;

    let (recalled, _) = chosen(&of_2020, 0)?;
    let (order, lot) = goods(stage, cast, &recalled, "L02-2021")?;
    let reason = Reason::new(Some("Mẫu kiểm nghiệm không đạt chỉ tiêu vi sinh".to_owned()))?;
    let work = &mut stage.work(&cast.inspector, moment("2021-02-15", 0)?);
    apply(work, &lot::steps::RECALL, &lot, Order::given(reason))?;
    add(stage, "recalled", order, 1)?;

    let (held, _) = chosen(&of_2020, 1)?;
    let (order, _) = goods(stage, cast, &held, "L03-2021")?;
    let reason = "Chờ kết quả kiểm tra điều kiện sản xuất".to_owned();
    let form = HoldForm { product_id: Some(held.product), lot_id: None, reason };
    apply_creation(&mut stage.work(&cast.inspector, moment("2021-02-16", 0)?), &hold::steps::CREATE, form)?;
    add(stage, "suspended", order, 1)?;

    let (revoked, certificate) = chosen(&of_2019, 0)?;
    let (order, _) = goods(stage, cast, &revoked, "L04-2021")?;
    revoke(stage, cast, certificate)?;
    add(stage, "revoked", order, 1)?;

    let unrated = entrants.last().ok_or_else(|| Error::internal("the demo has no dossiers"))?;
    let (order, _) = goods(stage, cast, unrated, "L05-2021")?;
    add(stage, "genuine, not_rated", order, 1)?;
    Ok(samples)
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

fn code(stage: &mut Stage, mint: &Mint, order: StampOrderId, serial: i32) -> Result<String> {
    let order = orders::store::find(stage.connection, order)?.ok_or_else(Error::unknown)?;
    Ok(mint.code(Minted { order: order.number, serial, key_id: order.key_id()? })?.to_string())
}

/// An order of 500 stamps, a lot, and the first 200 stamps bound to it.
fn goods(stage: &mut Stage, cast: &Cast, entrant: &Entrant, code: &str) -> Result<(StampOrderId, LotId)> {
    let order = year::order_stamps(stage, cast, entrant, 500, day("2021-02-05")?)?;
    let form = LotForm {
        product_id: entrant.product,
        code: code.to_owned(),
        produced_on: day("2021-02-01")?,
        expires_on: Some(day("2022-01-31")?),
        quantity: 500,
        unit: "hộp".into(),
        inputs: Vec::new(),
    };
    let work = &mut stage.work(&entrant.producer.actor, moment("2021-02-08", 0)?);
    let lot = apply_creation(work, &lot::steps::CREATE, form)?;
    let form = ActivationRequest::of_serials(1, 200, lot);
    let work = &mut stage.work(&entrant.producer.actor, moment("2021-02-08", 60)?);
    apply(work, &orders::steps::ACTIVATE, &order, Order::given(form))?;
    Ok((order, lot))
}

fn journey(stage: &mut Stage, producer: &Actor, lot: LotId) -> Result<()> {
    let steps = [
        (EventKind::Harvest, "2021-01-28", "Vườn của chủ thể", ""),
        (EventKind::Process, "2021-01-30", "Xưởng của chủ thể", "Lọc, hạ thủy phần"),
        (EventKind::Pack, "2021-02-01", "Xưởng của chủ thể", "Đóng hộp, dán tem"),
        (EventKind::Ship, "2021-02-09", "Điểm bán hàng OCOP", ""),
    ];
    for (kind, date, place, note) in steps {
        let order = Order::given(EventForm::new(kind, moment(date, 0)?, place, note));
        apply(&mut stage.work(producer, moment("2021-02-09", 60)?), &lot::steps::ADD_EVENT, &lot, order)?;
    }
    Ok(())
}

/// A stamp that was photographed and printed on many jars: phones in thirty networks scan it on one day.
fn copied(stage: &mut Stage, mint: &Mint, order: StampOrderId, serial: i32, now: Moment) -> Result<()> {
    let code = code(stage, mint, order, serial)?;
    let (_, stamp) = mint.read(&code).ok_or_else(|| Error::internal("a code that was just minted cannot be read"))?;
    let scans: Vec<Scan> = (1..=30u8)
        .map(|phone| Scan {
            stamp,
            language: Language::Vietnamese,
            place: None,
            client: ClientAddress::new(IpAddr::V4(Ipv4Addr::new(198, 18, phone, 1))),
            is_visitor: true,
        })
        .collect();
    scan::record(stage.connection, mint, &scans, now.plus(chrono::Duration::days(-2)))?;
    Ok(())
}

fn revoke(stage: &mut Stage, cast: &Cast, certificate: CertificateId) -> Result<()> {
    let form = DecisionForm {
        kind: DecisionKind::Revoke,
        unit_code: cast.province.unit.clone(),
        agenda_item_ids: Vec::new(),
        certificate_ids: vec![certificate],
        reason: Some("Không duy trì điều kiện an toàn thực phẩm.".into()),
        stars: None,
        ground: None,
        rests_on: None,
    };
    let draft =
        apply_creation(&mut stage.work(&cast.office, moment("2021-02-17", 0)?), &decision::steps::CREATE, form)?;
    let signature = Signature { number: "512/QĐ-UBND".into(), signed_on: day("2021-02-18")? };
    let work = &mut stage.work(&cast.signatory, moment("2021-02-18", 0)?);
    apply(work, &decision::steps::PROMULGATE, &draft, Order::given(signature))
}
