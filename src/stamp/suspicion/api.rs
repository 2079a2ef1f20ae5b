//! `/stamps/suspects`: the board of stamps that may have been copied, with the evidence.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::Day;
use crate::base::id::{ProducerId, SuspicionId};
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::stamp::rules::suspects::{self, SuspicionRules};
use crate::stamp::suspicion::alerts::{self, ScanAlert};
use crate::stamp::suspicion::steps::{self, ConfirmationForm};
use crate::stamp::suspicion::store::SuspicionFilter;
use crate::stamp::suspicion::thing::READERS;
use crate::stamp::suspicion::view::SuspicionView;
use crate::stamp::suspicion::{Suspicion, network_store};
use crate::station::{Note, Offered, PageParameters};

/// The rules by which a stamp becomes suspect, as data.
#[utoipa::path(tag = "stamps", responses((status = 200, body = SuspicionRules), Refusals))]
#[get("/stamps/rules")]
pub async fn read_rules(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.actor.must_be(&READERS)?;
            Ok(Answer::ok(suspects::in_force()?)?)
        })
        .await
}

/// The board: stamps that a rule found, the newest first (provincial office, inspectors, supervisors).
#[utoipa::path(
    tag = "stamps",
    params(PageParameters, SuspicionFilter),
    responses((status = 200, body = Page<Offered<SuspicionView>>), Refusals)
)]
#[get("/stamps/suspects")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Suspicion>().await
}

/// One case of the board.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Offered<SuspicionView>), Refusals))]
#[get("/stamps/suspects/{id}")]
pub async fn read(caller: Caller, id: PathParam<SuspicionId>) -> Result<Answer, Problem> {
    caller.show::<Suspicion>(id).await
}

/// What happened to a case.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/stamps/suspects/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<SuspicionId>) -> Result<Answer, Problem> {
    caller.history::<Suspicion>(id).await
}

/// Dismisses a suspicion (provincial office), saying why. For a week nothing speaks against the stamp; then visitors are
/// counted anew, and it takes more of them than were dismissed.
#[utoipa::path(
    tag = "stamps", request_body = Note, responses((status = 200, body = Offered<SuspicionView>), Refusals)
)]
#[post("/stamps/suspects/{id}/dismiss")]
pub async fn dismiss(caller: Caller, id: PathParam<SuspicionId>) -> Result<Answer, Problem> {
    caller.take(&steps::DISMISS, id).await
}

/// Confirms a suspicion (provincial office), saying why: the stamp stays suspect whatever happens, or becomes void.
#[utoipa::path(
    tag = "stamps", request_body = ConfirmationForm, responses((status = 200, body = Offered<SuspicionView>), Refusals)
)]
#[post("/stamps/suspects/{id}/confirm")]
pub async fn confirm(caller: Caller, id: PathParam<SuspicionId>) -> Result<Answer, Problem> {
    caller.take(&steps::CONFIRM, id).await
}

/// Networks that go through a producer's stamps, the newest day first (provincial office, inspectors, supervisors). They
/// make no stamp suspect.
#[utoipa::path(
    tag = "stamps",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<ScanAlert>), Refusals)
)]
#[get("/stamps/alerts")]
pub async fn list_alerts(caller: Caller) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            work.actor.must_be(&READERS)?;
            let paging = query.paging::<(Day, ProducerId)>();
            query.finish()?;
            let found = network_store::sweeps(work.connection, paging.after, paging.one_more())?;
            let (found, next) = paging.cut(found, |sweep| (sweep.day, sweep.producer_id))?;
            Ok(Answer::page(alerts::shown(work, found)?, next)?)
        })
        .await
}
