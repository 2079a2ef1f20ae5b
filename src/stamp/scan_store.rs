//! Scans, their counts and their visitors in the database. For a whole batch PostgreSQL is given one statement each, with lists
//! of values, and SQLite one for each row: either has one text, which is parsed once.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Integer, Nullable, Text};

use crate::base::id::{ScanId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::scans;
use crate::db::statement::Statement;
use crate::db::types::{Guid, Instant};
use crate::http::{ClientAddress, Language};
use crate::stamp::code::Minted;
use crate::stamp::place::Place;
use crate::stamp::rules::Key;
use crate::stamp::visitor::Salt;

/// A code that was read somewhere.
#[derive(Debug, Clone)]
pub struct Scan {
    pub stamp: Minted,
    pub language: Language,
    /// Where, if the app said so.
    pub place: Option<Place>,
    /// Only hashes of it are kept.
    pub client: ClientAddress,
    /// Whether it may speak for a copy; else it is only counted.
    pub is_visitor: bool,
}

/// One stamp's row.
#[derive(QueryableByName)]
pub struct Tally {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = BigInt)]
    pub scans: i64,
    #[diesel(sql_type = Instant)]
    pub first_at: Moment,
    #[diesel(sql_type = Nullable<Instant>)]
    pub suspect_at: Option<Moment>,
    /// When a case against it was dismissed last, and what that rested on.
    #[diesel(sql_type = Nullable<Instant>)]
    pub dismissed_at: Option<Moment>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub dismissed_visitors: Option<i32>,
}

/// The row of a stamp; none where it was never scanned.
pub fn find(connection: &mut AnyConnection, stamp: Key) -> Result<Option<Tally>> {
    let statement = "SELECT order_id, serial, scans, first_at, suspect_at, dismissed_at, dismissed_visitors FROM stamps \
                     WHERE order_id = $1 AND serial = $2";
    let rows = diesel::sql_query(statement).bind::<Guid, _>(stamp.0).bind::<Integer, _>(stamp.1);
    Ok(rows.load::<Tally>(connection)?.pop())
}

/// Counts scans of stamps; rows of the order, the serial, how many, and the moment twice.
macro_rules! counting {
    ($rows:literal) => {
        concat!(
            "INSERT INTO stamps (order_id, serial, scans, first_at, last_at) ",
            $rows,
            " ON CONFLICT (order_id, serial) \
             DO UPDATE SET scans = stamps.scans + excluded.scans, last_at = excluded.last_at \
             RETURNING order_id, serial, scans, first_at, suspect_at, dismissed_at, dismissed_visitors"
        )
    };
}

/// Adds the batch to the stamps' counts, in the order of the stamps; their rows are this transaction's until its end.
pub fn count(connection: &mut AnyConnection, known: &[(Key, &Scan)], now: Moment) -> Result<BTreeMap<Key, Tally>> {
    let mut added: BTreeMap<Key, i64> = BTreeMap::new();
    for (key, _) in known {
        *added.entry(*key).or_default() += 1;
    }
    let rows: Vec<Tally> = match connection {
        AnyConnection::Sqlite(sqlite) => {
            let count = |((order, serial), scans): (&Key, &i64)| {
                Statement::new(counting!("VALUES (?, ?, ?, ?, ?)"))
                    .bind::<Guid, _>(*order)
                    .bind::<Integer, _>(*serial)
                    .bind::<BigInt, _>(*scans)
                    .bind::<Instant, _>(now)
                    .bind::<Instant, _>(now)
                    .get_result(sqlite)
            };
            added.iter().map(count).collect::<QueryResult<_>>()?
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials): (Vec<StampOrderId>, Vec<i32>) = added.keys().copied().unzip();
            let scans: Vec<i64> = added.into_values().collect();
            Statement::new(counting!(
                "SELECT of, serial, scans, ?, ? FROM UNNEST(?, ?, ?) AS added (of, serial, scans)"
            ))
            .bind::<Instant, _>(now)
            .bind::<Instant, _>(now)
            .bind::<Array<Guid>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<BigInt>, _>(scans)
            .load(postgresql)?
        }
    };
    Ok(rows.into_iter().map(|tally| ((tally.order_id, tally.serial), tally)).collect())
}

/// Writes each scan down; one that speaks for nothing has an empty hash, so that no evidence counts a visitor by it.
pub fn keep(connection: &mut AnyConnection, known: &[(Key, &Scan)], salt: &Salt, now: Moment) -> Result<()> {
    let visitor = |scan: &Scan| if scan.is_visitor { salt.hash(scan.client) } else { Vec::new() };
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            for ((order, serial), scan) in known {
                Statement::new(
                    "INSERT INTO scans (id, order_id, serial, at, language, latitude, longitude, visitor) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .bind::<Guid, _>(ScanId::random())
                .bind::<Guid, _>(*order)
                .bind::<Integer, _>(*serial)
                .bind::<Instant, _>(now)
                .bind::<Text, _>(scan.language.tag())
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.latitude))
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.longitude))
                .bind::<Binary, _>(visitor(scan))
                .execute(sqlite)?;
            }
        }
        AnyConnection::Postgresql(postgresql) => {
            let (keys, scans): (Vec<Key>, Vec<&Scan>) = known.iter().copied().unzip();
            let (orders, serials): (Vec<StampOrderId>, Vec<i32>) = keys.into_iter().unzip();
            let (latitudes, longitudes) = halves(scans.iter().map(|scan| scan.place));
            Statement::new(
                "INSERT INTO scans (id, order_id, serial, at, language, latitude, longitude, visitor) \
                 SELECT id, of, serial, ?, language, latitude, longitude, visitor FROM UNNEST(?, ?, ?, ?, ?, ?, ?) \
                     AS kept (id, of, serial, language, latitude, longitude, visitor)",
            )
            .bind::<Instant, _>(now)
            .bind::<Array<Guid>, _>(scans.iter().map(|_| ScanId::random()).collect::<Vec<_>>())
            .bind::<Array<Guid>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<Text>, _>(scans.iter().map(|scan| scan.language.tag()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(latitudes)
            .bind::<Array<Nullable<Integer>>, _>(longitudes)
            .bind::<Array<Binary>, _>(scans.iter().map(|scan| visitor(scan)).collect::<Vec<_>>())
            .execute(postgresql)?;
        }
    }
    Ok(())
}

