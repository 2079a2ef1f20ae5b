//! Suspicions in the database, and their evidence, counted from the scans.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer};

use crate::account::{Home, Territory, within_territory};
use crate::audit::store::{Resource, changed_since};
use crate::base::id::{AccountId, ProducerId, ProductId, StampOrderId, SuspicionId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{stamp_orders, stamp_suspicions, stamp_visitors, stamps};
use crate::db::statement::Statement;
use crate::db::types::{Guid, Instant, Multi, placeholders, text_column};
use crate::stamp::place::Place;
use crate::stamp::rules::Key;
use crate::stamp::rules::suspects::{Finding, State, Visit};
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
    pub fn stamp(&self) -> Key {
        (self.row.order_id, self.row.serial)
    }
}

#[derive(QueryableByName)]
struct Visitor {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = Guid)]
    producer_id: ProducerId,
    #[diesel(sql_type = diesel::sql_types::Date)]
    day: chrono::NaiveDate,
    #[diesel(sql_type = diesel::sql_types::Nullable<Instant>)]
    at: Option<Moment>,
    #[diesel(sql_type = diesel::sql_types::Nullable<Integer>)]
    latitude: Option<i32>,
    #[diesel(sql_type = diesel::sql_types::Nullable<Integer>)]
    longitude: Option<i32>,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Binary>)]
    network: Option<Vec<u8>>,
    #[diesel(sql_type = Integer)]
    stamps: i32,
}

/// The visitors of a stamp, each with the day's hash of the network, where that is known.
pub struct Visited {
    pub producer: ProducerId,
    pub visits: Vec<(Option<Vec<u8>>, Visit)>,
}

impl Visited {
    pub fn visits(&self) -> Vec<Visit> {
        self.visits.iter().map(|(_, visit)| *visit).collect()
    }
}

/// Reads the visitors of stamps, which `asked` names.
macro_rules! visiting {
    ($asked:literal) => {
        concat!(
            "SELECT stamp_visitors.order_id AS order_id, stamp_visitors.serial AS serial, \
                 stamp_orders.producer_id AS producer_id, stamp_visitors.day AS day, \
                 stamp_visitors.at AS at, stamp_visitors.latitude AS latitude, stamp_visitors.longitude AS longitude, \
                 stamp_visitors.network AS network, COALESCE(producer_networks.stamps, 0) AS stamps \
             FROM ",
            $asked,
            " AS asked JOIN stamp_visitors \
                 ON stamp_visitors.order_id = asked.order_id AND stamp_visitors.serial = asked.serial \
             JOIN stamp_orders ON stamp_orders.id = asked.order_id \
             LEFT JOIN producer_networks ON producer_networks.producer_id = stamp_orders.producer_id \
                 AND producer_networks.day = stamp_visitors.day AND producer_networks.network = stamp_visitors.network"
        )
    };
}

/// The distinct visitors of these stamps. There are never many: once a rule is broken no more are kept.
pub fn visits(connection: &mut AnyConnection, keys: &BTreeSet<Key>) -> Result<BTreeMap<Key, Visited>> {
    let rows: Vec<Visitor> = match connection {
        AnyConnection::Sqlite(sqlite) => {
            let mut rows = Vec::new();
            for (order, serial) in keys {
                let of_stamp = Statement::new(visiting!("(SELECT ? AS order_id, ? AS serial)"))
                    .bind::<Guid, _>(*order)
                    .bind::<Integer, _>(*serial);
                rows.append(&mut of_stamp.load(sqlite)?);
            }
            rows
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials): (Vec<StampOrderId>, Vec<i32>) = keys.iter().copied().unzip();
            Statement::new(visiting!("(SELECT * FROM UNNEST(?, ?) AS list (order_id, serial))"))
                .bind::<Array<Guid>, _>(orders)
                .bind::<Array<Integer>, _>(serials)
                .load(postgresql)?
        }
    };
    let mut visits: BTreeMap<Key, Visited> = BTreeMap::new();
    for row in rows {
        let place = row.latitude.zip(row.longitude).map(|(latitude, longitude)| Place { latitude, longitude });
        let day = Day::from_date(row.day);
        let at = row.at.unwrap_or_else(|| day.starts());
        let visit = Visit { day, at, place, stamps: row.stamps };
        let of_stamp = visits.entry((row.order_id, row.serial));
        let of_stamp = of_stamp.or_insert_with(|| Visited { producer: row.producer_id, visits: Vec::new() });
        of_stamp.visits.push((row.network, visit));
    }
    Ok(visits)
}

type Bound<'a> = diesel::query_builder::BoxedSqlQuery<'a, Multi, diesel::query_builder::SqlQuery>;

fn bound<'a>(statement: String, keys: &BTreeSet<Key>) -> Bound<'a> {
    keys.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, (order, serial)| {
        query.bind::<Guid, _>(*order).bind::<Integer, _>(*serial)
    })
}

