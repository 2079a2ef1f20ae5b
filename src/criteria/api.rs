//! `/criteria-sets`: read by everybody who signs in, imported by the provincial office.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::Error;
use crate::criteria::steps;
use crate::criteria::store::{self, SetFilter};
use crate::criteria::thing::SetName;
use crate::criteria::view::SetSummary;
use crate::criteria::{Set, SetRow};
use crate::cycle::EditionCode;
use crate::http::{Answer, Kept, Page, PathParam, Problem, Refusals, bounds};
use crate::station::{Offered, PageParameters};

/// The criteria sets, each in its newest version.
#[utoipa::path(
    tag = "criteria sets", params(PageParameters, SetFilter),
    responses((status = 200, body = Page<Offered<SetSummary>>), Refusals)
)]
#[get("/criteria-sets")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<SetRow>().await
}

/// One set with its whole tree, as it can be imported again: the newest version of the edition in force today,
/// unless `edition` and `version` name another.
#[utoipa::path(
    tag = "criteria sets",
    params(("edition" = Option<EditionCode>, Query), ("version" = Option<i32>, Query)),
    responses((status = 200, body = Set), Refusals)
)]
#[get("/criteria-sets/{code}")]
pub async fn read(caller: Caller, code: PathParam<String>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let code = code.get()?;
            let (edition, version) = (query.take("edition"), query.number(bounds::VERSION));
            query.finish()?;
            let name = SetName { code, edition };
            let edition = name.edition(work)?.ok_or_else(Error::unknown)?;
            let found = match version {
                Some(version) => store::version(work.connection, &name.code, edition, version)?,
                None => store::latest(work.connection, &name.code, edition)?,
            };
            let row = found.ok_or_else(Error::unknown)?;
            Ok(Answer::resource(row.version, row.tree.0)?.kept(Kept::Privately(60)))
        })
        .await
}

/// Imports a set, as its next version (provincial office). Dossiers keep the version they are scored with.
#[utoipa::path(tag = "criteria sets", request_body = Set, responses((status = 201, body = Set), Refusals))]
#[post("/criteria-sets")]
pub async fn import(caller: Caller) -> Result<Answer, Problem> {
    caller.make_for(&steps::IMPORT, |address, set| Answer::created(address, set.version, set.tree.0)).await
}

/// Who imported the newest version of a set; nobody where it shipped with the service.
#[utoipa::path(tag = "criteria sets", responses((status = 200, body = Page<History>), Refusals))]
#[get("/criteria-sets/{code}/history")]
pub async fn history(caller: Caller, code: PathParam<SetName>) -> Result<Answer, Problem> {
    caller.history::<SetRow>(code).await
}
