//! Accounts in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::account::link_store;
use crate::account::openid_store;
use crate::account::rules::{Actor, Role};
use crate::account::session;
use crate::account::token::Bearer;
use crate::audit::refold_store::refolds;
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Moment, Result, UnitCode, canonical, text};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, refresh_tokens, second_factors};
use crate::db::types::{Multi, text_column};
use crate::http::Language;

text_column!(Role, Language);

refolds!(accounts, name, Resource::Account);

/// An account, without its password's hash.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: AccountId,
    pub version: i32,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub unit_code: Option<UnitCode>,
    pub producer_id: Option<ProducerId>,
    pub created_at: Moment,
    pub folded: String,
    /// The citizen's number, by which a member of a producer is known again.
    pub identity_number: Option<String>,
    /// Where the person is registered as living: the commune, and the address in it.
    pub residence_code: Option<UnitCode>,
    pub residence: Option<String>,
    pub ended_at: Option<Moment>,
    /// Where the daily summary of tasks goes.
    pub email: Option<String>,
    /// In which language the person is written to, where they said so.
    pub language: Option<Language>,
    /// Since when they want no daily summary.
    pub summary_off_at: Option<Moment>,
}

/// An account to be made; the password is already hashed.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub username: String,
    pub password_hash: String,
    pub name: String,
    pub role: Role,
    pub unit_code: Option<UnitCode>,
    pub producer_id: Option<ProducerId>,
}

/// What stands in the place of a password's hash until somebody chose one: no password makes it.
pub const NO_PASSWORD: &str = "";

/// Who asks, as of now; None where there is no such account, or it has ended.
pub fn actor(connection: &mut AnyConnection, id: AccountId) -> Result<Option<Actor>> {
    bearer(connection, Bearer { account: id, family: None })
}

/// As [`actor`], by a token; None also where its sign-in was ended.
pub fn bearer(connection: &mut AnyConnection, Bearer { account: id, family }: Bearer) -> Result<Option<Actor>> {
    let mut query = accounts::table
        .filter(accounts::id.eq(id))
        .filter(accounts::ended_at.is_null())
        .select((accounts::name, accounts::role, accounts::unit_code, accounts::producer_id))
        .into_boxed();
    if let Some(family) = family {
        let stands = refresh_tokens::table
            .filter(refresh_tokens::family_id.eq(family))
            .filter(refresh_tokens::account_id.eq(id))
            .filter(refresh_tokens::revoked_at.is_null());
        query = query.filter(diesel::dsl::exists(stands));
    }
    let row: Option<(String, Role, Option<UnitCode>, Option<ProducerId>)> = query.first(connection).optional()?;
    Ok(row.map(|(name, role, unit, producer)| Actor { id, name, role, unit, producer }))
}

pub fn insert(connection: &mut AnyConnection, account: NewAccount, now: Moment) -> Result<AccountId> {
    let id = AccountId::new();
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::version.eq(1),
            accounts::username.eq(account.username),
            accounts::password_hash.eq(account.password_hash),
            accounts::folded.eq(text::fold(&account.name)),
            accounts::name.eq(account.name),
            accounts::role.eq(account.role),
            accounts::unit_code.eq(account.unit_code),
            accounts::producer_id.eq(account.producer_id),
            accounts::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Sets what is known of the person behind an account.
pub fn set_person(connection: &mut AnyConnection, account: &Account) -> Result<()> {
    diesel::update(accounts::table.find(account.id))
        .set((
            accounts::version.eq(accounts::version + 1),
            accounts::name.eq(&account.name),
            accounts::folded.eq(text::fold(&account.name)),
            accounts::identity_number.eq(&account.identity_number),
            accounts::residence_code.eq(&account.residence_code),
            accounts::residence.eq(&account.residence),
        ))
        .execute(connection)?;
    Ok(())
}

/// How the person behind an account is reached, and whether they want the daily summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub email: Option<String>,
    pub language: Option<Language>,
    pub summary_off_at: Option<Moment>,
}

