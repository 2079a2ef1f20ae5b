//! Seats that do not score an item, in the database: who is recused, and who is not there.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::{absences, recusals};
use crate::rating::item::store::by_item;

/// A seat that does not score an item.
#[derive(Debug, Clone, Queryable)]
pub struct Recusal {
    pub account_id: AccountId,
    pub reason: String,
    pub at: Moment,
}

/// Who is recused from each of these items, in the order in which it was recorded.
pub fn recusals(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<BTreeMap<AgendaItemId, Vec<Recusal>>> {
    let rows: Vec<(AgendaItemId, Recusal)> = recusals::table
        .filter(recusals::agenda_item_id.eq_any(ids.to_vec()))
        .order((recusals::at, recusals::account_id))
        .select((recusals::agenda_item_id, (recusals::account_id, recusals::reason, recusals::at)))
        .load(connection)?;
    Ok(by_item(rows))
}

pub fn insert_recusal(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    account: AccountId,
    reason: &str,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(recusals::table)
        .values((
            recusals::agenda_item_id.eq(id),
            recusals::account_id.eq(account),
            recusals::reason.eq(reason),
            recusals::at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// A seat that is not there for an item.
#[derive(Debug, Clone, Queryable)]
pub struct Absence {
    pub account_id: AccountId,
    pub reason: String,
}

/// Who is absent for each of these items, in the order in which it was recorded.
pub fn absences(connection: &mut AnyConnection, ids: &[AgendaItemId]) -> Result<BTreeMap<AgendaItemId, Vec<Absence>>> {
    let rows: Vec<(AgendaItemId, Absence)> = absences::table
        .filter(absences::agenda_item_id.eq_any(ids.to_vec()))
        .order((absences::at, absences::account_id))
        .select((absences::agenda_item_id, (absences::account_id, absences::reason)))
        .load(connection)?;
    Ok(by_item(rows))
}

pub fn insert_absence(
    connection: &mut AnyConnection,
    id: AgendaItemId,
    account: AccountId,
    reason: &str,
    recorded_by: AccountId,
    at: Moment,
) -> Result<()> {
    diesel::insert_into(absences::table)
        .values((
            absences::agenda_item_id.eq(id),
            absences::account_id.eq(account),
            absences::reason.eq(reason),
            absences::recorded_by.eq(recorded_by),
            absences::at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn delete_absence(connection: &mut AnyConnection, id: AgendaItemId, account: AccountId) -> Result<()> {
    diesel::delete(absences::table.find((id, account))).execute(connection)?;
    Ok(())
}
