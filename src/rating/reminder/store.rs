//! Reminders in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId, ReminderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::sheet_reminders;

/// Of whose sheet it reminds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminded {
    pub item: AgendaItemId,
    pub attempt: i32,
    pub account: AccountId,
}

pub fn insert(connection: &mut AnyConnection, reminded: Reminded, by: AccountId, now: Moment) -> Result<()> {
    diesel::insert_into(sheet_reminders::table)
        .values((
            sheet_reminders::id.eq(ReminderId::new()),
            sheet_reminders::agenda_item_id.eq(reminded.item),
            sheet_reminders::attempt.eq(reminded.attempt),
            sheet_reminders::account_id.eq(reminded.account),
            sheet_reminders::reminded_by.eq(by),
            sheet_reminders::reminded_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// When an account was last reminded of each of these items, by attempt.
pub fn of_account(
    connection: &mut AnyConnection,
    account: AccountId,
    items: &[AgendaItemId],
) -> Result<BTreeMap<(AgendaItemId, i32), Moment>> {
    let rows: Vec<((AgendaItemId, i32), Moment)> = sheet_reminders::table
        .filter(sheet_reminders::account_id.eq(account))
        .filter(sheet_reminders::agenda_item_id.eq_any(items.to_vec()))
        .order(sheet_reminders::reminded_at)
        .select(((sheet_reminders::agenda_item_id, sheet_reminders::attempt), sheet_reminders::reminded_at))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// When each member was last reminded of an attempt.
pub fn last(connection: &mut AnyConnection, item: AgendaItemId, attempt: i32) -> Result<BTreeMap<AccountId, Moment>> {
    let rows: Vec<(AccountId, Moment)> = sheet_reminders::table
        .filter(sheet_reminders::agenda_item_id.eq(item))
        .filter(sheet_reminders::attempt.eq(attempt))
        .order(sheet_reminders::reminded_at)
        .select((sheet_reminders::account_id, sheet_reminders::reminded_at))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}
