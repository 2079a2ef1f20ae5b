//! The year 2026 under the act in force, up to the middle of September, with something at every stage.

use crate::base::id::{AgendaItemId, CouncilId};
use crate::base::{Error, Moment, Result, Stars};
use crate::cycle::rules::{self as cycles, Round, StampsFrom, Targets};
use crate::cycle::steps::CycleForm;
use crate::cycle::{Cycle, EditionCode};
use crate::decision::certificate_steps::{DemandForm, Letter, NOTIFY, RECORD_DEMAND};
use crate::decision::form::DecisionForm;
use crate::decision::result_notice;
use crate::decision::result_notice::steps::ResultNoticeForm;
use crate::decision::rules::{DemandKind, Ground, Kind as DecisionKind};
use crate::decision::store::RestsOn;
use crate::demo::councils;
use crate::demo::road;
use crate::demo::scoring::Least;
use crate::demo::second::cast::Cast;
use crate::demo::second::earlier::{Certified, Of2023, Of2025};
use crate::demo::second::group;
use crate::demo::second::outcome;
use crate::demo::second::products::{
    Entrant, Kindred, accepted_idea, entered, forwarded, handed_in, idea_form, kindred, samples_received,
};
use crate::demo::stage::{Stage, day, moment, on};
use crate::idea::rules::IdeaVerb;
use crate::rating::agenda;
use crate::station::{Note, Order, Reason, apply, apply_creation};
use crate::{dossier, idea, plan};

/// What the council of round 1 comes to: points, and what is made of the least options.
const ROUND_1: [(Kindred, i64, Wanted); 6] = [
    (kindred(3, "Trà vằng", "san-pham-tra-tu-thuc-vat-khac"), 75, Wanted::Met(4)),
    (kindred(4, "Giò bò", "che-bien-tu-thit-thuy-san-trung-sua-cac-san-pham-tu-mat-ong"), 61, Wanted::Met(3)),
    (kindred(7, "Miến dong", "che-bien-tu-gao-ngu-coc"), 46, Wanted::Met(3)),
    (kindred(8, "Mật ong rú", "mat-ong"), 72, Wanted::Unmet(3)),
    (kindred(6, "Mật ong sữa chúa", "mat-ong"), 93, Wanted::Met(5)),
    (kindred(5, "Tinh bột nghệ", "che-bien-tu-rau-cu-qua-hat"), 94, Wanted::Met(5)),
];

/// What is made of the least options of so many stars.
#[derive(Clone, Copy)]
enum Wanted {
    Met(i32),
    Unmet(i32),
}

impl Wanted {
    fn least(self) -> Result<Least> {
        let (stars, least): (i32, fn(Stars) -> Least) = match self {
            Self::Met(stars) => (stars, Least::MetThrough),
            Self::Unmet(stars) => (stars, Least::Unmet),
        };
        Stars::new(stars).map(least).ok_or_else(|| Error::internal("so many stars there are not"))
    }
}

/// New products on the agenda of round 2: one that is concluded, one that is being scored, one that was deferred.
const ROUND_2: [Kindred; 3] = [
    kindred(9, "Măng khô", "che-bien-tu-rau-cu-qua-hat"),
    kindred(10, "Nón lá", "thu-cong-my-nghe"),
    kindred(11, "Xà phòng gừng", "my-pham"),
];

/// Dossiers that no council has taken up: open, given back by the commune, with the commune, overdue there, given back to
/// the commune by the office, sent on.
const DOSSIERS: [Kindred; 6] = [
    kindred(3, "Gạo sạch", "gao-ngu-coc-hat-so-che-khac"),
    kindred(4, "Nước mắm", "tuong-nuoc-mam-gia-vi-long"),
    kindred(5, "Rượu mơ", "do-uong-co-con-khac"),
    kindred(6, "Tinh dầu tràm", "tinh-dau-va-duoc-lieu-khac"),
    kindred(7, "Bưởi quả", "rau-cu-qua-hat-tuoi"),
    kindred(8, "Hoa cúc", "hoa"),
];

