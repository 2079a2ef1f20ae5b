//! Results in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::base::id::{AccountId, AgendaItemId, DossierId};
use crate::base::{Moment, Result, Stars, UnitCode};
use crate::criteria::LeastOption;
use crate::cycle::Condition;
use crate::db::AnyConnection;
use crate::db::schema::{agenda_items, councils, results};
use crate::db::types::{Json, text_column};
use crate::rating::result::rules::Outcome;

text_column!(Outcome);

/// What a council concluded in an attempt. The history vouches for it as it is serialized: what is added later is left out
/// while it is empty, so that what was recorded before stays the same.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = results)]
pub struct Concluded {
    pub agenda_item_id: AgendaItemId,
    pub attempt: i32,
    pub outcome: Outcome,
    pub stars: Option<Stars>,
    pub sum: i32,
    pub sheets: i32,
    pub gate_criterion: Option<String>,
    /// The reasons that the sheets gave, in no one's order.
    pub gate_reason: Option<String>,
    /// The conditions that it lacked for the stars of its mean.
    pub unmet: Json<Vec<Condition>>,
    /// The least options of its set that its sheets did not meet, for the stars of its mean and for more.
    #[serde(skip_serializing_if = "is_empty")]
    pub unmet_options: Json<Vec<LeastOption>>,
    pub concluded_by: AccountId,
    pub concluded_at: Moment,
}

fn is_empty(options: &Json<Vec<LeastOption>>) -> bool {
    options.0.is_empty()
}

pub fn insert(connection: &mut AnyConnection, result: Concluded) -> Result<()> {
    diesel::insert_into(results::table)
        .values((
            results::agenda_item_id.eq(result.agenda_item_id),
            results::attempt.eq(result.attempt),
            results::outcome.eq(result.outcome),
            results::stars.eq(result.stars),
            results::sum.eq(result.sum),
            results::sheets.eq(result.sheets),
            results::gate_criterion.eq(result.gate_criterion),
            results::gate_reason.eq(result.gate_reason),
            results::unmet.eq(result.unmet),
            results::unmet_options.eq(result.unmet_options),
            results::concluded_by.eq(result.concluded_by),
            results::concluded_at.eq(result.concluded_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// A result with what it is about, as decisions need it.
#[derive(Debug, Clone, Queryable)]
pub struct Rated {
    pub dossier_id: DossierId,
    pub unit_code: UnitCode,
    pub outcome: Outcome,
    pub stars: Option<Stars>,
    pub concluded_at: Moment,
}

/// What a council concluded of an item, if it did.
pub fn concluded(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Rated>> {
    Ok(results::table
        .inner_join(agenda_items::table.on(agenda_items::id.eq(results::agenda_item_id)))
        .inner_join(councils::table.on(councils::id.eq(agenda_items::council_id)))
        .filter(results::agenda_item_id.eq(item))
        .order(results::attempt.desc())
        .select((
            agenda_items::dossier_id,
            councils::unit_code,
            results::outcome,
            results::stars,
            results::concluded_at,
        ))
        .first(connection)
        .optional()?)
}

/// The result of an item: the one of its last attempt.
pub fn find(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<Concluded>> {
    Ok(last_of_items(connection, &[item])?.remove(&item))
}

/// The results of these items, of every attempt that has one, in order.
pub fn of_items(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<Vec<Concluded>> {
    Ok(results::table
        .filter(results::agenda_item_id.eq_any(items.to_vec()))
        .order((results::agenda_item_id, results::attempt))
        .select(Concluded::as_select())
        .load(connection)?)
}

/// The result of each of these items: the one of its last attempt.
pub fn last_of_items(
    connection: &mut AnyConnection,
    items: &[AgendaItemId],
) -> Result<BTreeMap<AgendaItemId, Concluded>> {
    let results = of_items(connection, items)?;
    Ok(results.into_iter().map(|result| (result.agenda_item_id, result)).collect())
}
