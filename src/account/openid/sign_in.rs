//! The steps of a sign-in by another authority: to the provider, back, to the account.

use actix_web::HttpRequest;

use crate::account::openid::attempt::{self, Attempt, Recognised, not_of_this_browser};
use crate::account::openid::provider::{Departure, Provider, not_vouched};
use crate::account::openid_store::{self as store, OpenIdLink};
use crate::account::session::SignInOrigin;
use crate::account::sign_in::{self, Begun, Credentials};
use crate::account::store::{self as accounts, Account};
use crate::account::{openid, own_step, second_factor, throttle, token};
use crate::base::canonical;
use crate::base::id::AccountId;
use crate::base::{Error, Kind, Moment, Result, say};
use crate::db::AnyConnection;
use crate::http::{App, Problem, PublicWork, Visitor};

/// Where a browser is sent, and what it keeps meanwhile.
pub async fn depart(app: &App, provider: &Provider, next: String, is_to_link: bool) -> Result<(String, String)> {
    let Departure { url, state, nonce, verifier } = provider.depart().await?;
    let attempt = Attempt { state, nonce, verifier, next, is_to_link };
    Ok((url.into(), attempt::kept(&app.keys, attempt, Moment::real_now())?))
}

/// What a provider sends a browser back with.
#[derive(Debug, Default)]
pub struct Returned {
    pub state: Option<String>,
    pub code: Option<String>,
    /// Which provider it was (RFC 9207), where it says so.
    pub issuer: Option<String>,
    pub error: Option<String>,
}

/// Whom the provider vouches for. 403 where the sign-in did not begin in this browser; what is used is used, whatever comes of
/// it, and what is not of this browser uses nothing up.
pub async fn recognise(app: &App, provider: &Provider, cookie: Option<&str>, returned: Returned) -> Result<Recognised> {
    let now = Moment::real_now();
    let Attempt { state, nonce, verifier, next, is_to_link } = attempt::shown(&app.keys, cookie, now)?;
    if returned.state.as_ref() != Some(&state) || returned.issuer.is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(not_of_this_browser());
    }
    let digest = token::digest(&format!("attempt {state}"));
    let is_new = app.database.write(move |connection| store::use_up(connection, digest, now)).await?;
    if !is_new {
        return Err(not_of_this_browser());
    }
    let code = match (returned.code, returned.error) {
        (Some(code), None) => code,
        (_, error) => {
            return Err(not_vouched(error.map_or("no code".to_owned(), |error| format!("it says {error:?}"))));
        }
    };
    let vouched_for = provider.redeem(code, nonce, verifier).await?;
    let identity_number = vouched_for.identity_number.ok_or_else(no_identity_number)?;
    let issuer = provider.issuer().to_owned();
    Ok(Recognised { state, issuer, subject: vouched_for.subject, identity_number, next, is_to_link })
}

/// What the browser of who was recognised shows; 403 also where it was another provider.
pub fn shown(app: &App, provider: &Provider, cookie: Option<&str>) -> Result<Recognised> {
    let recognised: Recognised = attempt::shown(&app.keys, cookie, Moment::real_now())?;
    if recognised.issuer == provider.issuer() { Ok(recognised) } else { Err(not_of_this_browser()) }
}

/// An account that somebody's sign-in leads to.
#[derive(Debug, Clone)]
pub struct Linked {
    pub account: Account,
    pub has_second_factor: bool,
}

/// The accounts that are linked with who was recognised and are still of the same identity number. 403 where there are only
/// others.
pub fn linked(connection: &mut AnyConnection, recognised: &Recognised) -> Result<Vec<Linked>> {
    let ids = store::of_subject(connection, &recognised.issuer, &recognised.subject)?;
    let found = accounts::of_ids(connection, &ids)?;
    let factors = second_factor::store::confirmed(connection, &ids)?;
    let fitting: Vec<Linked> = found
        .into_iter()
        .filter(|account| account.ended_at.is_none() && is_of(account, recognised))
        .map(|account| Linked { has_second_factor: factors.contains_key(&account.id), account })
        .collect();
    if fitting.is_empty() && !ids.is_empty() { Err(another_identity_number()) } else { Ok(fitting) }
}

