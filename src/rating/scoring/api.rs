//! `/agenda-items/{id}/sheet`: one's own sheet of an item, and nobody else's.

use actix_web::{get, post, put};

use crate::account::Caller;
use crate::base::id::AgendaItemId;
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::scoring::OwnSheet;
use crate::rating::scoring::steps::{self, SheetForm};
use crate::rating::scoring::view::OwnSheetView;
use crate::station::{Note, Offered};

/// One's own sheet.
#[utoipa::path(tag = "sheets", responses((status = 200, body = Offered<OwnSheetView>), Refusals))]
#[get("/agenda-items/{id}/sheet")]
pub async fn read(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.show::<OwnSheet>(id).await
}

/// Writes the marks made so far (a member whose seat scores); the whole sheet is given.
#[utoipa::path(tag = "sheets", request_body = SheetForm, responses((status = 200, body = Offered<OwnSheetView>), Refusals))]
#[put("/agenda-items/{id}/sheet")]
pub async fn write(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::WRITE, id).await
}

/// Submits one's own sheet, which must be complete.
#[utoipa::path(tag = "sheets", request_body = Note, responses((status = 200, body = Offered<OwnSheetView>), Refusals))]
#[post("/agenda-items/{id}/sheet/submit")]
pub async fn submit(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::SUBMIT, id).await
}

/// Takes one's own sheet back, until the scoring closes.
#[utoipa::path(tag = "sheets", request_body = Note, responses((status = 200, body = Offered<OwnSheetView>), Refusals))]
#[post("/agenda-items/{id}/sheet/withdraw")]
pub async fn withdraw(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller.take(&steps::WITHDRAW, id).await
}
