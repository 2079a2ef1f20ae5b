//! Policies in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, SupportPolicyId};
use crate::base::{Day, Moment, Result, UnitCode, Vnd};
use crate::db::AnyConnection;
use crate::db::schema::support_policies;
use crate::db::types::{Multi, text_column};
use crate::station::{Stretch, filters};
use crate::support::policy::rules::{self, MoneySource, State, Terms};

text_column!(State, MoneySource);

/// A policy of support money (chính sách hỗ trợ).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_policies)]
pub struct SupportPolicy {
    pub id: SupportPolicyId,
    pub version: i32,
    pub unit_code: UnitCode,
    pub act: String,
    pub item: String,
    pub name: String,
    pub rate_percent: i32,
    pub cap: Vnd,
    pub source: MoneySource,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub state: State,
    pub account_id: AccountId,
    pub created_at: Moment,
}

impl SupportPolicy {
    pub fn terms(&self) -> Terms {
        Terms {
            act: self.act.clone(),
            item: self.item.clone(),
            name: self.name.clone(),
            rate_percent: self.rate_percent,
            cap: self.cap,
            source: self.source,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }

    pub fn is_in_force(&self, day: Day) -> bool {
        rules::is_in_force(self.state, self.valid_from, self.valid_to, day)
    }
}

pub fn find(connection: &mut AnyConnection, id: SupportPolicyId) -> Result<Option<SupportPolicy>> {
    Ok(support_policies::table.find(id).select(SupportPolicy::as_select()).first(connection).optional()?)
}

/// Finds a policy and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: SupportPolicyId) -> Result<Option<SupportPolicy>> {
    diesel::update(support_policies::table.find(id))
        .set(support_policies::version.eq(support_policies::version))
        .execute(connection)?;
    find(connection, id)
}

pub fn of_ids(
    connection: &mut AnyConnection,
    ids: &[SupportPolicyId],
) -> Result<BTreeMap<SupportPolicyId, SupportPolicy>> {
    let named = support_policies::table.filter(support_policies::id.eq_any(ids.to_vec()));
    let rows: Vec<SupportPolicy> = named.select(SupportPolicy::as_select()).load(connection)?;
    Ok(rows.into_iter().map(|policy| (policy.id, policy)).collect())
}

pub fn insert(
    connection: &mut AnyConnection,
    unit: UnitCode,
    terms: Terms,
    by: AccountId,
    now: Moment,
) -> Result<SupportPolicyId> {
    let id = SupportPolicyId::new();
    diesel::insert_into(support_policies::table)
        .values((
            support_policies::id.eq(id),
            support_policies::version.eq(1),
            support_policies::unit_code.eq(unit),
            support_policies::act.eq(terms.act),
            support_policies::item.eq(terms.item),
            support_policies::name.eq(terms.name),
            support_policies::rate_percent.eq(terms.rate_percent),
            support_policies::cap.eq(terms.cap),
            support_policies::source.eq(terms.source),
            support_policies::valid_from.eq(terms.valid_from),
            support_policies::valid_to.eq(terms.valid_to),
            support_policies::state.eq(State::Draft),
            support_policies::account_id.eq(by),
            support_policies::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn rewrite(connection: &mut AnyConnection, id: SupportPolicyId, terms: Terms) -> Result<()> {
    diesel::update(support_policies::table.find(id))
        .set((
            support_policies::version.eq(support_policies::version + 1),
            support_policies::act.eq(terms.act),
            support_policies::item.eq(terms.item),
            support_policies::name.eq(terms.name),
            support_policies::rate_percent.eq(terms.rate_percent),
            support_policies::cap.eq(terms.cap),
            support_policies::source.eq(terms.source),
            support_policies::valid_from.eq(terms.valid_from),
            support_policies::valid_to.eq(terms.valid_to),
        ))
        .execute(connection)?;
    Ok(())
}

pub fn adopt(connection: &mut AnyConnection, id: SupportPolicyId, state: State) -> Result<()> {
    diesel::update(support_policies::table.find(id))
        .set((support_policies::version.eq(support_policies::version + 1), support_policies::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

pub fn end(connection: &mut AnyConnection, id: SupportPolicyId, last: Day) -> Result<()> {
    diesel::update(support_policies::table.find(id))
        .set((support_policies::version.eq(support_policies::version + 1), support_policies::valid_to.eq(Some(last))))
        .execute(connection)?;
    Ok(())
}

filters! {
    /// What policies can be listed by.
    pub struct SupportPolicyFilter {
        state: State,
        /// The budget that pays.
        source: MoneySource,
        /// Whether it is in force today.
        in_force: bool,
    }
}

/// The policies that a filter lets through; drafts only for who acts for the province.
fn matching(filter: &SupportPolicyFilter, with_drafts: bool, today: Day) -> support_policies::BoxedQuery<'_, Multi> {
    let mut query = support_policies::table.into_boxed();
    if !with_drafts {
        query = query.filter(support_policies::state.eq(State::Adopted));
    }
    if let Some(state) = filter.state {
        query = query.filter(support_policies::state.eq(state));
    }
    if let Some(source) = filter.source {
        query = query.filter(support_policies::source.eq(source));
    }
    if let Some(in_force) = filter.in_force {
        let lasts = support_policies::valid_to.is_null().or(support_policies::valid_to.assume_not_null().ge(today));
        let is_so = support_policies::state.eq(State::Adopted).and(support_policies::valid_from.le(today)).and(lasts);
        query = if in_force { query.filter(is_so) } else { query.filter(diesel::dsl::not(is_so)) };
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(support_policies::id.eq_any(changed_since(Resource::SupportPolicy, since)));
    }
    query
}

/// Policies, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    filter: &SupportPolicyFilter,
    with_drafts: bool,
    today: Day,
    stretch: &Stretch<SupportPolicyId>,
) -> Result<Vec<SupportPolicy>> {
    let mut query = matching(filter, with_drafts, today);
    if let Some(before) = stretch.after {
        query = query.filter(support_policies::id.lt(before));
    }
    let rows = query.order(support_policies::id.desc()).limit(stretch.limit);
    Ok(rows.select(SupportPolicy::as_select()).load(connection)?)
}

pub fn count(
    connection: &mut AnyConnection,
    filter: &SupportPolicyFilter,
    with_drafts: bool,
    today: Day,
) -> Result<i64> {
    Ok(matching(filter, with_drafts, today).count().get_result(connection)?)
}
