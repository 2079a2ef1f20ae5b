//! Stamps' rows and the log of scans in the database. For a whole batch PostgreSQL is given one statement each, with lists of
//! values, and SQLite one for each row: either has one text, which is parsed once.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Date, Integer, Nullable, Text};
use diesel::{PgConnection, SqliteConnection};

use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::statement::Statement;
use crate::db::types::{Instant, Multi, placeholders};
use crate::http::{ClientAddress, Language};
use crate::stamp::code::Minted;
use crate::stamp::place::Place;
use crate::stamp::rules::StampNumber;
use crate::stamp::rules::evidence::Evidence;
use crate::stamp::rules::visitors::{Hash, Visitors};

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
    #[diesel(sql_type = Integer)]
    order_number: i32,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = BigInt)]
    pub scans: i64,
    #[diesel(sql_type = Instant)]
    pub first_at: Moment,
    #[diesel(sql_type = Instant)]
    pub last_at: Moment,
    #[diesel(sql_type = Nullable<Instant>)]
    pub suspect_at: Option<Moment>,
    /// When a case against it was dismissed last, and what that rested on.
    #[diesel(sql_type = Nullable<Instant>)]
    pub dismissed_at: Option<Moment>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub dismissed_visitors: Option<i32>,
    #[diesel(sql_type = Binary)]
    visitors: Vec<u8>,
    #[diesel(sql_type = Binary)]
    evidence: Vec<u8>,
}

impl Tally {
    fn stamp(&self) -> StampNumber {
        StampNumber { order: self.order_number, serial: self.serial }
    }

    pub fn visitors(&self) -> Result<Visitors> {
        Visitors::read(&self.visitors)
    }

    pub fn evidence(&self) -> Result<Evidence> {
        Evidence::read(&self.evidence)
    }
}

/// The row of a stamp; none where it was never scanned.
pub fn find(connection: &mut AnyConnection, stamp: StampNumber) -> Result<Option<Tally>> {
    Ok(find_all(connection, &[stamp].into())?.remove(&stamp))
}

/// The rows of these stamps; those that were never scanned are left out.
pub fn find_all(
    connection: &mut AnyConnection,
    stamps: &BTreeSet<StampNumber>,
) -> Result<BTreeMap<StampNumber, Tally>> {
    if stamps.is_empty() {
        return Ok(BTreeMap::new());
    }
    let statement = format!(
        "WITH asked (number, serial) AS (VALUES {}) SELECT stamps.* FROM asked \
         JOIN stamps ON stamps.order_number = asked.number AND stamps.serial = asked.serial",
        placeholders(connection, stamps.len(), 2)
    );
    let query = stamps.iter().fold(diesel::sql_query(statement).into_boxed::<Multi>(), |query, stamp| {
        query.bind::<Integer, _>(stamp.order).bind::<Integer, _>(stamp.serial)
    });
    let rows: Vec<Tally> = query.load(connection)?;
    Ok(rows.into_iter().map(|tally| (tally.stamp(), tally)).collect())
}

/// What a batch adds to a stamp: how many scans, and what the row holds where these are its first.
pub struct Added {
    pub scans: i64,
    pub columns: Columns,
}

/// Who came to a stamp and what it shows, as its row has them.
pub struct Columns {
    visitors: Vec<u8>,
    evidence: Vec<u8>,
}

impl Columns {
    pub fn of(visitors: &Visitors, evidence: &Evidence) -> Result<Self> {
        Ok(Self { visitors: visitors.written()?, evidence: evidence.written()? })
    }
}

/// Counts scans of stamps; rows of the number, the serial, how many, the moment twice, and what a new row holds besides.
macro_rules! counting {
    ($rows:literal) => {
        concat!(
            "INSERT INTO stamps (order_number, serial, scans, first_at, last_at, visitors, evidence) ",
            $rows,
            " ON CONFLICT (order_number, serial) \
             DO UPDATE SET scans = stamps.scans + excluded.scans, last_at = excluded.last_at \
             RETURNING order_number, serial, scans, first_at, last_at, suspect_at, dismissed_at, dismissed_visitors, \
                 visitors, evidence"
        )
    };
}

