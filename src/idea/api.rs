//! `/ideas`.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{CycleId, IdeaId, ProducerId, ProductId};
use crate::base::{Error, Moment, Result, UnitCode, Vnd};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::idea::rules::{self, Kind, State, Verb};
use crate::idea::steps::{self, IdeaChange, IdeaForm};
use crate::idea::store::{self, Filter, Idea};

#[derive(Debug, Serialize, ToSchema)]
pub struct IdeaAnswer {
    id: IdeaId,
    version: i32,
    state: State,
    cycle_id: CycleId,
    producer_id: ProducerId,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    kind: Kind,
    product_id: Option<ProductId>,
    product_name: String,
    criteria_set: String,
    description: String,
    target_value: Vnd,
    packaging: String,
    /// The number of the registration sheet, from its first submission on.
    number: Option<String>,
    /// The commune's opinion.
    opinion: Option<String>,
    submitted_at: Option<Moment>,
    /// Handed in after the cycle's deadline.
    late: bool,
    created_at: Moment,
}

impl From<Idea> for IdeaAnswer {
    fn from(idea: Idea) -> Self {
        Self {
            id: idea.id,
            version: idea.version,
            state: idea.state,
            cycle_id: idea.cycle_id,
            producer_id: idea.producer_id,
            commune_code: idea.commune_code,
            district_code: idea.district_code,
            kind: idea.kind,
            product_id: idea.product_id,
            product_name: idea.product_name,
            criteria_set: idea.criteria_set,
            description: idea.description,
            target_value: idea.target_value,
            packaging: idea.packaging,
            number: idea.number,
            opinion: idea.opinion,
            submitted_at: idea.submitted_at,
            late: idea.late,
            created_at: idea.created_at,
        }
    }
}

/// The body of `forward`: the commune's opinion, as `note` or `opinion`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    #[serde(default, alias = "opinion")]
    pub note: Option<String>,
}

/// An idea that the asker may know of.
pub fn visible(work: &mut Work, id: IdeaId) -> Result<Idea> {
    let idea = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&idea.home())?;
    Ok(idea)
}

/// As [`visible`], and its row is taken.
fn taken(work: &mut Work, id: IdeaId) -> Result<Idea> {
    let idea = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&idea.home())?;
    Ok(idea)
}

fn shown(work: &mut Work, id: IdeaId) -> Result<Answer, Stop> {
    let idea = visible(work, id)?;
    Ok(Answer::resource(idea.version, IdeaAnswer::from(idea))?)
}

/// Registers an idea (producer; commune officer on behalf).
#[utoipa::path(tag = "ideas", request_body = IdeaForm, responses((status = 201, body = IdeaAnswer), Refusals))]
#[post("/ideas")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::Producer, Role::CommuneOfficer])?;
            work.begin()?;
            let form = work.body()?;
            let idea = steps::register(work, form)?;
            Ok(Answer::created(format!("/api/v1/ideas/{}", idea.id), idea.version, IdeaAnswer::from(idea))?)
        })
        .await
}

/// Ideas of one's territory, the newest first.
#[utoipa::path(tag = "ideas", params(ListParameters), responses((status = 200, body = Page<IdeaAnswer>), Refusals))]
#[get("/ideas")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                state: query.take("state"),
                unit: query.take("unit_code"),
                producer: query.take("producer_id"),
                cycle: query.take("cycle_id"),
                year: query.take("year"),
                search: query.search(),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let ideas = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (ideas, next) = paging.cut(ideas, |idea| idea.id)?;
            Ok(Answer::page(ideas.into_iter().map(IdeaAnswer::from).collect(), next)?)
        })
        .await
}

/// One idea.
#[utoipa::path(tag = "ideas", responses((status = 200, body = IdeaAnswer), Refusals))]
#[get("/ideas/{id}")]
pub async fn read(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Rewrites parts of an idea that is a draft or was returned (producer; commune officer on behalf).
#[utoipa::path(tag = "ideas", request_body = IdeaChange, responses((status = 200, body = IdeaAnswer), Refusals))]
#[patch("/ideas/{id}")]
pub async fn change(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let idea = taken(work, id.get()?)?;
            work.must_be(&[Role::Producer, Role::CommuneOfficer])?;
            work.begin_at(idea.version)?;
            rules::must_be_open_to_change(idea.state)?;
            let form = work.body()?;
            steps::change(work, &idea, form)?;
            shown(work, idea.id)
        })
        .await
}

fn step(work: &mut Work, id: IdeaId, verb: Verb) -> Result<Answer, Stop> {
    let idea = taken(work, id)?;
    steps::must_be_taker(work, &idea, verb)?;
    work.begin_at(idea.version)?;
    let state = steps::possible(work, &idea, verb)?;
    let note = match verb {
        Verb::Forward => Note { note: work.body::<Opinion>()?.note },
        _ => work.body()?,
    };
    let note = if verb.needs_note() { Some(note.demanded()?) } else { note.optional()? };
    steps::take(work, &idea, verb, state, note.as_deref())?;
    shown(work, id)
}

/// Hands an idea in (producer; commune officer on behalf, with the signed paper form).
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/submit")]
pub async fn submit(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Submit)).await
}

/// Sends an idea on with the commune's opinion (commune officer).
#[utoipa::path(tag = "ideas", request_body = Opinion, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/forward")]
pub async fn forward(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Forward)).await
}

/// Selects an idea for the province (district officer, where the edition has districts); also one that the commune held
/// for ten days.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/select")]
pub async fn select(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Select)).await
}

/// Accepts an idea (provincial office): a plan may be written.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/accept")]
pub async fn accept(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Accept)).await
}

/// Returns an idea for correction, with a reason; handed in again it comes back to who returned it.
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/return")]
pub async fn send_back(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Return)).await
}

/// Ends an idea, with a reason (district, where the edition has districts; province).
#[utoipa::path(tag = "ideas", request_body = Note, responses((status = 200, body = IdeaAnswer), Refusals))]
#[post("/ideas/{id}/reject")]
pub async fn reject(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, Verb::Reject)).await
}

/// What happened to an idea.
#[utoipa::path(tag = "ideas", responses((status = 200, body = Page<History>), Refusals))]
#[get("/ideas/{id}/history")]
pub async fn history(caller: Caller, id: At<IdeaId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let idea = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Idea, idea.id)?)
        })
        .await
}
