//! Sign-ins of browsers in the database.

use diesel::prelude::*;

use crate::account::session::{SignInOrigin, rules};
use crate::base::id::{AccountId, SessionId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::desk_sessions;

/// A sign-in of a browser, without its secret.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = desk_sessions)]
pub struct BrowserSession {
    pub id: SessionId,
    pub account_id: AccountId,
    pub made_at: Moment,
    pub seen_at: Moment,
    pub address: String,
    pub device: String,
}

/// The session of a secret; none where it was ended.
pub fn find(connection: &mut AnyConnection, secret_digest: &[u8]) -> Result<Option<BrowserSession>> {
    Ok(desk_sessions::table
        .filter(desk_sessions::secret_digest.eq(secret_digest))
        .select(BrowserSession::as_select())
        .first(connection)
        .optional()?)
}

pub fn insert(
    connection: &mut AnyConnection,
    account: AccountId,
    secret_digest: Vec<u8>,
    origin: SignInOrigin,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(desk_sessions::table)
        .values((
            desk_sessions::id.eq(SessionId::random()),
            desk_sessions::account_id.eq(account),
            desk_sessions::secret_digest.eq(secret_digest),
            desk_sessions::made_at.eq(now),
            desk_sessions::seen_at.eq(now),
            desk_sessions::address.eq(origin.address),
            desk_sessions::device.eq(origin.device),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes down that a session was seen.
pub fn see(connection: &mut AnyConnection, id: SessionId, now: Moment) -> Result<()> {
    diesel::update(desk_sessions::table.find(id)).set(desk_sessions::seen_at.eq(now)).execute(connection)?;
    Ok(())
}

/// The sessions of an account that are not over, the last seen first.
pub fn of_account(connection: &mut AnyConnection, account: AccountId, now: Moment) -> Result<Vec<BrowserSession>> {
    let (seen, made) = rules::over(now);
    Ok(desk_sessions::table
        .filter(desk_sessions::account_id.eq(account))
        .filter(desk_sessions::seen_at.gt(seen))
        .filter(desk_sessions::made_at.gt(made))
        .order((desk_sessions::seen_at.desc(), desk_sessions::id))
        .limit(100)
        .select(BrowserSession::as_select())
        .load(connection)?)
}

/// Ends a session of an account. False where the account has no such session.
pub fn end(connection: &mut AnyConnection, account: AccountId, id: SessionId) -> Result<bool> {
    let own = desk_sessions::table.find(id).filter(desk_sessions::account_id.eq(account));
    Ok(diesel::delete(own).execute(connection)? == 1)
}

/// Ends the session of a secret, whoever's it is.
pub fn end_of_secret(connection: &mut AnyConnection, secret_digest: &[u8]) -> Result<()> {
    diesel::delete(desk_sessions::table.filter(desk_sessions::secret_digest.eq(secret_digest))).execute(connection)?;
    Ok(())
}

/// Ends every session of an account.
pub fn end_all(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    diesel::delete(desk_sessions::table.filter(desk_sessions::account_id.eq(account))).execute(connection)?;
    Ok(())
}

/// Ends the sessions of an account but one.
pub fn end_all_but(connection: &mut AnyConnection, account: AccountId, kept: Option<SessionId>) -> Result<()> {
    let own = desk_sessions::table
        .filter(desk_sessions::account_id.eq(account))
        .filter(desk_sessions::id.ne(kept.unwrap_or(SessionId::from_uuid(uuid::Uuid::nil()))));
    diesel::delete(own).execute(connection)?;
    Ok(())
}

/// Forgets the sessions of an account that are over.
pub fn forget_over(connection: &mut AnyConnection, account: AccountId, now: Moment) -> Result<()> {
    let (seen, made) = rules::over(now);
    let over = desk_sessions::table
        .filter(desk_sessions::account_id.eq(account))
        .filter(desk_sessions::seen_at.le(seen).or(desk_sessions::made_at.le(made)));
    diesel::delete(over).execute(connection)?;
    Ok(())
}
