//! Networks that go through the stamps of a producer, in the database: counted by the writer of scans, told on the board.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Date, Integer};

use crate::base::id::ProducerId;
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::producer_networks;
use crate::db::statement::Statement;
use crate::db::types::{Guid, Instant, Multi};
use crate::stamp::rules::suspects;
use crate::stamp::rules::visitors::Hash;

/// A network at the stamps of a producer, by its hash of the day.
pub type AtProducer = (ProducerId, Hash);

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Guid)]
    producer_id: ProducerId,
    #[diesel(sql_type = Date)]
    day: chrono::NaiveDate,
    #[diesel(sql_type = Binary)]
    network: Vec<u8>,
    #[diesel(sql_type = Integer)]
    stamps: i32,
}

impl Counted {
    fn network(&self) -> Result<Hash> {
        self.network.as_slice().try_into().map_err(Error::internal)
    }
}

/// Reads how many stamps networks met; rows of a producer, a day and a hash.
macro_rules! meeting {
    ($asked:literal) => {
        concat!(
            "SELECT producer_networks.producer_id AS producer_id, producer_networks.day AS day, \
                 producer_networks.network AS network, producer_networks.stamps AS stamps \
             FROM ",
            $asked,
            " AS asked JOIN producer_networks ON producer_networks.producer_id = asked.producer \
                 AND producer_networks.day = asked.on_day AND producer_networks.network = asked.hash"
        )
    };
}

/// How many stamps of a producer networks met on a day together with others; those that met none are left out.
pub fn met(
    connection: &mut AnyConnection,
    networks: &BTreeSet<(ProducerId, Day, Hash)>,
) -> Result<BTreeMap<(ProducerId, Day, Hash), i32>> {
    let rows: Vec<Counted> = match connection {
        _ if networks.is_empty() => return Ok(BTreeMap::new()),
        AnyConnection::Sqlite(sqlite) => {
            let mut rows = Vec::new();
            for (producer, day, network) in networks {
                let row: Option<Counted> = Statement::new(meeting!("(SELECT ? AS producer, ? AS on_day, ? AS hash)"))
                    .bind::<Guid, _>(*producer)
                    .bind::<Date, _>(day.date())
                    .bind::<Binary, _>(network.as_slice())
                    .get_result(sqlite)
                    .optional()?;
                rows.extend(row);
            }
            rows
        }
        AnyConnection::Postgresql(postgresql) => {
            let asked = networks.iter();
            Statement::new(meeting!("(SELECT * FROM UNNEST(?, ?, ?) AS list (producer, on_day, hash))"))
                .bind::<Array<Guid>, _>(asked.clone().map(|(producer, ..)| *producer).collect::<Vec<_>>())
                .bind::<Array<Date>, _>(asked.clone().map(|(_, day, _)| day.date()).collect::<Vec<_>>())
                .bind::<Array<Binary>, _>(asked.map(|(.., network)| network.as_slice()).collect::<Vec<_>>())
                .load(postgresql)?
        }
    };
    rows.into_iter().map(|row| Ok(((row.producer_id, Day::from_date(row.day), row.network()?), row.stamps))).collect()
}

/// Adds stamps to networks; rows of all columns.
macro_rules! adding {
    ($rows:literal) => {
        concat!(
            "INSERT INTO producer_networks (producer_id, day, network, stamps, first_at, last_at) ",
            $rows,
            " ON CONFLICT (producer_id, day, network) \
             DO UPDATE SET stamps = producer_networks.stamps + excluded.stamps, last_at = excluded.last_at \
             RETURNING producer_id, day, network, stamps"
        )
    };
}

/// Adds stamps that networks met together with others today; how many each has met now.
pub fn add(
    connection: &mut AnyConnection,
    added: &BTreeMap<AtProducer, i32>,
    now: Moment,
) -> Result<BTreeMap<AtProducer, i32>> {
    if added.is_empty() {
        return Ok(BTreeMap::new());
    }
    let today = now.day().date();
    let rows: Vec<Counted> = match connection {
        AnyConnection::Sqlite(sqlite) => {
            let add = |((producer, network), stamps): (&AtProducer, &i32)| {
                Statement::new(adding!("VALUES (?, ?, ?, ?, ?, ?)"))
                    .bind::<Guid, _>(*producer)
                    .bind::<Date, _>(today)
                    .bind::<Binary, _>(network.as_slice())
                    .bind::<Integer, _>(*stamps)
                    .bind::<Instant, _>(now)
                    .bind::<Instant, _>(now)
                    .get_result(sqlite)
            };
            added.iter().map(add).collect::<QueryResult<_>>()?
        }
        AnyConnection::Postgresql(postgresql) => {
            let (producers, networks): (Vec<ProducerId>, Vec<&[u8]>) =
                added.keys().map(|(producer, network)| (*producer, network.as_slice())).unzip();
            Statement::new(adding!(
                "SELECT producer, ?, network, stamps, ?, ? FROM UNNEST(?, ?, ?) AS added (producer, network, stamps)"
            ))
            .bind::<Date, _>(today)
            .bind::<Instant, _>(now)
            .bind::<Instant, _>(now)
            .bind::<Array<Guid>, _>(producers)
            .bind::<Array<Binary>, _>(networks)
            .bind::<Array<Integer>, _>(added.values().copied().collect::<Vec<_>>())
            .load(postgresql)?
        }
    };
    rows.into_iter().map(|row| Ok(((row.producer_id, row.network()?), row.stamps))).collect()
}

/// Forgets the networks of earlier days that met few stamps.
pub fn forget_few(connection: &mut AnyConnection, today: Day) -> Result<()> {
    let most = suspects::in_force()?.together.more_stamps_than;
    let few =
        producer_networks::table.filter(producer_networks::day.lt(today)).filter(producer_networks::stamps.le(most));
    diesel::delete(few).execute(connection)?;
    Ok(())
}

/// Networks that went through a producer's stamps on a day.
#[derive(Debug, Clone, QueryableByName)]
pub struct Sweep {
    #[diesel(sql_type = Date)]
    pub day: Day,
    #[diesel(sql_type = Guid)]
    pub producer_id: ProducerId,
    #[diesel(sql_type = BigInt)]
    pub networks: i64,
    /// Of the network that met most of them.
    #[diesel(sql_type = Integer)]
    pub stamps: i32,
    #[diesel(sql_type = Instant)]
    pub since: Moment,
    #[diesel(sql_type = Instant)]
    pub last_at: Moment,
}

/// Sweeps behind one of them, the newest day first.
pub fn sweeps(connection: &mut AnyConnection, after: Option<(Day, ProducerId)>, limit: i64) -> Result<Vec<Sweep>> {
    let behind = if after.is_some() { "AND (day < $2 OR (day = $2 AND producer_id > $3))" } else { "" };
    let statement = format!(
        "SELECT day, producer_id, COUNT(*) AS networks, MAX(stamps) AS stamps, MIN(first_at) AS since, \
             MAX(last_at) AS last_at \
         FROM producer_networks WHERE stamps > $1 {behind} \
         GROUP BY day, producer_id ORDER BY day DESC, producer_id LIMIT {limit}"
    );
    let most = suspects::in_force()?.together.more_stamps_than;
    let mut query = diesel::sql_query(statement).into_boxed::<Multi>().bind::<Integer, _>(most);
    if let Some((day, producer)) = after {
        query = query.bind::<Date, _>(day).bind::<Guid, _>(producer);
    }
    Ok(query.load(connection)?)
}
