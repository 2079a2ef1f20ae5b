//! `GET /cycles/{id}/report`.

use actix_web::get;

use crate::account::{Caller, Role};
use crate::base::Error;
use crate::base::id::CycleId;
use crate::cycle;
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::report::figures::Report;
use crate::report::made;

/// Who works with the programme's figures.
pub const READERS: &[Role] = &[
    Role::CommuneOfficer,
    Role::DistrictOfficer,
    Role::ProvincialOfficer,
    Role::Signatory,
    Role::Inspector,
    Role::Supervisor,
];

/// The figures of a cycle as of `on` (default: the end of its year once past, else today), for one's own territory.
#[utoipa::path(
    tag = "cycles",
    params(("on" = Option<String>, Query, description = "The last day that counts, as in `2019-10-31`")),
    responses((status = 200, body = Report), Refusals)
)]
#[get("/cycles/{id}/report")]
pub async fn report(caller: Caller, id: PathParam<CycleId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let id = id.get()?;
            if cycle::store::find(work.connection, id)?.is_none() {
                return Err(Error::unknown().into());
            }
            work.must_be(READERS)?;
            let on = query.take("on");
            query.finish()?;
            let today = work.now.day();
            Ok(Answer::ok(made(work.connection, id, on, today, &work.actor.territory())?)?)
        })
        .await
}
