//! Sign-in: `/auth/*` and the public keys.

use actix_web::{HttpRequest, get, post};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::caller::Caller;
use crate::account::password::{self, rules::check_password};
use crate::account::refresh_store::{self, NewRefreshToken};
use crate::account::second_factor::{self, Judged};
use crate::account::session::{self, SignInOrigin};
use crate::account::token::{self, Bearer, KeySet};
use crate::account::{store, throttle};
use crate::audit::{Resource, StepName, StepTaken};
use crate::base::id::{AccountId, FamilyId};
use crate::base::{Error, Faults, Kind, Moment, Result, say};
use crate::http::{Answer, App, Problem, PublicWork, Refusals, Visitor};
use crate::place;

const REFRESH_DAYS: i64 = 30;
/// A refresh whose answer was lost on the way may be repeated this long; later use of the old secret is theft.
const GRACE_SECONDS: i64 = 60;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub username: String,
    pub password: String,
    /// Of the authenticator app, or a recovery code, where the account has a second factor.
    #[serde(default)]
    pub code: Option<String>,
}

/// How a sign-in is refused that lacks nothing but its code.
pub const SECOND_FACTOR_REQUIRED: &str = "second_factor_required";

#[derive(Serialize, ToSchema)]
pub struct Tokens {
    access_token: String,
    #[schema(value_type = String)]
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: i64,
    refresh_token: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshSecret {
    refresh_token: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    old_password: String,
    new_password: String,
}

/// Signs in. Where the account has a second factor, its `code` is asked for beside the right password (401
/// `second_factor_required`, 401 `wrong_second_factor`); each code is good once. After some wrong passwords from one network the next try must wait: 429 with `Retry-After`. Calls under
/// `/auth` take no `Idempotency-Key` (422).
#[utoipa::path(tag = "auth", security(()), request_body = Credentials, responses((status = 200, body = Tokens), Refusals))]
#[post("/auth/token")]
pub async fn sign_in(request: HttpRequest, visitor: Visitor) -> Result<Answer, Problem> {
    let credentials: Credentials = visitor.form().await?;
    visitor.request.without_idempotency_key()?;
    let origin = SignInOrigin::of(&request, visitor.request.client);
    let app = visitor.app.clone();
    let proven = proven(&visitor, &credentials.username, credentials.password).await?;
    let with_code = must_have_second_factor(&app, &proven, credentials.code).await?;
    visitor
        .write(move |open| {
            must_still_fit(open, &proven, with_code)?;
            let now = Moment::real_now();
            Answer::ok(issue(
                open,
                Continued { account: proven.account, family: FamilyId::random(), begun_at: now, origin },
                now,
            )?)
        })
        .await
}

/// 401 where the account has ended or has another password since the password was judged; else its owner is signed in.
fn must_still_fit(open: &mut PublicWork, proven: &throttle::Proven, with_code: bool) -> Result<()> {
    if !store::take_with_password(open.connection, proven.account, &proven.password_hash)? {
        return Err(wrong_credentials());
    }
    proven.signed_in(open.connection, with_code)
}

/// 401 where the account has a second factor and the code is missing or wrong; whether a right one was shown.
async fn must_have_second_factor(app: &App, proven: &throttle::Proven, code: Option<String>) -> Result<bool> {
    let account = proven.account;
    if app.database.read(move |connection| second_factor::store::confirmed(connection, &[account])).await?.is_empty() {
        return Ok(false);
    }
    let (asked, proven, now) = (app.clone(), proven.clone(), app.clock.now());
    // The count of a wrong code must be kept although the request is refused, so the refusal is a value here.
    let judged = app.database.write(move |connection| {
        store::take(connection, account)?;
        proven.must_not_wait_for_code(connection, &asked.keys)?;
        let judged = second_factor::judge(connection, &asked.keys, account, code.as_deref(), now)?;
        match judged {
            Judged::Wrong => proven.count_wrong_code(connection, &asked.keys)?,
            Judged::Right => throttle::forget_wrong_codes(connection, &asked.keys, account)?,
            Judged::Missing | Judged::NotAsked => {}
        }
        Ok::<_, Error>(judged)
    });
    let refused = |code, text| Err(Error::refused(Kind::Unauthenticated, code, text));
    match judged.await? {
        Judged::NotAsked => Ok(false),
        Judged::Right => Ok(true),
        Judged::Missing => refused(
            SECOND_FACTOR_REQUIRED,
            say("Tài khoản này cần thêm mã xác nhận.", "This account needs a code as well."),
        ),
        Judged::Wrong => refused(
            "wrong_second_factor",
            say("Mã xác nhận không đúng, đã dùng hoặc đã quá giờ.", "The code is wrong, was used, or is too old."),
        ),
    }
}

/// A browser's sign-in that has just begun.
pub struct Begun {
    pub account: AccountId,
    /// What the browser keeps.
    pub secret: String,
}

/// Signs a browser in by name and password. The session that it had before ends, whoever's it
/// was, so that nobody goes on in one that somebody else put there.
pub async fn begin_session(visitor: Visitor, credentials: Credentials, origin: SignInOrigin) -> Result<Begun, Problem> {
    let Credentials { username, password, code } = credentials;
    let proven = proven(&visitor, &username, password).await?;
    begin_proven(visitor, proven, code, origin, |_| Ok(())).await
}

/// Whose name and password these are; 401 where they are nobody's.
pub async fn proven(visitor: &Visitor, username: &str, password: String) -> Result<throttle::Proven, Problem> {
    let proven = throttle::prove(&visitor.app, visitor.request.client, username, password).await?;
    Ok(proven.ok_or_else(wrong_credentials)?)
}

/// As [`begin_session`], for whom was proven already; nothing begins where `also` refuses.
pub async fn begin_proven(
    mut visitor: Visitor,
    proven: throttle::Proven,
    code: Option<String>,
    origin: SignInOrigin,
    also: impl FnOnce(&mut PublicWork) -> Result<()> + Send + 'static,
) -> Result<Begun, Problem> {
    let with_code = must_have_second_factor(&visitor.app, &proven, code).await?;
    let before = visitor.request.session.take();
    let app = visitor.app.clone();
    let begun = app.database.write(move |connection| {
        let mut open =
            PublicWork { connection, now: visitor.app.clock.now(), app: visitor.app, request: visitor.request };
        must_still_fit(&mut open, &proven, with_code)?;
        also(&mut open)?;
        let now = Moment::real_now();
        if let Some(secret) = before {
            session::store::end_of_secret(open.connection, &token::digest(&secret))?;
        }
        session::store::forget_over(open.connection, proven.account, now)?;
        let secret = session::begin(open.connection, proven.account, origin, now)?;
        Ok::<_, Error>(Begun { account: proven.account, secret })
    });
    Ok(begun.await?)
}

/// An unknown name, a wrong password and an ended account cannot be told apart.
fn wrong_credentials() -> Error {
    Error::refused(
        Kind::Unauthenticated,
        "wrong_credentials",
        say("Sai tên đăng nhập hoặc mật khẩu.", "The user name or the password is wrong."),
    )
}

/// A program's sign-in that begins or goes on.
struct Continued {
    account: AccountId,
    family: FamilyId,
    begun_at: Moment,
    origin: SignInOrigin,
}

fn issue(open: &mut PublicWork, continued: Continued, now: Moment) -> Result<Tokens> {
    let Continued { account, family, begun_at, origin } = continued;
    let (secret, secret_digest) = token::refresh_secret()?;
    let expires_at = now.plus(Duration::days(REFRESH_DAYS));
    let issued = NewRefreshToken { family, account, secret_digest, begun_at, issued_at: now, expires_at, origin };
    refresh_store::insert_refresh_token(open.connection, issued)?;
    Ok(Tokens {
        access_token: token::sign_for(&open.app.keys, Bearer { account, family: Some(family) })?,
        token_type: "Bearer",
        expires_in: token::ACCESS_SECONDS,
        refresh_token: secret,
    })
}

/// Trades a refresh token for a new pair. Each is good once: a second use ends the whole sign-in. Only where the answer was
/// lost may it be asked for again, within a minute and before any pair of it was used; of several pairs the first that is
/// refreshed goes on, and the others end.
#[utoipa::path(tag = "auth", security(()), request_body = RefreshSecret, responses((status = 200, body = Tokens), Refusals))]
#[post("/auth/refresh")]
pub async fn refresh(request: HttpRequest, visitor: Visitor) -> Result<Answer, Problem> {
    let presented: RefreshSecret = visitor.form().await?;
    visitor.request.without_idempotency_key()?;
    let digest = token::digest(&presented.refresh_token);
    let origin = SignInOrigin::of(&request, visitor.request.client);
    // The theft's consequence must be committed although the request is refused, so the refusal is a value here.
    let app = visitor.app.clone();
    let refreshed = app
        .database
        .write(move |connection| {
            let mut open =
                PublicWork { connection, now: visitor.app.clock.now(), app: visitor.app, request: visitor.request };
            rotate(&mut open, &digest, origin)
        })
        .await?;
    refreshed.map_or_else(|| Err(Problem(token::unauthenticated())), |tokens| Ok(Answer::ok(tokens)?))
}

fn rotate(open: &mut PublicWork, digest: &[u8], origin: SignInOrigin) -> Result<Option<Tokens>> {
    let now = Moment::real_now();
    let Some(token) = refresh_store::take_refresh_token(open.connection, digest)? else { return Ok(None) };
    let is_over = token.revoked_at.is_some() || token.expires_at <= now;
    if is_over || store::actor(open.connection, token.account_id)?.is_none() {
        return Ok(None);
    }
    if let Some(used) = token.used_at {
        // Who used a pair has had its answer.
        let is_late = used.plus(Duration::seconds(GRACE_SECONDS)) < now;
        if is_late || refresh_store::was_followed(open.connection, &token, used)? {
            refresh_store::revoke_family(open.connection, token.family_id, now)?;
            return Ok(None);
        }
    } else {
        refresh_store::revoke_siblings(open.connection, &token, now)?;
        refresh_store::mark_used(open.connection, token.id, now)?;
    }
    let begun_at = token.begun_at.unwrap_or(token.issued_at);
    let continued = Continued { account: token.account_id, family: token.family_id, begun_at, origin };
    issue(open, continued, now).map(Some)
}

/// Ends the sign-in that a refresh token belongs to. An unknown token is no error (RFC 7009).
#[utoipa::path(tag = "auth", security(()), request_body = RefreshSecret, responses((status = 204), Refusals))]
#[post("/auth/revoke")]
pub async fn revoke(visitor: Visitor) -> Result<Answer, Problem> {
    let presented: RefreshSecret = visitor.form().await?;
    visitor.request.without_idempotency_key()?;
    visitor
        .write(move |open| {
            let digest = token::digest(&presented.refresh_token);
            if let Some(token) = refresh_store::take_refresh_token(open.connection, &digest)? {
                refresh_store::revoke_family(open.connection, token.family_id, Moment::real_now())?;
            }
            Ok(Answer::nothing())
        })
        .await
}

/// What the history says of who changed the own password.
const CHANGE_PASSWORD: StepName = StepName::new("change-password");

/// Changes one's own password and ends all sign-ins. Wrong old passwords count as at the sign-in.
#[utoipa::path(tag = "auth", request_body = PasswordChange, responses((status = 204), Refusals))]
#[post("/auth/password")]
pub async fn change_password(caller: Caller) -> Result<Answer, Problem> {
    with_new_password(caller).await
}

/// Gives the caller another password and ends all their sign-ins.
pub async fn with_new_password(caller: Caller) -> Result<Answer, Problem> {
    let mut request = caller.request.clone();
    let (username, PasswordChange { old_password, new_password }) = caller
        .look(move |work| {
            request.parse_body()?;
            request.without_idempotency_key()?;
            let change: PasswordChange = request.body()?;
            let account = store::find(work.connection, work.actor.id)?.ok_or_else(token::unauthenticated)?;
            let unit = account.unit_code.map(|code| place::store::name(work.connection, &code, work.now.day()));
            let unit = unit.transpose()?.unwrap_or_default();
            let mut faults = Vec::new();
            let names = [account.username.as_str(), &account.name, &unit];
            check_password(&change.new_password, &names, "/new_password", &mut faults);
            faults.into_result()?;
            Ok((account.username, change))
        })
        .await?;
    let proven = throttle::prove(&caller.app, caller.request.client, &username, old_password).await?;
    let proven = proven.ok_or_else(wrong_password)?;
    let hash = password::hashed(&caller.app.password_turns, new_password).await?;
    caller
        .write(move |work| {
            if !store::take_with_password(work.connection, proven.account, &proven.password_hash)? {
                return Err(wrong_password().into());
            }
            proven.forget_failures(work.connection)?;
            let version = store::set_password(work.connection, proven.account, &hash, Moment::real_now())?;
            work.record(StepTaken {
                resource: Resource::Account,
                id: proven.account,
                version,
                account: None,
                verb: CHANGE_PASSWORD,
                from: None,
                to: None,
                note: None,
            })?;
            Ok(Answer::nothing())
        })
        .await
}

fn wrong_password() -> Error {
    Error::invalid("/old_password", "wrong_password", say("Mật khẩu cũ không đúng.", "The old password is wrong."))
}

/// The public keys of the service's tokens.
#[utoipa::path(tag = "auth", security(()), responses((status = 200, body = KeySet), Refusals))]
#[get("/.well-known/jwks.json")]
pub async fn key_set(visitor: Visitor) -> Result<Answer, Problem> {
    Ok(Answer::ok(token::key_set(&visitor.app.keys)?)?)
}
