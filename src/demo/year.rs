//! Two years as they went: ideas, plans, two rounds of councils, certificates, stamps. The figures of the reports are
//! given here; who reached which of them is the demo's own choice.

use std::collections::BTreeMap;

use crate::account::Actor;
use crate::base::id::{AgendaItemId, CertificateId, CouncilId, CycleId, DossierId, ProductId};
use crate::base::{Day, Error, Moment, Result, UnitCode, Vnd};
use crate::cycle::api::CycleForm;
use crate::cycle::rules::{Round, StampsFrom, Targets};
use crate::cycle::{self, Cycle, EditionCode};
use crate::decision::rules::Kind as DecisionKind;
use crate::decision::steps::{DecisionForm, Signature};
use crate::decision::{self, certificate_store};
use crate::demo::cast::{Cast, Council, Producer};
use crate::demo::names::{PRODUCTS, UNSCORED};
use crate::demo::scoring;
use crate::demo::stage::{Stage, day, moment, on};
use crate::http::Request;
use crate::idea::rules::{Kind, Verb};
use crate::idea::steps::IdeaForm;
use crate::idea::{self, Idea};
use crate::plan::rules::Finance;
use crate::plan::steps::PlanForm;
use crate::rating::agenda::making::AgendaForm;
use crate::rating::agenda::{Session, steps};
use crate::rating::council::api::CouncilForm;
use crate::rating::sheet::api::SheetForm;
use crate::rating::{agenda, council, sheet};
use crate::shop::rules::{ShopForm, ShopProducts};
use crate::shop::store::Shop;
use crate::stamp::{orders, store as stamps};
use crate::{dossier, plan, product, shop};

/// What a year's ideas and plans come to.
struct Numbers {
    year: i32,
    ideas: usize,
    selected: usize,
    accepted: usize,
    plans: usize,
    /// Money of the plans by source, in million VND.
    own: i64,
    loan: i64,
    other: i64,
    state_support: i64,
}

/// Of 2019 no report gives plans; 88 products were eligible for stamps (report of October 2019).
const IN_2019: Numbers = Numbers {
    year: 2019,
    ideas: 112,
    selected: 100,
    accepted: 92,
    plans: 88,
    own: 214_600,
    loan: 51_300,
    other: 3_900,
    state_support: 58_700,
};

/// Report of 2020: 255 ideas, 152 plans, 630,087 million VND from four sources.
const IN_2020: Numbers = Numbers {
    year: 2020,
    ideas: 255,
    selected: 176,
    accepted: 160,
    plans: 152,
    own: 411_439,
    loan: 98_752,
    other: 6_510,
    state_support: 113_386,
};

/// What a round's products come to: how many stay below at the district, go up in each band, are deferred, and how many
/// of those that are scored by the province reach four stars.
struct Scores {
    number: i32,
    district_session: &'static str,
    province_session: &'static str,
    signed_on: &'static str,
    decision: &'static str,
    below: usize,
    forwarded_three: usize,
    forwarded_four: usize,
    deferred: usize,
    four_stars: usize,
}

const ROUNDS_2019: [Scores; 2] = [
    // Notice of December 2019: nine certified in round 1; the press: 17 scored.
    Scores {
        number: 1,
        district_session: "2019-05-20",
        province_session: "2019-06-24",
        signed_on: "2019-07-05",
        decision: "2012/QĐ-UBND",
        below: 8,
        forwarded_three: 8,
        forwarded_four: 1,
        deferred: 0,
        four_stars: 1,
    },
    // The same notice: 76 scored, 63 reached 50, 61 of them between 50 and 69 and two at 71.
    Scores {
        number: 2,
        district_session: "2019-11-12",
        province_session: "2019-12-09",
        signed_on: "2019-12-31",
        decision: "4321/QĐ-UBND",
        below: 13,
        forwarded_three: 61,
        forwarded_four: 2,
        deferred: 0,
        four_stars: 2,
    },
];

const ROUNDS_2020: [Scores; 2] = [
    Scores {
        number: 1,
        district_session: "2020-06-15",
        province_session: "2020-07-13",
        signed_on: "2020-08-05",
        decision: "2566/QĐ-UBND",
        below: 4,
        forwarded_three: 16,
        forwarded_four: 1,
        deferred: 0,
        four_stars: 1,
    },
    // The press: 82 sent up, 12 not admitted after a look on site, 70 scored.
    Scores {
        number: 2,
        district_session: "2020-10-19",
        province_session: "2020-12-07",
        signed_on: "2020-12-28",
        decision: "4588/QĐ-UBND",
        below: 18,
        forwarded_three: 79,
        forwarded_four: 3,
        deferred: 12,
        four_stars: 3,
    },
];

