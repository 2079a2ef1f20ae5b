//! Pools of connections, and the two ways to use one: `read` and `write`.
//!
//! SQLite has one writer behind a fair queue and readers beside it; PostgreSQL has one pool for both. Who waits longer
//! than five seconds for a turn is told to come back (503), so that a slow database does not pile up requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::result::Error as Diesel;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::{Error, Kind, Result, say};
use crate::db::{Address, AnyConnection};

const LONGEST_WAIT: Duration = Duration::from_secs(5);
const IDLE_BEFORE_PING: Duration = Duration::from_secs(30);

/// The database, shared by all workers.
#[derive(Clone)]
pub struct Database {
    address: Address,
    readers: Lane,
    writers: Lane,
}

/// Connections and the turns that may be taken on them; the queue for a turn is fair, r2d2's is not.
#[derive(Clone)]
struct Lane {
    pool: r2d2::Pool<Maker>,
    turns: Arc<Semaphore>,
}

impl Lane {
    fn new(address: &Address, size: u32) -> Result<Self> {
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(true)
            .connection_timeout(LONGEST_WAIT)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build(Maker(address.clone()))
            .map_err(|error| Error::internal(format!("cannot use the database {address}: {error}")))?;
        Ok(Self { pool, turns: Arc::new(Semaphore::new(usize::try_from(size).map_err(Error::internal)?)) })
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        match tokio::time::timeout(LONGEST_WAIT, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(permit) => permit.map_err(Error::internal),
            Err(_) => Err(busy()),
        }
    }

    fn connection(&self) -> Result<r2d2::PooledConnection<Maker>> {
        self.pool.get().map_err(|error| {
            tracing::error!(%error, "no connection to the database");
            busy()
        })
    }
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
    pub fn open(address: Address, connections: u32) -> Result<Self> {
        // One plain connection first: its error names the reason, the pool's only says that it waited.
        drop(address.connect()?);
        let (readers, writers) = match &address {
            Address::Sqlite(_) => (Lane::new(&address, connections)?, Lane::new(&address, 1)?),
            Address::Postgresql(_) => {
                let both = Lane::new(&address, connections)?;
                (both.clone(), both)
            }
        };
        Ok(Self { address, readers, writers })
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Runs `work` on a reading connection, off the async threads.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let turn = self.readers.turn().await?;
        let lane = self.readers.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&mut *lane.connection()?)
        });
        done.await.map_err(Error::internal)?
    }

    /// Runs `work` in one writing transaction, off the async threads: all of it is kept, or nothing.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let turn = self.writers.turn().await?;
        let lane = self.writers.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            writing(&mut *lane.connection()?, work)
        });
        done.await.map_err(Error::internal)?
    }

    /// As [`Database::write`], for the command line and other threads of their own.
    pub fn write_now<T, E: From<Error>>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        writing(&mut *self.writers.connection()?, work)
    }

    /// Reads one state of the database, however long it takes and whatever is written beside it.
    pub fn snapshot_now<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = &mut *self.readers.connection()?;
        let begin = match **connection {
            AnyConnection::Sqlite(_) => "BEGIN",
            AnyConnection::Postgresql(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        transaction(connection, begin, work)
    }

    /// As [`Database::read`], for the command line and other threads of their own.
    pub fn read_now<T, E: From<Error>>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        work(&mut *self.readers.connection()?)
    }
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
struct Maker(Address);

/// A pooled connection and when it was last known to be well.
struct Pooled {
    connection: AnyConnection,
    well_at: Instant,
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
        Ok(Pooled { connection: self.0.connect()?, well_at: Instant::now() })
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
