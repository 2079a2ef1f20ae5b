//! `/dossiers`.

use std::collections::BTreeMap;

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work, seats};
use crate::audit::{self, History, Resource};
use crate::base::id::{
    AccountId, CriteriaSetId, CycleId, DocumentId, DossierId, PlanId, ProducerId, ProductId, VisitId,
};
use crate::base::{Day, Error, Fault, Faults, Moment, Result, UnitCode, say, text};
use crate::dossier::rules::{self, State};
use crate::dossier::steps::{self, DossierChange};
use crate::dossier::store::{self, Dossier, Filter, Visit};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};

#[derive(Debug, Serialize, ToSchema)]
pub struct DossierAnswer {
    id: DossierId,
    version: i32,
    state: State,
    product_id: ProductId,
    cycle_id: CycleId,
    plan_id: PlanId,
    producer_id: ProducerId,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    documents: Vec<DocumentId>,
    /// Kinds of document that the act requires and the dossier lacks.
    #[schema(value_type = Vec<String>)]
    missing_documents: Vec<&'static str>,
    /// The criteria set and version it is scored with, from its first agenda on.
    criteria_set_id: Option<CriteriaSetId>,
    responsible_account_id: Option<AccountId>,
    /// The producer's own marks; for others than the producer and its commune only after the councils' results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<crate::criteria::marking::Mark>>)]
    self_marks: Option<Value>,
    /// What the producer states in whole numbers.
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    figures: BTreeMap<String, i64>,
    submitted_at: Option<Moment>,
    /// Handed in after the deadline.
    late: bool,
    created_at: Moment,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitAnswer {
    id: VisitId,
    account_id: AccountId,
    visited_on: Day,
    findings: String,
    advice: String,
}

impl From<Visit> for VisitAnswer {
    fn from(visit: Visit) -> Self {
        let Visit { id, account_id, visited_on, findings, advice, .. } = visit;
        Self { id, account_id, visited_on, findings, advice }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitForm {
    visited_on: Day,
    findings: String,
    #[serde(default)]
    advice: String,
}

/// A dossier as the asker may see it: the self-scoring sways no council, so it is shown before the result only to the
/// producer and the commune that may enter it on behalf.
fn answer(work: &mut Work, dossier: Dossier) -> Result<DossierAnswer> {
    let kinds = store::document_kinds(work.connection, dossier.id)?;
    let sees_self_marks = store::shows_self_marks(work.connection, &dossier, &work.actor)?;
    Ok(DossierAnswer {
        id: dossier.id,
        version: dossier.version,
        state: dossier.state,
        product_id: dossier.product_id,
        cycle_id: dossier.cycle_id,
        plan_id: dossier.plan_id,
        producer_id: dossier.producer_id,
        commune_code: dossier.commune_code,
        district_code: dossier.district_code,
        documents: store::document_ids(work.connection, dossier.id)?,
        missing_documents: rules::missing(&kinds, rules::REQUIRED),
        criteria_set_id: dossier.criteria_set_id,
        responsible_account_id: dossier.responsible_account_id,
        self_marks: dossier.self_marks.filter(|_| sees_self_marks).map(|marks| marks.0),
        figures: dossier.figures.0,
        submitted_at: dossier.submitted_at,
        late: dossier.late,
        created_at: dossier.created_at,
    })
}

fn visible(work: &mut Work, id: DossierId) -> Result<Dossier> {
    let dossier = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    seats::must_see_dossier(work.connection, &work.actor, &dossier.home(), id)?;
    Ok(dossier)
}

/// A seat in a council lets read, no more: 403 for who writes outside of the own territory.
fn must_hold(work: &Work, dossier: &Dossier) -> Result<()> {
    if work.actor.territory().covers(&dossier.home()) {
        return Ok(());
    }
    Err(Error::forbidden(say("Hồ sơ này ngoài địa bàn của bạn.", "This dossier lies outside your territory.")))
}

fn taken(work: &mut Work, id: DossierId) -> Result<Dossier> {
    let dossier = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    seats::must_see_dossier(work.connection, &work.actor, &dossier.home(), id)?;
    Ok(dossier)
}

fn shown(work: &mut Work, id: DossierId) -> Result<Answer, Stop> {
    let dossier = visible(work, id)?;
    Ok(Answer::resource(dossier.version, answer(work, dossier)?)?)
}

/// Dossiers of one's territory, the newest first.
#[utoipa::path(tag = "dossiers", params(ListParameters), responses((status = 200, body = Page<DossierAnswer>), Refusals))]
#[get("/dossiers")]
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
            let dossiers = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (dossiers, next) = paging.cut(dossiers, |dossier| dossier.id)?;
            let answers = dossiers.into_iter().map(|dossier| answer(work, dossier)).collect::<Result<Vec<_>>>()?;
            Ok(Answer::page(answers, next)?)
        })
        .await
}

/// One dossier; also for who has a seat in an open council with the dossier on its agenda.
#[utoipa::path(tag = "dossiers", responses((status = 200, body = DossierAnswer), Refusals))]
#[get("/dossiers/{id}")]
pub async fn read(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller.read(|work| shown(work, id.get()?)).await
}

