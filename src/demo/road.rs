//! From a cycle's opening to a product's open dossier, each step by who takes it.

use crate::account::Actor;
use crate::base::id::PlanId;
use crate::base::{Day, Error, Moment, Result, Vnd};
use crate::cycle::steps::CycleForm;
use crate::cycle::{self, Cycle};
use crate::demo::stage::{Stage, on};
use crate::dossier::{self, DossierRow};
use crate::idea::rules::IdeaVerb;
use crate::idea::steps::{IdeaForm, Opinion};
use crate::idea::{self, IdeaRow};
use crate::plan;
use crate::plan::rules::Finance;
use crate::plan::steps::PlanForm;
use crate::station::{Note, Order, Reason, apply, apply_creation};

/// Makes a cycle and opens it.
pub fn cycle_opened(stage: &mut Stage, office: &Actor, form: CycleForm, at: Moment) -> Result<Cycle> {
    let mut work = stage.work(office, at);
    let id = apply_creation(&mut work, &cycle::steps::CREATE, form)?;
    apply(&mut work, &cycle::steps::OPEN, &id, Order::given(Note::NONE))?;
    cycle::store::find(stage.connection, id)?.ok_or_else(Error::unknown)
}

pub fn cycle_closed(stage: &mut Stage, office: &Actor, cycle: &Cycle, at: Moment) -> Result<()> {
    let mut work = stage.work(office, at);
    apply(&mut work, &cycle::steps::CLOSE, &cycle.id, Order::given(Note::NONE))
}

pub fn millions(amount: i64) -> Result<Vnd> {
    Vnd::new(amount * 1_000_000).ok_or_else(|| Error::internal("an amount of the demo is out of range"))
}

/// Registers an idea and hands it in.
pub fn registered_idea(stage: &mut Stage, producer: &Actor, form: IdeaForm, at: Moment) -> Result<IdeaRow> {
    let mut work = stage.work(producer, at);
    let id = apply_creation(&mut work, &idea::steps::CREATE, form)?;
    apply(&mut work, &idea::steps::SUBMIT, &id, Order::given(Note::NONE))?;
    idea::store::find(stage.connection, id)?.ok_or_else(Error::unknown)
}

/// Who considers what a producer registers.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    pub producer: &'a Actor,
    pub commune: &'a Actor,
    /// None where there are no districts.
    pub district: Option<&'a Actor>,
    pub office: &'a Actor,
}

impl<'a> Way<'a> {
    /// Who stands above the commune.
    fn above(self) -> &'a Actor {
        self.district.unwrap_or(self.office)
    }
}

/// Takes an idea through steps, each by who may take it, some days apart.
pub fn go(stage: &mut Stage, way: Way, mut idea: IdeaRow, verbs: &[IdeaVerb], after: Moment) -> Result<IdeaRow> {
    let mut at = after;
    for verb in verbs {
        at = at.plus(chrono::Duration::hours(stage.chance.between(20, 60)));
        let actor = match (verb, idea.state) {
            (IdeaVerb::Submit, _) => way.producer,
            (IdeaVerb::Forward, _) | (IdeaVerb::Return, idea::rules::State::Submitted) => way.commune,
            (IdeaVerb::Accept, _) | (IdeaVerb::Return | IdeaVerb::Reject, idea::rules::State::Selected) => way.office,
            _ => way.above(),
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
pub fn plan_submitted(stage: &mut Stage, producer: &Actor, form: PlanForm, at: Moment) -> Result<PlanId> {
    let work = &mut stage.work(producer, at);
    let id = apply_creation(work, &plan::steps::CREATE, form)?;
    apply(work, &plan::steps::SUBMIT, &id, Order::given(Note::NONE))?;
    Ok(id)
}

/// Writes, hands in and approves a plan; its product and dossier are there from then on.
pub fn plan_approved(
    stage: &mut Stage,
    way: Way,
    idea: &IdeaRow,
    finance: Vec<Finance>,
    approved: Day,
) -> Result<DossierRow> {
    let plan = plan_submitted(stage, way.producer, plan_form(idea, finance), on(approved.plus_days(-7), 30))?;
    let work = &mut stage.work(way.above(), on(approved, 90));
    apply(work, &dossier::approval::APPROVE, &plan, Order::given(Note::NONE))?;
    dossier::store::of_plan(stage.connection, plan)?.ok_or_else(Error::unknown)
}
