//! `/doubts`: read and answered by the provincial office and the inspectors.

use actix_web::{HttpResponse, get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::Error;
use crate::base::id::DoubtId;
use crate::files::{self, Audience, Folder};
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::stamp::doubts::store::DoubtFilter;
use crate::stamp::doubts::view::DoubtView;
use crate::stamp::doubts::{Doubt, steps};
use crate::station::{Note, Offered, PageParameters, find};

/// Doubts that shoppers reported, the newest first (provincial office, inspectors, supervisors).
#[utoipa::path(
    tag = "stamps",
    params(PageParameters, DoubtFilter),
    responses((status = 200, body = Page<Offered<DoubtView>>), Refusals)
)]
#[get("/doubts")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Doubt>().await
}

/// One doubt.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Offered<DoubtView>), Refusals))]
#[get("/doubts/{id}")]
pub async fn read(caller: Caller, id: PathParam<DoubtId>) -> Result<Answer, Problem> {
    caller.show::<Doubt>(id).await
}

/// The photo that came with a doubt.
#[utoipa::path(
    tag = "stamps", responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals)
)]
#[get("/doubts/{id}/photo")]
pub async fn photo(caller: Caller, id: PathParam<DoubtId>) -> Result<HttpResponse, Problem> {
    photo_of(caller, id).await
}

/// The photo of a doubt, for whoever may see it.
pub async fn photo_of(caller: Caller, id: PathParam<DoubtId>) -> Result<HttpResponse, Problem> {
    let file = caller
        .look(move |work| {
            let doubt: Doubt = find(work, &id.get()?)?;
            let file = doubt.row.file_id.ok_or_else(Error::unknown)?;
            files::store::find(work.connection, file)?.ok_or_else(Error::unknown)
        })
        .await?;
    Ok(files::serve(&Folder::of(&caller.app.data_dir), file, &caller.request, Audience::Private).await?)
}

/// What became of a doubt.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/doubts/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<DoubtId>) -> Result<Answer, Problem> {
    caller.history::<Doubt>(id).await
}

/// Says that somebody looks into a doubt (provincial office, inspectors).
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = Offered<DoubtView>), Refusals))]
#[post("/doubts/{id}/see")]
pub async fn see(caller: Caller, id: PathParam<DoubtId>) -> Result<Answer, Problem> {
    caller.take(&steps::SEE, id).await
}

/// Closes a doubt, saying what was found (provincial office, inspectors).
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = Offered<DoubtView>), Refusals))]
#[post("/doubts/{id}/close")]
pub async fn close(caller: Caller, id: PathParam<DoubtId>) -> Result<Answer, Problem> {
    caller.take(&steps::CLOSE, id).await
}
