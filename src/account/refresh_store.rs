//! Refresh tokens in the database: each sign-in of a program is a family of them.

use diesel::prelude::*;

use crate::account::session::SignInOrigin;
use crate::account::store;
use crate::base::id::{AccountId, FamilyId, RefreshTokenId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::refresh_tokens;

/// A refresh token on record.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    pub id: RefreshTokenId,
    pub family_id: FamilyId,
    pub account_id: AccountId,
    pub issued_at: Moment,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    /// When the sign-in began; the rest is of when this token was issued. None in tokens of before.
    pub begun_at: Option<Moment>,
    pub address: Option<String>,
    pub device: Option<String>,
}

/// A refresh token to be issued.
#[derive(Debug, Clone)]
pub struct NewRefreshToken {
    pub family: FamilyId,
    pub account: AccountId,
    pub secret_digest: Vec<u8>,
    pub begun_at: Moment,
    pub issued_at: Moment,
    pub expires_at: Moment,
    pub origin: SignInOrigin,
}

pub fn insert_refresh_token(connection: &mut AnyConnection, token: NewRefreshToken) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::id.eq(RefreshTokenId::random()),
            refresh_tokens::family_id.eq(token.family),
            refresh_tokens::account_id.eq(token.account),
            refresh_tokens::secret_digest.eq(token.secret_digest),
            refresh_tokens::begun_at.eq(token.begun_at),
            refresh_tokens::issued_at.eq(token.issued_at),
            refresh_tokens::expires_at.eq(token.expires_at),
            refresh_tokens::address.eq(token.origin.address),
            refresh_tokens::device.eq(token.origin.device),
        ))
        .execute(connection)?;
    Ok(())
}

/// The tokens by which an account can go on: one of each sign-in, or a few where the answer of a refresh was lost.
pub fn standing_tokens(connection: &mut AnyConnection, account: AccountId, now: Moment) -> Result<Vec<RefreshToken>> {
    Ok(refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(account))
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::revoked_at.is_null())
        .filter(refresh_tokens::expires_at.gt(now))
        .order((refresh_tokens::issued_at.desc(), refresh_tokens::id))
        .limit(100)
        .select(RefreshToken::as_select())
        .load(connection)?)
}

/// Whether one of the tokens that were issued for `token` once it was used has been used itself.
pub fn was_followed(connection: &mut AnyConnection, token: &RefreshToken, used_at: Moment) -> Result<bool> {
    let followers = refresh_tokens::table
        .filter(refresh_tokens::family_id.eq(token.family_id))
        .filter(refresh_tokens::id.ne(token.id))
        .filter(refresh_tokens::issued_at.ge(used_at))
        .filter(refresh_tokens::used_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(followers)).get_result(connection)?)
}

/// Ends the other tokens of a sign-in that were not used: of several that one refresh was answered with, one goes on.
pub fn revoke_siblings(connection: &mut AnyConnection, token: &RefreshToken, at: Moment) -> Result<()> {
    let siblings = refresh_tokens::table
        .filter(refresh_tokens::family_id.eq(token.family_id))
        .filter(refresh_tokens::id.ne(token.id))
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::revoked_at.is_null());
    diesel::update(siblings).set(refresh_tokens::revoked_at.eq(Some(at))).execute(connection)?;
    Ok(())
}

/// Ends a sign-in of an account. False where the account has no such sign-in, or it was ended.
pub fn end_family(connection: &mut AnyConnection, account: AccountId, family: FamilyId, at: Moment) -> Result<bool> {
    let own = refresh_tokens::table
        .filter(refresh_tokens::family_id.eq(family))
        .filter(refresh_tokens::account_id.eq(account))
        .filter(refresh_tokens::revoked_at.is_null());
    Ok(diesel::update(own).set(refresh_tokens::revoked_at.eq(Some(at))).execute(connection)? > 0)
}

/// Ends all sign-ins of an account but one.
pub fn end_all_but(
    connection: &mut AnyConnection,
    account: AccountId,
    kept: Option<FamilyId>,
    at: Moment,
) -> Result<()> {
    let own = refresh_tokens::table
        .filter(refresh_tokens::account_id.eq(account))
        .filter(refresh_tokens::revoked_at.is_null())
        .filter(refresh_tokens::family_id.ne(kept.unwrap_or(FamilyId::from_uuid(uuid::Uuid::nil()))));
    diesel::update(own).set(refresh_tokens::revoked_at.eq(Some(at))).execute(connection)?;
    Ok(())
}

/// Finds a refresh token and takes its account's row and its own, in this order: what is done with the sign-ins of one account
/// follows one another, and two refreshes with the same secret do.
pub fn take_refresh_token(connection: &mut AnyConnection, secret_digest: &[u8]) -> Result<Option<RefreshToken>> {
    let one = refresh_tokens::table.filter(refresh_tokens::secret_digest.eq(secret_digest));
    let account: Option<AccountId> = one.select(refresh_tokens::account_id).first(connection).optional()?;
    let Some(account) = account else { return Ok(None) };
    store::take(connection, account)?;
    Ok(one.select(RefreshToken::as_select()).first(connection).optional()?)
}

pub fn mark_used(connection: &mut AnyConnection, id: RefreshTokenId, at: Moment) -> Result<()> {
    diesel::update(refresh_tokens::table.find(id)).set(refresh_tokens::used_at.eq(Some(at))).execute(connection)?;
    Ok(())
}

/// Ends a sign-in: none of its refresh tokens works any more.
pub fn revoke_family(connection: &mut AnyConnection, family: FamilyId, at: Moment) -> Result<()> {
    diesel::update(
        refresh_tokens::table.filter(refresh_tokens::family_id.eq(family)).filter(refresh_tokens::revoked_at.is_null()),
    )
    .set(refresh_tokens::revoked_at.eq(Some(at)))
    .execute(connection)?;
    Ok(())
}
