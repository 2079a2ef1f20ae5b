//! `/registrations`.

use actix_web::{get, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::RegistrationId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals, Visitor};
use crate::producer::registration::Registration;
use crate::producer::registration::handing_in::{HandedIn, hand_in};
use crate::producer::registration::receipt::ReceiptCode;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::registration::steps::{self, Applicant, RegistrationForm};
use crate::producer::registration::store::RegistrationFilter;
use crate::producer::registration::view::{Receipt, RegistrationView};
use crate::station::{Note, Offered, PageParameters};

/// Registers a producer and its first account; an officer of the commune or the district confirms. What is sent again under its
/// `Idempotency-Key` has the first receipt.
#[utoipa::path(
    tag = "producers", security(()), request_body = RegistrationForm,
    responses((status = 201, body = Receipt), Refusals)
)]
#[post("/registrations")]
pub async fn register(visitor: Visitor) -> Result<Answer, Problem> {
    let applicant = Applicant::read(&visitor.app, &visitor.request).await?;
    let code = match visitor.request.idempotency_key()? {
        Some(key) => ReceiptCode::of_sending(&visitor.app.keys, &key, &visitor.request.content()?)?,
        None => ReceiptCode::random()?,
    };
    let HandedIn { id, is_repeated } = hand_in(&visitor.app, applicant, code.clone()).await?;
    let receipt = Receipt { id, state: RegistrationState::Pending, code };
    let answer = Answer::made(format!("/api/v1/registrations/{id}"), receipt)?;
    Ok(if is_repeated { answer.replayed() } else { answer })
}

/// Registrations of the asker's territory, newest first (commune, district and provincial offices, supervisors).
#[utoipa::path(
    tag = "producers", params(PageParameters, RegistrationFilter),
    responses((status = 200, body = Page<Offered<RegistrationView>>), Refusals)
)]
#[get("/registrations")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Registration>().await
}

/// One registration.
#[utoipa::path(tag = "producers", responses((status = 200, body = Offered<RegistrationView>), Refusals))]
#[get("/registrations/{id}")]
pub async fn read(caller: Caller, id: PathParam<RegistrationId>) -> Result<Answer, Problem> {
    caller.show::<Registration>(id).await
}

/// Confirms a registration: the producer comes on record, or is found there, and the account may sign in.
#[utoipa::path(
    tag = "producers", request_body = Note, responses((status = 200, body = Offered<RegistrationView>), Refusals)
)]
#[post("/registrations/{id}/confirm")]
pub async fn confirm(caller: Caller, id: PathParam<RegistrationId>) -> Result<Answer, Problem> {
    caller.take(&steps::CONFIRM, id).await
}

/// Refuses a registration; the note says why.
#[utoipa::path(
    tag = "producers", request_body = Note, responses((status = 200, body = Offered<RegistrationView>), Refusals)
)]
#[post("/registrations/{id}/refuse")]
pub async fn refuse(caller: Caller, id: PathParam<RegistrationId>) -> Result<Answer, Problem> {
    caller.take(&steps::REFUSE, id).await
}

/// What happened to a registration.
#[utoipa::path(tag = "producers", responses((status = 200, body = Page<History>), Refusals))]
#[get("/registrations/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<RegistrationId>) -> Result<Answer, Problem> {
    caller.history::<Registration>(id).await
}