/// Adds the batch to the stamps' counts, in the order of the stamps; their rows are this transaction's until its end. What else a
/// row held already is as it was.
pub fn count(
    connection: &mut AnyConnection,
    added: &BTreeMap<StampNumber, Added>,
    now: Moment,
) -> Result<BTreeMap<StampNumber, Tally>> {
    let rows: Vec<Tally> = match connection {
        AnyConnection::Sqlite(sqlite) => {
            let count = |(stamp, added): (&StampNumber, &Added)| {
                Statement::new(counting!("VALUES (?, ?, ?, ?, ?, ?, ?)"))
                    .bind::<Integer, _>(stamp.order)
                    .bind::<Integer, _>(stamp.serial)
                    .bind::<BigInt, _>(added.scans)
                    .bind::<Instant, _>(now)
                    .bind::<Instant, _>(now)
                    .bind::<Binary, _>(added.columns.visitors.as_slice())
                    .bind::<Binary, _>(added.columns.evidence.as_slice())
                    .get_result(sqlite)
            };
            added.iter().map(count).collect::<QueryResult<_>>()?
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials) = halves_of(added.keys());
            Statement::new(counting!(
                "SELECT of, serial, scans, ?, ?, visitors, evidence FROM UNNEST(?, ?, ?, ?, ?) \
                     AS added (of, serial, scans, visitors, evidence)"
            ))
            .bind::<Instant, _>(now)
            .bind::<Instant, _>(now)
            .bind::<Array<Integer>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<BigInt>, _>(added.values().map(|added| added.scans).collect::<Vec<_>>())
            .bind::<Array<Binary>, _>(added.values().map(|added| added.columns.visitors.as_slice()).collect::<Vec<_>>())
            .bind::<Array<Binary>, _>(added.values().map(|added| added.columns.evidence.as_slice()).collect::<Vec<_>>())
            .load(postgresql)?
        }
    };
    Ok(rows.into_iter().map(|tally| (tally.stamp(), tally)).collect())
}

/// Writes who came to stamps and what that shows into rows that are this transaction's.
pub fn put(connection: &mut AnyConnection, rows: &BTreeMap<StampNumber, Columns>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            for (stamp, Columns { visitors, evidence }) in rows {
                Statement::new("UPDATE stamps SET visitors = ?, evidence = ? WHERE order_number = ? AND serial = ?")
                    .bind::<Binary, _>(visitors.as_slice())
                    .bind::<Binary, _>(evidence.as_slice())
                    .bind::<Integer, _>(stamp.order)
                    .bind::<Integer, _>(stamp.serial)
                    .execute(sqlite)?;
            }
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials) = halves_of(rows.keys());
            Statement::new(
                "UPDATE stamps SET visitors = told.visitors, evidence = told.evidence \
                 FROM UNNEST(?, ?, ?, ?) AS told (of, serial, visitors, evidence) \
                 WHERE stamps.order_number = told.of AND stamps.serial = told.serial",
            )
            .bind::<Array<Integer>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<Binary>, _>(rows.values().map(|row| row.visitors.as_slice()).collect::<Vec<_>>())
            .bind::<Array<Binary>, _>(rows.values().map(|row| row.evidence.as_slice()).collect::<Vec<_>>())
            .execute(postgresql)?;
        }
    }
    Ok(())
}

/// A scan as the log has it.
pub struct Logged {
    pub stamp: StampNumber,
    pub language: Language,
    pub place: Option<Place>,
    /// None of one that speaks for nothing.
    pub visitor: Option<Hash>,
}

impl Logged {
    fn visitor(&self) -> &[u8] {
        self.visitor.as_ref().map_or(&[], Hash::as_slice)
    }
}

