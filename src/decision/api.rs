//! `/decisions`.

use actix_web::{get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Territory, Work};
use crate::audit::{self, History, Resource};
use crate::base::id::{AccountId, AgendaItemId, CertificateId, DecisionId};
use crate::base::{Day, Error, Moment, Result, UnitCode, say};
use crate::decision::rules::{Kind, State};
use crate::decision::steps::{self, DecisionForm, Signature};
use crate::decision::store::{self, Decision};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};

#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionAnswer {
    id: DecisionId,
    version: i32,
    kind: Kind,
    unit_code: UnitCode,
    state: State,
    number: Option<String>,
    signed_on: Option<Day>,
    reason: Option<String>,
    agenda_item_ids: Vec<AgendaItemId>,
    certificate_ids: Vec<CertificateId>,
    drafted_by: AccountId,
    promulgated_by: Option<AccountId>,
    promulgated_at: Option<Moment>,
    created_at: Moment,
}

fn answer(work: &mut Work, decision: Decision) -> Result<DecisionAnswer> {
    let items = store::items(work.connection, decision.id)?;
    Ok(DecisionAnswer {
        id: decision.id,
        version: decision.version,
        kind: decision.kind,
        unit_code: decision.unit_code,
        state: decision.state,
        number: decision.number,
        signed_on: decision.signed_on,
        reason: decision.reason,
        agenda_item_ids: items.iter().filter_map(|item| item.agenda_item_id).collect(),
        certificate_ids: items.iter().filter_map(|item| item.certificate_id).collect(),
        drafted_by: decision.drafted_by,
        promulgated_by: decision.promulgated_by,
        promulgated_at: decision.promulgated_at,
        created_at: decision.created_at,
    })
}

pub fn visible(work: &mut Work, id: DecisionId) -> Result<Decision> {
    let decision = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.actor.must_see_unit(&decision.unit_code)?;
    Ok(decision)
}

fn shown(work: &mut Work, id: DecisionId) -> Result<Answer, Stop> {
    let decision = visible(work, id)?;
    Ok(Answer::resource(decision.version, answer(work, decision)?)?)
}

/// Drafts a decision (the office of the unit).
#[utoipa::path(tag = "decisions", request_body = DecisionForm, responses((status = 201, body = DecisionAnswer), Refusals))]
#[post("/decisions")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            work.must_be(&[Role::ProvincialOfficer, Role::DistrictOfficer])?;
            work.begin()?;
            let form: DecisionForm = work.body()?;
            if work.actor.unit()? != &form.unit_code {
                return Err(Error::forbidden(say(
                    "Chỉ được soạn quyết định của đơn vị mình.",
                    "Decisions are drafted for one's own unit only.",
                ))
                .into());
            }
            let decision = steps::draft(work, form)?;
            Ok(Answer::created(
                format!("/api/v1/decisions/{}", decision.id),
                decision.version,
                answer(work, decision)?,
            )?)
        })
        .await
}

/// Decisions of one's unit, the newest first; the province sees all.
#[utoipa::path(tag = "decisions", params(ListParameters), responses((status = 200, body = Page<DecisionAnswer>), Refusals))]
#[get("/decisions")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let (named, state) = (query.take::<UnitCode>("unit_code"), query.take("state"));
            query.finish()?;
            let unit = match work.actor.territory() {
                Territory::Province => named,
                Territory::District(own) if named.is_none() || named.as_ref() == Some(&own) => Some(own),
                _ => return Ok(Answer::page(Vec::<DecisionAnswer>::new(), None)?),
            };
            let decisions = store::list(work.connection, unit.as_ref(), state, paging.after, paging.one_more())?;
            let (decisions, next) = paging.cut(decisions, |decision| decision.id)?;
            let answers = decisions.into_iter().map(|decision| answer(work, decision)).collect::<Result<Vec<_>>>()?;
            Ok(Answer::page(answers, next)?)
        })
        .await
}

/// One decision.
#[utoipa::path(tag = "decisions", responses((status = 200, body = DecisionAnswer), Refusals))]
#[get("/decisions/{id}")]
pub async fn read(caller: Caller, id: At<DecisionId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Promulgates a decision with number and day (signatory of its unit, never the account that drafted it).
#[utoipa::path(tag = "decisions", request_body = Signature, responses((status = 200, body = DecisionAnswer), Refusals))]
#[post("/decisions/{id}/promulgate")]
pub async fn promulgate(caller: Caller, id: At<DecisionId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let decision = store::take(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.actor.must_see_unit(&decision.unit_code)?;
            work.must_be(&[Role::Signatory])?;
            if work.actor.unit()? != &decision.unit_code || work.actor.id == decision.drafted_by {
                return Err(Error::forbidden(say(
                    "Người ký phải thuộc đơn vị ban hành và không phải người soạn.",
                    "The signatory must be of the unit, and not who drafted the decision.",
                ))
                .into());
            }
            work.begin_at(decision.version)?;
            decision.state.promulgate()?;
            let signature = work.body()?;
            steps::promulgate(work, &decision, signature)?;
            shown(work, decision.id)
        })
        .await
}

/// Takes a draft back, with the reason (the office of its unit).
#[utoipa::path(tag = "decisions", request_body = Note, responses((status = 200, body = DecisionAnswer), Refusals))]
#[post("/decisions/{id}/withdraw")]
pub async fn withdraw(caller: Caller, id: At<DecisionId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let decision = store::take(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.actor.must_see_unit(&decision.unit_code)?;
            work.must_be(&[Role::ProvincialOfficer, Role::DistrictOfficer])?;
            if work.actor.unit()? != &decision.unit_code {
                return Err(Error::forbidden(say(
                    "Chỉ được rút dự thảo của đơn vị mình.",
                    "Drafts are taken back for one's own unit only.",
                ))
                .into());
            }
            work.begin_at(decision.version)?;
            let state = decision.state.withdraw()?;
            let note = work.body::<Note>()?.demanded()?;
            steps::withdraw(work, &decision, state, &note)?;
            shown(work, decision.id)
        })
        .await
}

/// What happened to a decision.
#[utoipa::path(tag = "decisions", responses((status = 200, body = Page<History>), Refusals))]
#[get("/decisions/{id}/history")]
pub async fn history(caller: Caller, id: At<DecisionId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let decision = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Decision, decision.id)?)
        })
        .await
}