impl Scores {
    fn scored(&self) -> usize {
        self.below + self.forwarded_three + self.forwarded_four
    }
}

/// How many acts the progress bar counts.
pub fn acts() -> u64 {
    let ideas = IN_2019.ideas + IN_2020.ideas;
    let scored: usize = ROUNDS_2019.iter().chain(&ROUNDS_2020).map(Scores::scored).sum();
    u64::try_from(ideas + 2 * scored).unwrap_or(u64::MAX)
}

/// A product on its way through a year.
#[derive(Clone)]
pub struct Entrant {
    pub producer: Producer,
    pub product: ProductId,
    pub dossier: DossierId,
}

/// What a year leaves behind.
pub struct Year {
    pub certified: Vec<(Entrant, CertificateId)>,
}

pub fn of_2019(stage: &mut Stage, cast: &Cast) -> Result<Year> {
    let cycle =
        open_cycle(stage, cast, &IN_2019, "2019-03-31", [("2019-05-31", "2019-06-30"), ("2019-11-30", "2019-12-31")])?;
    let entrants = ideas_and_plans(stage, cast, &cycle, &IN_2019, 0)?;
    let open = shops(stage, cast, 2019, 12)?;
    // By the end of October 67 of the 88 products had stamps.
    for (entrant, number) in entrants.iter().take(67).zip(0..) {
        order_stamps(stage, cast, entrant, 1000, day("2019-09-02")?.plus_days(number % 50))?;
    }
    // The eight that stayed below in round 1 stand again in round 2, with 68 new ones; three never hand in.
    let [first, second] = &ROUNDS_2019;
    let (early, late) = entrants.split_at(first.scored());
    let mut year = round(stage, cast, &cycle, first, early)?;
    let again = &early.get(..first.below).unwrap_or_default();
    let standing: Vec<Entrant> = again.iter().chain(late).take(second.scored()).cloned().collect();
    year.certified.extend(round(stage, cast, &cycle, second, &standing)?.certified);
    for (entrant, number) in entrants.iter().skip(67).take(10).zip(0..) {
        order_stamps(stage, cast, entrant, 500, day("2019-11-20")?.plus_days(number))?;
    }
    close_cycle(stage, cast, &cycle, "2020-01-10")?;
    stock(stage, cast, &open, &year, moment("2020-01-13", 0)?)?;
    Ok(year)
}

pub fn of_2020(stage: &mut Stage, cast: &Cast) -> Result<Year> {
    let cycle =
        open_cycle(stage, cast, &IN_2020, "2020-03-31", [("2020-06-30", "2020-07-31"), ("2020-10-31", "2020-11-30")])?;
    let entrants = ideas_and_plans(stage, cast, &cycle, &IN_2020, IN_2019.ideas)?;
    let open = shops(stage, cast, 2020, 4)?;
    for (entrant, number) in entrants.iter().take(120).zip(0..) {
        order_stamps(stage, cast, entrant, 1000, day("2020-08-10")?.plus_days(number % 90))?;
    }
    let [first, second] = &ROUNDS_2020;
    let (early, late) = entrants.split_at(first.scored());
    let mut year = round(stage, cast, &cycle, first, early)?;
    let again = &early.get(..first.below).unwrap_or_default();
    let standing: Vec<Entrant> = again.iter().chain(late).take(second.scored()).cloned().collect();
    year.certified.extend(round(stage, cast, &cycle, second, &standing)?.certified);
    close_cycle(stage, cast, &cycle, "2021-01-08")?;
    stock(stage, cast, &open, &year, moment("2021-01-11", 0)?)?;
    Ok(year)
}

