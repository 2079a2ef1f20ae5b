//! Two years as they went: ideas, plans, two rounds of councils, certificates, stamps. Who reached which of the reports'
//! figures is the demo's own choice.

use crate::base::id::{CycleId, PlanId, ShopId, StampOrderId};
use crate::base::{Day, Error, Moment, Result, Vnd};
use crate::cycle::rules::{Round, StampsFrom, Targets};
use crate::cycle::steps::CycleForm;
use crate::cycle::{self, Cycle, EditionCode};
use crate::demo::cast::{Cast, Producer};
use crate::demo::figures::{Entrant, IN_2019, IN_2020, Numbers, ROUNDS_2019, ROUNDS_2020, Scores, Year};
use crate::demo::names::{PRODUCTS, UNSCORED};
use crate::demo::sessions::round;
use crate::demo::stage::{Stage, day, moment, on};
use crate::idea::rules::{IdeaVerb, Kind};
use crate::idea::steps::{IdeaForm, Opinion};
use crate::idea::{self, IdeaRow};
use crate::plan::rules::Finance;
use crate::plan::steps::PlanForm;
use crate::shop::rules::{ShopForm, ShopProducts};
use crate::stamp::orders;
use crate::stamp::rules::OrderForm;
use crate::station::{Note, Order, Reason, apply, apply_creation};
use crate::{dossier, plan, shop};

/// How many acts the progress bar counts.
pub fn acts() -> u64 {
    let ideas = IN_2019.ideas + IN_2020.ideas;
    let scored: usize = ROUNDS_2019.iter().chain(&ROUNDS_2020).map(Scores::scored).sum();
    u64::try_from(ideas + 2 * scored).unwrap_or(u64::MAX)
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
    let again = early.get(first.scored() - first.below..).unwrap_or_default();
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
    let again = early.get(first.scored() - first.below..).unwrap_or_default();
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
        edition: Some(EditionCode::Of2019),
        idea_deadline: day(idea_deadline)?,
        rounds: Some(rounds),
        targets: Targets { certified: Some(50), four_stars_or_more: Some(10), ..Targets::default() },
        stamps_from: StampsFrom::PlanApproved,
        conditions: Vec::new(),
    };
    cycle_opened(stage, cast, form, moment(&format!("{}-01-03", numbers.year), 0)?)
}

/// Makes a cycle and opens it.
pub fn cycle_opened(stage: &mut Stage, cast: &Cast, form: CycleForm, at: Moment) -> Result<Cycle> {
    let mut work = stage.work(&cast.office, at);
    let id = apply_creation(&mut work, &cycle::steps::CREATE, form)?;
    apply(&mut work, &cycle::steps::OPEN, &id, Order::given(Note::NONE))?;
    cycle::store::find(stage.connection, id)?.ok_or_else(Error::unknown)
}

