//! Pools of connections, and the two ways to use one: `read` and `write`.
//!
//! SQLite has one writer behind a fair queue and readers beside it; PostgreSQL has one pool for both. A crowd at the open doors
//! must not stand before everybody else: scans wait for nobody but who is at work, and of those who have not signed in only so
//! many come to the queue at once. Who waits longer than five seconds for a turn is told to come back (503), so that
//! a slow database does not pile up requests. On PostgreSQL nobody waits longer than [`Patience`] for an answer either: a
//! connection that went silent keeps its thread until the transport gives it up, but neither the asker nor the turn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection};
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use prometheus::IntCounter;
use prometheus::core::Collector;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::base::{Error, Kind, Moment, Result, say};
use crate::db::database_counts::DatabaseCounts;
use crate::db::place::Place;
use crate::db::write_ahead_log::WriteAheadLog;
use crate::db::{Address, AnyConnection, must_be_sound, settings};

/// The note that is written to find out whether notes are kept.
const PROBE: &str = "readiness";
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a request's statement waits for a lock, in milliseconds.
const LOCK_PATIENCE: u32 = 5000;
const IDLE_BEFORE_PING: Duration = Duration::from_secs(30);
/// So many connections for each turn, at most: those beyond one are for turns whose connection went silent.
const CONNECTIONS_A_TURN: u32 = 4;

/// How long somebody waits for the database's answer, the wait for a turn included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(Duration);

impl Patience {
    pub const fn of_seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::of_seconds(9)
    }
}

/// The database, shared by all workers; in the lanes of those who are outside, until [`Database::inside`] is asked for.
#[derive(Clone)]
pub struct Database {
    address: Address,
    /// Those that this handle uses.
    lanes: Lanes,
    inside: Lanes,
    scans: Lane,
    /// SQLite's.
    log: Option<WriteAheadLog>,
    counts: DatabaseCounts,
}

#[derive(Clone)]
struct Lanes {
    readers: Lane,
    writers: Lane,
}

/// Connections and the turns that may be taken on them; the queue for a turn is fair, r2d2's is not.
#[derive(Clone)]
struct Lane {
    pool: r2d2::Pool<Maker>,
    turns: Arc<Semaphore>,
    /// Who stands in this lane comes to the turns, which others take as well, only through its gate: so many at once.
    gate: Option<Arc<Semaphore>>,
    /// None where an answer cannot stay out: a file does not go silent.
    patience: Option<Patience>,
    /// Where the file is, if it is one.
    place: Option<Place>,
    counts: DatabaseCounts,
}

/// Leave to use one of a lane's connections, until it is dropped.
struct Turn {
    _turn: OwnedSemaphorePermit,
    _gate: Option<OwnedSemaphorePermit>,
}

fn semaphore(turns: u32) -> Result<Arc<Semaphore>> {
    Ok(Arc::new(Semaphore::new(usize::try_from(turns).map_err(Error::internal)?)))
}

impl Lane {
    fn new(address: &Address, size: u32, patience: Patience, counts: &DatabaseCounts) -> Result<Self> {
        let (connections, patience) = match address {
            Address::Sqlite(_) => (size, None),
            Address::Postgresql(_) => (size.saturating_mul(CONNECTIONS_A_TURN), Some(patience)),
        };
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .test_on_check_out(true)
            .connection_timeout(LONGEST_WAIT)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build(Maker { address: address.clone(), patience, statements: counts.statements.clone() })
            .map_err(|error| Error::internal(format!("cannot use the database {address}: {error}")))?;
        let (turns, place, counts) = (semaphore(size)?, Place::of(address)?, counts.clone());
        Ok(Self { pool, turns, gate: None, patience, place, counts })
    }

    /// The same connections and turns, for so many at once of those who come by this lane.
    fn gated(&self, at_once: u32) -> Result<Self> {
        Ok(Self { gate: Some(semaphore(at_once)?), ..self.clone() })
    }

