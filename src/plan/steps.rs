//! What is done with plans, below HTTP, each with its history.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::{Entry, Resource};
use crate::base::id::IdeaId;
use crate::base::{Error, Result, say};
use crate::cycle::{self, Cycle};
use crate::idea;
use crate::plan::rules::{self, Finance, State, Verb};
use crate::plan::store::{self, Content, Plan};

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

/// What may change of a plan; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanChange {
    pub finance: Option<Vec<Finance>>,
    pub capacity: Option<String>,
    pub market: Option<String>,
    pub materials: Option<String>,
    pub technology: Option<String>,
}

/// Writes a plan for an accepted idea, as a draft. An idea has one plan.
pub fn write(work: &mut Work, form: PlanForm) -> Result<Plan> {
    let unknown = || Error::invalid("/idea_id", "unknown_idea", say("Không có ý tưởng này.", "There is no such idea."));
    let idea = idea::store::take(work.connection, form.idea_id)?.ok_or_else(unknown)?;
    work.must_see(&idea.home()).map_err(|_| unknown())?;
    if idea.state != idea::rules::State::Accepted {
        return Err(Error::conflict(
            "idea_not_accepted",
            say("Ý tưởng chưa được tỉnh chấp nhận.", "The idea is not accepted by the province."),
        ));
    }
    if store::of_idea(work.connection, idea.id)?.is_some() {
        return Err(Error::conflict(
            "plan_exists",
            say("Ý tưởng này đã có phương án.", "This idea has its plan already."),
        ));
    }
    let cycle = cycle::store::find(work.connection, idea.cycle_id)?
        .ok_or_else(|| Error::internal("an idea without its cycle"))?;
    cycle.state.must_be_open()?;
    let PlanForm { finance, capacity, market, materials, technology, .. } = form;
    let content = Content { capacity, market, materials, technology, finance };
    check(&content, &cycle)?;
    let id = store::insert(work.connection, idea.id, cycle.id, idea.home(), &content, work.now)?;
    let plan = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let to = Some(plan.state.as_ref());
    work.record(Entry {
        resource: Resource::Plan,
        id,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to,
        note: None,
    })?;
    Ok(plan)
}

fn check(content: &Content, cycle: &Cycle) -> Result<()> {
    rules::check_texts(&content.capacity, &content.market, &content.materials, &content.technology)?;
    rules::check_finance(&content.finance, cycle.year)
}

/// Rewrites parts of a plan that is a draft or came back.
pub fn change(work: &mut Work, plan: &Plan, change: PlanChange) -> Result<()> {
    let cycle = cycle_of(work, plan)?;
    let finance = match change.finance {
        Some(finance) => finance,
        None => store::finance(work.connection, plan.id)?,
    };
    let content = Content {
        capacity: change.capacity.unwrap_or_else(|| plan.capacity.clone()),
        market: change.market.unwrap_or_else(|| plan.market.clone()),
        materials: change.materials.unwrap_or_else(|| plan.materials.clone()),
        technology: change.technology.unwrap_or_else(|| plan.technology.clone()),
        finance,
    };
    check(&content, &cycle)?;
    store::rewrite(work.connection, plan.id, &content)?;
    record(work, plan, "change", plan.state, None)
}

/// The cycle that a plan is of.
pub fn cycle_of(work: &mut Work, plan: &Plan) -> Result<Cycle> {
    cycle::store::find(work.connection, plan.cycle_id)?.ok_or_else(|| Error::internal("a plan without its cycle"))
}

/// 403 for who does not decide on plans in the plan's edition.
pub fn must_decide(work: &mut Work, plan: &Plan) -> Result<()> {
    let role = cycle_of(work, plan)?.edition.edition()?.steps.approves_plans;
    work.must_be(&[role])
}

/// Whether the verb is possible now; 409 where it is not.
pub fn possible(work: &mut Work, plan: &Plan, verb: Verb) -> Result<State> {
    let state = plan.state.after(verb)?;
    cycle_of(work, plan)?.state.must_be_open()?;
    Ok(state)
}

/// Takes a step that was found possible.
pub fn take(work: &mut Work, plan: &Plan, verb: Verb, state: State, note: Option<&str>) -> Result<()> {
    store::set_state(work.connection, plan.id, state)?;
    record(work, plan, verb.as_ref(), state, note)
}

fn record(work: &mut Work, plan: &Plan, verb: &str, to: State, note: Option<&str>) -> Result<()> {
    work.record(Entry {
        resource: Resource::Plan,
        id: plan.id,
        version: plan.version + 1,
        account: None,
        verb,
        from: Some(plan.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    })
}