fn open_cycle(
    stage: &mut Stage,
    cast: &Cast,
    numbers: &Numbers,
    idea_deadline: &str,
    deadlines: [(&str, &str); 2],
) -> Result<Cycle> {
    let mut rounds = Vec::new();
    for ((district, province), number) in deadlines.into_iter().zip(1..) {
        rounds.push(Round { number, district_deadline: day(district)?, province_deadline: day(province)? });
    }
    let form = CycleForm {
        year: numbers.year,
        edition: EditionCode::Of2019,
        idea_deadline: day(idea_deadline)?,
        rounds,
        targets: Targets { certified: Some(50), four_stars_or_more: Some(10), ..Targets::default() },
        stamps_from: StampsFrom::PlanApproved,
    };
    cycle_opened(stage, cast, form, moment(&format!("{}-01-03", numbers.year), 0)?)
}

/// Makes a cycle and opens it.
pub fn cycle_opened(stage: &mut Stage, cast: &Cast, form: CycleForm, at: Moment) -> Result<Cycle> {
    let mut work = stage.work(&cast.office, at);
    let cycle = cycle::api::make(&mut work, form)?;
    let state = cycle.state.open()?;
    cycle::api::advance(&mut work, &cycle, "open", state, None)?;
    cycle::store::find(stage.connection, cycle.id)?.ok_or_else(Error::unknown)
}

fn close_cycle(stage: &mut Stage, cast: &Cast, cycle: &Cycle, on: &str) -> Result<()> {
    let mut work = stage.work(&cast.office, moment(on, 0)?);
    let state = cycle.state.close()?;
    cycle::api::advance(&mut work, cycle, "close", state, None)
}

/// The year's ideas on their way to approved plans; `before` ideas were registered in earlier years.
fn ideas_and_plans(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    numbers: &Numbers,
    before: usize,
) -> Result<Vec<Entrant>> {
    let millions = |stage: &mut Stage, sum| stage.chance.split(sum, numbers.plans);
    let (own, loan) = (millions(stage, numbers.own)?, millions(stage, numbers.loan)?);
    let (other, support) = (millions(stage, numbers.other)?, millions(stage, numbers.state_support)?);
    let mut money = own.into_iter().zip(loan).zip(other.into_iter().zip(support));
    let mut entrants = Vec::new();
    for place in 0..numbers.ideas {
        let number = before + place;
        let producer = cast
            .producers
            .get(number % cast.producers.len())
            .cloned()
            .ok_or_else(|| Error::internal("the demo has no producers"))?;
        let is_scored = place < numbers.plans;
        let form = idea_form(stage, cycle.id, &producer, number, is_scored)?;
        let begins = day(&format!("{}-01-15", numbers.year))?;
        let registered = on(begins.plus_days(stage.chance.between(0, 70)), stage.chance.between(0, 480));
        let idea = registered_idea(stage, &producer, form, registered)?;
        let steps: &[Verb] = match place {
            _ if place < numbers.accepted => &[Verb::Forward, Verb::Select, Verb::Accept],
            _ if place < numbers.selected => &[Verb::Forward, Verb::Select, Verb::Reject],
            _ if place % 3 == 0 => &[Verb::Forward, Verb::Reject],
            _ => &[Verb::Forward],
        };
        let idea = go(stage, cast, &producer, idea, steps, registered)?;
        if let Some(((own, loan), (other, support))) = is_scored.then(|| money.next()).flatten() {
            let finance = finance(stage, numbers.year, [own, loan, other, support])?;
            let approved = day(&format!("{}-04-15", numbers.year))?.plus_days(stage.chance.between(0, 28));
            entrants.push(plan_approved(stage, cast, &producer, &idea, finance, approved)?);
        }
        stage.done();
    }
    Ok(entrants)
}

/// A product that the producer makes: what it is known for first, then others.
fn idea_form(
    stage: &mut Stage,
    cycle_id: CycleId,
    producer: &Producer,
    number: usize,
    is_scored: bool,
) -> Result<IdeaForm> {
    let turn = number / 190;
    let (kind_name, set) = if is_scored || !number.is_multiple_of(5) {
        PRODUCTS.get((producer.known_for + turn * 7) % PRODUCTS.len())
    } else {
        UNSCORED.get(number % UNSCORED.len())
    }
    .ok_or_else(|| Error::internal("the demo has no products"))?;
    let is_new = stage.chance.between(0, 2) == 0;
    Ok(IdeaForm {
        cycle_id,
        producer_id: None,
        kind: if is_new { Kind::New } else { Kind::Existing },
        product_id: None,
        product_name: format!("{kind_name} {}", producer.brand),
        criteria_set: (*set).to_owned(),
        description: format!(
            "{kind_name} làm từ nguyên liệu của {}, theo cách làm lâu nay ở địa phương.",
            producer.commune_name
        ),
        target_value: millions(stage.chance.between(200, 3000))?,
        packaging: "Hộp giấy, có nhãn và tem truy xuất.".into(),
    })
}