    async fn turn(&self) -> Result<Turn> {
        let taken = async {
            let gate = match &self.gate {
                Some(gate) => Some(Arc::clone(gate).acquire_owned().await?),
                None => None,
            };
            Ok::<_, AcquireError>(Turn { _turn: Arc::clone(&self.turns).acquire_owned().await?, _gate: gate })
        };
        let began = Instant::now();
        let turn = tokio::time::timeout(LONGEST_WAIT, taken).await;
        self.counts.waited(began.elapsed());
        match turn {
            Ok(turn) => turn.map_err(Error::internal),
            Err(_) => {
                self.counts.refused.inc();
                Err(busy())
            }
        }
    }

    /// Runs `work` off the async threads once it is its turn. 503 where the answer stays out: what was asked for may be done
    /// or not, and the turn is free for others.
    async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection, Deadline) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let deadline = Deadline(self.patience.map(|Patience(patience)| Instant::now() + patience));
        let turn = Arc::new(Mutex::new(Some(self.turn().await?)));
        let (lane, held) = (self.clone(), Arc::clone(&turn));
        // What is logged on the other thread is about the same request.
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let _entered = span.entered();
            let done = lane.connection().map_err(E::from).and_then(|mut connection| {
                let done = work(&mut connection, deadline);
                // Whatever the work made of it: the other end was gone.
                if done.is_err() && connection.is_lost() { Err(busy().into()) } else { done }
            });
            give_back(&held);
            done
        });
        let Deadline(Some(deadline)) = deadline else { return done.await.map_err(Error::internal)? };
        match tokio::time::timeout_at(deadline.into(), done).await {
            Ok(done) => done.map_err(Error::internal)?,
            Err(_) => {
                tracing::error!("the database stays silent");
                give_back(&turn);
                Err(busy().into())
            }
        }
    }

    fn connection(&self) -> Result<r2d2::PooledConnection<Maker>> {
        if let Some(place) = &self.place {
            place.must_be_the_same()?;
        }
        self.pool.get().map_err(|error| {
            tracing::error!(%error, "no connection to the database");
            busy()
        })
    }
}

/// Until when whoever asked waits.
#[derive(Debug, Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    /// 503 once it is over: whoever asked was told to come back, so what was not kept by then is not kept any more.
    fn check(self) -> Result<()> {
        if self.0.is_some_and(|deadline| deadline <= Instant::now()) { Err(busy()) } else { Ok(()) }
    }
}