impl Contact {
    /// As the account has it now.
    pub fn of(account: &Account) -> Self {
        Self { email: account.email.clone(), language: account.language, summary_off_at: account.summary_off_at }
    }
}

pub fn set_contact(connection: &mut AnyConnection, id: AccountId, contact: Contact) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((
            accounts::version.eq(accounts::version + 1),
            accounts::email.eq(contact.email),
            accounts::language.eq(contact.language),
            accounts::summary_off_at.eq(contact.summary_off_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// What an account may do, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    pub unit: Option<UnitCode>,
    pub producer: Option<ProducerId>,
}

impl Standing {
    /// As the history tells it.
    pub fn told(&self) -> String {
        let of = self.unit.as_ref().map(ToString::to_string).or_else(|| self.producer.map(|id| id.to_string()));
        of.map_or_else(|| self.role.as_ref().to_owned(), |of| format!("{} {of}", self.role.as_ref()))
    }
}

/// Sets what an account may do, and ends every sign-in of it: nothing goes on in the old rights.
pub fn set_standing(connection: &mut AnyConnection, id: AccountId, standing: &Standing) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((
            accounts::version.eq(accounts::version + 1),
            accounts::role.eq(standing.role),
            accounts::unit_code.eq(&standing.unit),
            accounts::producer_id.eq(standing.producer),
        ))
        .execute(connection)?;
    end_sign_ins(connection, id, Moment::real_now())
}

/// The accounts that act for a unit and have not ended, behind one of them, by id.
pub fn of_units(connection: &mut AnyConnection, after: Option<AccountId>) -> Result<Vec<Account>> {
    let mut query =
        accounts::table.filter(accounts::unit_code.is_not_null()).filter(accounts::ended_at.is_null()).into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(after));
    }
    Ok(query.order(accounts::id).select(Account::as_select()).load(connection)?)
}

/// Takes an account's row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: AccountId) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::version.eq(accounts::version)).execute(connection)?;
    Ok(())
}

pub fn find(connection: &mut AnyConnection, id: AccountId) -> Result<Option<Account>> {
    Ok(accounts::table.find(id).select(Account::as_select()).first(connection).optional()?)
}

pub fn of_ids(connection: &mut AnyConnection, ids: &[AccountId]) -> Result<Vec<Account>> {
    Ok(accounts::table.filter(accounts::id.eq_any(ids.to_vec())).select(Account::as_select()).load(connection)?)
}

/// Whether the account is asked for a second factor when it signs in.
pub fn has_second_factor(connection: &mut AnyConnection, id: AccountId) -> Result<bool> {
    let confirmed = second_factors::table.find(id).filter(second_factors::confirmed_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(confirmed)).get_result(connection)?)
}

/// The identity numbers of the people behind these accounts, where they are known, each in its one spelling: older programs
/// kept them as they were typed.
pub fn identity_numbers(connection: &mut AnyConnection, ids: &[AccountId]) -> Result<BTreeMap<AccountId, String>> {
    let known: Vec<(AccountId, Option<String>)> = accounts::table
        .filter(accounts::id.eq_any(ids.to_vec()))
        .select((accounts::id, accounts::identity_number))
        .load(connection)?;
    let spelled = |(id, number): (AccountId, Option<String>)| Some((id, canonical::identity_number(&number?)));
    Ok(known.into_iter().filter_map(spelled).filter(|(_, number)| !number.is_empty()).collect())
}