fn millions(amount: i64) -> Result<Vnd> {
    Vnd::new(amount * 1_000_000).ok_or_else(|| Error::internal("an amount of the demo is out of range"))
}

/// Registers an idea and hands it in.
pub fn registered_idea(stage: &mut Stage, producer: &Producer, form: IdeaForm, at: Moment) -> Result<Idea> {
    let mut work = stage.work(&producer.actor, at);
    let idea = idea::steps::register(&mut work, form)?;
    let state = idea::steps::possible(&mut work, &idea, Verb::Submit)?;
    idea::steps::take(&mut work, &idea, Verb::Submit, state, None)?;
    idea::store::find(stage.connection, idea.id)?.ok_or_else(Error::unknown)
}

/// Takes an idea through steps, each by who may take it, some days apart.
pub fn go(
    stage: &mut Stage,
    cast: &Cast,
    producer: &Producer,
    mut idea: Idea,
    verbs: &[Verb],
    after: Moment,
) -> Result<Idea> {
    let mut at = after;
    for verb in verbs {
        at = at.plus(chrono::Duration::hours(stage.chance.between(20, 60)));
        let actor = match (verb, idea.state) {
            (Verb::Submit, _) => &producer.actor,
            (Verb::Forward, _) | (Verb::Return, idea::rules::State::Submitted) => cast.commune(&producer.commune)?,
            (Verb::Accept, _) | (Verb::Return | Verb::Reject, idea::rules::State::Selected) => &cast.office,
            _ => &cast.district(&producer.district)?.office,
        };
        let note = match verb {
            Verb::Forward => Some("Sản phẩm có nguồn nguyên liệu tại xã, đề nghị huyện xem xét."),
            Verb::Return => Some("Đề nghị bổ sung mô tả vùng nguyên liệu."),
            Verb::Reject => Some("Chưa rõ thị trường và năng lực sản xuất."),
            _ => None,
        };
        let mut work = stage.work(actor, at);
        let state = idea::steps::possible(&mut work, &idea, *verb)?;
        idea::steps::take(&mut work, &idea, *verb, state, note)?;
        idea = idea::store::find(stage.connection, idea.id)?.ok_or_else(Error::unknown)?;
    }
    Ok(idea)
}

/// A plan's money over three years, in million VND by source: own, loan, other, state support.
pub fn finance(stage: &mut Stage, year: i32, sums: [i64; 4]) -> Result<Vec<Finance>> {
    let [own, loan, other, support] = [
        stage.chance.split(sums[0], 3)?,
        stage.chance.split(sums[1], 3)?,
        stage.chance.split(sums[2], 3)?,
        stage.chance.split(sums[3], 3)?,
    ];
    let rows = own.into_iter().zip(loan).zip(other.into_iter().zip(support)).zip(year..);
    rows.map(|(((own, loan), (other, support)), year)| {
        Ok(Finance {
            year,
            own: millions(own)?,
            loan: millions(loan)?,
            other: millions(other)?,
            state_support: millions(support)?,
        })
    })
    .collect()
}

/// The texts of a plan.
pub fn plan_form(idea: &Idea, finance: Vec<Finance>) -> PlanForm {
    PlanForm {
        idea_id: idea.id,
        finance,
        capacity: "Hai vụ một năm, tăng một phần ba sản lượng sau ba năm.".into(),
        market: "Bán tại tỉnh, hội chợ và các điểm bán hàng OCOP.".into(),
        materials: "Thu mua của các hộ trong xã theo hợp đồng.".into(),
        technology: "Sơ chế thủ công, đóng gói bằng máy.".into(),
    }
}