/// Ends a turn, if it was not ended already by whoever lost patience.
fn give_back(turn: &Mutex<Option<Turn>>) {
    drop(turn.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// No turn or no connection in time: 503.
pub fn busy() -> Error {
    Error::refused(
        Kind::Unavailable,
        "busy",
        say("Hệ thống đang bận, xin thử lại sau ít giây.", "The service is busy, please try again in a few seconds."),
    )
}

impl Database {
    /// Opens the pools. Fails at once where the database cannot be reached.
    pub fn open(address: Address, connections: u32, patience: Patience) -> Result<Self> {
        must_be_sound(&address)?;
        // One plain connection first: its error names the reason, the pool's only says that it waited.
        drop(address.connect()?);
        let counts = DatabaseCounts::new()?;
        let lane = |size| Lane::new(&address, size, patience, &counts);
        let half = (connections / 2).max(1);
        let (inside, lanes, scans) = match &address {
            Address::Sqlite(_) => {
                let (readers, writer) = (lane(connections)?, lane(1)?);
                let lanes = Lanes { readers: readers.gated(half)?, writers: writer.gated(1)? };
                (Lanes { readers, writers: writer.gated(1)? }, lanes, writer)
            }
            Address::Postgresql(_) => {
                let both = lane(connections)?;
                let gated = both.gated(half)?;
                let lanes = Lanes { readers: gated.clone(), writers: gated };
                (Lanes { readers: both.clone(), writers: both }, lanes, lane(1)?)
            }
        };
        Ok(Self { log: WriteAheadLog::of(&address), address, lanes, inside, scans, counts })
    }

    /// The same database for who is inside: signed in, or the service itself. Whoever is outside does not stand before them.
    pub fn inside(&self) -> Self {
        Self { lanes: self.inside.clone(), ..self.clone() }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How many statements the pools' connections were given since the start.
    pub fn statements(&self) -> IntCounter {
        self.counts.statements.clone()
    }

    /// What is told of it to who reads metrics.
    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        self.counts.collectors()
    }

    /// How long SQLite's log is, in bytes; PostgreSQL looks after its own.
    pub fn log_length(&self) -> u64 {
        self.log.as_ref().map_or(0, WriteAheadLog::length)
    }

    /// Runs `work` on a reading connection, off the async threads.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.lanes.readers.run(|connection, _| work(connection)).await
    }

    /// Runs `work` in one writing transaction, off the async threads: all of it is kept, or nothing. Where whoever asked is
    /// told to come back nothing is kept, unless it was being kept in that very moment.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_by(&self.lanes.writers, work).await
    }

    /// As [`Database::write`], before all others who wait: for the writer of scans.
    pub async fn write_scans<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_by(&self.scans, work).await
    }

    async fn write_by<T, E, F>(&self, lane: &Lane, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let log = self.log.clone();
        let written = move |connection: &mut AnyConnection, deadline| {
            let done = written_in_time(connection, deadline, work);
            if let Some(log) = log {
                log.keep_short(connection, LOCK_PATIENCE);
            }
            done
        };
        lane.run(written).await
    }

    /// Fails where nothing can be read.
    pub async fn must_answer(&self) -> Result<()> {
        self.read(|connection| settings::get(connection, PROBE)).await.map(drop)
    }

    /// Fails where nothing can be written, or read again: a note is, and is kept, for a full disk shows no sooner.
    pub async fn must_work(&self) -> Result<()> {
        let now = Moment::real_now();
        let written = now.to_string();
        self.write_scans(move |connection| settings::put(connection, PROBE, &written)).await?;
        let read = self.read(|connection| settings::get(connection, PROBE)).await?;
        // Another instance may have written its own meanwhile, by its own clock.
        let recent = now.plus(-chrono::Duration::minutes(1));
        match read.and_then(|read| read.parse::<Moment>().ok()) {
            Some(read) if read >= recent => Ok(()),
            _ => Err(Error::internal("what was written is not read again")),
        }
    }

    /// As [`Database::write`], for commands and the start: on a connection of its own, for as long as it takes.
    pub fn write_now<T, E: From<Error>>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        writing(&mut self.address.connect()?, work)
    }

    /// Reads one state of the database, however long it takes and whatever is written beside it.
    pub fn snapshot_now<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = &mut self.address.connect()?;
        let begin = match connection {
            AnyConnection::Sqlite(_) => "BEGIN",
            AnyConnection::Postgresql(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        transaction(connection, begin, work)
    }

    /// As [`Database::read`], for commands and the start.
    pub fn read_now<T, E: From<Error>>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        work(&mut *self.lanes.readers.connection()?)
    }
}

/// One writing transaction of which nothing is kept once `deadline` is over.
fn written_in_time<T, E: From<Error>>(
    connection: &mut AnyConnection,
    deadline: Deadline,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    writing(connection, |connection| {
        let done = work(connection)?;
        deadline.check()?;
        Ok(done)
    })
}

/// One writing transaction. On SQLite it takes the write lock at its start, so that what it read cannot change before it
/// writes.
fn writing<T, E: From<Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let begin = match connection {
        AnyConnection::Sqlite(_) => "BEGIN IMMEDIATE",
        AnyConnection::Postgresql(_) => "BEGIN",
    };
    transaction(connection, begin, work)
}

fn transaction<T, E: From<Error>>(
    connection: &mut AnyConnection,
    begin: &str,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    enum Failed<E> {
        Work(E),
        Database(Diesel),
    }
    impl<E> From<Diesel> for Failed<E> {
        fn from(error: Diesel) -> Self {
            Self::Database(error)
        }
    }
    let work = |connection: &mut AnyConnection| work(connection).map_err(Failed::Work);
    let done = begun(connection, begin, work);
    done.map_err(|failed| match failed {
        Failed::Work(error) => error,
        Failed::Database(error) => E::from(Error::from(error)),
    })
}