/// What the people behind the accounts of these ids are called.
pub fn names(connection: &mut AnyConnection, ids: &[AccountId]) -> Result<BTreeMap<AccountId, String>> {
    let named: Vec<(AccountId, String)> = accounts::table
        .filter(accounts::id.eq_any(ids.to_vec()))
        .select((accounts::id, accounts::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

/// The names of those of these accounts that stand and have one of these roles.
pub fn names_with_role(
    connection: &mut AnyConnection,
    ids: &[AccountId],
    roles: &[Role],
) -> Result<BTreeMap<AccountId, String>> {
    let named: Vec<(AccountId, String)> = accounts::table
        .filter(accounts::id.eq_any(ids.to_vec()))
        .filter(accounts::role.eq_any(roles.to_vec()))
        .filter(accounts::ended_at.is_null())
        .select((accounts::id, accounts::name))
        .load(connection)?;
    Ok(named.into_iter().collect())
}

/// Of these producers, those for whom somebody can sign in.
pub fn producers_with_accounts(
    connection: &mut AnyConnection,
    producers: &[ProducerId],
) -> Result<BTreeSet<ProducerId>> {
    let of_them: Vec<Option<ProducerId>> = producers.iter().copied().map(Some).collect();
    let found: Vec<Option<ProducerId>> = accounts::table
        .filter(accounts::producer_id.eq_any(of_them))
        .filter(accounts::ended_at.is_null())
        .select(accounts::producer_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().flatten().collect())
}

/// Of these user names, those that accounts have.
pub fn usernames_taken(connection: &mut AnyConnection, usernames: Vec<String>) -> Result<BTreeSet<String>> {
    let taken: Vec<String> =
        accounts::table.filter(accounts::username.eq_any(usernames)).select(accounts::username).load(connection)?;
    Ok(taken.into_iter().collect())
}

/// The distinct password hashes of those of these accounts that can sign in.
pub fn password_hashes(connection: &mut AnyConnection, usernames: &[&str]) -> Result<Vec<String>> {
    Ok(accounts::table
        .filter(accounts::username.eq_any(usernames.to_vec()))
        .filter(accounts::ended_at.is_null())
        .filter(accounts::password_hash.ne(NO_PASSWORD))
        .select(accounts::password_hash)
        .distinct()
        .load(connection)?)
}

/// Whose user name it is.
pub fn of_username(connection: &mut AnyConnection, username: &str) -> Result<Option<AccountId>> {
    Ok(accounts::table.filter(accounts::username.eq(username)).select(accounts::id).first(connection).optional()?)
}

pub fn username_taken(connection: &mut AnyConnection, username: &str) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(accounts::table.filter(accounts::username.eq(username))))
        .get_result(connection)?)
}

/// The id and the password's hash of a user name; None where nobody has it who may sign in.
pub fn credentials(connection: &mut AnyConnection, username: &str) -> Result<Option<(AccountId, String)>> {
    Ok(accounts::table
        .filter(accounts::username.eq(username))
        .filter(accounts::ended_at.is_null())
        .filter(accounts::password_hash.ne(NO_PASSWORD))
        .select((accounts::id, accounts::password_hash))
        .first(connection)
        .optional()?)
}

/// The user name and the password's hash of an account that has not ended.
pub fn password_hash(connection: &mut AnyConnection, id: AccountId) -> Result<Option<(String, String)>> {
    Ok(accounts::table
        .find(id)
        .filter(accounts::ended_at.is_null())
        .select((accounts::username, accounts::password_hash))
        .first(connection)
        .optional()?)
}

/// Takes an account's row until the transaction ends. False where the account has ended or has another password meanwhile.
pub fn take_with_password(connection: &mut AnyConnection, id: AccountId, password_hash: &str) -> Result<bool> {
    let same = accounts::table
        .find(id)
        .filter(accounts::ended_at.is_null())
        .filter(accounts::password_hash.eq(password_hash.to_owned()));
    Ok(diesel::update(same).set(accounts::version.eq(accounts::version)).execute(connection)? == 1)
}

/// Sets a new password and ends every sign-in of the account. The version after it is returned.
pub fn set_password(connection: &mut AnyConnection, id: AccountId, hash: &str, now: Moment) -> Result<i32> {
    diesel::update(accounts::table.find(id))
        .set((accounts::password_hash.eq(hash), accounts::version.eq(accounts::version + 1)))
        .execute(connection)?;
    end_sign_ins(connection, id, now)?;
    link_store::forget(connection, id)?;
    Ok(accounts::table.find(id).select(accounts::version).first(connection)?)
}