/// Ideas that are not accepted, and how far they went.
const IDEAS: [(Kindred, Option<&[IdeaVerb]>); 5] = [
    (kindred(9, "Cây cảnh", "cay-canh"), None),
    (kindred(10, "Khăn dệt tay", "vai-may-mac"), Some(&[])),
    (kindred(11, "Cà phê rang", "ca-phe-ca-cao"), Some(&[IdeaVerb::Forward])),
    (kindred(0, "Nước tinh khiết", "nuoc-khoang-nuoc-uong-tinh-khiet"), Some(&[IdeaVerb::Return])),
    (kindred(1, "Cá cảnh", "dong-vat-canh"), Some(&[IdeaVerb::Forward, IdeaVerb::Reject])),
];

/// Accepted ideas: without a plan, with a draft of one, with one that was handed in, with one that came back.
const PLANS: [Kindred; 4] = [
    kindred(2, "Bột sắn dây", "che-bien-tu-gao-ngu-coc"),
    kindred(3, "Nước sả gừng", "do-uong-khong-con"),
    kindred(4, "Cao đinh lăng", "thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct"),
    kindred(5, "Trứng gà đồi", "thit-thuy-san-trung-sua-tuoi"),
];

/// How many products come to a dossier, those that are raised or rated again among them.
pub const ENTERED: usize = ROUND_1.len() + ROUND_2.len() + DOSSIERS.len() + 3;

pub struct Of2026 {
    /// A product whose dossier is with its commune.
    pub unrated: Entrant,
}

pub fn of_2026(stage: &mut Stage, cast: &Cast, before: (&Of2023, &Of2025)) -> Result<Of2026> {
    let edition = EditionCode::Of2026;
    let mut rounds = cycles::usual_rounds(&edition.edition()?, 2026)?;
    // A council that is not open yet needs a round of its own.
    rounds.push(Round { number: 3, district_deadline: day("2026-11-30")?, province_deadline: day("2026-12-30")? });
    let form = CycleForm {
        year: 2026,
        edition: Some(edition),
        idea_deadline: day("2026-09-30")?,
        rounds: Some(rounds),
        targets: Targets { certified: Some(60), four_stars_or_more: Some(10), ..Targets::default() },
        stamps_from: StampsFrom::PlanApproved,
        conditions: Vec::new(),
    };
    let cycle = road::cycle_opened(stage, &cast.office, form, moment("2026-05-22", 0)?)?;
    round_1(stage, cast, &cycle)?;
    let (of_2023, of_2025) = before;
    certificates(stage, cast, of_2023, of_2025)?;
    round_2(stage, cast, &cycle, before)?;
    let at = moment("2026-09-14", 0)?;
    councils::council_drafted(stage, &cast.office, &cast.province, cycle.id, 3, at)?;
    ideas_and_plans(stage, cast, &cycle)?;
    Ok(Of2026 { unrated: dossiers(stage, cast, &cycle)? })
}

/// A product whose dossier its commune sent on, with its samples.
fn ready(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    of: (Kindred, Option<&Certified>),
    submitted: &str,
) -> Result<Entrant> {
    let submitted = day(submitted)?;
    let (kindred, certified) = of;
    let product = certified.map(|certified| certified.entrant.product);
    let entrant = entered(stage, cast, cycle, kindred, product, submitted.plus_days(-3))?;
    handed_in(stage, &entrant, on(submitted, 0))?;
    forwarded(stage, cast, &entrant, on(submitted.plus_days(7), 0))?;
    samples_received(stage, cast, &entrant, on(submitted.plus_days(8), 0))?;
    Ok(entrant)
}

