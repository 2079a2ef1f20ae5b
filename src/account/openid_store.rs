//! Links with subjects of a provider in the database, and which sign-ins by it were used.

use std::collections::BTreeSet;

use chrono::Duration;
use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{openid_links, openid_used};

/// So long it is kept that a sign-in was used; what its browser keeps of it is of no use long before.
const USED_MINUTES: i64 = 60;

/// By which subject of which provider an account is signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = openid_links)]
pub struct OpenIdLink {
    pub issuer: String,
    pub subject: String,
    pub linked_at: Moment,
}

pub fn find(connection: &mut AnyConnection, account: AccountId) -> Result<Option<OpenIdLink>> {
    let one = openid_links::table.find(account).select(OpenIdLink::as_select());
    Ok(one.first(connection).optional()?)
}

/// The accounts that a subject is linked with.
pub fn of_subject(connection: &mut AnyConnection, issuer: &str, subject: &str) -> Result<Vec<AccountId>> {
    Ok(openid_links::table
        .filter(openid_links::issuer.eq(issuer))
        .filter(openid_links::subject.eq(subject))
        .order(openid_links::account_id)
        .select(openid_links::account_id)
        .load(connection)?)
}

/// Of these accounts, those that are linked.
pub fn linked(connection: &mut AnyConnection, accounts: &[AccountId]) -> Result<BTreeSet<AccountId>> {
    let found: Vec<AccountId> = openid_links::table
        .filter(openid_links::account_id.eq_any(accounts.to_vec()))
        .select(openid_links::account_id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Links an account, in the place of the link of before.
pub fn replace(connection: &mut AnyConnection, account: AccountId, link: OpenIdLink) -> Result<()> {
    remove(connection, account)?;
    diesel::insert_into(openid_links::table)
        .values((
            openid_links::account_id.eq(account),
            openid_links::issuer.eq(link.issuer),
            openid_links::subject.eq(link.subject),
            openid_links::linked_at.eq(link.linked_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Takes an account's link away, if it has one.
pub fn remove(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    diesel::delete(openid_links::table.find(account)).execute(connection)?;
    Ok(())
}

/// Marks a sign-in as used, by its digest. False where it was.
pub fn use_up(connection: &mut AnyConnection, digest: Vec<u8>, now: Moment) -> Result<bool> {
    let new =
        diesel::insert_into(openid_used::table).values((openid_used::digest.eq(digest), openid_used::used_at.eq(now)));
    let used = match connection {
        AnyConnection::Sqlite(sqlite) => new.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => new.on_conflict_do_nothing().execute(postgresql)?,
    };
    Ok(used == 1)
}

/// Forgets used sign-ins that nobody could go on with any more; how many they were.
pub fn sweep(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let before = now.plus(-Duration::minutes(USED_MINUTES));
    Ok(diesel::delete(openid_used::table.filter(openid_used::used_at.lt(before))).execute(connection)?)
}
