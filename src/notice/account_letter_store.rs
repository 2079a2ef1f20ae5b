//! Letters about accounts in the database.

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::prelude::*;

use crate::account::Role;
use crate::base::id::AccountId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{account_letters, accounts};
use crate::http::Language;
use crate::notice::rules::{Outcome, State};
use crate::people::notices::MailedStep;
use crate::privacy::record::ACCOUNT_LETTER_DAYS;

/// Which letter: with whose account the step was taken, the version that it made, and whom it is told to.
pub type LetterKey = (AccountId, i32, AccountId);

/// Somebody who can be told by mail.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub account: AccountId,
    pub email: String,
    pub language: Option<Language>,
    /// One that has not ended.
    pub is_administrator: bool,
}

/// A letter that is to be sent, or tried again.
#[derive(Debug, Clone)]
pub struct Due {
    pub step: MailedStep,
    pub recipient: Recipient,
    pub attempts: i32,
}

/// A letter that was begun.
#[derive(Debug, Clone, Queryable)]
pub struct Begun {
    pub state: State,
    pub next_at: Option<Moment>,
    pub attempts: i32,
}

/// These accounts, ended ones too, and every administrator, where they have an address. Whether they want the daily summary
/// says nothing of this.
pub fn recipients(connection: &mut AnyConnection, of: &[AccountId]) -> Result<Vec<Recipient>> {
    type Row = (AccountId, Role, Option<String>, Option<Language>, Option<Moment>);
    let told =
        accounts::id.eq_any(of.to_vec()).or(accounts::role.eq(Role::Administrator).and(accounts::ended_at.is_null()));
    let rows: Vec<Row> = accounts::table
        .filter(accounts::email.is_not_null())
        .filter(told)
        .order(accounts::id)
        .select((accounts::id, accounts::role, accounts::email, accounts::language, accounts::ended_at))
        .load(connection)?;
    let recipient = |(account, role, email, language, ended_at): Row| {
        let is_administrator = role == Role::Administrator && ended_at.is_none();
        Some(Recipient { account, email: email?, language, is_administrator })
    };
    Ok(rows.into_iter().filter_map(recipient).collect())
}

/// The letters about these accounts that were begun.
pub fn begun(connection: &mut AnyConnection, of: &[AccountId]) -> Result<BTreeMap<LetterKey, Begun>> {
    let rows: Vec<(LetterKey, Begun)> = account_letters::table
        .filter(account_letters::account_id.eq_any(of.to_vec()))
        .select((
            (account_letters::account_id, account_letters::version, account_letters::recipient_id),
            (account_letters::state, account_letters::next_at, account_letters::attempts),
        ))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// Begins a letter, or tries it again after so many attempts, unless somebody else has just done so. Whether it was begun here.
pub fn begin(connection: &mut AnyConnection, key: LetterKey, attempts: i32, now: Moment) -> Result<bool> {
    if attempts > 0 {
        let again = account_letters::table
            .find(key)
            .filter(account_letters::state.eq(State::Waiting))
            .filter(account_letters::attempts.eq(attempts));
        let begun = diesel::update(again)
            .set((
                account_letters::state.eq(State::Sending),
                account_letters::attempts.eq(account_letters::attempts + 1),
                account_letters::changed_at.eq(now),
                account_letters::next_at.eq(None::<Moment>),
            ))
            .execute(connection)?;
        return Ok(begun == 1);
    }
    let (account, version, recipient) = key;
    let new = diesel::insert_into(account_letters::table).values((
        account_letters::account_id.eq(account),
        account_letters::version.eq(version),
        account_letters::recipient_id.eq(recipient),
        account_letters::state.eq(State::Sending),
        account_letters::attempts.eq(1),
        account_letters::changed_at.eq(now),
    ));
    let begun = match connection {
        AnyConnection::Sqlite(sqlite) => new.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => new.on_conflict_do_nothing().execute(postgresql)?,
    };
    Ok(begun == 1)
}

/// What came of a letter that was being sent.
pub fn settle(connection: &mut AnyConnection, key: LetterKey, outcome: Outcome, now: Moment) -> Result<()> {
    diesel::update(account_letters::table.find(key).filter(account_letters::state.eq(State::Sending)))
        .set((
            account_letters::state.eq(outcome.state),
            account_letters::next_at.eq(outcome.next_at),
            account_letters::failure.eq(outcome.failure),
            account_letters::changed_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Forgets letters that are old enough; how many they were.
pub fn forget(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let before = now.plus(-Duration::days(ACCOUNT_LETTER_DAYS));
    Ok(diesel::delete(account_letters::table.filter(account_letters::changed_at.lt(before))).execute(connection)?)
}
