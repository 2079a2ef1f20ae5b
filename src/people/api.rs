//! `/accounts`.

use actix_web::{get, patch, post};

use crate::account::{Caller, password};
use crate::audit::History;
use crate::base::Result as Checked;
use crate::base::id::AccountId;
use crate::http::{Answer, App, Note, Page, PathParam, Problem, Refusals};
use crate::people::Person;
use crate::people::steps::{self, AccountForm, ContactChange, Hashed, NewPassword, PersonChange, UnitMove};
use crate::people::thing::AccountFilter;
use crate::people::view::{AccountView, WholeAccount};
use crate::station::{Offered, PageParameters};

/// Makes an account (administrator).
#[utoipa::path(tag = "accounts", request_body = AccountForm, responses((status = 201, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    let hash = async |app: &App, form: AccountForm| -> Checked<_> {
        let password_hash = password::hashed(&app.password_turns, form.password.clone()).await?;
        Ok(Hashed { form, password_hash })
    };
    caller.make_prepared(&steps::CREATE, hash).await
}

/// Accounts: all of each for administrators, names for offices, which are shown those that have not ended unless they ask
/// for the others (`ended`).
#[utoipa::path(
    tag = "accounts", params(PageParameters, AccountFilter),
    responses((status = 200, body = Page<Offered<AccountView>>), Refusals)
)]
#[get("/accounts")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller.list::<Person>().await
}

/// One account (administrator; everybody their own).
#[utoipa::path(tag = "accounts", responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[get("/accounts/{id}")]
pub async fn read(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.show::<Person>(id).await
}

/// Changes what is known of the person behind an account (administrator).
#[utoipa::path(tag = "accounts", request_body = PersonChange, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[patch("/accounts/{id}")]
pub async fn change(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE, id).await
}

/// Says where and in which language the daily summary of tasks goes, and whether it is wanted (everybody their own;
/// administrator).
#[utoipa::path(tag = "accounts", request_body = ContactChange, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/set-contact")]
pub async fn set_contact(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::SET_CONTACT, id).await
}

/// Sets another's password (administrator); all its sign-ins end.
#[utoipa::path(tag = "accounts", request_body = NewPassword, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    let hash = async |app: &App, form: NewPassword| -> Checked<_> {
        let password_hash = password::hashed(&app.password_turns, form.password.clone()).await?;
        Ok(Hashed { form, password_hash })
    };
    caller.take_prepared(&steps::RESET_PASSWORD, id, hash).await
}

/// Lets an officer's account go on for another unit (administrator), as after a reform.
#[utoipa::path(tag = "accounts", request_body = UnitMove, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/reassign")]
pub async fn reassign(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::REASSIGN, id).await
}

/// Ends an account for good (administrator; the note says why): its tokens and its password are of no use from now on.
/// What it did stays, and so does its user name.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/end")]
pub async fn end(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::END, id).await
}

/// What happened to an account.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<History>), Refusals))]
#[get("/accounts/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.history::<Person>(id).await
}