/// Round 1, held soon after the act came into force: an outcome of each kind, each told in writing.
fn round_1(stage: &mut Stage, cast: &Cast, cycle: &Cycle) -> Result<()> {
    let mut entrants = Vec::new();
    for (kindred, ..) in ROUND_1 {
        entrants.push(ready(stage, cast, cycle, (kindred, None), "2026-06-11")?);
    }
    let made = councils::council_opened(stage, &cast.office, &cast.province, cycle.id, 1, moment("2026-06-19", 0)?)?;
    let items = on_agenda(stage, cast, made, &entrants, ("2026-06-22", "2026-06-26"))?;
    for (item, number) in items.iter().zip(1..) {
        group::surveyed(stage, &cast.office, *item, day("2026-06-23")?)?;
        group::reported(stage, &cast.office, *item, &format!("{number:02}/BC-TTV"), day("2026-06-25")?)?;
    }
    for ((item, (_, points, wanted)), turn) in items.iter().zip(ROUND_1).zip(0..) {
        let sum = cast.province.sum_of(points)?;
        let at = on(day("2026-06-26")?, turn * 10);
        councils::score(stage, &cast.province, *item, (sum, wanted.least()?), at)?;
    }
    councils::council_closed(stage, &cast.office, made, moment("2026-06-29", 0)?)?;
    for (item, number) in items.iter().zip(1..) {
        notice(stage, cast, *item, number, moment("2026-06-30", 0)?)?;
    }
    let [four, three, _, unmet, waits, given] = items.as_slice() else {
        return Err(Error::internal("round 1 lacks products"));
    };
    if let Some(entrant) = entrants.get(3) {
        outcome::appealed(stage, cast, entrant, *unmet)?;
    }
    let decide = |stage: &mut Stage, kind, items: Vec<AgendaItemId>, number: &str| {
        let form = DecisionForm { agenda_item_ids: items, ..DecisionForm::blank(kind, cast.province.unit.clone()) };
        let draft = councils::decision_drafted(stage, &cast.office, form, moment("2026-07-06", 0)?)?;
        councils::promulgated(stage, &cast.signatory, draft, number, moment("2026-07-14", 0)?)
    };
    decide(stage, DecisionKind::Recognise, vec![*four, *three], "1702/QĐ-UBND")?;
    decide(stage, DecisionKind::ApproveResult, vec![*waits, *given], "1703/QĐ-UBND")?;
    outcome::given_by_centre(stage, cast, *given)?;
    outcome::shops(stage, cast, &entrants)
}

/// Puts dossiers on the agenda of a session, sends them out in time and admits them.
fn on_agenda(
    stage: &mut Stage,
    cast: &Cast,
    council: CouncilId,
    entrants: &[Entrant],
    (sent, session): (&str, &str),
) -> Result<Vec<AgendaItemId>> {
    let (at, session) = (moment(sent, 0)?, day(session)?);
    let dossiers = entrants.iter().map(|entrant| entrant.dossier).collect();
    let items = councils::on_agenda(stage, &cast.office, council, dossiers, at)?;
    for item in &items {
        let dates = agenda::steps::DatesChange {
            session_on: Some(Some(session)),
            dossier_sent_on: Some(Some(at.day())),
            samples_sent_on: Some(Some(at.day())),
        };
        apply(&mut stage.work(&cast.office, at), &agenda::steps::CHANGE, item, Order::given(dates))?;
        apply(&mut stage.work(&cast.office, at), &agenda::steps::ADMIT, item, Order::given(Note::NONE))?;
    }
    Ok(items)
}

fn notice(stage: &mut Stage, cast: &Cast, item: AgendaItemId, number: usize, at: Moment) -> Result<()> {
    let number = format!("{number:02}/TB-VPĐP");
    let form = ResultNoticeForm { agenda_item_id: item, number, dated: at.day(), remark: None };
    apply_creation(&mut stage.work(&cast.office, at), &result_notice::steps::CREATE, form)?;
    Ok(())
}

/// What becomes of earlier certificates: one is announced to end, of one the ministry demands a new rating.
fn certificates(stage: &mut Stage, cast: &Cast, of_2023: &Of2023, of_2025: &Of2025) -> Result<()> {
    let letter = Letter { letter_number: "88/VPĐP".into(), letter_date: day("2026-08-03")? };
    let work = &mut stage.work(&cast.office, moment("2026-08-03", 0)?);
    apply(work, &NOTIFY, &of_2023.transitional.certificate, Order::given(letter))?;
    let form = DemandForm {
        asks: DemandKind::RateAgain,
        number: "512/BNNMT-VPĐP".into(),
        dated: day("2026-08-24")?,
        content: "Đánh giá, phân hạng lại do thay đổi nguồn nguyên liệu.".into(),
    };
    let work = &mut stage.work(&cast.office, moment("2026-08-26", 0)?);
    apply(work, &RECORD_DEMAND, &of_2025.demanded.certificate, Order::given(form))
}

