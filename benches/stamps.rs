//! What a scan costs, on either database: the service over a filled example with a million activated stamps of a thousand orders is
//! asked over 64 connections, and each kind of request is told as a ratio to the health answer in the same run. `ROUNDS` in the
//! environment sets how many rounds there are, of which the median counts. Last, a million codes are minted, read and refused.
//!
//!     cargo bench --bench stamps

mod demo;
mod load;
mod postgresql;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use ocop::base::keys::Keyring;
use ocop::belonging::key_file;
use ocop::db::column::{columns, quoted};
use ocop::db::{Address, AnyConnection};
use ocop::stamp::Mint;
use ocop::stamp::code::Minted;
use rand::RngExt;

use demo::{Demo, Outcome};
use load::Served;
use postgresql::Cluster;

const STAMPS: i32 = 1_000_000;
const ORDERS: i32 = 1_000;
/// The orders that are made have the numbers from here on.
const FIRST_ORDER: i32 = 16_000_000;
/// So many codes are minted ahead and scanned at random.
const CODES: usize = 100_000;
const CONNECTIONS: usize = 64;
const ROUND: Duration = Duration::from_secs(3);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Health,
    Scan,
    Page,
    Hot,
    Forged,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Health, Self::Scan, Self::Page, Self::Hot, Self::Forged];

    fn told(self) -> &'static str {
        match self {
            Self::Health => "health answer",
            Self::Scan => "scan of a random stamp",
            Self::Page => "page of a random stamp",
            Self::Hot => "scan of one stamp",
            Self::Forged => "forged code",
        }
    }

    fn status(self) -> &'static str {
        if self == Self::Forged { "404" } else { "200" }
    }
}

/// The service, with whose processes it works.
struct Service {
    demo: Demo,
    cluster: Option<Cluster>,
    address: SocketAddr,
    codes: Vec<String>,
}

impl Service {
    fn start(cluster: Option<Cluster>) -> Outcome<Self> {
        let url = cluster.as_ref().map(Cluster::url);
        let settings: Vec<(&str, &str)> = url.iter().map(|url| ("OCOP_DATABASE_URL", url.as_str())).collect();
        let (demo, stamp) = Demo::start("genuine ", &settings)?;
        let (address, code) = stamp.trim_start_matches("http://").split_once("/t/").ok_or("no address")?;
        let (address, code) = (address.parse()?, code.to_owned());
        let keys = key_file::read(&demo.folder().join("data/keys.json"))?;
        let mint = Mint::new(&keys)?;
        let (_, genuine) = mint.read(&code).ok_or("the demo's stamp is none")?;
        let url = url.unwrap_or_else(|| format!("sqlite:{}", demo.folder().join("ocop.db").display()));
        fill(&mut url.parse::<Address>()?.connect()?, genuine)?;
        let random = || {
            let (order, serial) =
                (FIRST_ORDER + rand::rng().random_range(0..ORDERS), rand::rng().random_range(1..=STAMPS / ORDERS));
            mint.code(Minted { order, serial, key_id: genuine.key_id }).map(|code| code.to_string())
        };
        let codes = (0..CODES).map(|_| random()).collect::<Result<_, _>>()?;
        Ok(Self { demo, cluster, address, codes })
    }

    /// One request of a kind, from a network of its own.
    fn request(&self, kind: Kind) -> Vec<u8> {
        let mut dice = rand::rng();
        let any = self.codes.get(dice.random_range(0..self.codes.len())).map_or("", String::as_str);
        let path = match kind {
            Kind::Health => "/healthz".to_owned(),
            Kind::Scan | Kind::Page => format!("/t/{any}"),
            Kind::Hot => format!("/t/{}", self.codes.first().map_or("", String::as_str)),
            // Its last letter is taken to the front.
            Kind::Forged => any.split_at_checked(19).map(|(most, last)| format!("/t/{last}{most}")).unwrap_or_default(),
        };
        let media = if kind == Kind::Page { "text/html" } else { "application/json" };
        let [a, b, c, d]: [u8; 4] = dice.random();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: ocop\r\naccept: {media}\r\nx-forwarded-for: {}.{b}.{c}.{d}\r\nuser-agent: Mozilla/5.0 \
             (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36\r\n\r\n",
            20 + a % 70
        );
        head.into_bytes()
    }

    /// The processor time that its processes took.
    fn processor(&self) -> Outcome<Duration> {
        let mut processes: Vec<u32> = vec![self.demo.id()];
        if let Some(cluster) = &self.cluster {
            processes.extend(cluster.processes()?);
        }
        let mut ticks: u64 = 0;
        for process in processes {
            // One that ended meanwhile is left out.
            let Ok(told) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { continue };
            let (_, told) = told.rsplit_once(") ").ok_or("no figures")?;
            let figures: Vec<&str> = told.split_whitespace().collect();
            for figure in figures.iter().skip(11).take(2) {
                ticks += figure.parse::<u64>()?;
            }
        }
        // A hundred of them are a second on Linux.
        Ok(Duration::from_millis(ticks * 10))
    }

    fn round(&self, kind: Kind) -> Outcome<Measured> {
        let before = self.processor()?;
        let served = load::drive(self.address, CONNECTIONS, ROUND, kind.status(), |_| || self.request(kind))?;
        let processor = self.processor()?.saturating_sub(before);
        let answers = u32::try_from(served.took.len())?.max(1);
        Ok(Measured { served, processor: processor / answers })
    }
}

struct Measured {
    served: Served,
    /// For each answer.
    processor: Duration,
}

