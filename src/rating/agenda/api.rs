//! `/agenda-items`: a product's way through a council's session.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::AgendaItemId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::rating::agenda::Session;
use crate::rating::agenda::attendance::{self, AbsenceForm, PresenceForm, RecusalForm};
use crate::rating::agenda::conclusion;
use crate::rating::agenda::making::AgendaForm;
use crate::rating::agenda::reminding;
use crate::rating::agenda::rules::RescoreForm;
use crate::rating::agenda::steps::{self, DatesChange, OpeningForm};
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::agenda::view::AgendaItemView;
use crate::station::{Made, NoFields, Note, Offered, PageParameters};

/// Puts dossiers on an agenda, all or none (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = AgendaForm, responses((status = 201, body = Made<AgendaItemView>), Refusals))]
#[post("/agenda-items")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    let address = |made: &[Session]| {
        let council = made.first().map(|session| session.council.id.to_string()).unwrap_or_default();
        format!("/api/v1/agenda-items?council_id={council}")
    };
    caller.make_many(&steps::CREATE, address).await
}

/// The items that one may know of, in the order of their agendas.
#[utoipa::path(tag = "agenda items", params(PageParameters, AgendaItemFilter), responses((status = 200, body = Page<Offered<AgendaItemView>>), Refusals))]
#[get("/agenda-items")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Session>().await
}

/// One item.
#[utoipa::path(tag = "agenda items", responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[get("/agenda-items/{id}")]
pub async fn read(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.show::<Session>(id).await
}

/// Records when the session is and when dossier and samples went to the members (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = DatesChange, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[patch("/agenda-items/{id}")]
pub async fn change(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Records that a member is not there (secretary, office): where it is the chair, the vice-chair presides.
#[utoipa::path(tag = "agenda items", request_body = AbsenceForm, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/absent")]
pub async fn absent(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&attendance::ABSENT, id).await
}

/// Records that a member is there after all (secretary, office).
#[utoipa::path(tag = "agenda items", request_body = PresenceForm, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/present")]
pub async fn present(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&attendance::PRESENT, id).await
}

/// Opens the scoring (who presides), and acknowledges what it is warned of.
#[utoipa::path(tag = "agenda items", request_body = OpeningForm, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/open-scoring")]
pub async fn open_scoring(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::OPEN_SCORING, id).await
}

/// Reminds the members whose sheets are not in (who presides, secretary, office); at most every ten minutes.
#[utoipa::path(tag = "agenda items", request_body = NoFields, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/remind")]
pub async fn remind(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&reminding::REMIND, id).await
}

/// Closes the scoring (who presides): no sheet changes any more.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/close-scoring")]
pub async fn close_scoring(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::CLOSE_SCORING, id).await
}

/// Concludes (who presides), where quorum, spread and gates allow it.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/conclude")]
pub async fn conclude(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&conclusion::CONCLUDE, id).await
}

/// Scores again with fresh sheets (who presides): where a rule of the council is broken, or by a recorded vote.
#[utoipa::path(tag = "agenda items", request_body = RescoreForm, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/rescore")]
pub async fn rescore(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&conclusion::RESCORE, id).await
}

/// Takes the product in for scoring at the last council (its office).
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/admit")]
pub async fn admit(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::ADMIT, id).await
}

/// Leaves the product to a later round (office of the council's unit); a note is needed.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/defer")]
pub async fn defer(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::DEFER, id).await
}

/// Sends a forwarded product up to the next council (office of the council's unit).
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/send-up")]
pub async fn send_up(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::SEND_UP, id).await
}

/// As `send-up`, by its earlier spelling.
#[utoipa::path(tag = "agenda items", request_body = Note, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/send_up")]
pub async fn send_up_by_earlier_spelling(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::SEND_UP, id).await
}

/// Takes one's own seat back for this product, with the reason.
#[utoipa::path(tag = "agenda items", request_body = RecusalForm, responses((status = 200, body = Offered<AgendaItemView>), Refusals))]
#[post("/agenda-items/{id}/recuse")]
pub async fn recuse(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&attendance::RECUSE, id).await
}

/// What happened to an item; sheets are never in it.
#[utoipa::path(tag = "agenda items", responses((status = 200, body = Page<History>), Refusals))]
#[get("/agenda-items/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.history::<Session>(id).await
}
