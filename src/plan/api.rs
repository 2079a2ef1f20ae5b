//! `/plans`, but for `approve`, which opens a dossier and stands there.

use actix_web::{get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{CycleId, IdeaId, PlanId, ProducerId, ProductId};
use crate::base::{Error, Moment, Result, UnitCode};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::plan::rules::{Finance, FinanceSums, State, Verb};
use crate::plan::steps::{self, PlanChange, PlanForm};
use crate::plan::store::{self, Filter, Plan};

/// Who writes plans: the producer, and the commune on behalf.
const WRITERS: &[Role] = &[Role::Producer, Role::CommuneOfficer];

#[derive(Debug, Serialize, ToSchema)]
pub struct PlanAnswer {
    id: PlanId,
    version: i32,
    state: State,
    idea_id: IdeaId,
    cycle_id: CycleId,
    producer_id: ProducerId,
    product_id: Option<ProductId>,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    finance: Vec<Finance>,
    /// The sums over all years.
    sums: FinanceSums,
    capacity: String,
    market: String,
    materials: String,
    technology: String,
    created_at: Moment,
}

/// A plan with its money.
pub fn answer(work: &mut Work, plan: Plan) -> Result<PlanAnswer> {
    let finance = store::finance(work.connection, plan.id)?;
    Ok(PlanAnswer {
        id: plan.id,
        version: plan.version,
        state: plan.state,
        idea_id: plan.idea_id,
        cycle_id: plan.cycle_id,
        producer_id: plan.producer_id,
        product_id: plan.product_id,
        commune_code: plan.commune_code,
        district_code: plan.district_code,
        sums: FinanceSums::of(&finance)?,
        finance,
        capacity: plan.capacity,
        market: plan.market,
        materials: plan.materials,
        technology: plan.technology,
        created_at: plan.created_at,
    })
}

fn visible(work: &mut Work, id: PlanId) -> Result<Plan> {
    let plan = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&plan.home())?;
    Ok(plan)
}

/// A plan that the asker may know of, its row taken.
pub fn taken(work: &mut Work, id: PlanId) -> Result<Plan> {
    let plan = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&plan.home())?;
    Ok(plan)
}

/// A plan as it is now.
pub fn shown(work: &mut Work, id: PlanId) -> Result<Answer, Stop> {
    let plan = visible(work, id)?;
    Ok(Answer::resource(plan.version, answer(work, plan)?)?)
}

/// Writes a plan for an accepted idea (producer; commune officer on behalf).
#[utoipa::path(tag = "plans", request_body = PlanForm, responses((status = 201, body = PlanAnswer), Refusals))]
#[post("/plans")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(WRITERS)?;
            work.begin()?;
            let form = work.body()?;
            let plan = steps::write(work, form)?;
            Ok(Answer::created(format!("/api/v1/plans/{}", plan.id), plan.version, answer(work, plan)?)?)
        })
        .await
}

/// Plans of one's territory, the newest first.
#[utoipa::path(tag = "plans", params(ListParameters), responses((status = 200, body = Page<PlanAnswer>), Refusals))]
#[get("/plans")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                state: query.take("state"),
                unit: query.take("unit_code"),
                producer: query.take("producer_id"),
                product: query.take("product_id"),
                cycle: query.take("cycle_id"),
                year: query.take("year"),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let plans = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (plans, next) = paging.cut(plans, |plan| plan.id)?;
            let answers = plans.into_iter().map(|plan| answer(work, plan)).collect::<Result<Vec<_>>>()?;
            Ok(Answer::page(answers, next)?)
        })
        .await
}

/// One plan.
#[utoipa::path(tag = "plans", responses((status = 200, body = PlanAnswer), Refusals))]
#[get("/plans/{id}")]
pub async fn read(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Rewrites parts of a plan that is a draft or was returned.
#[utoipa::path(tag = "plans", request_body = PlanChange, responses((status = 200, body = PlanAnswer), Refusals))]
#[patch("/plans/{id}")]
pub async fn change(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let plan = taken(work, id.get()?)?;
            work.must_be(WRITERS)?;
            work.begin_at(plan.version)?;
            plan.state.must_be_open_to_change()?;
            let form = work.body()?;
            steps::change(work, &plan, form)?;
            shown(work, plan.id)
        })
        .await
}

fn step(work: &mut Work, id: PlanId, verb: Verb) -> Result<Answer, Stop> {
    let plan = taken(work, id)?;
    if verb == Verb::Submit {
        work.must_be(WRITERS)?;
    } else {
        steps::must_decide(work, &plan)?;
    }
    work.begin_at(plan.version)?;
    let state = steps::possible(work, &plan, verb)?;
    let note: Note = work.body()?;
    let note = if verb == Verb::Submit { note.optional()? } else { Some(note.demanded()?) };
    steps::take(work, &plan, verb, state, note.as_deref())?;
    shown(work, id)
}

/// Hands a plan in.
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = PlanAnswer), Refusals))]
#[post("/plans/{id}/submit")]
pub async fn submit(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Submit)).await
}

/// Returns a plan for correction, as for a cut of the state's support, with a reason (district officer; the
/// provincial office where the edition has no districts).
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = PlanAnswer), Refusals))]
#[post("/plans/{id}/return")]
pub async fn send_back(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Return)).await
}

/// Ends a plan, with a reason (as who returns it).
#[utoipa::path(tag = "plans", request_body = Note, responses((status = 200, body = PlanAnswer), Refusals))]
#[post("/plans/{id}/reject")]
pub async fn reject(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Reject)).await
}

/// What happened to a plan.
#[utoipa::path(tag = "plans", responses((status = 200, body = Page<History>), Refusals))]
#[get("/plans/{id}/history")]
pub async fn history(caller: Caller, id: At<PlanId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let plan = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Plan, plan.id)?)
        })
        .await
}
