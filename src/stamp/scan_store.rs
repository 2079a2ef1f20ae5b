//! Scans, their counts and their visitors in the database; each written in one statement for a whole batch.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};

use crate::base::id::{ScanId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::scans;
use crate::db::types::{Guid, Instant, Multi, placeholders};
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
    let statement = format!("SELECT {TALLY} FROM stamps WHERE order_id = $1 AND serial = $2");
    let rows = diesel::sql_query(statement).bind::<Guid, _>(stamp.0).bind::<Integer, _>(stamp.1);
    Ok(rows.load::<Tally>(connection)?.pop())
}

/// The columns of a [`Tally`].
const TALLY: &str = "order_id, serial, scans, first_at, suspect_at, dismissed_at, dismissed_visitors";

/// Adds the batch to the stamps' counts, in the order of the stamps; their rows are this transaction's until its end.
pub fn count(connection: &mut AnyConnection, known: &[(Key, &Scan)], now: Moment) -> Result<BTreeMap<Key, Tally>> {
    let mut added: BTreeMap<Key, i64> = BTreeMap::new();
    for (key, _) in known {
        *added.entry(*key).or_default() += 1;
    }
    let statement = format!(
        "INSERT INTO stamps (order_id, serial, scans, first_at, last_at) VALUES {} \
         ON CONFLICT (order_id, serial) \
         DO UPDATE SET scans = stamps.scans + excluded.scans, last_at = excluded.last_at \
         RETURNING {TALLY}",
        placeholders(connection, added.len(), 5)
    );
    let query =
        added.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, ((order, serial), scans)| {
            query
                .bind::<Guid, _>(*order)
                .bind::<Integer, _>(*serial)
                .bind::<BigInt, _>(*scans)
                .bind::<Instant, _>(now)
                .bind::<Instant, _>(now)
        });
    let rows: Vec<Tally> = query.load(connection)?;
    Ok(rows.into_iter().map(|tally| ((tally.order_id, tally.serial), tally)).collect())
}

/// Writes each scan down; one that speaks for nothing has an empty hash, so that no evidence counts a visitor by it.
pub fn keep(connection: &mut AnyConnection, known: &[(Key, &Scan)], salt: &Salt, now: Moment) -> Result<()> {
    let statement = format!(
        "INSERT INTO scans (id, order_id, serial, at, language, latitude, longitude, visitor) VALUES {}",
        placeholders(connection, known.len(), 8)
    );
    let query =
        known.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, ((order, serial), scan)| {
            let visitor = if scan.is_visitor { salt.hash(scan.client) } else { Vec::new() };
            query
                .bind::<Guid, _>(ScanId::random())
                .bind::<Guid, _>(*order)
                .bind::<Integer, _>(*serial)
                .bind::<Instant, _>(now)
                .bind::<Text, _>(scan.language.tag())
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.latitude))
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.longitude))
                .bind::<Binary, _>(visitor)
        });
    query.execute(connection)?;
    Ok(())
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

/// Keeps who is new on this day, and where those stood whose place was not known yet; which those are.
pub fn meet(
    connection: &mut AnyConnection,
    visitors: &BTreeMap<(Key, Vec<u8>), Seen>,
    now: Moment,
) -> Result<Vec<Met>> {
    let statement = format!(
        "INSERT INTO stamp_visitors (order_id, serial, visitor, day, at, latitude, longitude, network, is_new) VALUES {} \
         ON CONFLICT (order_id, serial, visitor) \
         DO UPDATE SET day = excluded.day, at = excluded.at, \
             latitude = excluded.latitude, longitude = excluded.longitude, network = excluded.network, \
             is_new = (stamp_visitors.day <> excluded.day) \
         WHERE stamp_visitors.day <> excluded.day \
             OR (stamp_visitors.latitude IS NULL AND excluded.latitude IS NOT NULL) \
         RETURNING order_id, serial, network, is_new",
        placeholders(connection, visitors.len(), 9)
    );
    let query = visitors.iter().fold(
        diesel::sql_query(statement).into_boxed::<Multi>(),
        |query, (((order, serial), visitor), Seen { network, place })| {
            query
                .bind::<Guid, _>(*order)
                .bind::<Integer, _>(*serial)
                .bind::<Binary, _>(visitor.clone())
                .bind::<Date, _>(now.day())
                .bind::<Instant, _>(now)
                .bind::<Nullable<Integer>, _>(place.map(|place| place.latitude))
                .bind::<Nullable<Integer>, _>(place.map(|place| place.longitude))
                .bind::<Binary, _>(network.clone())
                .bind::<Bool, _>(true)
        },
    );
    Ok(query.load(connection)?)
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
