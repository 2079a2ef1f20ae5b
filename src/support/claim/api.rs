//! `/support-claims`.

use actix_web::{get, patch, post};

use crate::account::Caller;
use crate::audit::History;
use crate::base::id::SupportClaimId;
use crate::http::{Answer, Page, PathParam, Problem, Refusals};
use crate::station::{Note, Offered, PageParameters};
use crate::support::SupportClaim;
use crate::support::claim::making::{self, SupportClaimChange, SupportClaimForm};
use crate::support::claim::office::{self, AcceptanceForm, AppraisalForm, DecisionOnClaim, PaymentForm, TakeBackForm};
use crate::support::claim::store::SupportClaimFilter;
use crate::support::claim::view::SupportClaimView;

/// Writes a claim by a policy in force, as a draft (producer).
#[utoipa::path(
    tag = "support", request_body = SupportClaimForm,
    responses((status = 201, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make(&making::CREATE).await
}

/// The claims that one may know of, the newest first; what was never handed in is its producer's alone.
#[utoipa::path(
    tag = "support", params(PageParameters, SupportClaimFilter),
    responses((status = 200, body = Page<Offered<SupportClaimView>>), Refusals)
)]
#[get("/support-claims")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<SupportClaim>().await
}

/// One claim, with where its money is.
#[utoipa::path(tag = "support", responses((status = 200, body = Offered<SupportClaimView>), Refusals))]
#[get("/support-claims/{id}")]
pub async fn read(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.show::<SupportClaim>(id).await
}

/// Changes a claim that is not handed in, or came back (producer).
#[utoipa::path(
    tag = "support", request_body = SupportClaimChange,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[patch("/support-claims/{id}")]
pub async fn change(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&making::CHANGE, id).await
}

/// Hands a claim in, with its invoices (producer).
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/hand-in")]
pub async fn hand_in(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&making::HAND_IN, id).await
}

/// Accepts a claim on site by the minutes that were added (commune or district, by edition).
#[utoipa::path(
    tag = "support", request_body = AcceptanceForm,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/accept")]
pub async fn accept(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::ACCEPT, id).await
}

/// Sends a claim to the province (commune or district, by edition): by 15 November of its year, else it is marked `late`.
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/send")]
pub async fn send(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::SEND, id).await
}

/// Appraises a claim (provincial office).
#[utoipa::path(
    tag = "support", request_body = AppraisalForm,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/appraise")]
pub async fn appraise(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::APPRAISE, id).await
}

/// Decides how much is paid (the province's signatory).
#[utoipa::path(
    tag = "support", request_body = DecisionOnClaim,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/decide")]
pub async fn decide(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::DECIDE, id).await
}

/// Records a part that was paid (provincial office); once nothing is left the claim is `paid`.
#[utoipa::path(
    tag = "support", request_body = PaymentForm,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/pay")]
pub async fn pay(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::PAY, id).await
}

/// Takes back what was paid, all or a part (the province's signatory); no more is paid from then on.
#[utoipa::path(
    tag = "support", request_body = TakeBackForm,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/take-back")]
pub async fn take_back(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::TAKE_BACK, id).await
}

/// Returns a claim to its producer, for a reason (whose turn it is).
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/return")]
pub async fn give_back(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::RETURN, id).await
}

/// Refuses a claim, for a reason (whose turn it is).
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/refuse")]
pub async fn refuse(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&office::REFUSE, id).await
}

/// Gives a claim up before it is accepted (producer).
#[utoipa::path(
    tag = "support", request_body = Note,
    responses((status = 200, body = Offered<SupportClaimView>), Refusals)
)]
#[post("/support-claims/{id}/withdraw")]
pub async fn withdraw(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.take(&making::WITHDRAW, id).await
}

/// What happened to a claim.
#[utoipa::path(tag = "support", responses((status = 200, body = Page<History>), Refusals))]
#[get("/support-claims/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<SupportClaimId>) -> Result<Answer, Problem> {
    caller.history::<SupportClaim>(id).await
}