/// Writes, hands in and approves a plan; its product and dossier are there from then on.
pub fn plan_approved(
    stage: &mut Stage,
    cast: &Cast,
    producer: &Producer,
    idea: &Idea,
    finance: Vec<Finance>,
    approved: Day,
) -> Result<Entrant> {
    let written = on(approved.plus_days(-7), 30);
    let mut work = stage.work(&producer.actor, written);
    let plan = plan::steps::write(&mut work, plan_form(idea, finance))?;
    let state = plan::steps::possible(&mut work, &plan, plan::rules::Verb::Submit)?;
    plan::steps::take(&mut work, &plan, plan::rules::Verb::Submit, state, None)?;
    let plan = plan::store::find(stage.connection, plan.id)?.ok_or_else(Error::unknown)?;
    let mut work = stage.work(&cast.district(&producer.district)?.office, on(approved, 90));
    let state = plan::steps::possible(&mut work, &plan, plan::rules::Verb::Approve)?;
    let dossier = dossier::approval::approved(&mut work, &plan, state, None)?;
    let plan = plan::store::find(stage.connection, plan.id)?.ok_or_else(Error::unknown)?;
    let product = plan.product_id.ok_or_else(|| Error::internal("an approved plan without its product"))?;
    Ok(Entrant { producer: producer.clone(), product, dossier })
}

/// Orders and issues stamps for a product.
pub fn order_stamps(
    stage: &mut Stage,
    cast: &Cast,
    entrant: &Entrant,
    quantity: i32,
    on_day: Day,
) -> Result<crate::base::id::StampOrderId> {
    let keys = stage.house().keys.clone();
    let product = product::store::find(stage.connection, entrant.product)?.ok_or_else(Error::unknown)?;
    let producer = entrant.producer.actor.id;
    let id = orders::place(stage.connection, &keys, &product, quantity, producer, on(on_day, 0))?;
    let order = stamps::find(stage.connection, id)?.ok_or_else(Error::unknown)?;
    orders::issue(stage.connection, &order, None, cast.office.id, on(on_day.plus_days(1), 60))?;
    Ok(id)
}

/// What a product comes to in a round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Below,
    Three,
    Four,
}

/// One round: district councils, the letters up, the provincial council, the decision.
fn round(stage: &mut Stage, cast: &Cast, cycle: &Cycle, scores: &Scores, entrants: &[Entrant]) -> Result<Year> {
    let fates = std::iter::repeat_n(Fate::Below, scores.below)
        .chain(std::iter::repeat_n(Fate::Four, scores.forwarded_four))
        .chain(std::iter::repeat_n(Fate::Three, scores.forwarded_three));
    let session = day(scores.district_session)?;
    let mut by_district: BTreeMap<UnitCode, Vec<(&Entrant, Fate)>> = BTreeMap::new();
    for (entrant, fate) in entrants.iter().zip(fates) {
        hand_in(stage, entrant, on(session.plus_days(-10), 0))?;
        by_district.entry(entrant.producer.district.clone()).or_default().push((entrant, fate));
    }
    let mut sent = Vec::new();
    for ((district, standing), turn) in by_district.iter().zip(0..) {
        let held = session.plus_days(turn % 4);
        sent.extend(district_session(stage, cast, cycle, scores.number, district, standing, held)?);
    }
    province_session(stage, cast, cycle, scores, &sent)
}

/// Hands a dossier in, unless it stands again.
pub fn hand_in(stage: &mut Stage, entrant: &Entrant, at: Moment) -> Result<()> {
    let dossier = dossier::store::find(stage.connection, entrant.dossier)?.ok_or_else(Error::unknown)?;
    if dossier.state == dossier::rules::State::Submitted {
        return Ok(());
    }
    let mut work = stage.work(&entrant.producer.actor, at);
    dossier::steps::may_submit(&mut work, &dossier)?;
    dossier::steps::submit(&mut work, &dossier, None)
}

/// Sets a council up and opens it.
pub fn council_opened(
    stage: &mut Stage,
    office: &Actor,
    council: &Council,
    cycle: CycleId,
    round: i32,
    at: Moment,
) -> Result<council::Council> {
    let form = CouncilForm {
        cycle_id: cycle,
        unit_code: council.unit.clone(),
        round,
        decision_number: format!("{}/QĐ-UBND", 100 + round),
        rules: council::Rules::default(),
        seats: council.seats(),
    };
    let mut work = stage.work(office, at);
    let made = council::api::make(&mut work, form)?;
    council::api::open_now(&mut work, &made)?;
    council::store::find(stage.connection, made.id)?.ok_or_else(Error::unknown)
}