/// Marks a stamp as suspect and opens the case.
pub fn open(connection: &mut AnyConnection, stamp: Key, finding: &Finding, now: Moment) -> Result<SuspicionId> {
    diesel::update(stamps::table.find(stamp)).set(stamps::suspect_at.eq(Some(now))).execute(connection)?;
    let id = SuspicionId::new();
    let count = |number: usize| i32::try_from(number).map_err(Error::internal);
    diesel::insert_into(stamp_suspicions::table)
        .values((
            stamp_suspicions::id.eq(id),
            stamp_suspicions::version.eq(1),
            stamp_suspicions::order_id.eq(stamp.0),
            stamp_suspicions::serial.eq(stamp.1),
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
pub fn clear(connection: &mut AnyConnection, stamp: Key, visitors: i32, now: Moment) -> Result<()> {
    let row = stamps::table.find(stamp);
    diesel::update(row)
        .set((
            stamps::suspect_at.eq(None::<Moment>),
            stamps::dismissed_at.eq(Some(now)),
            stamps::dismissed_visitors.eq(Some(visitors)),
        ))
        .execute(connection)?;
    let visitors =
        stamp_visitors::table.filter(stamp_visitors::order_id.eq(stamp.0)).filter(stamp_visitors::serial.eq(stamp.1));
    diesel::delete(visitors).execute(connection)?;
    Ok(())
}

/// The stamp is no longer suspect, because what spoke against it does not count: who came stays known.
pub fn release(connection: &mut AnyConnection, id: SuspicionId, stamp: Key, note: &str, now: Moment) -> Result<()> {
    diesel::update(stamps::table.find(stamp)).set(stamps::suspect_at.eq(None::<Moment>)).execute(connection)?;
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

/// What the scans of a stamp show: by day, and by coarse place where the app sent one.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub days: Vec<(Day, i64, i64)>,
    pub places: Vec<Spot>,
}

/// A coarse place with its scans.
#[derive(Debug, Clone)]
pub struct Spot {
    pub place: Place,
    pub scans: i64,
    pub visitors: i64,
    pub first_at: Moment,
    pub last_at: Moment,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = BigInt)]
    days: i64,
    #[diesel(sql_type = BigInt)]
    scans: i64,
    #[diesel(sql_type = BigInt)]
    visitors: i64,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = Integer)]
    latitude: i32,
    #[diesel(sql_type = Integer)]
    longitude: i32,
    #[diesel(sql_type = BigInt)]
    scans: i64,
    #[diesel(sql_type = BigInt)]
    visitors: i64,
    #[diesel(sql_type = Instant)]
    first_at: Moment,
    #[diesel(sql_type = Instant)]
    last_at: Moment,
}

/// The evidence of these stamps, in two statements.
pub fn evidence(connection: &mut AnyConnection, keys: &BTreeSet<Key>) -> Result<BTreeMap<Key, Evidence>> {
    let mut found: BTreeMap<Key, Evidence> = BTreeMap::new();
    if keys.is_empty() {
        return Ok(found);
    }
    // Days of Vietnam since 1970; the engines keep moments differently.
    let day = match connection {
        AnyConnection::Sqlite(_) => "(scans.at + 25200000000) / 86400000000",
        AnyConnection::Postgresql(_) => "CAST(FLOOR((EXTRACT(EPOCH FROM scans.at) + 25200) / 86400) AS bigint)",
    };
    // Scans that speak for nothing have an empty hash.
    let visitors = "COUNT(DISTINCT CASE WHEN LENGTH(scans.visitor) > 0 THEN scans.visitor END)";
    let asked = placeholders(connection, keys.len(), 2);
    let joined = "FROM asked JOIN scans ON scans.order_id = asked.order_id AND scans.serial = asked.serial";
    let by_day = format!(
        "WITH asked (order_id, serial) AS (VALUES {asked}) \
         SELECT scans.order_id AS order_id, scans.serial AS serial, {day} AS days, COUNT(*) AS scans, \
             {visitors} AS visitors {joined} GROUP BY scans.order_id, scans.serial, {day} ORDER BY days"
    );
    let by_place = format!(
        "WITH asked (order_id, serial) AS (VALUES {asked}) \
         SELECT scans.order_id AS order_id, scans.serial AS serial, scans.latitude AS latitude, \
             scans.longitude AS longitude, COUNT(*) AS scans, {visitors} AS visitors, \
             MIN(scans.at) AS first_at, MAX(scans.at) AS last_at {joined} WHERE scans.latitude IS NOT NULL \
         GROUP BY scans.order_id, scans.serial, scans.latitude, scans.longitude ORDER BY visitors DESC, latitude, longitude"
    );
    for row in bound(by_day, keys).load::<DayRow>(connection)? {
        let epoch = Day::new(1970, 1, 1).ok_or_else(|| Error::internal("no first day"))?;
        let entry = found.entry((row.order_id, row.serial)).or_default();
        entry.days.push((epoch.plus_days(row.days), row.scans, row.visitors));
    }
    for row in bound(by_place, keys).load::<PlaceRow>(connection)? {
        found.entry((row.order_id, row.serial)).or_default().places.push(Spot {
            place: Place { latitude: row.latitude, longitude: row.longitude },
            scans: row.scans,
            visitors: row.visitors,
            first_at: row.first_at,
            last_at: row.last_at,
        });
    }
    Ok(found)
}

/// When each of these stamps was scanned first and last, and how often.
pub fn tallies(connection: &mut AnyConnection, keys: &BTreeSet<Key>) -> Result<BTreeMap<Key, (i64, Moment, Moment)>> {
    let orders: BTreeSet<StampOrderId> = keys.iter().map(|(order, _)| *order).collect();
    let serials: BTreeSet<i32> = keys.iter().map(|(_, serial)| *serial).collect();
    let rows: Vec<(StampOrderId, i32, i64, Moment, Moment)> = stamps::table
        .filter(stamps::order_id.eq_any(orders.into_iter().collect::<Vec<_>>()))
        .filter(stamps::serial.eq_any(serials.into_iter().collect::<Vec<_>>()))
        .select((stamps::order_id, stamps::serial, stamps::scans, stamps::first_at, stamps::last_at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(order, serial, scans, first, last)| ((order, serial), (scans, first, last))).collect())
}
