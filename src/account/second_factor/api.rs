//! `/auth/second-factor`: one's own second factor, set up, confirmed and given up.

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::caller::{Caller, authenticate};
use crate::account::second_factor::{self as factor, Judged, rules, store};
use crate::account::store as accounts;
use crate::account::{devices, own_step, throttle, token};
use crate::audit::StepName;
use crate::base::{Error, Moment, Result, say};
use crate::http::held::Credence;
use crate::http::{Answer, Problem, Refusals, Request};

const CONFIRM: StepName = StepName::new("set-up-second-factor");
const REMOVE: StepName = StepName::new("give-up-second-factor");

/// The password of who asks, once more: nobody who finds a browser open sets up an app of their own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAgain {
    password: String,
}

/// A code of the app, or a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorCode {
    code: String,
}

/// What an authenticator app is told, once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorSecret {
    /// Base32, to be typed.
    pub secret: String,
    /// `otpauth://…`, to be shown as a QR.
    pub url: String,
}

/// Codes for who loses the app, each good once; told only here.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

/// Makes a secret for an authenticator app; it is asked for at sign-in once a first code confirms it.
#[utoipa::path(tag = "auth", request_body = PasswordAgain, responses((status = 200, body = SecondFactorSecret), Refusals))]
#[post("/auth/second-factor")]
pub async fn set_up(caller: Caller) -> Result<Answer, Problem> {
    let PasswordAgain { password } = form(&caller).await?;
    Ok(Answer::ok(begun(&caller, password).await?)?)
}

/// Confirms the secret by a code of the app. From now on a code is asked for beside the password, and where else the account was
/// signed in it is no more.
#[utoipa::path(tag = "auth", request_body = SecondFactorCode, responses((status = 200, body = RecoveryCodes), Refusals))]
#[post("/auth/second-factor/confirm")]
pub async fn confirm(caller: Caller) -> Result<Answer, Problem> {
    let SecondFactorCode { code } = form(&caller).await?;
    Ok(Answer::ok(RecoveryCodes { recovery_codes: confirmed(&caller, code).await? })?)
}

/// Gives the second factor up, by a code of it. Where else the account was signed in it is no more.
#[utoipa::path(tag = "auth", request_body = SecondFactorCode, responses((status = 204), Refusals))]
#[post("/auth/second-factor/remove")]
pub async fn remove(caller: Caller) -> Result<Answer, Problem> {
    let SecondFactorCode { code } = form(&caller).await?;
    given_up(&caller, code).await?;
    Ok(Answer::nothing())
}

/// What was sent; nothing under `/auth` takes a key.
async fn form<F: serde::de::DeserializeOwned + ToSchema + Send + 'static>(caller: &Caller) -> Result<F> {
    authenticate(&caller.app, &caller.request)?;
    let read = |request: &mut Request| {
        request.parse_body()?;
        request.without_idempotency_key()?;
        request.body()
    };
    caller.request.in_turn(caller.app.reading_turns(Credence::Proven), read).await
}

/// Makes the secret where the password is right.
pub async fn begun(caller: &Caller, password: String) -> Result<SecondFactorSecret, Problem> {
    let username = caller.look(|work| {
        let account = accounts::find(work.connection, work.actor.id)?;
        Ok(account.ok_or_else(token::unauthenticated)?.username)
    });
    let username = username.await?;
    let proven = throttle::prove(&caller.app, caller.request.client, &username, password).await?;
    let wrong = || Error::invalid("/password", "wrong_password", say("Mật khẩu không đúng.", "The password is wrong."));
    let proven = proven.ok_or_else(wrong)?;
    let app = caller.app.clone();
    let made = caller.app.database.write(move |connection| {
        if !accounts::take_with_password(connection, proven.account, &proven.password_hash)? {
            return Err(token::unauthenticated());
        }
        proven.forget_failures(connection)?;
        if store::find(connection, proven.account)?.is_some_and(|known| known.confirmed_at.is_some()) {
            let text = say("Tài khoản đã bật xác thực hai bước.", "The account has a second factor already.");
            return Err(Error::conflict("second_factor_set_up", text));
        }
        let secret = factor::random::<{ rules::SECRET_BYTES }>()?;
        store::replace(connection, proven.account, factor::seal(&app.keys, proven.account, &secret)?)?;
        let codes = rules::codes(&secret, &username)?;
        let url = codes.to_url().map_err(Error::internal)?;
        Ok(SecondFactorSecret { secret: codes.secret().to_base32(), url })
    });
    Ok(made.await?)
}

/// Confirms the secret, where the code is right: the recovery codes.
pub async fn confirmed(caller: &Caller, typed: String) -> Result<Vec<String>, Problem> {
    let account = caller.look(|work| Ok(work.actor.id)).await?;
    let (app, now) = (caller.app.clone(), caller.app.clock.now());
    let shown = authenticate(&caller.app, &caller.request)?.shown;
    let confirmed = caller.app.database.write(move |connection| {
        accounts::take(connection, account)?;
        let waits = store::find(connection, account)?.filter(|known| known.confirmed_at.is_none());
        let waits = waits.ok_or_else(|| {
            let text = say("Chưa có mã bí mật nào chờ xác nhận.", "No secret waits to be confirmed.");
            Error::conflict("no_second_factor", text)
        })?;
        let codes = factor::codes(connection, &app.keys, account, &waits)?;
        let step = rules::step(&codes, &typed, waits.last_step, Moment::real_now()).ok_or_else(wrong_code)?;
        store::set_last_step(connection, account, step)?;
        store::confirm(connection, account, Moment::real_now())?;
        own_step::record(connection, account, Some(account), CONFIRM, now)?;
        devices::end_others(connection, account, &shown)?;
        factor::give_recovery_codes(connection, &app.keys, account)
    });
    Ok(confirmed.await?)
}

/// Takes the second factor away, where the code is right. A wrong one counts as at the sign-in.
pub async fn given_up(caller: &Caller, typed: String) -> Result<(), Problem> {
    let account = caller.look(|work| Ok(work.actor.id)).await?;
    let (app, now) = (caller.app.clone(), caller.app.clock.now());
    let shown = authenticate(&caller.app, &caller.request)?.shown;
    // The count of a wrong code must be kept although the request is refused, so the refusal is a value here.
    let judged = caller.app.database.write(move |connection| {
        accounts::take(connection, account)?;
        throttle::must_not_wait_for_code(connection, &app.keys, account)?;
        let judged = factor::judge(connection, &app.keys, account, Some(&typed), now)?;
        match judged {
            Judged::Right => {
                store::remove(connection, account)?;
                own_step::record(connection, account, Some(account), REMOVE, now)?;
                devices::end_others(connection, account, &shown)?;
            }
            Judged::Wrong => throttle::count_wrong_code(connection, &app.keys, account)?,
            Judged::Missing | Judged::NotAsked => {}
        }
        Ok::<_, Error>(judged)
    });
    match judged.await? {
        Judged::Right => Ok(()),
        Judged::Missing | Judged::Wrong => Err(wrong_code().into()),
        Judged::NotAsked => {
            let text = say("Tài khoản không bật xác thực hai bước.", "The account has no second factor.");
            Err(Error::conflict("no_second_factor", text).into())
        }
    }
}

fn wrong_code() -> Error {
    let text = say("Mã không đúng, đã dùng hoặc đã quá giờ.", "The code is wrong, was used, or is too old.");
    Error::invalid("/code", "wrong_code", text)
}