fn begun<T, E: From<Diesel>>(
    connection: &mut AnyConnection,
    begin: &str,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    match connection {
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, begin)?,
        AnyConnection::Postgresql(postgresql) => AnsiTransactionManager::begin_transaction_sql(postgresql, begin)?,
    }
    let result = work(connection);
    let ended = match (&result, connection) {
        (Ok(_), AnyConnection::Sqlite(sqlite)) => AnsiTransactionManager::commit_transaction(sqlite),
        (Ok(_), AnyConnection::Postgresql(postgresql)) => AnsiTransactionManager::commit_transaction(postgresql),
        (Err(_), AnyConnection::Sqlite(sqlite)) => AnsiTransactionManager::rollback_transaction(sqlite),
        (Err(_), AnyConnection::Postgresql(postgresql)) => AnsiTransactionManager::rollback_transaction(postgresql),
    };
    match (result, ended) {
        (Ok(value), Ok(())) => Ok(value),
        (Ok(_), Err(error)) => Err(E::from(error)),
        (Err(error), ended) => {
            if let Err(rollback) = ended {
                tracing::error!(%rollback, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}

/// Makes connections for r2d2 by the address's scheme, and pings one only after it has been idle.
struct Maker {
    address: Address,
    /// After which PostgreSQL itself gives a statement or an idle transaction up; commands have connections of their own.
    patience: Option<Patience>,
    statements: IntCounter,
}

/// A pooled connection and when it was last known to be well.
struct Pooled {
    connection: AnyConnection,
    well_at: Instant,
    /// Whether a statement found the other end gone: such a connection is thrown away, whatever came of the statement.
    is_lost: Arc<AtomicBool>,
}

impl Pooled {
    fn new(mut connection: AnyConnection, statements: IntCounter) -> Self {
        let is_lost = Arc::new(AtomicBool::new(false));
        let lost = Arc::clone(&is_lost);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                statements.inc();
            }
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event
                && is_of_a_lost_connection(error)
            {
                lost.store(true, Ordering::Relaxed);
            }
        });
        Self { connection, well_at: Instant::now(), is_lost }
    }

    fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }
}

fn is_of_a_lost_connection(error: &Diesel) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    matches!(error, Diesel::DatabaseError(ClosedConnection | UnableToSendCommand, _))
}

impl std::ops::Deref for Pooled {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}
impl std::ops::DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

impl r2d2::ManageConnection for Maker {
    type Connection = Pooled;
    type Error = Error;

