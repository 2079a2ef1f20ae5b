//! Sign-ins of browsers (phiên đăng nhập): a secret in a cookie, whose digest is a row that ends.

pub mod rules;
pub mod store;

use crate::account::token;
use crate::base::id::{AccountId, SessionId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;

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
