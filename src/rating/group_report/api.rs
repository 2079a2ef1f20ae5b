//! `/group-reports`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::GroupReportId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::rating::group_report::GroupReport;
use crate::rating::group_report::rules::GroupReportChange;
use crate::rating::group_report::steps::{self, GroupReportFinish};
use crate::rating::group_report::store::GroupReportFilter;
use crate::rating::group_report::view::GroupReportView;
use crate::station::{Note, Offered, PageParameters};

/// The reports of working groups that one may read, the newest first.
#[utoipa::path(
    tag = "group reports",
    params(PageParameters, GroupReportFilter),
    responses((status = 200, body = Page<Offered<GroupReportView>>), Refusals)
)]
#[get("/group-reports")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<GroupReport>().await
}

/// One report, for the council while it is open, and who oversees the unit.
#[utoipa::path(tag = "group reports", responses((status = 200, body = Offered<GroupReportView>), Refusals))]
#[get("/group-reports/{id}")]
pub async fn read(caller: Caller, id: PathParam<GroupReportId>) -> Result<Answer, Problem> {
    caller.show::<GroupReport>(id).await
}

/// Rewrites a report that is not finished (working group, secretary, office of the council's unit).
#[utoipa::path(
    tag = "group reports", request_body = GroupReportChange,
    responses((status = 200, body = Offered<GroupReportView>), Refusals)
)]
#[patch("/group-reports/{id}")]
pub async fn change(caller: Caller, id: PathParam<GroupReportId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Gives up a report that is not finished (working group, secretary, office of the council's unit); the item may have another.
#[utoipa::path(
    tag = "group reports", request_body = Note,
    responses((status = 200, body = Offered<GroupReportView>), Refusals)
)]
#[post("/group-reports/{id}/discard")]
pub async fn discard(caller: Caller, id: PathParam<GroupReportId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISCARD, id).await
}

/// Finishes a report (working group, secretary, office of the council's unit): it is fixed from then on.
#[utoipa::path(
    tag = "group reports", request_body = GroupReportFinish,
    responses((status = 200, body = Offered<GroupReportView>), Refusals)
)]
#[post("/group-reports/{id}/finish")]
pub async fn finish(caller: Caller, id: PathParam<GroupReportId>) -> Result<Answer, Problem> {
    caller.take(&steps::FINISH, id).await
}

/// What happened to a report.
#[utoipa::path(tag = "group reports", responses((status = 200, body = Page<History>), Refusals))]
#[get("/group-reports/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<GroupReportId>) -> Result<Answer, Problem> {
    caller.history::<GroupReport>(id).await
}