/// Ends an account and every sign-in of it.
pub fn end(connection: &mut AnyConnection, id: AccountId, now: Moment) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((accounts::ended_at.eq(Some(now)), accounts::version.eq(accounts::version + 1)))
        .execute(connection)?;
    link_store::forget(connection, id)?;
    openid_store::remove(connection, id)?;
    end_sign_ins(connection, id, Moment::real_now())
}

/// Takes the rows of the administrators who have not ended.
pub fn take_administrators(connection: &mut AnyConnection) -> Result<()> {
    let standing = accounts::table.filter(accounts::role.eq(Role::Administrator)).filter(accounts::ended_at.is_null());
    diesel::update(standing).set(accounts::version.eq(accounts::version)).execute(connection)?;
    Ok(())
}

/// How many administrators have not ended.
pub fn count_administrators(connection: &mut AnyConnection) -> Result<i64> {
    let standing = accounts::table.filter(accounts::role.eq(Role::Administrator)).filter(accounts::ended_at.is_null());
    Ok(standing.count().get_result(connection)?)
}

/// Ends every sign-in of an account, of programs and of browsers.
pub fn end_sign_ins(connection: &mut AnyConnection, id: AccountId, now: Moment) -> Result<()> {
    diesel::update(
        refresh_tokens::table.filter(refresh_tokens::account_id.eq(id)).filter(refresh_tokens::revoked_at.is_null()),
    )
    .set(refresh_tokens::revoked_at.eq(Some(now)))
    .execute(connection)?;
    session::store::end_all(connection, id)
}

/// Which accounts to list.
#[derive(Debug, Default)]
pub struct AccountSelection {
    pub role: Option<Role>,
    pub unit: Option<UnitCode>,
    pub search: Option<String>,
    /// Only those that have ended, or only those that have not.
    pub ended: Option<bool>,
    pub updated_since: Option<Moment>,
}

fn matching(filter: &AccountSelection) -> accounts::BoxedQuery<'_, Multi> {
    let mut query = accounts::table.into_boxed();
    if let Some(role) = filter.role {
        query = query.filter(accounts::role.eq(role));
    }
    if let Some(unit) = &filter.unit {
        query = query.filter(accounts::unit_code.eq(unit));
    }
    query = match filter.ended {
        Some(true) => query.filter(accounts::ended_at.is_not_null()),
        Some(false) => query.filter(accounts::ended_at.is_null()),
        None => query,
    };
    if let Some(since) = filter.updated_since {
        query = query.filter(accounts::id.eq_any(changed_since(Resource::Account, since)));
    }
    if let Some(search) = &filter.search {
        query =
            query.filter(accounts::folded.like(text::within(search)).escape('\\').or(accounts::username.eq(search)));
    }
    query
}

/// Accounts by folded name.
pub fn list(
    connection: &mut AnyConnection,
    filter: &AccountSelection,
    after: Option<&(String, AccountId)>,
    limit: i64,
) -> Result<Vec<Account>> {
    let mut query = matching(filter);
    if let Some((folded, id)) = after {
        query = query.filter(accounts::folded.gt(folded).or(accounts::folded.eq(folded).and(accounts::id.gt(id))));
    }
    Ok(query.order((accounts::folded, accounts::id)).limit(limit).select(Account::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, filter: &AccountSelection) -> Result<i64> {
    Ok(matching(filter).count().get_result(connection)?)
}

/// Counts a change of an account that no column of it shows. The version after it is returned.
pub fn count_version(connection: &mut AnyConnection, id: AccountId) -> Result<i32> {
    diesel::update(accounts::table.find(id)).set(accounts::version.eq(accounts::version + 1)).execute(connection)?;
    Ok(accounts::table.find(id).select(accounts::version).first(connection)?)
}