/// Fills a dossier (producer, commune on behalf) or names who is responsible (the office that looks after products in
/// the edition: the district, or the commune where there is none).
#[utoipa::path(tag = "dossiers", request_body = DossierChange, responses((status = 200, body = DossierAnswer), Refusals))]
#[patch("/dossiers/{id}")]
pub async fn change(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let dossier = taken(work, id.get()?)?;
            steps::must_be_changer(work, &dossier)?;
            must_hold(work, &dossier)?;
            work.begin_at(dossier.version)?;
            steps::must_be_open_to(work, &dossier)?;
            let form = work.body()?;
            steps::may_change(work, &dossier, &form)?;
            steps::change(work, &dossier, form)?;
            shown(work, dossier.id)
        })
        .await
}

/// Hands a dossier in for scoring (producer; commune officer on behalf).
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = DossierAnswer), Refusals))]
#[post("/dossiers/{id}/submit")]
pub async fn submit(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let dossier = taken(work, id.get()?)?;
            work.must_be(steps::WRITERS)?;
            must_hold(work, &dossier)?;
            work.begin_at(dossier.version)?;
            steps::may_submit(work, &dossier)?;
            let note = work.body::<Note>()?.optional()?;
            steps::submit(work, &dossier, note.as_deref())?;
            shown(work, dossier.id)
        })
        .await
}

/// Hands a dossier back for correction, with a reason (the offices, and the working group that checks it for a council); it
/// keeps its place on the agenda and is scored once it is submitted again.
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = DossierAnswer), Refusals))]
#[post("/dossiers/{id}/return")]
pub async fn send_back(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let dossier = taken(work, id.get()?)?;
            if !seats::checks_dossier(work.connection, &work.actor, dossier.id)? {
                let offices = steps::offices(work, &dossier)?;
                work.must_be(&offices)?;
                must_hold(work, &dossier)?;
            }
            work.begin_at(dossier.version)?;
            let state = steps::may_send_back(work, &dossier)?;
            let note = work.body::<Note>()?.demanded()?;
            steps::send_back(work, &dossier, state, &note)?;
            shown(work, dossier.id)
        })
        .await
}

/// Records a visit (the responsible officer, or the office that looks after products in the edition).
#[utoipa::path(tag = "dossiers", request_body = VisitForm, responses((status = 201, body = VisitAnswer), Refusals))]
#[post("/dossiers/{id}/visits")]
pub async fn record_visit(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let dossier = visible(work, id.get()?)?;
            let keeper = steps::looks_after(work, &dossier)?;
            work.must_be(&[Role::CommuneOfficer, keeper])?;
            must_hold(work, &dossier)?;
            if !work.actor.is(&[keeper]) && dossier.responsible_account_id != Some(work.actor.id) {
                return Err(Error::forbidden(say(
                    "Chỉ cán bộ được phân công phụ trách ghi nhật ký.",
                    "Only the officer who is responsible records visits.",
                ))
                .into());
            }
            work.begin()?;
            let form: VisitForm = work.body()?;
            let mut faults = Vec::new();
            text::check(&form.findings, "/findings", 5000, &mut faults);
            text::check_length(&form.advice, "/advice", 5000, &mut faults);
            if form.visited_on > work.now.day() {
                let text = say("Ngày thăm không thể ở tương lai.", "A visit cannot lie in the future.");
                faults.push(Fault::new("/visited_on", "in_future", text));
            }
            faults.into_result()?;
            let VisitForm { visited_on, findings, advice } = form;
            let (account_id, created_at) = (work.actor.id, work.now);
            let visit = Visit { id: VisitId::new(), account_id, visited_on, findings, advice, created_at };
            store::insert_visit(work.connection, dossier.id, &visit)?;
            Ok(Answer::made(format!("/api/v1/dossiers/{}/visits", dossier.id), VisitAnswer::from(visit))?)
        })
        .await
}

/// A dossier's visits, the newest first.
#[utoipa::path(tag = "dossiers", params(ListParameters), responses((status = 200, body = Page<VisitAnswer>), Refusals))]
#[get("/dossiers/{id}/visits")]
pub async fn list_visits(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let dossier = visible(work, id.get()?)?;
            let mut query = work.request.query();
            let paging = query.paging();
            query.finish()?;
            let visits = store::visits(work.connection, dossier.id, paging.after, paging.one_more())?;
            let (visits, next) = paging.cut(visits, |visit| visit.id)?;
            Ok(Answer::page(visits.into_iter().map(VisitAnswer::from).collect(), next)?)
        })
        .await
}

/// What happened to a dossier.
#[utoipa::path(tag = "dossiers", responses((status = 200, body = Page<History>), Refusals))]
#[get("/dossiers/{id}/history")]
pub async fn history(caller: Caller, id: At<DossierId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let dossier = visible(work, id.get()?)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Dossier, dossier.id)?)
        })
        .await
}
