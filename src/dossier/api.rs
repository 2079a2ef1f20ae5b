//! `/dossiers`.

use actix_web::{get, patch, post};
use serde::Deserialize;

use crate::account::{Caller, Work};
use crate::audit::History;
use crate::base::Error;
use crate::base::id::{DossierId, VisitId};
use crate::dossier::Dossier;
use crate::dossier::commune_steps::{CommuneReportForm, FORWARD};
use crate::dossier::ending_steps::{CARRY_OVER, CarryingOver, WITHDRAW};
use crate::dossier::sample_steps::{GIVE_BACK_SAMPLES, RECEIVE_SAMPLES, SamplesForm, SamplesReturnForm};
use crate::dossier::steps::{self, DossierChange, VisitForm};
use crate::dossier::store::{self, DossierFilter, Visit};
use crate::dossier::submission_store;
use crate::dossier::turn_steps::{self, DocumentTurn, TURN_DOCUMENT};
use crate::dossier::view::{DossierView, SubmissionView, VisitView};
use crate::http::{Answer, ListParameters, Page, PathParam, PathParts, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters, Stretch, find};

/// Dossiers of one's territory, the newest first.
#[utoipa::path(tag = "dossiers", params(PageParameters, DossierFilter), responses((status = 200, body = Page<Offered<DossierView>>), Refusals))]
#[get("/dossiers")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Dossier>().await
}

/// One dossier; also for who has a seat in an open council with the dossier on its agenda.
#[utoipa::path(tag = "dossiers", responses((status = 200, body = Offered<DossierView>), Refusals))]
#[get("/dossiers/{id}")]
pub async fn read(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.show::<Dossier>(id).await
}

/// Fills a dossier (producer, commune on behalf) or names who is responsible (the office that looks after products in
/// the edition: the district, or the commune where there is none).
#[utoipa::path(tag = "dossiers", request_body = DossierChange, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[patch("/dossiers/{id}")]
pub async fn change(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Turns a photograph among the product's documents, or cuts it (producer, commune on behalf). What comes of it is a new
/// document, which stands in the place of the old one wherever this dossier names it; the old one stays with the product, for
/// what was handed in may rest on it.
#[utoipa::path(tag = "dossiers", request_body = DocumentTurn, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/turn-document")]
pub async fn turn_document(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take_prepared(&TURN_DOCUMENT, id, turn_steps::prepare).await
}

/// Hands a dossier in for scoring (producer; commune officer on behalf). What lacks for its kind is refused, one error for
/// each thing; what is there is kept as it was, and `receipt` tells when and with which digest.
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/submit")]
pub async fn submit(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&steps::SUBMIT, id).await
}

/// Hands a dossier back for completion, with a reason (the offices, and the working group that checks it for a council; where
/// the edition has the commune's step, they ask the commune, and the commune the producer). It keeps its place on the agenda
/// and is scored once it is there again.
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/return")]
pub async fn send_back(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&steps::RETURN, id).await
}

/// Sends a dossier on to the councils with the commune's report (form 03), where the edition has the commune's step.
#[utoipa::path(tag = "dossiers", request_body = CommuneReportForm, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/forward")]
pub async fn forward(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&FORWARD, id).await
}

/// Takes back what was handed in, unless a council scores it or is done with it (producer; commune officer on behalf). A
/// certificate that it kept valid ends with this day.
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/withdraw")]
pub async fn withdraw(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&WITHDRAW, id).await
}

/// Enters a dossier under the act in force, where its rating was not completed in time under an earlier one: product, plan,
/// papers and figures are carried over into `carried_to` (producer, commune, provincial office).
#[utoipa::path(tag = "dossiers", request_body = CarryingOver, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/carry-over")]
pub async fn carry_over(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&CARRY_OVER, id).await
}

/// Records sample units that came in (provincial office), where the edition counts samples.
#[utoipa::path(tag = "dossiers", request_body = SamplesForm, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/receive-samples")]
pub async fn receive_samples(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&RECEIVE_SAMPLES, id).await
}

/// Records that all sample units that are kept went back (provincial office).
#[utoipa::path(tag = "dossiers", request_body = SamplesReturnForm, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/give-back-samples")]
pub async fn give_back_samples(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&GIVE_BACK_SAMPLES, id).await
}