/// Places as two columns.
fn halves(places: impl Iterator<Item = Option<Place>>) -> (Vec<Option<i32>>, Vec<Option<i32>>) {
    places.map(|place| place.map(|place| (place.latitude, place.longitude)).unzip()).unzip()
}

/// A network at a stamp, as a batch found it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its hash of the day.
    pub network: Vec<u8>,
    pub place: Option<Place>,
}

/// A network that is new at a stamp, or whose place was not known yet.
#[derive(QueryableByName)]
pub struct Met {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = Binary)]
    pub network: Vec<u8>,
    /// Whether it came for the first time on this day.
    #[diesel(sql_type = Bool)]
    pub is_new: bool,
}

impl Met {
    pub fn stamp(&self) -> Key {
        (self.order_id, self.serial)
    }
}

/// Remembers networks at stamps; rows of all columns.
macro_rules! meeting {
    ($rows:literal) => {
        concat!(
            "INSERT INTO stamp_visitors (order_id, serial, visitor, day, at, latitude, longitude, network, is_new) ",
            $rows,
            " ON CONFLICT (order_id, serial, visitor) \
             DO UPDATE SET day = excluded.day, at = excluded.at, \
                 latitude = excluded.latitude, longitude = excluded.longitude, network = excluded.network, \
                 is_new = (stamp_visitors.day <> excluded.day) \
             WHERE stamp_visitors.day <> excluded.day \
                 OR (stamp_visitors.latitude IS NULL AND excluded.latitude IS NOT NULL) \
             RETURNING order_id, serial, network, is_new"
        )
    };
}

/// Keeps who is new on this day, and where those stood whose place was not known yet; which those are.
pub fn meet(
    connection: &mut AnyConnection,
    visitors: &BTreeMap<(Key, Vec<u8>), Seen>,
    now: Moment,
) -> Result<Vec<Met>> {
    let today = now.day().date();
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            let mut met = Vec::new();
            for (((order, serial), visitor), Seen { network, place }) in visitors {
                let new: Option<Met> = Statement::new(meeting!("VALUES (?, ?, ?, ?, ?, ?, ?, ?, TRUE)"))
                    .bind::<Guid, _>(*order)
                    .bind::<Integer, _>(*serial)
                    .bind::<Binary, _>(visitor.as_slice())
                    .bind::<Date, _>(today)
                    .bind::<Instant, _>(now)
                    .bind::<Nullable<Integer>, _>(place.map(|place| place.latitude))
                    .bind::<Nullable<Integer>, _>(place.map(|place| place.longitude))
                    .bind::<Binary, _>(network.as_slice())
                    .get_result(sqlite)
                    .optional()?;
                met.extend(new);
            }
            Ok(met)
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials): (Vec<StampOrderId>, Vec<i32>) = visitors.keys().map(|(key, _)| *key).unzip();
            let (latitudes, longitudes) = halves(visitors.values().map(|seen| seen.place));
            let rows = Statement::new(meeting!(
                "SELECT of, serial, visitor, ?, ?, latitude, longitude, network, TRUE FROM UNNEST(?, ?, ?, ?, ?, ?) \
                     AS seen (of, serial, visitor, latitude, longitude, network)"
            ))
            .bind::<Date, _>(today)
            .bind::<Instant, _>(now)
            .bind::<Array<Guid>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<Binary>, _>(visitors.keys().map(|(_, visitor)| visitor.as_slice()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(latitudes)
            .bind::<Array<Nullable<Integer>>, _>(longitudes)
            .bind::<Array<Binary>, _>(visitors.values().map(|seen| seen.network.as_slice()).collect::<Vec<_>>());
            Ok(rows.load(postgresql)?)
        }
    }
}

/// Whether a visitor, by the hash of the day, scanned a stamp today: who did has had its page open.
pub fn has_scanned(connection: &mut AnyConnection, stamp: Key, visitor: &[u8], today: Day) -> Result<bool> {
    let scanned = scans::table
        .filter(scans::order_id.eq(stamp.0))
        .filter(scans::serial.eq(stamp.1))
        .filter(scans::at.ge(today.starts()))
        .filter(scans::visitor.eq(visitor.to_vec()));
    Ok(diesel::select(diesel::dsl::exists(scanned)).get_result(connection)?)
}
