//! Scans: durable before they are answered, and counted exactly, by group commit.
//!
//! Handlers hand their scans to one writer per instance, which commits all that wait in one transaction and then answers
//! them. Within the transaction stamps are taken in one order, so that two instances over one database never wait for
//! each other in a circle; the k-th scan of a stamp in the batch gets the count before it plus k.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Integer, Nullable, Text};
use tokio::sync::{mpsc, oneshot};

use crate::audit::{self, Entry, Resource};
use crate::base::id::{ScanId, StampOrderId};
use crate::base::{Day, Error, Kind, Moment, Result, say};
use crate::db::AnyConnection;
use crate::db::schema::stamps;
use crate::db::types::{Guid, Instant, Multi, placeholders};
use crate::http::{ClientAddress, House, Language};
use crate::stamp::code::{Mint, Minted};
use crate::stamp::legacy::{self, known::Known};
use crate::stamp::passport::{self, Passport};
use crate::stamp::rules::Facts;
use crate::stamp::suspicion::rules::{self, State};
use crate::stamp::suspicion::store;
use crate::stamp::visitor::{self, Salt};

/// How many scans are committed together at most.
const MOST_TOGETHER: usize = 500;
/// How many scans may wait; the next is told to come back.
const MOST_WAITING: usize = 4000;

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

/// A place in hundredths of a degree, about a kilometre: nobody's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub latitude: i32,
    pub longitude: i32,
}

/// A stamp with its scans, as one scan found it.
#[derive(Debug, Clone)]
pub struct Scanned {
    pub passport: Arc<Passport>,
    /// Including this one.
    pub count: i64,
    /// None where it was only looked at and never scanned.
    pub first_at: Option<Moment>,
    pub is_suspect: bool,
    /// The day on which its facts are judged.
    pub today: Day,
}

impl Scanned {
    pub fn facts(&self) -> Facts {
        Facts {
            is_void: self.passport.is_void,
            is_recalled: self.passport.is_recalled,
            is_held: self.passport.is_held,
            is_suspect: self.is_suspect,
            is_activated: self.passport.lot.is_some(),
            is_display: self.passport.is_display,
            certificate: self.passport.certificate.clone(),
            expires_on: self.passport.lot.as_ref().and_then(|lot| lot.expires_on),
        }
    }
}

/// A stamp: its order and its serial.
pub type Key = (StampOrderId, i32);

/// One stamp's row after the batch.
#[derive(QueryableByName)]
struct Tally {
    #[diesel(sql_type = Guid)]
    order_id: StampOrderId,
    #[diesel(sql_type = Integer)]
    serial: i32,
    #[diesel(sql_type = BigInt)]
    scans: i64,
    #[diesel(sql_type = Instant)]
    first_at: Moment,
    #[diesel(sql_type = Nullable<Instant>)]
    suspect_at: Option<Moment>,
}

/// Looks at a stamp without counting: None where no such stamp was issued.
pub fn look(connection: &mut AnyConnection, stamp: Minted, now: Moment) -> Result<Option<Scanned>> {
    let Some(passport) = passport::read(connection, &[stamp].into())?.remove(&stamp) else { return Ok(None) };
    let row: Option<(i64, Moment, Option<Moment>)> = stamps::table
        .find((passport.order, passport.serial))
        .select((stamps::scans, stamps::first_at, stamps::suspect_at))
        .first(connection)
        .optional()?;
    let (count, first_at, suspect_at) =
        row.map_or((0, None, None), |(count, first_at, suspect_at)| (count, Some(first_at), suspect_at));
    Ok(Some(Scanned {
        passport: Arc::new(passport),
        count,
        first_at,
        is_suspect: suspect_at.is_some(),
        today: now.day(),
    }))
}

