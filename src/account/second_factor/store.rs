//! Second factors and recovery codes in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{recovery_codes, second_factors};

/// What an account shares with its app.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactor {
    /// The secret, under a key that the database lacks.
    pub sealed: Vec<u8>,
    /// Since when it is asked for; none while it waits for its first code.
    pub confirmed_at: Option<Moment>,
    /// The step of the last code that was taken.
    pub last_step: i64,
}

pub fn find(connection: &mut AnyConnection, account: AccountId) -> Result<Option<SecondFactor>> {
    let one = second_factors::table.find(account).select(SecondFactor::as_select());
    Ok(one.first(connection).optional()?)
}

/// Of these accounts, those that are asked for a second factor, each with who asked that it be reset, if anybody.
pub fn confirmed(
    connection: &mut AnyConnection,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Option<AccountId>>> {
    let found: Vec<(AccountId, Option<AccountId>)> = second_factors::table
        .filter(second_factors::account_id.eq_any(accounts.to_vec()))
        .filter(second_factors::confirmed_at.is_not_null())
        .select((second_factors::account_id, second_factors::reset_asked_by))
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Puts a secret that waits for its first code in the place of what was there.
pub fn replace(connection: &mut AnyConnection, account: AccountId, sealed: Vec<u8>) -> Result<()> {
    remove(connection, account)?;
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::account_id.eq(account),
            second_factors::sealed.eq(sealed),
            second_factors::last_step.eq(0_i64),
        ))
        .execute(connection)?;
    Ok(())
}

/// From now on it is asked for.
pub fn confirm(connection: &mut AnyConnection, account: AccountId, now: Moment) -> Result<()> {
    diesel::update(second_factors::table.find(account))
        .set(second_factors::confirmed_at.eq(Some(now)))
        .execute(connection)?;
    Ok(())
}

/// Nothing of this step or before is taken again.
pub fn set_last_step(connection: &mut AnyConnection, account: AccountId, step: i64) -> Result<()> {
    diesel::update(second_factors::table.find(account)).set(second_factors::last_step.eq(step)).execute(connection)?;
    Ok(())
}

pub fn set_reset_asked_by(connection: &mut AnyConnection, account: AccountId, by: AccountId) -> Result<()> {
    diesel::update(second_factors::table.find(account))
        .set(second_factors::reset_asked_by.eq(Some(by)))
        .execute(connection)?;
    Ok(())
}

/// Takes an account's second factor away, with its recovery codes. False where it had none.
pub fn remove(connection: &mut AnyConnection, account: AccountId) -> Result<bool> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(connection)?;
    Ok(diesel::delete(second_factors::table.find(account)).execute(connection)? == 1)
}

pub fn add_recovery_codes(connection: &mut AnyConnection, account: AccountId, digests: Vec<Vec<u8>>) -> Result<()> {
    for digest in digests {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::digest.eq(digest), recovery_codes::account_id.eq(account)))
            .execute(connection)?;
    }
    Ok(())
}

/// The digests of the recovery codes that are left.
pub fn recovery_codes(connection: &mut AnyConnection, account: AccountId) -> Result<Vec<Vec<u8>>> {
    Ok(recovery_codes::table
        .filter(recovery_codes::account_id.eq(account))
        .select(recovery_codes::digest)
        .load(connection)?)
}

pub fn remove_recovery_code(connection: &mut AnyConnection, digest: &[u8]) -> Result<()> {
    diesel::delete(recovery_codes::table.find(digest)).execute(connection)?;
    Ok(())
}
