//! The links by which people choose their password, in the database: at most one of each account.

use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, password_links};

/// Puts a link in the place of the one before. The account's row is taken by who calls this.
pub fn replace(
    connection: &mut AnyConnection,
    account: AccountId,
    secret_digest: Vec<u8>,
    expires_at: Moment,
) -> Result<()> {
    forget(connection, account)?;
    diesel::insert_into(password_links::table)
        .values((
            password_links::account_id.eq(account),
            password_links::secret_digest.eq(secret_digest),
            password_links::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whose password may be chosen by the link of a secret now.
pub fn find(connection: &mut AnyConnection, secret_digest: &[u8], now: Moment) -> Result<Option<AccountId>> {
    Ok(accounts::table
        .inner_join(password_links::table)
        .filter(password_links::secret_digest.eq(secret_digest))
        .filter(password_links::expires_at.gt(now))
        .filter(accounts::ended_at.is_null())
        .select(accounts::id)
        .first(connection)
        .optional()?)
}

/// Takes an account's link away.
pub fn forget(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    diesel::delete(password_links::table.find(account)).execute(connection)?;
    Ok(())
}