/// Writes scans down, all at the moment `now`, and answers each in turn; None for stamps that were never issued.
/// What one call writes belongs in one transaction of its own.
pub fn record(
    connection: &mut AnyConnection,
    mint: &Mint,
    scans: &[Scan],
    now: Moment,
) -> Result<Vec<Option<Scanned>>> {
    let asked: BTreeSet<Minted> = scans.iter().map(|scan| scan.stamp).collect();
    let passports: HashMap<Minted, Arc<Passport>> =
        passport::read(connection, &asked)?.into_iter().map(|(stamp, passport)| (stamp, Arc::new(passport))).collect();
    let known: Vec<(Key, &Scan)> = scans
        .iter()
        .filter_map(|scan| passports.get(&scan.stamp).map(|passport| ((passport.order, passport.serial), scan)))
        .collect();
    if known.is_empty() {
        return Ok(scans.iter().map(|_| None).collect());
    }
    let salt = Salt::of(connection, now.day())?;
    let mut tallies = count(connection, &known, now)?;
    keep(connection, &known, &salt, now)?;
    let by_key: HashMap<Key, &Passport> =
        passports.values().map(|passport| ((passport.order, passport.serial), passport.as_ref())).collect();
    suspect(connection, mint, &known, &by_key, &mut tallies, now)?;

    let mut before: HashMap<Key, i64> = HashMap::new();
    for (key, _) in &known {
        *before.entry(*key).or_insert_with(|| tallies.get(key).map_or(0, |tally| tally.scans)) -= 1;
    }
    let mut answers = Vec::with_capacity(scans.len());
    for scan in scans {
        let Some(passport) = passports.get(&scan.stamp) else {
            answers.push(None);
            continue;
        };
        let key = (passport.order, passport.serial);
        let (Some(count), Some(tally)) = (before.get_mut(&key), tallies.get(&key)) else {
            return Err(Error::internal("a scan was written without being counted"));
        };
        *count += 1;
        answers.push(Some(Scanned {
            passport: Arc::clone(passport),
            count: *count,
            first_at: Some(tally.first_at),
            is_suspect: tally.suspect_at.is_some(),
            today: now.day(),
        }));
    }
    Ok(answers)
}

