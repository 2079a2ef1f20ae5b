//! `/dossiers`.

use actix_web::{get, patch, post};

use crate::account::{Caller, Work};
use crate::audit::History;
use crate::base::Error;
use crate::base::id::DossierId;
use crate::dossier::Dossier;
use crate::dossier::steps::{self, DossierChange, VisitForm};
use crate::dossier::store::{self, DossierFilter, Visit};
use crate::dossier::view::{DossierView, VisitView};
use crate::http::{Answer, ListParameters, Page, PathParam, Problem, Refusals};
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

/// Hands a dossier in for scoring (producer; commune officer on behalf).
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/submit")]
pub async fn submit(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&steps::SUBMIT, id).await
}

/// Hands a dossier back for correction, with a reason (the offices, and the working group that checks it for a council); it
/// keeps its place on the agenda and is scored once it is submitted again.
#[utoipa::path(tag = "dossiers", request_body = Note, responses((status = 200, body = Offered<DossierView>), Refusals))]
#[post("/dossiers/{id}/return")]
pub async fn send_back(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    caller.take(&steps::RETURN, id).await
}

/// Records a visit (the responsible officer, or the office that looks after products in the edition).
#[utoipa::path(tag = "dossiers", request_body = VisitForm, responses((status = 201, body = VisitView), Refusals))]
#[post("/dossiers/{id}/visits")]
pub async fn record_visit(caller: Caller, id: PathParam<DossierId>) -> Result<Answer, Problem> {
    let answer = |work: &mut Work, (dossier, visit): (DossierId, Visit)| {
        let view = VisitView::of(work, vec![visit])?.pop().ok_or_else(|| Error::internal("a view is missing"))?;
        Answer::made(format!("/api/v1/dossiers/{dossier}/visits"), view)
    };
    caller.take_for(&steps::RECORD_VISIT, id, answer).await
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