/// Makes a thousand orders of the one that a stamp is of, with a thousand stamps each, all of them in its lot.
fn fill(connection: &mut AnyConnection, of: Minted) -> Outcome<()> {
    let random = match connection {
        AnyConnection::Sqlite(_) => "randomblob(16)",
        AnyConnection::Postgresql(_) => "gen_random_uuid()",
    };
    let mut insert = |table: &str, from: &str, other: &[(&str, &str)]| -> Outcome<()> {
        let names = columns(connection, table)?.into_iter().map(|column| column.name);
        let of = |name: &String| {
            let other = other.iter().find(|(named, _)| named == name);
            other.map_or_else(|| format!("t.{}", quoted(name)), |(_, value)| (*value).to_owned())
        };
        let (names, values): (Vec<String>, Vec<String>) = names.map(|name| (quoted(&name), of(&name))).unzip();
        let statement = format!("INSERT INTO {table} ({}) SELECT {} FROM {from}", names.join(", "), values.join(", "));
        match connection {
            AnyConnection::Sqlite(sqlite) => sqlite.batch_execute(&statement)?,
            AnyConnection::Postgresql(postgresql) => postgresql.batch_execute(&statement)?,
        }
        Ok(())
    };
    let each = STAMPS / ORDERS;
    let from = format!(
        "stamp_orders t, (WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n) n \
         WHERE t.number = {}",
        ORDERS - 1,
        of.order
    );
    let (number, each) = (format!("{FIRST_ORDER} + n.i"), each.to_string());
    insert("stamp_orders", &from, &[("id", random), ("number", &number), ("quantity", &each)])?;
    let from = format!(
        "stamp_orders o, activations t, stamp_orders p WHERE o.number >= {FIRST_ORDER} AND p.number = {} \
         AND t.order_id = p.id AND t.first <= {serial} AND t.last >= {serial}",
        of.order,
        serial = of.serial
    );
    insert("activations", &from, &[("id", random), ("order_id", "o.id"), ("first", "1"), ("last", &each)])
}

fn median<T: Copy + PartialOrd>(mut of: Vec<T>) -> Outcome<T> {
    of.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    of.get(of.len() / 2).copied().ok_or_else(|| "no rounds".into())
}

fn measure(name: &str, service: &Service, rounds: usize) -> Outcome<()> {
    println!("{name}, medians of {rounds} rounds of {ROUND:?} over {CONNECTIONS} connections:");
    println!("| request | a second | of the health answer | CPU each, µs | half within, ms | 99 % within, ms |");
    println!("|---|---|---|---|---|---|");
    let mut measured: Vec<Vec<Measured>> = Kind::ALL.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        // Each round asks all kinds, so that a slow minute of the machine is everybody's.
        for (kind, measured) in Kind::ALL.into_iter().zip(&mut measured) {
            measured.push(service.round(kind)?);
        }
    }
    let mut of_health = None;
    for (kind, measured) in Kind::ALL.into_iter().zip(&measured) {
        let of = |figure: fn(&Measured) -> f64| median(measured.iter().map(figure).collect());
        let a_second = of(|measured| measured.served.a_second())?;
        let of_health = *of_health.get_or_insert(a_second);
        println!(
            "| {} | {a_second:.0} | {:.2} | {:.0} | {:.1} | {:.1} |",
            kind.told(),
            a_second / of_health,
            of(|measured| measured.processor.as_secs_f64() * 1e6)?,
            of(|measured| measured.served.percentile(50).as_secs_f64() * 1e3)?,
            of(|measured| measured.served.percentile(99).as_secs_f64() * 1e3)?,
        );
    }
    println!("It holds {} MiB of memory.\n", service.demo.memory("VmRSS")?);
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// What codes take alone.
fn arithmetic() -> Outcome<()> {
    let keys = Keyring::generate()?;
    let mint = Mint::new(&keys)?;
    let key = keys.stamp_key()?.id;
    let code = |serial| mint.code(Minted { key_id: key, order: 7, serial }).map(|code| code.to_string());
    let (codes, minting) = timed(|| (1..=STAMPS).map(code).collect::<Result<Vec<String>, _>>());
    let codes = codes?;
    let distinct: HashSet<&String> = codes.iter().collect();
    let (known, reading) = timed(|| codes.iter().filter(|code| mint.read(code).is_some()).count());
    // Each code with its last character taken to the front.
    let shift = |code: &String| code.split_at_checked(19).map(|(most, last)| format!("{last}{most}"));
    let shifted: Vec<String> = codes.iter().filter_map(shift).collect();
    let (passed, refusing) = timed(|| shifted.iter().filter(|code| mint.read(code).is_some()).count());
    println!(
        "{} codes, {} distinct, {known} read again, {passed} of {} forged pass",
        codes.len(),
        distinct.len(),
        shifted.len()
    );
    println!("minted in {minting:?}, read in {reading:?}, forged refused in {refusing:?}");
    let ratio = |part: Duration, whole: Duration| part.as_secs_f64() / whole.as_secs_f64();
    println!(
        "reading : minting = {:.2}, refusing : reading = {:.2}",
        ratio(reading, minting),
        ratio(refusing, reading)
    );
    Ok(())
}

fn main() -> Outcome<()> {
    let rounds = std::env::var("ROUNDS").ok().map_or(Ok(5), |rounds| rounds.parse())?;
    measure("SQLite", &Service::start(None)?, rounds)?;
    match postgresql::programs().as_deref().map(Path::new) {
        Some(programs) => measure("PostgreSQL", &Service::start(Some(Cluster::start(programs)?))?, rounds)?,
        None => println!("PostgreSQL's server programs were not found."),
    }
    arithmetic()
}