/// Takes a certificate back on a ground of the act.
pub fn revoked(stage: &mut Stage, cast: &Cast, certified: &Certified) -> Result<()> {
    let form = DecisionForm {
        certificate_ids: vec![certified.certificate],
        reason: Some("Không còn đáp ứng tiêu chí về an toàn thực phẩm.".into()),
        ground: Some(Ground::CriteriaNotMet),
        rests_on: Some(RestsOn {
            number: "27/KL-TTr".into(),
            authority: "Thanh tra tỉnh Hà Tĩnh".into(),
            dated: day("2026-09-03")?,
        }),
        ..DecisionForm::blank(DecisionKind::Revoke, cast.province.unit.clone())
    };
    let draft = councils::decision_drafted(stage, &cast.office, form, moment("2026-09-09", 0)?)?;
    councils::promulgated(stage, &cast.signatory, draft, "2290/QĐ-UBND", moment("2026-09-11", 0)?)
}

/// Round 2, in the middle of its session: an item in every state, products that are rated again and raised among them.
fn round_2(stage: &mut Stage, cast: &Cast, cycle: &Cycle, (of_2023, of_2025): (&Of2023, &Of2025)) -> Result<()> {
    let again = |certified: &Certified| certified.entrant.kindred;
    let mut entrants = Vec::new();
    for kindred in ROUND_2 {
        entrants.push(ready(stage, cast, cycle, (kindred, None), "2026-08-25")?);
    }
    for (certified, submitted) in
        [(&of_2025.raised, "2026-08-20"), (&of_2023.kept, "2026-07-20"), (&of_2023.transitional, "2026-08-28")]
    {
        entrants.push(ready(stage, cast, cycle, (again(certified), Some(certified)), submitted)?);
    }
    let made = councils::council_opened(stage, &cast.office, &cast.province, cycle.id, 2, moment("2026-09-07", 0)?)?;
    let (waiting, taken) = entrants.split_last().ok_or_else(|| Error::internal("round 2 lacks products"))?;
    let items = on_agenda(stage, cast, made, taken, ("2026-09-08", "2026-09-14"))?;
    let [concluded, scoring, deferred, scored, _] = items.as_slice() else {
        return Err(Error::internal("round 2 lacks products"));
    };
    // The last one is on the agenda and not admitted yet.
    councils::on_agenda(stage, &cast.office, made, vec![waiting.dossier], moment("2026-09-10", 0)?)?;
    for (item, number) in [(*concluded, 7), (*scored, 8)] {
        group::surveyed(stage, &cast.office, item, day("2026-09-09")?)?;
        group::reported(stage, &cast.office, item, &format!("{number:02}/BC-TTV"), day("2026-09-11")?)?;
    }
    // Its tests are not back yet, which is why it is deferred.
    group::survey_begun(stage, &cast.office, *deferred, day("2026-09-10")?)?;
    group::report_drafted(stage, &cast.office, *deferred, on(day("2026-09-11")?, 0))?;
    let council = &cast.province;
    let least = Wanted::Met(3).least()?;
    let at = moment("2026-09-14", 0)?;
    councils::score(stage, council, *concluded, (council.sum_of(63)?, least), at)?;
    councils::open_scoring(stage, council, *scored, moment("2026-09-14", 30)?)?;
    for (member, total) in council.scoring.iter().zip([71, 73, 72, 70, 74, 72, 73]) {
        councils::submit_sheet(stage, member, *scored, (total, least), moment("2026-09-14", 30)?)?;
    }
    councils::close_scoring(stage, council, *scored, moment("2026-09-14", 60)?)?;
    councils::open_scoring(stage, council, *scoring, moment("2026-09-14", 90)?)?;
    for member in council.scoring.iter().take(2) {
        councils::submit_sheet(stage, member, *scoring, (58, least), moment("2026-09-14", 90)?)?;
    }
    let reason = Reason::new(Some("Chờ kết quả kiểm nghiệm bổ sung.".into()))?;
    apply(&mut stage.work(&cast.office, at), &agenda::steps::DEFER, deferred, Order::given(reason))?;
    let form = DecisionForm {
        agenda_item_ids: vec![*concluded],
        ..DecisionForm::blank(DecisionKind::Recognise, council.unit.clone())
    };
    councils::decision_drafted(stage, &cast.office, form, moment("2026-09-14", 300)?)?;
    Ok(())
}

