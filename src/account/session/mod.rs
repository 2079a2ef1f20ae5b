//! Sign-ins of browsers (phiên đăng nhập): a secret in a cookie, whose digest is a row that ends.

pub mod rules;
pub mod store;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

use crate::account::token;
use crate::base::id::{AccountId, SessionId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::http::ClientAddress;

/// Who is signed in by which session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    pub session: SessionId,
    pub account: AccountId,
    pub seen_at: Moment,
}

/// From where a browser signed in.
#[derive(Debug, Clone)]
pub struct SignInOrigin {
    pub address: String,
    pub device: String,
}

/// So much of what a program says of itself is kept.
const LONGEST_DEVICE: usize = 300;

impl SignInOrigin {
    /// As far as the request says.
    pub fn of(request: &HttpRequest, client: ClientAddress) -> Self {
        let device = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self { address: client.to_string(), device: device.chars().take(LONGEST_DEVICE).collect() }
    }
}

/// Signs a browser in: the secret that it keeps.
pub fn begin(connection: &mut AnyConnection, account: AccountId, origin: SignInOrigin, now: Moment) -> Result<String> {
    let (secret, digest) = token::refresh_secret()?;
    store::insert(connection, account, digest, origin, now)?;
    Ok(secret)
}

/// Who signed in with this secret; none where the session is over, or the account has ended.
pub fn find(connection: &mut AnyConnection, secret: &str, now: Moment) -> Result<Option<SignedIn>> {
    let found = store::find(connection, &token::digest(secret))?;
    Ok(found.filter(|session| rules::is_alive(session.made_at, session.seen_at, now)).map(|session| SignedIn {
        session: session.id,
        account: session.account_id,
        seen_at: session.seen_at,
    }))
}
