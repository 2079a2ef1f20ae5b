//! Rewards in the database, and what each product is given. An item keeps the home of its certificate.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::account::{Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, CertificateId, DecisionId, ProducerId, ProductId, RewardId};
use crate::base::{Day, Moment, Result, Stars, UnitCode, Vnd};
use crate::db::AnyConnection;
use crate::db::schema::{reward_items, rewards};
use crate::db::types::{Json, Multi, text_column};
use crate::station::{Stretch, filters};
use crate::support::reward::rules::{RewardRate, State};

text_column!(State);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rewards)]
pub struct RewardRow {
    pub id: RewardId,
    pub version: i32,
    pub unit_code: UnitCode,
    pub decision_id: DecisionId,
    pub rates: Json<Vec<RewardRate>>,
    pub state: State,
    pub number: Option<String>,
    pub signed_on: Option<Day>,
    pub account_id: AccountId,
    pub created_at: Moment,
}

/// What a product of a reward is given.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reward_items)]
pub struct RewardItem {
    pub reward_id: RewardId,
    pub certificate_id: CertificateId,
    pub product_id: ProductId,
    pub producer_id: ProducerId,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub stars: Stars,
    pub amount: Vnd,
    pub paid_on: Option<Day>,
    pub voucher: Option<String>,
}

pub fn find(connection: &mut AnyConnection, id: RewardId) -> Result<Option<RewardRow>> {
    Ok(rewards::table.find(id).select(RewardRow::as_select()).first(connection).optional()?)
}

/// Finds a reward and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: RewardId) -> Result<Option<RewardRow>> {
    diesel::update(rewards::table.find(id)).set(rewards::version.eq(rewards::version)).execute(connection)?;
    find(connection, id)
}

/// What each of these rewards gives in a territory, in the order of stars and certificates.
pub fn items(
    connection: &mut AnyConnection,
    ids: &[RewardId],
    territory: &Territory,
) -> Result<BTreeMap<RewardId, Vec<RewardItem>>> {
    let query = reward_items::table
        .filter(reward_items::reward_id.eq_any(ids.to_vec()))
        .order((reward_items::stars.desc(), reward_items::certificate_id))
        .select(RewardItem::as_select())
        .into_boxed::<Multi>();
    let rows: Vec<RewardItem> = within_territory!(query, reward_items, territory).load(connection)?;
    let mut found: BTreeMap<RewardId, Vec<RewardItem>> = BTreeMap::new();
    for row in rows {
        found.entry(row.reward_id).or_default().push(row);
    }
    Ok(found)
}

/// Whether a reward for the decision is there that was not discarded.
pub fn is_rewarded(connection: &mut AnyConnection, decision: DecisionId) -> Result<bool> {
    let same = rewards::table.filter(rewards::decision_id.eq(decision)).filter(rewards::state.ne(State::Discarded));
    Ok(same.select(rewards::id).first::<RewardId>(connection).optional()?.is_some())
}