fn ideas_and_plans(stage: &mut Stage, cast: &Cast, cycle: &Cycle) -> Result<()> {
    for (kindred, verbs) in IDEAS {
        let producer = cast.producer(kindred.producer)?;
        let form = idea_form(cycle.id, producer, kindred, None)?;
        let at = moment("2026-09-04", 0)?;
        let Some(verbs) = verbs else {
            apply_creation(&mut stage.work(&producer.actor, at), &idea::steps::CREATE, form)?;
            continue;
        };
        let idea = road::registered_idea(stage, &producer.actor, form, at)?;
        road::go(stage, cast.way(producer, false)?, idea, verbs, at)?;
    }
    for (kindred, place) in PLANS.into_iter().zip(0..) {
        let producer = &cast.producer(kindred.producer)?.actor;
        let idea = accepted_idea(stage, cast, cycle, kindred, None, moment("2026-08-24", 0)?)?;
        let money = road::finance(stage, cycle.year, [700, 150, 0, 200])?;
        let form = road::plan_form(&idea, money);
        let at = moment("2026-09-07", 0)?;
        match place {
            0 => {}
            1 => drop(apply_creation(&mut stage.work(producer, at), &plan::steps::CREATE, form)?),
            2 => drop(road::plan_submitted(stage, producer, form, at)?),
            _ => {
                let id = road::plan_submitted(stage, producer, form, at)?;
                let reason = Reason::new(Some("Đề nghị làm rõ nguồn vốn vay.".into()))?;
                let work = &mut stage.work(&cast.office, moment("2026-09-10", 0)?);
                apply(work, &plan::steps::RETURN, &id, Order::given(reason))?;
            }
        }
    }
    Ok(())
}

/// Dossiers that no council has taken up; the one that lies with its commune comes back.
fn dossiers(stage: &mut Stage, cast: &Cast, cycle: &Cycle) -> Result<Entrant> {
    let mut entrants = Vec::new();
    for kindred in DOSSIERS {
        entrants.push(entered(stage, cast, cycle, kindred, None, day("2026-08-05")?)?);
    }
    let [_, given_back, submitted, overdue, sent_back, sent_on] = entrants.as_slice() else {
        return Err(Error::internal("the demo has too few dossiers"));
    };
    handed_in(stage, given_back, moment("2026-09-03", 0)?)?;
    let reason = Reason::new(Some("Thiếu hợp đồng thu mua nguyên liệu.".into()))?;
    let commune = cast.commune(&given_back.producer.commune)?;
    let work = &mut stage.work(commune, moment("2026-09-08", 0)?);
    apply(work, &dossier::steps::RETURN, &given_back.dossier, Order::given(reason))?;
    handed_in(stage, submitted, moment("2026-09-10", 0)?)?;
    handed_in(stage, overdue, moment("2026-08-10", 0)?)?;
    for (entrant, day) in [(sent_back, "2026-09-04"), (sent_on, "2026-09-11")] {
        handed_in(stage, entrant, moment("2026-08-31", 0)?)?;
        forwarded(stage, cast, entrant, moment(day, 0)?)?;
    }
    let reason = Reason::new(Some("Bổ sung phiếu kiểm nghiệm và ảnh vùng nguyên liệu.".into()))?;
    let work = &mut stage.work(&cast.office, moment("2026-09-11", 0)?);
    apply(work, &dossier::steps::RETURN, &sent_back.dossier, Order::given(reason))?;
    samples_received(stage, cast, sent_on, moment("2026-09-14", 0)?)?;
    Ok(submitted.clone())
}