fn is_of(account: &Account, recognised: &Recognised) -> bool {
    let own = account.identity_number.as_deref().map(canonical::identity_number);
    own.as_ref() == Some(&recognised.identity_number)
}

/// Signs a browser in to a linked account, with its code where it has a second factor.
pub async fn enter(
    request: &HttpRequest,
    visitor: Visitor,
    recognised: Recognised,
    account: AccountId,
    code: Option<String>,
) -> Result<Begun, Problem> {
    let (app, client) = (visitor.app.clone(), visitor.request.client);
    let (asked, keys) = (recognised.clone(), app.keys.clone());
    let proven = app.database.read(move |connection| {
        must_be_linked(connection, &asked, account)?;
        throttle::vouched_for(connection, &keys, client, account)
    });
    let (proven, origin) = (proven.await?, SignInOrigin::of(request, client));
    let open = move |open: &mut PublicWork| {
        must_be_linked(open.connection, &recognised, account)?;
        use_up(open, &recognised)
    };
    sign_in::begin_proven(visitor, proven, code, origin, open).await
}

fn must_be_linked(connection: &mut AnyConnection, recognised: &Recognised, account: AccountId) -> Result<()> {
    let linked = linked(connection, recognised)?;
    if linked.iter().any(|linked| linked.account.id == account) { Ok(()) } else { Err(another_identity_number()) }
}

/// Links the account whose password is shown, and signs the browser in to it.
pub async fn confirm(
    request: &HttpRequest,
    visitor: Visitor,
    recognised: Recognised,
    credentials: Credentials,
) -> Result<Begun, Problem> {
    let origin = SignInOrigin::of(request, visitor.request.client);
    let Credentials { username, password, code } = credentials;
    let proven = sign_in::proven(&visitor, &username, password).await?;
    let account = proven.account;
    let open = move |open: &mut PublicWork| {
        let found = accounts::find(open.connection, account)?.ok_or_else(token::unauthenticated)?;
        if !is_of(&found, &recognised) {
            return Err(another_identity_number());
        }
        // A subject whose number changed stays with the accounts of before, until their links are taken away.
        linked(open.connection, &recognised)?;
        use_up(open, &recognised)?;
        let Recognised { issuer, subject, .. } = recognised;
        store::replace(open.connection, account, OpenIdLink { issuer, subject, linked_at: open.now })?;
        own_step::record(open.connection, account, Some(account), openid::LINK, open.now)
    };
    sign_in::begin_proven(visitor, proven, code, origin, open).await
}

fn use_up(open: &mut PublicWork, recognised: &Recognised) -> Result<()> {
    let digest = token::digest(&format!("recognised {}", recognised.state));
    if store::use_up(open.connection, digest, Moment::real_now())? { Ok(()) } else { Err(not_of_this_browser()) }
}

/// Told to who has shown an account's password, or was led to it by a link: nobody else learns whose number is known here.
fn another_identity_number() -> Error {
    Error::refused(
        Kind::Forbidden,
        "openid_identity_differs",
        say(
            "Số căn cước mà nơi cấp tài khoản định danh cho biết không phải số ghi ở tài khoản này.",
            "The identity number that the other authority tells is not the one of this account.",
        ),
    )
}

fn no_identity_number() -> Error {
    Error::refused(
        Kind::Forbidden,
        "openid_identity_missing",
        say(
            "Nơi cấp tài khoản định danh không cho biết số căn cước, nên không thể đăng nhập bằng cách này.",
            "The other authority tells no identity number, and so nobody can be signed in this way.",
        ),
    )
}
