//! `/cycles`: made, opened and closed by the provincial office; read by everybody who signs in.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{CycleId, of};
use crate::base::{Day, Error, Result, say};
use crate::cycle::condition::Condition;
use crate::cycle::edition::{Edition, EditionCode};
use crate::cycle::rules::{self, Round, StampsFrom, State, Targets};
use crate::cycle::store::{self, Cycle, Plan};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};

#[derive(Debug, Serialize, ToSchema)]
pub struct CycleAnswer {
    id: CycleId,
    version: i32,
    year: i32,
    edition: EditionCode,
    state: State,
    idea_deadline: Day,
    rounds: Vec<Round>,
    targets: Targets,
    stamps_from: StampsFrom,
    /// What products need for their stars beside the points and the edition's conditions.
    conditions: Vec<Condition>,
}

impl From<Cycle> for CycleAnswer {
    fn from(cycle: Cycle) -> Self {
        Self {
            id: cycle.id,
            version: cycle.version,
            year: cycle.year,
            edition: cycle.edition,
            state: cycle.state,
            idea_deadline: cycle.idea_deadline,
            rounds: cycle.rounds.0,
            targets: cycle.targets.0,
            stamps_from: cycle.stamps_from,
            conditions: cycle.conditions.0,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleForm {
    pub year: i32,
    #[serde(default = "default_edition")]
    pub edition: EditionCode,
    pub idea_deadline: Day,
    pub rounds: Vec<Round>,
    #[serde(default)]
    pub targets: Targets,
    #[serde(default)]
    pub stamps_from: StampsFrom,
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// The user of this service asked for it.
fn default_edition() -> EditionCode {
    EditionCode::Of2019
}

fn entry<'a>(cycle: &'a Cycle, verb: &'a str, to: &'a State, note: Option<&'a str>) -> Entry<'a, of::Cycle> {
    Entry {
        resource: Resource::Cycle,
        id: cycle.id,
        version: cycle.version + 1,
        account: None,
        verb,
        from: Some(cycle.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    }
}

fn found(work: &mut Work, id: CycleId) -> Result<Cycle> {
    store::find(work.connection, id)?.ok_or_else(Error::unknown)
}

fn shown(work: &mut Work, id: CycleId) -> Result<Answer, Stop> {
    let cycle = found(work, id)?;
    Ok(Answer::resource(cycle.version, CycleAnswer::from(cycle))?)
}

/// Makes a cycle, as a draft.
pub fn make(work: &mut Work, form: CycleForm) -> Result<Cycle> {
    let plan = checked(work, form, None)?;
    let id = store::insert(work.connection, plan, work.now)?;
    let cycle = found(work, id)?;
    let to = Some(cycle.state.as_ref());
    work.record(Entry {
        resource: Resource::Cycle,
        id,
        version: 1,
        account: None,
        verb: "create",
        from: None,
        to,
        note: None,
    })?;
    Ok(cycle)
}

/// The form as it may be kept; a year has one cycle.
fn checked(work: &mut Work, form: CycleForm, own: Option<CycleId>) -> Result<Plan> {
    rules::check(form.year, form.idea_deadline, &form.rounds, &form.targets, &form.conditions)?;
    if store::of_year(work.connection, form.year)?.is_some_and(|cycle| Some(cycle.id) != own) {
        return Err(Error::conflict(
            "year_taken",
            say(
                format!("Năm {} đã có chu trình.", form.year),
                format!("The year {} has its cycle already.", form.year),
            ),
        ));
    }
    let CycleForm { year, edition, idea_deadline, rounds, targets, stamps_from, conditions } = form;
    Ok(Plan { year, edition, idea_deadline, rounds, targets, stamps_from, conditions })
}

/// Makes a cycle (provincial office).
#[utoipa::path(tag = "cycles", request_body = CycleForm, responses((status = 201, body = CycleAnswer), Refusals))]
#[post("/cycles")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin()?;
            let form = work.body()?;
            let cycle = make(work, form)?;
            Ok(Answer::created(format!("/api/v1/cycles/{}", cycle.id), cycle.version, CycleAnswer::from(cycle))?)
        })
        .await
}

/// The cycles, the latest year first.
#[utoipa::path(tag = "cycles", params(ListParameters), responses((status = 200, body = Page<CycleAnswer>), Refusals))]
#[get("/cycles")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging::<i32>();
            let (state, year) = (query.take("state"), query.take("year"));
            query.finish()?;
            let cycles = store::list(work.connection, state, year, paging.after, paging.one_more())?;
            let (cycles, next) = paging.cut(cycles, |cycle| cycle.year)?;
            Ok(Answer::page(cycles.into_iter().map(CycleAnswer::from).collect(), next)?)
        })
        .await
}

