//! Appeals in the database; each keeps the home of its dossier, so that territory is asked of one table.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, AgendaItemId, AppealId, ProducerId};
use crate::base::{Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::appeals;
use crate::db::types::{Multi, text_column};
use crate::rating::appeal::rules::State;
use crate::station::{Stretch, filters};

text_column!(State);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = appeals)]
pub struct AppealRow {
    pub id: AppealId,
    pub version: i32,
    pub agenda_item_id: AgendaItemId,
    /// The unit that set the council up and answers.
    pub unit_code: UnitCode,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub state: State,
    pub grounds: String,
    pub answer: Option<String>,
    pub answered_by: Option<AccountId>,
    pub answered_at: Option<Moment>,
    pub filed_by: AccountId,
    pub filed_at: Moment,
}

impl AppealRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

pub fn find(connection: &mut AnyConnection, id: AppealId) -> Result<Option<AppealRow>> {
    Ok(appeals::table.find(id).select(AppealRow::as_select()).first(connection).optional()?)
}

/// Finds an appeal and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: AppealId) -> Result<Option<AppealRow>> {
    diesel::update(appeals::table.find(id)).set(appeals::version.eq(appeals::version)).execute(connection)?;
    find(connection, id)
}

/// Where the appeal against a result is; None where nobody appealed.
pub fn of_item(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<State>> {
    Ok(of_items(connection, &[item])?.remove(&item))
}

/// The appeal against an item's result, where there is one, and whose it is.
pub fn lodged(connection: &mut AnyConnection, item: AgendaItemId) -> Result<Option<(AppealId, Home)>> {
    let found: Option<AppealRow> = appeals::table
        .filter(appeals::agenda_item_id.eq(item))
        .select(AppealRow::as_select())
        .first(connection)
        .optional()?;
    Ok(found.map(|row| (row.id, row.home())))
}

/// Where the appeal against each of these items' results is; those without an appeal are left out.
pub fn of_items(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<BTreeMap<AgendaItemId, State>> {
    let rows: Vec<(AgendaItemId, State)> = appeals::table
        .filter(appeals::agenda_item_id.eq_any(items.to_vec()))
        .select((appeals::agenda_item_id, appeals::state))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

pub fn insert(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    unit: &UnitCode,
    home: Home,
    grounds: &str,
    account: AccountId,
    now: Moment,
) -> Result<AppealId> {
    let id = AppealId::new();
    diesel::insert_into(appeals::table)
        .values((
            appeals::id.eq(id),
            appeals::version.eq(1),
            appeals::agenda_item_id.eq(item),
            appeals::unit_code.eq(unit),
            appeals::producer_id.eq(home.producer),
            appeals::commune_code.eq(home.commune),
            appeals::district_code.eq(home.district),
            appeals::state.eq(State::Filed),
            appeals::grounds.eq(grounds),
            appeals::filed_by.eq(account),
            appeals::filed_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn answer(
    connection: &mut AnyConnection,
    id: AppealId,
    state: State,
    answer: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::update(appeals::table.find(id))
        .set((
            appeals::version.eq(appeals::version + 1),
            appeals::state.eq(state),
            appeals::answer.eq(Some(answer)),
            appeals::answered_by.eq(Some(account)),
            appeals::answered_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What appeals can be listed by.
    pub struct AppealFilter {
        unit_code: UnitCode,
        state: State,
    }
}

/// The appeals of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a AppealFilter) -> appeals::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(appeals::table.into_boxed(), appeals, territory);
    if let Some(unit) = &filter.unit_code {
        query = query.filter(appeals::unit_code.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(appeals::state.eq(state));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(appeals::id.eq_any(changed_since(Resource::Appeal, since)));
    }
    query
}

/// Appeals of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &AppealFilter,
    stretch: &Stretch<AppealId>,
) -> Result<Vec<AppealRow>> {
    let mut query = matching(territory, filter);
    if let Some(after) = stretch.after {
        query = query.filter(appeals::id.lt(after));
    }
    Ok(query.order(appeals::id.desc()).limit(stretch.limit).select(AppealRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &AppealFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
