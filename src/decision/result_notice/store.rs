//! Notices of results in the database; each keeps the home of its dossier, so that territory is asked of one table.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, AgendaItemId, ProducerId, ResultNoticeId};
use crate::base::{Day, Moment, Result, UnitCode, paper_number};
use crate::db::AnyConnection;
use crate::db::schema::result_notices;
use crate::db::settings::take_turn;
use crate::db::types::Multi;
use crate::station::{Stretch, filters};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = result_notices)]
pub struct NoticeRow {
    pub id: ResultNoticeId,
    pub version: i32,
    pub agenda_item_id: AgendaItemId,
    /// Which of the council's attempts came to the result.
    pub attempt: i32,
    /// The unit whose council concluded, and whose office writes.
    pub unit_code: UnitCode,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub number: String,
    pub dated: Day,
    pub remark: Option<String>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

impl NoticeRow {
    pub fn home(&self) -> Home {
        Home { producer: self.producer_id, commune: self.commune_code.clone(), district: self.district_code.clone() }
    }
}

/// A notice as it is entered.
#[derive(Debug, Clone)]
pub struct NewNotice {
    pub item: AgendaItemId,
    pub attempt: i32,
    pub unit: UnitCode,
    pub home: Home,
    pub number: String,
    pub dated: Day,
    pub remark: Option<String>,
}

pub fn find(connection: &mut AnyConnection, id: ResultNoticeId) -> Result<Option<NoticeRow>> {
    Ok(result_notices::table.find(id).select(NoticeRow::as_select()).first(connection).optional()?)
}

pub fn insert(connection: &mut AnyConnection, new: NewNotice, by: AccountId, now: Moment) -> Result<ResultNoticeId> {
    let id = ResultNoticeId::new();
    diesel::insert_into(result_notices::table)
        .values((
            result_notices::id.eq(id),
            result_notices::version.eq(1),
            result_notices::agenda_item_id.eq(new.item),
            result_notices::attempt.eq(new.attempt),
            result_notices::unit_code.eq(new.unit),
            result_notices::producer_id.eq(new.home.producer),
            result_notices::commune_code.eq(new.home.commune),
            result_notices::district_code.eq(new.home.district),
            result_notices::number.eq(new.number),
            result_notices::dated.eq(new.dated),
            result_notices::remark.eq(new.remark),
            result_notices::account_id.eq(by),
            result_notices::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Whether the result of this attempt was told already.
pub fn is_told(connection: &mut AnyConnection, item: AgendaItemId, attempt: i32) -> Result<bool> {
    let told: i64 = result_notices::table
        .filter(result_notices::agenda_item_id.eq(item))
        .filter(result_notices::attempt.eq(attempt))
        .count()
        .get_result(connection)?;
    Ok(told > 0)
}

/// The attempts of these items whose results were told already.
pub fn told(connection: &mut AnyConnection, items: &[AgendaItemId]) -> Result<BTreeSet<(AgendaItemId, i32)>> {
    let told: Vec<(AgendaItemId, i32)> = result_notices::table
        .filter(result_notices::agenda_item_id.eq_any(items.to_vec()))
        .select((result_notices::agenda_item_id, result_notices::attempt))
        .load(connection)?;
    Ok(told.into_iter().collect())
}

/// The notices of these items within a territory, in the order in which they were written.
pub fn of_items(
    connection: &mut AnyConnection,
    territory: &Territory,
    items: &[AgendaItemId],
) -> Result<Vec<NoticeRow>> {
    let query = within_territory!(result_notices::table.into_boxed(), result_notices, territory);
    let of_items = query.filter(result_notices::agenda_item_id.eq_any(items.to_vec()));
    Ok(of_items.order(result_notices::id).select(NoticeRow::as_select()).load(connection)?)
}

/// Whether the unit gave the number to a notice of that year. Who else gives one waits until the transaction ends.
pub fn number_taken(connection: &mut AnyConnection, unit: &UnitCode, number: &str, dated: Day) -> Result<bool> {
    take_turn(connection, &format!("result notices of {unit}"))?;
    let numbers = result_notices::table.filter(result_notices::unit_code.eq(unit));
    let columns = (result_notices::number.nullable(), result_notices::dated.nullable());
    let known: Vec<_> = numbers.select(columns).load(connection)?;
    Ok(paper_number::is_taken(&known, number, dated))
}

filters! {
    /// What notices of results can be listed by.
    pub struct ResultNoticeFilter {
        agenda_item_id: AgendaItemId,
        producer_id: ProducerId,
        /// The unit that writes.
        unit_code: UnitCode,
    }
}

/// The notices of a territory that a filter lets through.
fn matching<'a>(territory: &'a Territory, filter: &'a ResultNoticeFilter) -> result_notices::BoxedQuery<'a, Multi> {
    let mut query = within_territory!(result_notices::table.into_boxed(), result_notices, territory);
    if let Some(item) = filter.agenda_item_id {
        query = query.filter(result_notices::agenda_item_id.eq(item));
    }
    if let Some(producer) = filter.producer_id {
        query = query.filter(result_notices::producer_id.eq(producer));
    }
    if let Some(unit) = &filter.unit_code {
        query = query.filter(result_notices::unit_code.eq(unit));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(result_notices::id.eq_any(changed_since(Resource::ResultNotice, since)));
    }
    query
}

/// Notices of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &ResultNoticeFilter,
    stretch: &Stretch<ResultNoticeId>,
) -> Result<Vec<NoticeRow>> {
    let mut query = matching(territory, filter);
    if let Some(after) = stretch.after {
        query = query.filter(result_notices::id.lt(after));
    }
    Ok(query.order(result_notices::id.desc()).limit(stretch.limit).select(NoticeRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &ResultNoticeFilter) -> Result<i64> {
    Ok(matching(territory, filter).count().get_result(connection)?)
}
