//! Letters of reminders in the database.

use diesel::prelude::*;

use crate::base::id::{AccountId, ReminderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, agenda_items, reminder_letters, sheet_reminders};
use crate::http::Language;
use crate::notice::rules::{Outcome, State};
use crate::rating::item;
use crate::rating::reminder::store::Reminded;

/// Somebody to be reminded by mail, and how often it was tried.
#[derive(Debug, Clone)]
pub struct Due {
    pub id: ReminderId,
    pub reminded: Reminded,
    pub at: Moment,
    pub email: String,
    pub language: Option<Language>,
    pub attempts: i32,
}

/// So many letters are looked at at once.
const AT_ONCE: i64 = 20;

/// Reminders of after a moment, of scorings that are still open, whose letter was not begun or is to be tried again by now.
pub fn due(connection: &mut AnyConnection, after: Moment, now: Moment) -> Result<Vec<Due>> {
    type Row = (
        ReminderId,
        (crate::base::id::AgendaItemId, i32),
        AccountId,
        Moment,
        Option<String>,
        Option<Language>,
        Option<i32>,
    );
    let again = reminder_letters::state.eq(State::Waiting).and(reminder_letters::next_at.le(now));
    let rows: Vec<Row> = sheet_reminders::table
        .inner_join(accounts::table.on(accounts::id.eq(sheet_reminders::account_id)))
        .inner_join(agenda_items::table.on(agenda_items::id.eq(sheet_reminders::agenda_item_id)))
        .left_join(reminder_letters::table.on(reminder_letters::reminder_id.eq(sheet_reminders::id)))
        .filter(sheet_reminders::reminded_at.gt(after))
        .filter(agenda_items::state.eq(item::State::Scoring))
        .filter(agenda_items::attempt.eq(sheet_reminders::attempt))
        .filter(accounts::email.is_not_null().and(accounts::ended_at.is_null()).and(accounts::summary_off_at.is_null()))
        .filter(reminder_letters::reminder_id.is_null().or(again.assume_not_null()))
        .order((sheet_reminders::reminded_at, sheet_reminders::id))
        .limit(AT_ONCE)
        .select((
            sheet_reminders::id,
            (sheet_reminders::agenda_item_id, sheet_reminders::attempt),
            sheet_reminders::account_id,
            sheet_reminders::reminded_at,
            accounts::email,
            accounts::language,
            reminder_letters::attempts.nullable(),
        ))
        .load(connection)?;
    let due = |(id, (item, attempt), account, at, email, language, attempts): Row| {
        let reminded = Reminded { item, attempt, account };
        Some(Due { id, reminded, at, email: email?, language, attempts: attempts.unwrap_or_default() })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

/// Begins a letter, or tries it again, unless somebody else has just done so. Whether it was begun here.
pub fn begin(connection: &mut AnyConnection, due: &Due, state: State, now: Moment) -> Result<bool> {
    if due.attempts > 0 {
        let again = reminder_letters::table
            .find(due.id)
            .filter(reminder_letters::state.eq(State::Waiting))
            .filter(reminder_letters::attempts.eq(due.attempts));
        let begun = diesel::update(again)
            .set((
                reminder_letters::state.eq(state),
                reminder_letters::attempts.eq(reminder_letters::attempts + 1),
                reminder_letters::changed_at.eq(now),
                reminder_letters::next_at.eq(None::<Moment>),
            ))
            .execute(connection)?;
        return Ok(begun == 1);
    }
    let new = diesel::insert_into(reminder_letters::table).values((
        reminder_letters::reminder_id.eq(due.id),
        reminder_letters::state.eq(state),
        reminder_letters::attempts.eq(1),
        reminder_letters::changed_at.eq(now),
    ));
    let begun = match connection {
        AnyConnection::Sqlite(sqlite) => new.on_conflict_do_nothing().execute(sqlite)?,
        AnyConnection::Postgresql(postgresql) => new.on_conflict_do_nothing().execute(postgresql)?,
    };
    Ok(begun == 1)
}

/// What came of a letter that was being sent.
pub fn settle(connection: &mut AnyConnection, id: ReminderId, outcome: Outcome, now: Moment) -> Result<()> {
    diesel::update(reminder_letters::table.find(id).filter(reminder_letters::state.eq(State::Sending)))
        .set((
            reminder_letters::state.eq(outcome.state),
            reminder_letters::next_at.eq(outcome.next_at),
            reminder_letters::failure.eq(outcome.failure),
            reminder_letters::changed_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}