    fn connect(&self) -> Result<Pooled> {
        let mut connection = self.address.connect()?;
        let limits = match self.patience {
            None => format!("PRAGMA busy_timeout = {LOCK_PATIENCE}"),
            Some(Patience(patience)) => format!(
                "SET statement_timeout = {0}; SET idle_in_transaction_session_timeout = {0}; \
                 SET lock_timeout = {LOCK_PATIENCE}",
                patience.as_millis()
            ),
        };
        connection.batch_execute(&limits)?;
        Ok(Pooled::new(connection, self.statements.clone()))
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<()> {
        if pooled.well_at.elapsed() > IDLE_BEFORE_PING {
            diesel::sql_query("SELECT 1").execute(&mut pooled.connection)?;
        }
        pooled.well_at = Instant::now();
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        use diesel::connection::TransactionManager;
        if pooled.is_lost() {
            return true;
        }
        match &mut pooled.connection {
            AnyConnection::Sqlite(sqlite) => {
                diesel::connection::AnsiTransactionManager::is_broken_transaction_manager(sqlite)
            }
            AnyConnection::Postgresql(postgresql) => {
                diesel::connection::AnsiTransactionManager::is_broken_transaction_manager(postgresql)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    type Told = Arc<Mutex<Vec<&'static str>>>;

    fn database() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("ocop.db").display());
        let database = Database::open(address.parse().unwrap(), 2, Patience::default()).unwrap();
        (folder, database)
    }

    fn noting(told: &Told, who: &'static str) -> impl FnOnce(&mut AnyConnection) -> Result<()> + Send + use<> {
        let told = Arc::clone(told);
        move |_| {
            told.lock().unwrap().push(who);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_crowd_outside_writes_after_who_is_inside_and_after_a_scan() {
        let ((_folder, database), told, (go, gone)) = (database(), Told::default(), channel::<()>());
        let held = database.clone();
        let first = tokio::spawn(async move { held.write(move |_| Ok::<_, Error>(gone.recv().is_ok())).await });
        tokio::task::yield_now().await;
        let outside: Vec<_> = (0..20)
            .map(|_| {
                let (database, work) = (database.clone(), noting(&told, "outside"));
                tokio::spawn(async move { database.write(work).await })
            })
            .collect();
        tokio::task::yield_now().await;
        let (within, work) = (database.inside(), noting(&told, "inside"));
        let inside = tokio::spawn(async move { within.write(work).await });
        let work = noting(&told, "scan");
        let scan = tokio::spawn(async move { database.write_scans(work).await });
        tokio::task::yield_now().await;
        go.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        for written in outside.into_iter().chain([inside, scan]) {
            written.await.unwrap().unwrap();
        }
        let told = told.lock().unwrap();
        assert_eq!((&told[..2], told.len()), (["inside", "scan"].as_slice(), 22), "{told:?}");
    }

    #[tokio::test]
    async fn the_log_stays_short_while_somebody_always_reads() {
        use crate::db::connection::LONG_LOG;
        use diesel::sql_types::Integer;
        #[derive(diesel::QueryableByName)]
        struct Number {
            #[diesel(sql_type = Integer)]
            number: i32,
        }
        let (_folder, database) = database();
        let log = WriteAheadLog::of(database.address()).unwrap();
        database
            .write(|connection| Ok::<_, Error>(connection.batch_execute("CREATE TABLE t (a BLOB)")?))
            .await
            .unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let (database, is_over) = (database.inside(), Arc::clone(&is_over));
                tokio::spawn(async move {
                    while !is_over.load(Ordering::Relaxed) {
                        let read = |connection: &mut AnyConnection| {
                            let rows = diesel::sql_query(
                                "WITH RECURSIVE n(number) AS (SELECT count(*) FROM t UNION ALL SELECT number + 1 FROM n \
                                 WHERE number < 20000) SELECT max(number) AS number FROM n",
                            );
                            Ok::<_, Error>(rows.get_result::<Number>(connection)?.number)
                        };
                        database.read(read).await.unwrap();
                    }
                })
            })
            .collect();
        let mut longest = 0;
        for _ in 0..90 {
            let insert = |connection: &mut AnyConnection| {
                Ok::<_, Error>(connection.batch_execute("INSERT INTO t VALUES (zeroblob(4000000))")?)
            };
            database.write(insert).await.unwrap();
            longest = longest.max(log.length());
        }
        is_over.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.await.unwrap();
        }
        assert!(longest < 2 * LONG_LOG, "{longest}: it is as long as all that was written");
    }

    #[tokio::test]
    async fn a_crowd_outside_leaves_half_of_the_readers_to_who_is_inside() {
        let ((_folder, database), told, (go, gone)) = (database(), Told::default(), channel::<()>());
        let held = database.clone();
        let first = tokio::spawn(async move { held.read(move |_| Ok::<_, Error>(gone.recv().is_ok())).await });
        tokio::task::yield_now().await;
        let (outside, work) = (database.clone(), noting(&told, "outside"));
        let second = tokio::spawn(async move { outside.read(work).await });
        tokio::task::yield_now().await;
        database.inside().read(noting(&told, "inside")).await.unwrap();
        assert_eq!(*told.lock().unwrap(), ["inside"]);
        go.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        second.await.unwrap().unwrap();
    }
}
