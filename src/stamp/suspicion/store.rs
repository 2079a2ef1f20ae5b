//! Suspicions in the database, and the rows of their stamps.

use diesel::prelude::*;

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, ProducerId, ProductId, StampOrderId, SuspicionId};
use crate::base::{Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{stamp_orders, stamp_suspicions, stamps};
use crate::db::types::text_column;
use crate::stamp::rules::suspects::{Finding, State};
use crate::stamp::rules::{Key, StampNumber};
use crate::stamp::scan_store;
use crate::station::{Stretch, filters};

text_column!(State);

/// A suspicion as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stamp_suspicions)]
pub struct SuspicionRow {
    pub id: SuspicionId,
    pub version: i32,
    pub order_id: StampOrderId,
    pub serial: i32,
    pub state: State,
    pub rule: String,
    pub visitors: i32,
    pub places: i32,
    pub since: Moment,
    pub found_at: Moment,
    pub note: Option<String>,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Moment>,
}

/// A suspicion with what its stamp belongs to.
#[derive(Debug, Clone, Queryable)]
pub struct Suspicion {
    pub row: SuspicionRow,
    pub number: i32,
    pub key_id: String,
    pub product: ProductId,
    pub producer: ProducerId,
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

impl Suspicion {
    pub fn home(&self) -> Home {
        Home { producer: self.producer, commune: self.commune.clone(), district: self.district.clone() }
    }

    /// The stamp that it is about.
    pub fn stamp(&self) -> StampNumber {
        StampNumber { order: self.number, serial: self.row.serial }
    }

    /// The same within its order.
    pub fn key(&self) -> Key {
        (self.row.order_id, self.row.serial)
    }
}

/// Marks a stamp as suspect and opens the case.
pub fn open(
    connection: &mut AnyConnection,
    (order, stamp): (StampOrderId, StampNumber),
    finding: &Finding,
    now: Moment,
) -> Result<SuspicionId> {
    let row = stamps::table.find((stamp.order, stamp.serial));
    diesel::update(row).set(stamps::suspect_at.eq(Some(now))).execute(connection)?;
    let id = SuspicionId::new();
    let count = |number: usize| i32::try_from(number).map_err(Error::internal);
    diesel::insert_into(stamp_suspicions::table)
        .values((
            stamp_suspicions::id.eq(id),
            stamp_suspicions::version.eq(1),
            stamp_suspicions::order_id.eq(order),
            stamp_suspicions::serial.eq(stamp.serial),
            stamp_suspicions::state.eq(State::Open),
            stamp_suspicions::rule.eq(&finding.rule),
            stamp_suspicions::visitors.eq(count(finding.visitors)?),
            stamp_suspicions::places.eq(count(finding.places)?),
            stamp_suspicions::since.eq(finding.since),
            stamp_suspicions::found_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Writes down what the office decided.
pub fn decide(
    connection: &mut AnyConnection,
    id: SuspicionId,
    state: State,
    note: &str,
    account: AccountId,
    now: Moment,
) -> Result<()> {
    diesel::update(stamp_suspicions::table.find(id))
        .set((
            stamp_suspicions::version.eq(stamp_suspicions::version + 1),
            stamp_suspicions::state.eq(state),
            stamp_suspicions::note.eq(Some(note)),
            stamp_suspicions::decided_by.eq(Some(account)),
            stamp_suspicions::decided_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The stamp is no longer suspect, and its visitors are counted anew; what the case rested on is remembered.
pub fn clear(connection: &mut AnyConnection, stamp: StampNumber, visitors: i32, now: Moment) -> Result<()> {
    let row = || stamps::table.find((stamp.order, stamp.serial));
    // First of all, for the row is this transaction's then, and what it holds is read after that.
    diesel::update(row())
        .set((
            stamps::suspect_at.eq(None::<Moment>),
            stamps::dismissed_at.eq(Some(now)),
            stamps::dismissed_visitors.eq(Some(visitors)),
        ))
        .execute(connection)?;
    let Some(tally) = scan_store::find(connection, stamp)? else { return Ok(()) };
    let mut visitors = tally.visitors()?;
    visitors.forget_networks();
    diesel::update(row()).set(stamps::visitors.eq(visitors.written()?)).execute(connection)?;
    Ok(())
}

/// The stamp is no longer suspect, because what spoke against it does not count: who came stays known.
pub fn release(
    connection: &mut AnyConnection,
    id: SuspicionId,
    stamp: StampNumber,
    note: &str,
    now: Moment,
) -> Result<()> {
    let row = stamps::table.find((stamp.order, stamp.serial));
    diesel::update(row).set(stamps::suspect_at.eq(None::<Moment>)).execute(connection)?;
    diesel::update(stamp_suspicions::table.find(id))
        .set((
            stamp_suspicions::version.eq(stamp_suspicions::version + 1),
            stamp_suspicions::state.eq(State::Dismissed),
            stamp_suspicions::note.eq(Some(note)),
            stamp_suspicions::decided_at.eq(Some(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The cases of a producer's stamps that were opened since a moment and are open still, at most `limit`.
pub fn opened_since(
    connection: &mut AnyConnection,
    producer: ProducerId,
    since: Moment,
    limit: i64,
) -> Result<Vec<SuspicionId>> {
    Ok(stamp_suspicions::table
        .inner_join(stamp_orders::table.on(stamp_orders::id.eq(stamp_suspicions::order_id)))
        .filter(stamp_orders::producer_id.eq(producer))
        .filter(stamp_suspicions::state.eq(State::Open))
        .filter(stamp_suspicions::found_at.ge(since))
        .order(stamp_suspicions::id)
        .limit(limit)
        .select(stamp_suspicions::id)
        .load(connection)?)
}

/// Suspicions with the orders of their stamps, whose territory is theirs.
macro_rules! with_orders {
    () => {
        stamp_suspicions::table.inner_join(stamp_orders::table.on(stamp_orders::id.eq(stamp_suspicions::order_id)))
    };
}

/// What a [`Suspicion`] is read from.
macro_rules! columns {
    () => {
        (
            SuspicionRow::as_select(),
            stamp_orders::number,
            stamp_orders::key_id,
            stamp_orders::product_id,
            stamp_orders::producer_id,
            stamp_orders::commune_code,
            stamp_orders::district_code,
        )
    };
}

pub fn find(connection: &mut AnyConnection, id: SuspicionId) -> Result<Option<Suspicion>> {
    Ok(with_orders!().filter(stamp_suspicions::id.eq(id)).select(columns!()).first(connection).optional()?)
}

/// Finds a suspicion and takes its row until the transaction ends.
pub fn take(connection: &mut AnyConnection, id: SuspicionId) -> Result<Option<Suspicion>> {
    diesel::update(stamp_suspicions::table.find(id))
        .set(stamp_suspicions::version.eq(stamp_suspicions::version))
        .execute(connection)?;
    find(connection, id)
}

filters! {
    /// What suspicions can be listed by.
    pub struct SuspicionFilter {
        state: State,
        /// The code of the rule that found it.
        rule: String,
        producer_id: ProducerId,
        product_id: ProductId,
        /// A district or commune.
        unit_code: UnitCode,
    }
}

/// The suspicions of a territory that a filter lets through.
macro_rules! matching {
    ($query:expr, $territory:expr, $filter:expr) => {{
        let mut query = within_territory!($query, stamp_orders, $territory);
        if let Some(state) = $filter.state {
            query = query.filter(stamp_suspicions::state.eq(state));
        }
        if let Some(rule) = &$filter.rule {
            query = query.filter(stamp_suspicions::rule.eq(rule));
        }
        if let Some(producer) = $filter.producer_id {
            query = query.filter(stamp_orders::producer_id.eq(producer));
        }
        if let Some(product) = $filter.product_id {
            query = query.filter(stamp_orders::product_id.eq(product));
        }
        if let Some(unit) = &$filter.unit_code {
            let within = stamp_orders::district_code.eq(unit).or(stamp_orders::commune_code.nullable().eq(unit));
            query = query.filter(within);
        }
        if let Some(since) = $filter.updated_since {
            query = query.filter(stamp_suspicions::id.eq_any(changed_since(Resource::Suspicion, since)));
        }
        query
    }};
}

/// Suspicions of a territory, the newest first.
pub fn list(
    connection: &mut AnyConnection,
    territory: &Territory,
    filter: &SuspicionFilter,
    stretch: &Stretch<SuspicionId>,
) -> Result<Vec<Suspicion>> {
    let mut query = matching!(with_orders!().select(columns!()).into_boxed(), territory, filter);
    if let Some(before) = stretch.after {
        query = query.filter(stamp_suspicions::id.lt(before));
    }
    Ok(query.order(stamp_suspicions::id.desc()).limit(stretch.limit).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, territory: &Territory, filter: &SuspicionFilter) -> Result<i64> {
    let counted = with_orders!().select(diesel::dsl::count_star()).into_boxed();
    Ok(matching!(counted, territory, filter).first(connection)?)
}