/// Writes each scan down; one that speaks for nothing has an empty hash.
pub fn log(connection: &mut AnyConnection, scans: &[Logged], now: Moment) -> Result<()> {
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            for scan in scans {
                Statement::new(
                    "INSERT INTO scans (order_number, serial, at, language, latitude, longitude, visitor) \
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )
                .bind::<Integer, _>(scan.stamp.order)
                .bind::<Integer, _>(scan.stamp.serial)
                .bind::<Instant, _>(now)
                .bind::<Text, _>(scan.language.tag())
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.latitude))
                .bind::<Nullable<Integer>, _>(scan.place.map(|place| place.longitude))
                .bind::<Binary, _>(scan.visitor())
                .execute(sqlite)?;
            }
        }
        AnyConnection::Postgresql(postgresql) => {
            let (orders, serials) = halves_of(scans.iter().map(|scan| &scan.stamp));
            let places = scans.iter().map(|scan| scan.place.map(|place| (place.latitude, place.longitude)).unzip());
            let (latitudes, longitudes): (Vec<Option<i32>>, Vec<Option<i32>>) = places.unzip();
            Statement::new(
                "INSERT INTO scans (order_number, serial, at, language, latitude, longitude, visitor) \
                 SELECT of, serial, ?, language, latitude, longitude, visitor FROM UNNEST(?, ?, ?, ?, ?, ?) \
                     AS kept (of, serial, language, latitude, longitude, visitor)",
            )
            .bind::<Instant, _>(now)
            .bind::<Array<Integer>, _>(orders)
            .bind::<Array<Integer>, _>(serials)
            .bind::<Array<Text>, _>(scans.iter().map(|scan| scan.language.tag()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(latitudes)
            .bind::<Array<Nullable<Integer>>, _>(longitudes)
            .bind::<Array<Binary>, _>(scans.iter().map(Logged::visitor).collect::<Vec<_>>())
            .execute(postgresql)?;
        }
    }
    Ok(())
}

/// Numbers of orders and serials as two columns.
fn halves_of<'a>(stamps: impl Iterator<Item = &'a StampNumber>) -> (Vec<i32>, Vec<i32>) {
    stamps.map(|stamp| (stamp.order, stamp.serial)).unzip()
}

/// Makes the table of the log for the month of a day, where the database divides it by months. In a transaction of its own, for it
/// waits for all who write scans, and moves those of that month that were kept elsewhere.
pub fn make_month(connection: &mut AnyConnection, of: Day) -> Result<()> {
    match connection {
        AnyConnection::Sqlite(_) => Ok(()),
        AnyConnection::Postgresql(postgresql) => make_month_of(postgresql, of),
    }
}

fn make_month_of(postgresql: &mut PgConnection, of: Day) -> Result<()> {
    diesel::sql_query("SELECT make_month_of_scans($1)").bind::<Date, _>(of.date()).execute(postgresql)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Month {
    #[diesel(sql_type = Text)]
    first_day: String,
}

/// Makes the tables of all months of SQLite's log in a PostgreSQL database to which it is copied, so that nothing is moved later.
/// Reads the whole log.
pub fn make_months_of_copy(sqlite: &mut SqliteConnection, postgresql: &mut PgConnection) -> Result<()> {
    let months = "SELECT DISTINCT strftime('%Y-%m-01', at / 1000000 + 25200, 'unixepoch') AS first_day FROM scans";
    for Month { first_day } in diesel::sql_query(months).load::<Month>(sqlite)? {
        make_month_of(postgresql, first_day.parse().map_err(Error::internal)?)?;
    }
    Ok(())
}

/// Whether a visitor, by the hash of the day, scanned a stamp today: who did has had its page open.
pub fn has_scanned(connection: &mut AnyConnection, stamp: StampNumber, visitor: &[u8], today: Day) -> Result<bool> {
    let (Some(tally), Some(mark)) = (find(connection, stamp)?, visitor.first_chunk()) else { return Ok(false) };
    Ok(tally.visitors()?.came(today, *mark))
}