/// What was handed in of a dossier, the newest first.
#[utoipa::path(tag = "dossiers", params(ListParameters), responses((status = 200, body = Page<SubmissionView>), Refusals))]
#[get("/dossiers/{id}/submissions")]
pub async fn list_submissions(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let dossier = find::<Dossier>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let found = submission_store::list(work.connection, dossier.row.id, paging.after, paging.one_more())?;
            let (found, next) = paging.cut(found, |submission| submission.number)?;
            Ok(Answer::page(SubmissionView::listed(work, found)?, next)?)
        })
        .await
}

/// Which submission of which dossier.
#[derive(Deserialize)]
pub struct SubmissionPath {
    id: DossierId,
    number: i32,
}

/// What was handed in, as it was.
#[utoipa::path(
    tag = "dossiers",
    params(
        ("id" = DossierId, Path, description = "The dossier."),
        ("number" = i32, Path, description = "Which submission of it, beginning with 1."),
    ),
    responses((status = 200, body = SubmissionView), Refusals)
)]
#[get("/dossiers/{id}/submissions/{number}")]
pub async fn read_submission(caller: Caller, path: PathParts<SubmissionPath>) -> Result<Answer, Problem> {
    caller
        .read(move |work| {
            let SubmissionPath { id, number } = path.get()?;
            let dossier = find::<Dossier>(work, &id)?;
            let found = submission_store::find(work.connection, id, number)?.ok_or_else(Error::unknown)?;
            Ok(Answer::ok(SubmissionView::whole(work, &dossier, found)?)?)
        })
        .await
}

/// Records a visit (the responsible officer, or the office that looks after products in the edition).
#[utoipa::path(tag = "dossiers", request_body = VisitForm, responses((status = 201, body = VisitView), Refusals))]
#[post("/dossiers/{id}/visits")]
pub async fn record_visit(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    let answer = |work: &mut Work, (dossier, visit): (DossierId, Visit)| {
        let address = format!("/api/v1/dossiers/{dossier}/visits/{}", visit.id);
        let view = VisitView::of(work, vec![visit])?.pop().ok_or_else(|| Error::internal("a view is missing"))?;
        Answer::made(address, view)
    };
    caller.take_for(&steps::RECORD_VISIT, id, answer).await
}

/// What names a visit.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct VisitPath {
    id: DossierId,
    visit: VisitId,
}

/// One visit.
#[utoipa::path(
    tag = "dossiers",
    params(("id" = DossierId, Path, description = "The dossier."), ("visit" = VisitId, Path, description = "The visit.")),
    responses((status = 200, body = VisitView), Refusals)
)]
#[get("/dossiers/{id}/visits/{visit}")]
pub async fn read_visit(caller: Caller, path: PathParts<VisitPath>) -> Result<Answer, Problem> {
    caller
        .read(move |work| {
            let VisitPath { id, visit } = path.get()?;
            let dossier = find::<Dossier>(work, &id)?;
            let found = store::visit(work.connection, dossier.row.id, visit)?.ok_or_else(Error::unknown)?;
            let view = VisitView::of(work, vec![found])?.pop();
            Ok(Answer::ok(view.ok_or_else(|| Error::internal("a view is missing"))?)?)
        })
        .await
}

/// A dossier's visits, the newest first.
#[utoipa::path(tag = "dossiers", params(ListParameters), responses((status = 200, body = Page<VisitView>), Refusals))]
#[get("/dossiers/{id}/visits")]
pub async fn list_visits(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let dossier = find::<Dossier>(work, &id.get()?)?;
            let paging = query.paging();
            query.finish()?;
            let visits = store::visits(work.connection, dossier.row.id, &Stretch::of(&paging))?;
            let (visits, next) = paging.cut(visits, |visit| visit.id)?;
            Ok(Answer::page(VisitView::of(work, visits)?, next)?)
        })
        .await
}

/// What happened to a dossier.
#[utoipa::path(tag = "dossiers", responses((status = 200, body = Page<History>), Refusals))]
#[get("/dossiers/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.history::<Dossier>(id).await
}