/// The editions of the procedure as data: weights, bands, councils, who takes which step, conditions, validity.
#[utoipa::path(
    tag = "cycles",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<Edition>), Refusals)
)]
#[get("/editions")]
pub async fn editions(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging::<EditionCode>();
            query.finish()?;
            let shown = |code: &EditionCode| paging.after.is_none_or(|after| after < *code);
            let editions = EditionCode::iter().filter(shown).map(EditionCode::edition).collect::<Result<Vec<_>>>()?;
            let (editions, next) = paging.cut(editions, |edition| edition.code)?;
            Ok(Answer::page(editions, next)?)
        })
        .await
}

/// One cycle.
#[utoipa::path(tag = "cycles", responses((status = 200, body = CycleAnswer), Refusals))]
#[get("/cycles/{id}")]
pub async fn read(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Corrects a cycle that is still a draft (provincial office); the form is given whole.
#[utoipa::path(tag = "cycles", request_body = CycleForm, responses((status = 200, body = CycleAnswer), Refusals))]
#[patch("/cycles/{id}")]
pub async fn change(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let cycle = store::take(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_be(&[Role::ProvincialOfficer])?;
            work.begin_at(cycle.version)?;
            if cycle.state != State::Draft {
                return Err(Error::wrong_state("change", cycle.state.as_ref()).into());
            }
            let form = work.body()?;
            let plan = checked(work, form, Some(cycle.id))?;
            store::replace(work.connection, cycle.id, plan)?;
            work.record(entry(&cycle, "change", &cycle.state, None))?;
            shown(work, cycle.id)
        })
        .await
}

/// Opens a cycle (provincial office): ideas may be registered.
#[utoipa::path(tag = "cycles", request_body = Note, responses((status = 200, body = CycleAnswer), Refusals))]
#[post("/cycles/{id}/open")]
pub async fn open(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "open", State::open)).await
}

/// Closes a cycle (provincial office): its work ends.
#[utoipa::path(tag = "cycles", request_body = Note, responses((status = 200, body = CycleAnswer), Refusals))]
#[post("/cycles/{id}/close")]
pub async fn close(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "close", State::close)).await
}

fn step(work: &mut Work, id: CycleId, verb: &str, transition: fn(State) -> Result<State>) -> Result<Answer, Stop> {
    let cycle = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_be(&[Role::ProvincialOfficer])?;
    work.begin_at(cycle.version)?;
    let state = transition(cycle.state)?;
    let note = work.body::<Note>()?.optional()?;
    advance(work, &cycle, verb, state, note.as_deref())?;
    shown(work, id)
}

/// Takes a step of a cycle that was found possible.
pub fn advance(work: &mut Work, cycle: &Cycle, verb: &str, state: State, note: Option<&str>) -> Result<()> {
    store::set_state(work.connection, cycle.id, state)?;
    work.record(entry(cycle, verb, &state, note))
}

/// What happened to a cycle.
#[utoipa::path(tag = "cycles", responses((status = 200, body = Page<History>), Refusals))]
#[get("/cycles/{id}/history")]
pub async fn history(caller: Caller, id: At<CycleId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let cycle = found(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Cycle, cycle.id)?)
        })
        .await
}