pub fn insert(
    connection: &mut AnyConnection,
    id: RewardId,
    unit: UnitCode,
    (decision, rates): (DecisionId, Vec<RewardRate>),
    by: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(rewards::table)
        .values((
            rewards::id.eq(id),
            rewards::version.eq(1),
            rewards::unit_code.eq(unit),
            rewards::decision_id.eq(decision),
            rewards::rates.eq(Json(rates)),
            rewards::state.eq(State::Draft),
            rewards::account_id.eq(by),
            rewards::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes what the products of a draft are given, in place of what they were given before.
pub fn set_items(connection: &mut AnyConnection, id: RewardId, items: &[RewardItem]) -> Result<()> {
    diesel::delete(reward_items::table.filter(reward_items::reward_id.eq(id))).execute(connection)?;
    for item in items {
        diesel::insert_into(reward_items::table)
            .values((
                reward_items::reward_id.eq(item.reward_id),
                reward_items::certificate_id.eq(item.certificate_id),
                reward_items::product_id.eq(item.product_id),
                reward_items::producer_id.eq(item.producer_id),
                reward_items::commune_code.eq(&item.commune_code),
                reward_items::district_code.eq(&item.district_code),
                reward_items::stars.eq(item.stars),
                reward_items::amount.eq(item.amount),
            ))
            .execute(connection)?;
    }
    Ok(())
}

pub fn set_rates(connection: &mut AnyConnection, id: RewardId, rates: Vec<RewardRate>) -> Result<()> {
    diesel::update(rewards::table.find(id))
        .set((rewards::version.eq(rewards::version + 1), rewards::rates.eq(Json(rates))))
        .execute(connection)?;
    Ok(())
}

pub fn set_state(connection: &mut AnyConnection, id: RewardId, state: State) -> Result<()> {
    diesel::update(rewards::table.find(id))
        .set((rewards::version.eq(rewards::version + 1), rewards::state.eq(state)))
        .execute(connection)?;
    Ok(())
}

pub fn decide(connection: &mut AnyConnection, id: RewardId, state: State, number: &str, signed_on: Day) -> Result<()> {
    diesel::update(rewards::table.find(id))
        .set((
            rewards::version.eq(rewards::version + 1),
            rewards::state.eq(state),
            rewards::number.eq(Some(number)),
            rewards::signed_on.eq(Some(signed_on)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Records that these certificates' products were paid; the reward is another one than before.
pub fn pay(
    connection: &mut AnyConnection,
    id: RewardId,
    state: State,
    certificates: &[CertificateId],
    (paid_on, voucher): (Day, &str),
) -> Result<()> {
    let paid = reward_items::table
        .filter(reward_items::reward_id.eq(id))
        .filter(reward_items::certificate_id.eq_any(certificates.to_vec()));
    diesel::update(paid)
        .set((reward_items::paid_on.eq(Some(paid_on)), reward_items::voucher.eq(Some(voucher))))
        .execute(connection)?;
    set_state(connection, id, state)
}

filters! {
    /// What rewards can be listed by.
    pub struct RewardFilter {
        state: State,
        /// The decision that recognised the products.
        decision_id: DecisionId,
    }
}

/// Which rewards give something in a territory; none where it is the whole province. There is one for a decision at most.
fn giving_in(connection: &mut AnyConnection, territory: &Territory) -> Result<Option<Vec<RewardId>>> {
    if *territory == Territory::Province {
        return Ok(None);
    }
    let given = reward_items::table.select(reward_items::reward_id).distinct().into_boxed::<Multi>();
    Ok(Some(within_territory!(given, reward_items, territory).load(connection)?))
}

/// The rewards that a filter lets through; below the province those of `giving` that are decided.
fn matching(giving: Option<Vec<RewardId>>, filter: &RewardFilter) -> rewards::BoxedQuery<'_, Multi> {
    let mut query = rewards::table.into_boxed();
    if let Some(giving) = giving {
        query = query.filter(rewards::state.eq_any([State::Decided, State::Paid])).filter(rewards::id.eq_any(giving));
    }
    if let Some(state) = filter.state {
        query = query.filter(rewards::state.eq(state));
    }
    if let Some(decision) = filter.decision_id {
        query = query.filter(rewards::decision_id.eq(decision));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(rewards::id.eq_any(changed_since(Resource::Reward, since)));
    }
    query
}

/// Rewards of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &RewardFilter,
    stretch: &Stretch<RewardId>,
) -> Result<Vec<RewardRow>> {
    let mut query = matching(giving_in(connection, territory)?, filter);
    if let Some(before) = stretch.after {
        query = query.filter(rewards::id.lt(before));
    }
    Ok(query.order(rewards::id.desc()).limit(stretch.limit).select(RewardRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &RewardFilter) -> Result<i64> {
    let giving = giving_in(connection, territory)?;
    Ok(matching(giving, filter).count().get_result(connection)?)
}
