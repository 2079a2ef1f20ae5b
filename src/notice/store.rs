//! Summaries in the database.

use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, task_summaries};
use crate::db::types::text_column;
use crate::http::Language;
use crate::notice::rules::{Outcome, State};
use crate::privacy::record::SUMMARY_DAYS;

text_column!(State);

/// An account that is to get a summary, and how often it was tried today.
#[derive(Debug, Clone)]
pub struct Addressee {
    pub account: AccountId,
    pub email: String,
    pub language: Option<Language>,
    pub attempts: i32,
}

/// So many accounts are looked at at once.
const AT_ONCE: i64 = 20;

/// The next accounts whose summary of a day was not begun, or is to be tried again by now.
pub fn addressees(connection: &mut AnyConnection, day: Day, now: Moment) -> Result<Vec<Addressee>> {
    let wanted =
        || accounts::email.is_not_null().and(accounts::ended_at.is_null()).and(accounts::summary_off_at.is_null());
    let begun = task_summaries::table.filter(task_summaries::day.eq(day.date())).select(task_summaries::account_id);
    let new: Vec<(AccountId, Option<String>, Option<Language>)> = accounts::table
        .filter(wanted())
        .filter(accounts::id.ne_all(begun))
        .order(accounts::id)
        .limit(AT_ONCE)
        .select((accounts::id, accounts::email, accounts::language))
        .load(connection)?;
    let again: Vec<(AccountId, Option<String>, Option<Language>, i32)> = task_summaries::table
        .inner_join(accounts::table.on(accounts::id.eq(task_summaries::account_id)))
        .filter(wanted())
        .filter(task_summaries::day.eq(day))
        .filter(task_summaries::state.eq(State::Waiting))
        .filter(task_summaries::next_at.le(now))
        .order(accounts::id)
        .limit(AT_ONCE)
        .select((accounts::id, accounts::email, accounts::language, task_summaries::attempts))
        .load(connection)?;
    let new = new.into_iter().map(|(account, email, language)| (account, email, language, 0));
    let addressee = |(account, email, language, attempts): (_, Option<String>, _, _)| {
        Some(Addressee { account, email: email?, language, attempts })
    };
    Ok(new.chain(again).filter_map(addressee).collect())
}

/// Begins a summary, or tries it again, unless somebody else has just done so. Whether it was begun here.
pub fn begin(
    connection: &mut AnyConnection,
    addressee: &Addressee,
    day: Day,
    (state, tasks): (State, i32),
    now: Moment,
) -> Result<bool> {
    if addressee.attempts > 0 {
        let again = task_summaries::table
            .find((addressee.account, day))
            .filter(task_summaries::state.eq(State::Waiting))
            .filter(task_summaries::attempts.eq(addressee.attempts));
        let begun = diesel::update(again)
            .set((
                task_summaries::state.eq(state),
                task_summaries::tasks.eq(tasks),
                task_summaries::attempts.eq(task_summaries::attempts + 1),
                task_summaries::changed_at.eq(now),
                task_summaries::next_at.eq(None::<Moment>),
            ))
            .execute(connection)?;
        return Ok(begun == 1);
    }
    let new = diesel::insert_into(task_summaries::table).values((
        task_summaries::account_id.eq(addressee.account),
        task_summaries::day.eq(day.date()),
        task_summaries::state.eq(state),
        task_summaries::tasks.eq(tasks),
        task_summaries::attempts.eq(1),
        task_summaries::changed_at.eq(now),
    ));
    let begun = match connection {
        AnyConnection::Sqlite(sqlite) => new.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => new.on_conflict_do_nothing().execute(postgresql)?,
    };
    Ok(begun == 1)
}

pub fn settle(
    connection: &mut AnyConnection,
    account: AccountId,
    day: Day,
    outcome: Outcome,
    now: Moment,
) -> Result<()> {
    diesel::update(task_summaries::table.find((account, day)).filter(task_summaries::state.eq(State::Sending)))
        .set((
            task_summaries::state.eq(outcome.state),
            task_summaries::next_at.eq(outcome.next_at),
            task_summaries::failure.eq(outcome.failure),
            task_summaries::changed_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// How many summaries are still being sent that were begun before a moment.
pub fn count_left_behind(connection: &mut AnyConnection, before: Moment) -> Result<i64> {
    Ok(task_summaries::table
        .filter(task_summaries::state.eq(State::Sending))
        .filter(task_summaries::changed_at.lt(before))
        .count()
        .get_result(connection)?)
}

/// Gives up summaries that are still being sent and were begun before a moment: nobody knows whether they arrived.
pub fn give_up(connection: &mut AnyConnection, before: Moment, now: Moment) -> Result<usize> {
    let left = task_summaries::table
        .filter(task_summaries::state.eq(State::Sending))
        .filter(task_summaries::changed_at.lt(before));
    let failure = "left_behind".to_owned();
    Ok(diesel::update(left)
        .set((
            task_summaries::state.eq(State::Unknown),
            task_summaries::failure.eq(Some(failure)),
            task_summaries::changed_at.eq(now),
        ))
        .execute(connection)?)
}

/// A summary, and whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Summary {
    pub account_id: AccountId,
    pub account_name: String,
    pub day: Day,
    pub state: State,
    pub tasks: i32,
    pub attempts: i32,
    pub changed_at: Moment,
    pub next_at: Option<Moment>,
    pub failure: Option<String>,
}

/// Summaries of all accounts, the newest days first, of one state where one is named.
pub fn list(
    connection: &mut AnyConnection,
    state: Option<State>,
    after: Option<(Day, AccountId)>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let mut query =
        task_summaries::table.inner_join(accounts::table.on(accounts::id.eq(task_summaries::account_id))).into_boxed();
    if let Some(state) = state {
        query = query.filter(task_summaries::state.eq(state));
    }
    if let Some((day, account)) = after {
        query = query.filter(
            task_summaries::day.lt(day).or(task_summaries::day.eq(day).and(task_summaries::account_id.gt(account))),
        );
    }
    Ok(query
        .order((task_summaries::day.desc(), task_summaries::account_id))
        .limit(limit)
        .select((
            task_summaries::account_id,
            accounts::name,
            task_summaries::day,
            task_summaries::state,
            task_summaries::tasks,
            task_summaries::attempts,
            task_summaries::changed_at,
            task_summaries::next_at,
            task_summaries::failure,
        ))
        .load(connection)?)
}

/// Forgets summaries that are old enough; how many they were.
pub fn forget(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let before = now.day().plus_days(-SUMMARY_DAYS);
    Ok(diesel::delete(task_summaries::table.filter(task_summaries::day.lt(before))).execute(connection)?)
}