fn close_cycle(stage: &mut Stage, cast: &Cast, cycle: &Cycle, on: &str) -> Result<()> {
    let mut work = stage.work(&cast.office, moment(on, 0)?);
    apply(&mut work, &cycle::steps::CLOSE, &cycle.id, Order::given(Note::NONE))
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
        let steps: &[IdeaVerb] = match place {
            _ if place < numbers.accepted => &[IdeaVerb::Forward, IdeaVerb::Select, IdeaVerb::Accept],
            _ if place < numbers.selected => &[IdeaVerb::Forward, IdeaVerb::Select, IdeaVerb::Reject],
            _ if place % 3 == 0 => &[IdeaVerb::Forward, IdeaVerb::Reject],
            _ => &[IdeaVerb::Forward],
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
pub fn registered_idea(stage: &mut Stage, producer: &Producer, form: IdeaForm, at: Moment) -> Result<IdeaRow> {
    let mut work = stage.work(&producer.actor, at);
    let id = apply_creation(&mut work, &idea::steps::CREATE, form)?;
    apply(&mut work, &idea::steps::SUBMIT, &id, Order::given(Note::NONE))?;
    idea::store::find(stage.connection, id)?.ok_or_else(Error::unknown)
}

/// Takes an idea through steps, each by who may take it, some days apart.
pub fn go(
    stage: &mut Stage,
    cast: &Cast,
    producer: &Producer,
    mut idea: IdeaRow,
    verbs: &[IdeaVerb],
    after: Moment,
) -> Result<IdeaRow> {
    let mut at = after;
    for verb in verbs {
        at = at.plus(chrono::Duration::hours(stage.chance.between(20, 60)));
        let actor = match (verb, idea.state) {
            (IdeaVerb::Submit, _) => &producer.actor,
            (IdeaVerb::Forward, _) | (IdeaVerb::Return, idea::rules::State::Submitted) => {
                cast.commune(&producer.commune)?
            }
            (IdeaVerb::Accept, _) | (IdeaVerb::Return | IdeaVerb::Reject, idea::rules::State::Selected) => &cast.office,
            _ => &cast.district(&producer.district)?.office,
        };
        let note = match verb {
            IdeaVerb::Forward => Some("Sản phẩm có nguồn nguyên liệu tại xã, đề nghị huyện xem xét."),
            IdeaVerb::Return => Some("Đề nghị bổ sung mô tả vùng nguyên liệu."),
            IdeaVerb::Reject => Some("Chưa rõ thị trường và năng lực sản xuất."),
            _ => None,
        };
        let (work, id) = (&mut stage.work(actor, at), idea.id);
        let plain = || Order::given(Note::NONE);
        let reason = || Reason::new(note.map(str::to_owned));
        match verb {
            IdeaVerb::Submit => apply(work, &idea::steps::SUBMIT, &id, plain())?,
            IdeaVerb::Forward => apply(work, &idea::steps::FORWARD, &id, Order::given(Opinion(reason()?)))?,
            IdeaVerb::Select => apply(work, &idea::steps::SELECT, &id, plain())?,
            IdeaVerb::Accept => apply(work, &idea::steps::ACCEPT, &id, plain())?,
            IdeaVerb::Return => apply(work, &idea::steps::RETURN, &id, Order::given(reason()?))?,
            IdeaVerb::Reject => apply(work, &idea::steps::REJECT, &id, Order::given(reason()?))?,
        }
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
pub fn plan_form(idea: &IdeaRow, finance: Vec<Finance>) -> PlanForm {
    PlanForm {
        idea_id: idea.id,
        finance,
        capacity: "Hai vụ một năm, tăng một phần ba sản lượng sau ba năm.".into(),
        market: "Bán tại tỉnh, hội chợ và các điểm bán hàng OCOP.".into(),
        materials: "Thu mua của các hộ trong xã theo hợp đồng.".into(),
        technology: "Sơ chế thủ công, đóng gói bằng máy.".into(),
    }
}

/// Writes a plan and hands it in.
pub fn plan_submitted(stage: &mut Stage, producer: &Producer, form: PlanForm, at: Moment) -> Result<PlanId> {
    let work = &mut stage.work(&producer.actor, at);
    let id = apply_creation(work, &plan::steps::CREATE, form)?;
    apply(work, &plan::steps::SUBMIT, &id, Order::given(Note::NONE))?;
    Ok(id)
}

/// Writes, hands in and approves a plan; its product and dossier are there from then on.
pub fn plan_approved(
    stage: &mut Stage,
    cast: &Cast,
    producer: &Producer,
    idea: &IdeaRow,
    finance: Vec<Finance>,
    approved: Day,
) -> Result<Entrant> {
    let plan = plan_submitted(stage, producer, plan_form(idea, finance), on(approved.plus_days(-7), 30))?;
    let work = &mut stage.work(&cast.district(&producer.district)?.office, on(approved, 90));
    apply(work, &dossier::approval::APPROVE, &plan, Order::given(Note::NONE))?;
    let dossier = dossier::store::of_plan(stage.connection, plan)?.ok_or_else(Error::unknown)?;
    Ok(Entrant { producer: producer.clone(), product: dossier.product_id, dossier: dossier.id })
}

/// Orders and issues stamps for a product.
pub fn order_stamps(
    stage: &mut Stage,
    cast: &Cast,
    entrant: &Entrant,
    quantity: i32,
    on_day: Day,
) -> Result<StampOrderId> {
    let form = OrderForm { product_id: entrant.product, quantity };
    let work = &mut stage.work(&entrant.producer.actor, on(on_day, 0));
    let id = apply_creation(work, &orders::steps::CREATE, form)?;
    let work = &mut stage.work(&cast.office, on(on_day.plus_days(1), 60));
    apply(work, &orders::steps::ISSUE, &id, Order::given(Note::NONE))?;
    Ok(id)
}

/// Points of sale that open in a year, in the districts in turn.
fn shops(stage: &mut Stage, cast: &Cast, year: i32, count: usize) -> Result<Vec<ShopId>> {
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
        let work = &mut stage.work(&cast.office, on(opened_on, 0));
        opened.push(apply_creation(work, &shop::steps::CREATE, form)?);
    }
    Ok(opened)
}

/// What the shops of a year sell: its certified products, ten to a shop.
fn stock(stage: &mut Stage, cast: &Cast, shops: &[ShopId], year: &Year, at: Moment) -> Result<()> {
    for (shop, certified) in shops.iter().zip(year.certified.chunks(10)) {
        let product_ids = certified.iter().map(|(entrant, _)| entrant.product).collect();
        let order = Order::given(ShopProducts { product_ids });
        apply(&mut stage.work(&cast.office, at), &shop::steps::PRODUCTS, shop, order)?;
    }
    Ok(())
}