/// Adds the batch to the stamps' counts, in the order of the stamps; their rows are this transaction's until its end.
fn count(connection: &mut AnyConnection, known: &[(Key, &Scan)], now: Moment) -> Result<BTreeMap<Key, Tally>> {
    let mut added: BTreeMap<Key, i64> = BTreeMap::new();
    for (key, _) in known {
        *added.entry(*key).or_default() += 1;
    }
    let statement = format!(
        "INSERT INTO stamps (order_id, serial, scans, first_at, last_at) VALUES {} \
         ON CONFLICT (order_id, serial) \
         DO UPDATE SET scans = stamps.scans + excluded.scans, last_at = excluded.last_at \
         RETURNING order_id, serial, scans, first_at, suspect_at",
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
fn keep(connection: &mut AnyConnection, known: &[(Key, &Scan)], salt: &Salt, now: Moment) -> Result<()> {
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

/// Marks stamps whose visitors break a rule. A network is one visitor, however many addresses somebody has there. Once a
/// stamp is suspect its visitors are no longer kept, so that there are never more rows than the rules allow; those of
/// display pieces never are.
fn suspect(
    connection: &mut AnyConnection,
    mint: &Mint,
    known: &[(Key, &Scan)],
    passports: &HashMap<Key, &Passport>,
    tallies: &mut BTreeMap<Key, Tally>,
    now: Moment,
) -> Result<()> {
    let is_open = |key: &Key| {
        tallies.get(key).is_some_and(|tally| tally.suspect_at.is_none())
            && passports.get(key).is_some_and(|passport| !passport.is_display)
    };
    let mut visitors: BTreeMap<(Key, Vec<u8>), Option<Place>> = BTreeMap::new();
    for (key, scan) in known.iter().filter(|(key, scan)| scan.is_visitor && is_open(key)) {
        let network = visitor::network(mint, scan.stamp, scan.client)?;
        let place = visitors.entry((*key, network)).or_default();
        *place = place.or(scan.place);
    }
    if visitors.is_empty() || meet(connection, &visitors, now)? == 0 {
        return Ok(());
    }
    let keys: BTreeSet<Key> = visitors.keys().map(|(key, _)| *key).collect();
    let rules = rules::in_force()?;
    for (key, visits) in store::visits(connection, &keys)? {
        let marks = passports.get(&key).map(|passport| passport.marks).unwrap_or_default();
        let Some(finding) = rules.judge(&visits, marks, now.day()) else { continue };
        let id = store::open(connection, key, &finding, now)?;
        let entry = Entry {
            resource: Resource::Suspicion,
            id,
            version: 1,
            account: None,
            verb: "open",
            from: None,
            to: Some(State::Open.as_ref()),
            note: Some(&finding.rule),
        };
        audit::record(connection, now, entry)?;
        if let Some(tally) = tallies.get_mut(&key) {
            tally.suspect_at = Some(now);
        }
    }
    Ok(())
}

/// Keeps who is new on this day, and where those stood whose place was not known yet; how many rows that changed.
fn meet(
    connection: &mut AnyConnection,
    visitors: &BTreeMap<(Key, Vec<u8>), Option<Place>>,
    now: Moment,
) -> Result<usize> {
    let statement = format!(
        "INSERT INTO stamp_visitors (order_id, serial, visitor, day, at, latitude, longitude) VALUES {} \
         ON CONFLICT (order_id, serial, visitor) \
         DO UPDATE SET day = excluded.day, at = excluded.at, \
             latitude = excluded.latitude, longitude = excluded.longitude \
         WHERE stamp_visitors.day <> excluded.day \
             OR (stamp_visitors.latitude IS NULL AND excluded.latitude IS NOT NULL)",
        placeholders(connection, visitors.len(), 7)
    );
    let query = visitors.iter().fold(
        diesel::sql_query(statement).into_boxed::<Multi>(),
        |query, (((order, serial), visitor), place)| {
            query
                .bind::<Guid, _>(*order)
                .bind::<Integer, _>(*serial)
                .bind::<Binary, _>(visitor.clone())
                .bind::<Date, _>(now.day())
                .bind::<Instant, _>(now)
                .bind::<Nullable<Integer>, _>(place.map(|place| place.latitude))
                .bind::<Nullable<Integer>, _>(place.map(|place| place.longitude))
        },
    );
    Ok(query.execute(connection)?)
}

/// The way to this instance's one writer of scans. Cheap to clone; the writer ends when the last clone is dropped.
#[derive(Clone)]
pub struct Scanner {
    queue: mpsc::Sender<Job>,
    mint: Arc<Mint>,
    legacy: Known,
}

struct Job {
    scan: Scan,
    answer: oneshot::Sender<Result<Option<Scanned>>>,
}

impl Scanner {
    /// Reads the keys and starts the writer, a thread of its own.
    pub fn start(house: &House) -> Result<Self> {
        let mint = Arc::new(Mint::new(&house.keys)?);
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let legacy = Known::new(house.database.read_now(legacy::store::all)?);
        let (house, known, writers) = (house.clone(), legacy.clone(), Arc::clone(&mint));
        let failed = |error: std::io::Error| Error::internal(format!("cannot start the writer of scans: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        std::thread::Builder::new()
            .name("scans".into())
            .spawn(move || runtime.block_on(write(house, writers, waiting, known)))
            .map_err(failed)?;
        Ok(Self { queue, mint, legacy })
    }

    pub fn mint(&self) -> &Arc<Mint> {
        &self.mint
    }

    /// The codes of earlier software that this instance knows of.
    pub fn legacy(&self) -> &Known {
        &self.legacy
    }

    /// Counts a scan; the answer comes once it is durable. None where no such stamp was issued. 503 where too many wait,
    /// or where it is not certain that the scan was kept: it is not tried again, for it may have been.
    pub async fn scan(&self, scan: Scan) -> Result<Option<Scanned>> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { scan, answer }).map_err(|_| busy())?;
        answered.await.map_err(|_| busy())?
    }
}

fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "busy",
        say("Hệ thống đang bận, xin quét lại sau ít giây.", "The service is busy, please scan again in a few seconds."),
    )
}

/// Commits what waits, batch after batch, until all handles are gone. A batch whose answer stays out is given up: whoever
/// scanned is told to come back, and the next batch takes another connection.
async fn write(house: House, mint: Arc<Mint>, mut waiting: mpsc::Receiver<Job>, known: Known) {
    let mut jobs = Vec::with_capacity(MOST_TOGETHER);
    while waiting.recv_many(&mut jobs, MOST_TOGETHER).await > 0 {
        let (scans, answers): (Vec<Scan>, Vec<_>) = jobs.drain(..).map(|job| (job.scan, job.answer)).unzip();
        let (now, count, mint) = (house.clock.now(), scans.len(), Arc::clone(&mint));
        let results = match house.database.write(move |connection| record(connection, &mint, &scans, now)).await {
            Ok(scanned) => scanned.into_iter().map(Ok).collect(),
            Err(error) => {
                tracing::error!(%error, scans = count, "scans could not be written");
                answers.iter().map(|_| Err(busy())).collect::<Vec<_>>()
            }
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // Who asked may have hung up meanwhile; the scan counts all the same.
            answer.send(result).ok();
        }
        if known.is_due()
            && let Err(error) = learn(&house, &known).await
        {
            tracing::error!(%error, "the old codes could not be read");
        }
    }
}

/// Old codes are only ever added, so their number tells whether another instance imported some.
async fn learn(house: &House, known: &Known) -> Result<()> {
    let known = known.clone();
    let learned = house.database.read(move |connection| {
        if !known.is_complete(legacy::store::count(connection)?) {
            known.renew(legacy::store::all(connection)?);
        }
        Ok(())
    });
    learned.await
}