/// Puts dossiers on a council's agenda.
pub fn on_agenda(
    stage: &mut Stage,
    office: &Actor,
    council: &council::Council,
    dossiers: Vec<DossierId>,
    at: Moment,
) -> Result<Vec<AgendaItemId>> {
    agenda::making::make(&mut stage.work(office, at), &AgendaForm { council_id: council.id, dossier_ids: dossiers })
}

fn district_session<'a>(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    round: i32,
    district: &UnitCode,
    standing: &[(&'a Entrant, Fate)],
    held: Day,
) -> Result<Vec<(&'a Entrant, Fate)>> {
    let district = cast.district(district)?;
    let council =
        council_opened(stage, &district.office, &district.council, cycle.id, round, on(held.plus_days(-5), 0))?;
    let dossiers = standing.iter().map(|(entrant, _)| entrant.dossier).collect();
    let items = on_agenda(stage, &district.office, &council, dossiers, on(held.plus_days(-4), 0))?;
    let members = i32::try_from(district.council.scoring.len()).map_err(Error::internal)?;
    let mut sent = Vec::new();
    for (((entrant, fate), item), turn) in standing.iter().zip(items).zip(0..) {
        let sum = match fate {
            Fate::Below => stage.chance.between(i64::from(40 * members), i64::from(50 * members - 1)),
            Fate::Three => stage.chance.between(i64::from(50 * members), i64::from(69 * members)),
            Fate::Four => i64::from(71 * members),
        };
        score(stage, &district.council, item, sum, on(held, turn * 10))?;
        if *fate != Fate::Below {
            let version = Session::visible(&mut stage.work(&district.office, on(held, 0)), item)?.item.version;
            let letter = format!("Công văn số {}/UBND ngày {held}", 200 + round);
            agenda::send_up(&mut stage.work(&district.office, on(held.plus_days(3), 0)), item, version, Some(&letter))?;
            sent.push((*entrant, *fate));
        }
        stage.done();
    }
    close_council(stage, &district.office, council.id, on(held.plus_days(4), 0))?;
    Ok(sent)
}

fn close_council(stage: &mut Stage, office: &Actor, id: CouncilId, at: Moment) -> Result<()> {
    let council = council::store::find(stage.connection, id)?.ok_or_else(Error::unknown)?;
    council::api::close_now(&mut stage.work(office, at), &council)
}

/// Scores an item so that the members' totals have the sum, and concludes it.
pub fn score(stage: &mut Stage, council: &Council, item: AgendaItemId, sum: i64, at: Moment) -> Result<()> {
    open_scoring(stage, council, item, at)?;
    let totals =
        scoring::totals(i32::try_from(sum).map_err(Error::internal)?, council.scoring.len(), 10, &mut stage.chance)?;
    for (member, total) in council.scoring.iter().zip(totals) {
        submit_sheet(stage, member, item, total, at)?;
    }
    close_scoring(stage, council, item, at)?;
    let mut work = stage.work(council.chair()?, at.plus(chrono::Duration::minutes(9)));
    let session = Session::taken(&mut work, item)?;
    steps::conclude(&mut work, &session)
}

pub fn open_scoring(stage: &mut Stage, council: &Council, item: AgendaItemId, at: Moment) -> Result<()> {
    let mut work = stage.work(council.chair()?, at);
    let session = Session::taken(&mut work, item)?;
    steps::open_scoring(&mut work, &session)
}

pub fn close_scoring(stage: &mut Stage, council: &Council, item: AgendaItemId, at: Moment) -> Result<()> {
    let mut work = stage.work(council.chair()?, at.plus(chrono::Duration::minutes(8)));
    let session = Session::taken(&mut work, item)?;
    steps::close_scoring(&mut work, &session)
}

/// A member fills a sheet to a total and hands it in.
pub fn submit_sheet(stage: &mut Stage, member: &Actor, item: AgendaItemId, total: i32, at: Moment) -> Result<()> {
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    let session = Session::visible(&mut work, item)?;
    let (set, case) = session.set(&mut work)?;
    let marks = scoring::sheet(&set, case, total, &mut stage.chance)?;
    let mut work = stage.work(member, at.plus(chrono::Duration::minutes(5)));
    sheet::api::save(&mut work, &session, None, SheetForm { marks, gate: None })?;
    let written = sheet::store::own(work.connection, item, session.item.attempt, member.id)?;
    sheet::api::hand_in(&mut work, &session, written)
}

fn province_session(
    stage: &mut Stage,
    cast: &Cast,
    cycle: &Cycle,
    scores: &Scores,
    sent: &[(&Entrant, Fate)],
) -> Result<Year> {
    let held = day(scores.province_session)?;
    let council =
        council_opened(stage, &cast.office, &cast.province, cycle.id, scores.number, on(held.plus_days(-5), 0))?;
    let dossiers = sent.iter().map(|(entrant, _)| entrant.dossier).collect();
    let items = on_agenda(stage, &cast.office, &council, dossiers, on(held.plus_days(-4), 0))?;
    let members = i64::try_from(cast.province.scoring.len()).map_err(Error::internal)?;
    let mut deferred = scores.deferred;
    let mut four_stars = scores.four_stars;
    let mut rated = Vec::new();
    for (((entrant, fate), item), turn) in sent.iter().zip(items).zip(0..) {
        if deferred > 0 && *fate == Fate::Three {
            deferred -= 1;
            let mut work = stage.work(&cast.office, on(held.plus_days(-2), 0));
            work.request =
                Request::carrying(serde_json::json!({"note": "Cơ sở chưa đủ điều kiện khi kiểm tra thực tế."}));
            let session = Session::taken(&mut work, item)?;
            steps::defer(&mut work, &session)?;
            continue;
        }
        let version = Session::visible(&mut stage.work(&cast.office, on(held, 0)), item)?.item.version;
        agenda::admit(&mut stage.work(&cast.office, on(held.plus_days(-1), 0)), item, version, None)?;
        let sum = if *fate == Fate::Four && four_stars > 0 {
            four_stars -= 1;
            stage.chance.between(70 * members, 82 * members)
        } else {
            stage.chance.between(52 * members, 69 * members)
        };
        score(stage, &cast.province, item, sum, on(held.plus_days(turn / 40), turn % 40 * 10))?;
        rated.push(((*entrant).clone(), item));
        stage.done();
    }
    close_council(stage, &cast.office, council.id, on(held.plus_days(6), 0))?;
    let signed_on = day(scores.signed_on)?;
    let form = DecisionForm {
        kind: DecisionKind::Recognise,
        unit_code: cast.province.unit.clone(),
        agenda_item_ids: rated.iter().map(|(_, item)| *item).collect(),
        certificate_ids: Vec::new(),
        reason: None,
        stars: None,
    };
    let draft = decision::steps::draft(&mut stage.work(&cast.office, on(held.plus_days(7), 0)), form)?;
    let signature = Signature { number: scores.decision.to_owned(), signed_on };
    decision::steps::promulgate(&mut stage.work(&cast.signatory, on(signed_on, 120)), &draft, signature)?;
    let mut certified = Vec::new();
    for (entrant, item) in rated {
        let certificate = certificate_store::of_agenda_item(stage.connection, item)?
            .ok_or_else(|| Error::internal("a recognised product without its certificate"))?;
        certified.push((entrant, certificate.id));
    }
    Ok(Year { certified })
}

/// Points of sale that open in a year, in the districts in turn.
fn shops(stage: &mut Stage, cast: &Cast, year: i32, count: usize) -> Result<Vec<Shop>> {
    let mut opened = Vec::new();
    for (producer, number) in cast.producers.iter().take(count).zip(0..) {
        let opened_on = day(&format!("{year}-03-01"))?.plus_days(number * 15);
        let form = ShopForm {
            name: format!("Điểm bán hàng OCOP {} {year}", producer.commune_name),
            commune_code: producer.commune.clone(),
            address: format!("Chợ trung tâm {}", producer.commune_name),
            phone: None,
            opened_on,
            closed_on: None,
        };
        opened.push(shop::api::enter(&mut stage.work(&cast.office, on(opened_on, 0)), form)?);
    }
    Ok(opened)
}

/// What the shops of a year sell: its certified products, ten to a shop.
fn stock(stage: &mut Stage, cast: &Cast, shops: &[Shop], year: &Year, at: Moment) -> Result<()> {
    for (shop, certified) in shops.iter().zip(year.certified.chunks(10)) {
        let product_ids = certified.iter().map(|(entrant, _)| entrant.product).collect();
        shop::api::stock(&mut stage.work(&cast.office, at), shop, &ShopProducts { product_ids })?;
    }
    Ok(())
}
