//! The steps of plans: writing, rewriting, and what is decided on them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Asker, Role, Work};
use crate::base::id::{IdeaId, PlanId};
use crate::base::{Error, Result, say};
use crate::cycle::Cycle;
use crate::idea::{self, Idea};
use crate::plan::Plan;
use crate::plan::rules::{self, Finance, PlanVerb, State};
use crate::plan::store::{self, PlanFields};
use crate::station::{
    Access, Announced, By, Creation, Note, Offer, Reason, Taken, Thing, Verb, label, patch_forms, plain_forms,
};

/// A plan as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanForm {
    pub idea_id: IdeaId,
    pub finance: Vec<Finance>,
    /// What can be made, and how much.
    pub capacity: String,
    pub market: String,
    pub materials: String,
    pub technology: String,
}

/// What may change of a plan; what is left out stays, and nothing of it can be empty.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanChange {
    #[schema(nullable = false)]
    pub finance: Option<Vec<Finance>>,
    #[schema(nullable = false)]
    pub capacity: Option<String>,
    #[schema(nullable = false)]
    pub market: Option<String>,
    #[schema(nullable = false)]
    pub materials: Option<String>,
    #[schema(nullable = false)]
    pub technology: Option<String>,
}

plain_forms!(PlanForm);
patch_forms!(PlanChange);

/// The producer, and the commune on behalf.
const WRITERS: By = By::Roles(&[Role::Producer, Role::CommuneOfficer]);

/// Who approves plans in the edition.
const DECIDERS: By = By::Some(
    &[Role::DistrictOfficer, Role::ProvincialOfficer],
    label("cấp duyệt phương án theo quy trình", "who approves plans in the edition"),
);

/// Writes a plan for an accepted idea, as a draft. An idea has one plan beside those that were discarded.
pub static CREATE: Creation<Plan, PlanForm> = Creation::new(label("Lập phương án", "Write a plan"), WRITERS, write);

/// Rewrites parts of a plan that is a draft or came back.
pub static CHANGE: Verb<Plan, PlanChange> =
    Verb::new("change", label("Sửa phương án", "Change the plan"), WRITERS, change)
        .open(|_, plan| plan.row.state.must_be_open_to_change());

/// Hands a plan in.
pub static SUBMIT: Verb<Plan, Note> =
    Verb::new("submit", label("Nộp phương án", "Hand the plan in"), WRITERS, |work, plan, note: Note| {
        advance(work, plan, PlanVerb::Submit, note.note)
    })
    .open(|_, plan| may(plan, PlanVerb::Submit));

/// Gives up a plan that was never handed in. Its history stays, and the idea may have another.
pub static DISCARD: Verb<Plan, Note> =
    Verb::new("discard", label("Bỏ bản nháp", "Discard the draft"), WRITERS, |work, plan, note: Note| {
        advance(work, plan, PlanVerb::Discard, note.note)
    })
    .open(|_, plan| may(plan, PlanVerb::Discard));

/// Approves a plan. It makes the product and opens its dossier, which rooms below know: `dossier::approval::APPROVE` is the
/// step itself.
pub static APPROVAL: Announced<Plan> =
    Announced::new("approve", label("Duyệt phương án", "Approve the plan"), DECIDERS)
        .right(must_decide)
        .open(|_, plan| may(plan, PlanVerb::Approve));

/// Returns a plan for correction, as for a cut of the state's support, with a reason.
pub static RETURN: Verb<Plan, Reason> = Verb::new(
    "return",
    label("Trả lại để sửa", "Return for correction"),
    DECIDERS,
    |work, plan, reason: Reason| advance(work, plan, PlanVerb::Return, Some(reason.into_text())),
)
.right(must_decide)
.open(|_, plan| may(plan, PlanVerb::Return));

/// Ends a plan, with a reason.
pub static REJECT: Verb<Plan, Reason> = Verb::new(
    "reject",
    label("Từ chối phương án", "Reject the plan"),
    DECIDERS,
    |work, plan, reason: Reason| advance(work, plan, PlanVerb::Reject, Some(reason.into_text())),
)
.right(must_decide)
.open(|_, plan| may(plan, PlanVerb::Reject));

pub static VERBS: &[&dyn Offer<Plan>] = &[&CHANGE, &SUBMIT, &DISCARD, &APPROVAL, &RETURN, &REJECT];

fn write(work: &mut Work, form: PlanForm) -> Result<(PlanId, Taken)> {
    let idea = Idea::load(work, &form.idea_id, Access::Taken)?.ok_or_else(|| {
        Error::invalid("/idea_id", "unknown_idea", say("Không có ý tưởng này.", "There is no such idea."))
    })?;
    if idea.row.state != idea::rules::State::Accepted {
        return Err(Error::conflict(
            "idea_not_accepted",
            say("Ý tưởng chưa được tỉnh chấp nhận.", "The idea is not accepted by the province."),
        ));
    }
    if store::of_idea(work.connection, idea.row.id)?.is_some() {
        return Err(Error::conflict(
            "plan_exists",
            say("Ý tưởng này đã có phương án.", "This idea has its plan already."),
        ));
    }
    idea.cycle.state.must_be_open()?;
    let PlanForm { finance, capacity, market, materials, technology, .. } = form;
    let content = PlanFields { capacity, market, materials, technology, finance };
    check(&content, &idea.cycle)?;
    let id = store::insert(work.connection, idea.row.id, idea.cycle.id, idea.row.home(), &content, work.now)?;
    Ok((id, Taken::to(State::Draft)))
}

fn check(content: &PlanFields, cycle: &Cycle) -> Result<()> {
    rules::check_texts(&content.capacity, &content.market, &content.materials, &content.technology)?;
    rules::check_finance(&content.finance, cycle.year)
}

fn change(work: &mut Work, plan: &Plan, change: PlanChange) -> Result<Taken> {
    let row = &plan.row;
    let before = PlanFields {
        capacity: row.capacity.clone(),
        market: row.market.clone(),
        materials: row.materials.clone(),
        technology: row.technology.clone(),
        finance: store::finance(work.connection, &[row.id])?.remove(&row.id).unwrap_or_default(),
    };
    let content = PlanFields {
        capacity: change.capacity.unwrap_or_else(|| before.capacity.clone()),
        market: change.market.unwrap_or_else(|| before.market.clone()),
        materials: change.materials.unwrap_or_else(|| before.materials.clone()),
        technology: change.technology.unwrap_or_else(|| before.technology.clone()),
        finance: change.finance.unwrap_or_else(|| before.finance.clone()),
    };
    if content == before {
        return Ok(Taken::unchanged());
    }
    check(&content, &plan.cycle)?;
    store::rewrite(work.connection, row.id, &content)?;
    Ok(Taken::stayed())
}

/// 403 for who does not decide on plans in the plan's edition.
fn must_decide(asker: Asker, plan: &Plan) -> Result<()> {
    asker.actor.must_be(&[plan.edition.steps.approves_plans])
}

/// 409 unless the step is possible now.
fn may(plan: &Plan, step: PlanVerb) -> Result<()> {
    plan.row.state.after(step)?;
    plan.cycle.state.must_be_open()
}

/// Brings a plan into the state after a step.
pub fn advance(work: &mut Work, plan: &Plan, step: PlanVerb, note: Option<String>) -> Result<Taken> {
    let state = plan.row.state.after(step)?;
    store::set_state(work.connection, plan.row.id, state)?;
    Ok(Taken::to(state).with_note(note))
}
