//! `/accounts`.

use actix_web::{get, patch, post};

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::account::password::link::PasswordLink;
use crate::account::sign_in_log::{self, SignInTry};
use crate::audit::History;
use crate::base::Moment;
use crate::base::id::AccountId;
use crate::http::{Answer, Note, Page, PathParam, Problem, Refusals};
use crate::people::Person;
use crate::people::forms::{AccountForm, ContactChange, Hashed, PersonChange, RoleChange, UnitMove};
use crate::people::steps;
use crate::people::thing::AccountFilter;
use crate::people::view::{AccountView, WholeAccount};
use crate::station::{Offered, PageParameters, find};

/// A link by which the owner of an account chooses a password.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasswordLink)]
pub struct PasswordLinkAnswer {
    account_id: AccountId,
    /// The account's.
    version: i32,
    /// Works once; it is told only here, for the service keeps a digest of it. What is to be sent to
    /// `POST /auth/choose-password` is its last part.
    url: String,
    expires_at: Moment,
}

/// Makes an account (administrator).
#[utoipa::path(tag = "accounts", request_body = AccountForm, responses((status = 201, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    caller.make_prepared(&steps::CREATE, async |app, form: AccountForm| Hashed::new(app, form).await).await
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

/// Takes an account's password away and makes a link by which its owner chooses another (administrator); all its sign-ins end.
/// The account's owner and every administrator are told. An `Idempotency-Key` is not heeded here: a kept answer would hold
/// the secret.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = PasswordLinkAnswer), Refusals))]
#[post("/accounts/{id}/reset-password")]
pub async fn reset_password(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller
        .take_for(&steps::RESET_PASSWORD, id, |work, link| {
            let url = link.url(&work.app.public_url);
            let PasswordLink { account, version, expires_at, .. } = link;
            Answer::resource(version, PasswordLinkAnswer { account_id: account, version, url, expires_at })
        })
        .await
}

/// Asks another administrator to take an account's second factor away (administrator).
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/ask-second-factor-reset")]
pub async fn ask_second_factor_reset(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::ASK_SECOND_FACTOR_RESET, id).await
}

/// Takes an account's second factor away, where another administrator asked for it (administrator). Its owner and every
/// administrator are told.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/reset-second-factor")]
pub async fn reset_second_factor(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::RESET_SECOND_FACTOR, id).await
}

/// Takes the link with another authority's account away (everybody their own; administrator): it leads to this account no
/// more. Linking is done on the desk alone.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/unlink-openid")]
pub async fn unlink_openid(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::UNLINK_OPENID, id).await
}

/// Lets an officer's account go on for another unit (administrator), as after a reform.
#[utoipa::path(tag = "accounts", request_body = UnitMove, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/reassign")]
pub async fn reassign(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::REASSIGN, id).await
}

/// Gives an account another role, with the unit or the producer that it needs (administrator, not their own). All its sign-ins
/// end at once, with every stream; what it did stays.
#[utoipa::path(tag = "accounts", request_body = RoleChange, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/change-role")]
pub async fn change_role(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::CHANGE_ROLE, id).await
}

/// Ends an account for good (administrator; the note says why): its tokens and its password are of no use from now on.
/// What it did stays, and so does its user name.
#[utoipa::path(tag = "accounts", request_body = Note, responses((status = 200, body = Offered<WholeAccount>), Refusals))]
#[post("/accounts/{id}/end")]
pub async fn end(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.take(&steps::END, id).await
}

/// When and from which networks somebody signed in to an account, or tried with a wrong password, the last first: of each kind
/// at most 100 of the last 90 days (administrator; everybody their own).
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<SignInTry>), Refusals))]
#[get("/accounts/{id}/sign-ins")]
pub async fn sign_ins(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(move |work| {
            query.finish()?;
            let person = find::<Person>(work, &id.get()?)?;
            let tries = sign_in_log::store::of_account(work.connection, person.account.id, Moment::real_now())?;
            Ok(Answer::page(tries, None)?)
        })
        .await
}

/// What happened to an account.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<History>), Refusals))]
#[get("/accounts/{id}/history")]
pub async fn history(caller: Caller, id: PathParam<AccountId>) -> Result<Answer, Problem> {
    caller.history::<Person>(id).await
}
