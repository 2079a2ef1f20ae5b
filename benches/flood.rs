//! 450 connections that mean no good, from one address, at the filled example: how long a stranger's scan and an officer's write
//! take meanwhile, and how much memory the service comes to hold.
//!
//!     cargo bench --bench flood

mod demo;

use std::io::{Read, Write};
use std::net::{IpAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use reqwest::header::ETAG;
use serde_json::{Value, json};

use demo::{Demo, Outcome};

/// How many connections of each kind.
const OF_EACH: usize = 90;
const LASTS: Duration = Duration::from_secs(30);

/// What is promised while it lasts.
const MOST_OF_A_SCAN: Duration = Duration::from_millis(50);
const MOST_OF_A_WRITE: Duration = Duration::from_secs(1);
const MOST_MEMORY_MIB: u64 = 400;

/// The service over a filled example of its own.
struct Service {
    demo: Demo,
    address: String,
    stamp: String,
}

impl Service {
    fn start() -> Outcome<Self> {
        let (demo, stamp) = Demo::start("genuine ")?;
        let (address, _) = stamp.trim_start_matches("http://").split_once('/').ok_or("no address")?;
        Ok(Self { demo, address: address.to_owned(), stamp })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    /// The most memory that the service held at once, in MiB.
    fn most_memory(&self) -> Outcome<u64> {
        let told = std::fs::read_to_string(self.demo.process("status"))?;
        let line = told.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no figure")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
        Ok(kilobytes / 1024)
    }
}

fn request(path: &str, token: Option<&str>, media: &str, body: &[u8]) -> Vec<u8> {
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: ocop\r\n{bearer}content-type: {media}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends it again and again over one connection, anew where the other side ends it, until it is over; counts the answers.
fn hammer(address: &str, sent: &[u8], is_over: &AtomicBool, answers: &AtomicUsize) {
    let mut read = vec![0; 16 * 1024];
    while !is_over.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(address) else { continue };
        if stream.set_read_timeout(Some(Duration::from_secs(2))).is_err() {
            continue;
        }
        while !is_over.load(Ordering::Relaxed) && stream.write_all(sent).is_ok() {
            match stream.read(&mut read) {
                Ok(1..) => answers.fetch_add(1, Ordering::Relaxed),
                _ => break,
            };
        }
    }
}

/// The five kinds: what is sent, whole or not.
fn kinds(stamp: &str, token: &str) -> Vec<(&'static str, Vec<u8>)> {
    let json = "application/json";
    let registration = json!({"producer": {"name": "a".repeat(100_000)}}).to_string();
    let mut slow = request("/api/v1/registrations", None, json, &[b' '; 60_000]);
    slow.truncate(slow.len() - 59_000);
    let picture = [
        b"--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nTem\r\n".as_slice(),
        b"--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n",
        &[7; 1024 * 1024],
        b"\r\n--x--\r\n",
    ]
    .concat();
    let change = json!({"old_password": "not this one", "new_password": "ba con gà mái ghẹ"}).to_string();
    let path = stamp.rsplit_once("/t/").map_or("", |(_, code)| code);
    vec![
        ("sign-ins", request("/api/v1/auth/token", None, json, br#"{"username":"nobody","password":"not this one"}"#)),
        ("changes of passwords", request("/api/v1/auth/password", Some(token), json, change.as_bytes())),
        ("registrations", request("/api/v1/registrations", None, json, registration.as_bytes())),
        ("bodies held back", slow),
        ("pictures", request(&format!("/t/{path}/doubts"), None, "multipart/form-data; boundary=x", &picture)),
    ]
}

fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).or(times.last()).copied().unwrap_or_default();
    (at(50), at(99))
}

/// Scans and writes for a while, one after the other; what each took.
fn watched(service: &Service, client: &Client, token: &str, lasts: Duration) -> Outcome<[Vec<Duration>; 2]> {
    let shops: Value = client.get(service.url("/shops?limit=1")).bearer_auth(token).send()?.json()?;
    let shop = shops.pointer("/items/0/id").and_then(Value::as_str).ok_or("no shop")?;
    let shop = service.url(&format!("/shops/{shop}"));
    let (began, mut scans, mut writes) = (Instant::now(), Vec::new(), Vec::new());
    while began.elapsed() < lasts {
        for _ in 0..5 {
            let asked = Instant::now();
            let answer = client.get(&service.stamp).send()?;
            if answer.status() != 200 {
                return Err(format!("a scan: {} {}", answer.status(), answer.text()?).into());
            }
            answer.bytes()?;
            scans.push(asked.elapsed());
        }
        let read = client.get(&shop).bearer_auth(token).send()?;
        let version = read.headers().get(ETAG).ok_or("no version")?.clone();
        let asked = Instant::now();
        let phone = format!("0913{:06}", writes.len());
        let answer = client.patch(&shop).bearer_auth(token).header("if-match", version).json(&json!({"phone": phone}));
        let answer = answer.send()?;
        if answer.status() != 200 {
            return Err(format!("a write: {} {}", answer.status(), answer.text()?).into());
        }
        writes.push(asked.elapsed());
    }
    Ok([scans, writes])
}

fn main() -> Outcome<()> {
    let service = Service::start()?;
    // From another network than the flood, as a stranger is.
    let elsewhere = IpAddr::from([127, 1, 0, 1]);
    let client =
        Client::builder().user_agent("ocop-bench/1").local_address(elsewhere).pool_max_idle_per_host(0).build()?;
    let signed_in = |username: &str| -> Outcome<String> {
        let form = json!({"username": username, "password": ocop::demo::PASSWORD});
        let tokens: Value = client.post(service.url("/auth/token")).json(&form).send()?.json()?;
        Ok(tokens.pointer("/access_token").and_then(Value::as_str).ok_or("no token")?.to_owned())
    };
    let (office, member) = (signed_in("office")?, signed_in("member1")?);
    let quiet = watched(&service, &client, &office, LASTS / 3)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut floods = Vec::new();
    for (name, sent) in kinds(&service.stamp, &member) {
        let (sent, answers) = (Arc::new(sent), Arc::new(AtomicUsize::new(0)));
        for _ in 0..OF_EACH {
            let (address, sent) = (service.address.clone(), Arc::clone(&sent));
            let (is_over, answers) = (Arc::clone(&is_over), Arc::clone(&answers));
            std::thread::spawn(move || hammer(&address, &sent, &is_over, &answers));
        }
        floods.push((name, answers));
    }
    let flooded = watched(&service, &client, &office, LASTS);
    is_over.store(true, Ordering::Relaxed);
    let memory = service.most_memory()?;
    println!("{:24} {:>12} {:>12}", "", "median", "of 100, 99");
    let mut slow = Vec::new();
    for (when, times) in [("quiet", quiet), ("450 connections", flooded?)] {
        let [scans, writes] = times;
        for (what, times, most) in [("scan", scans, MOST_OF_A_SCAN), ("write", writes, MOST_OF_A_WRITE)] {
            let (median, worst) = median_and_worst(times);
            println!("{:24} {median:>12.2?} {worst:>12.2?}", format!("{what}, {when}"));
            if median > most {
                slow.push(format!("{what}, {when}: {median:.2?}"));
            }
        }
    }
    for (name, answers) in floods {
        println!("{:24} {:>12} answers", name, answers.load(Ordering::Relaxed));
    }
    println!("{:24} {memory:>12} MiB", "memory at most");
    if memory > MOST_MEMORY_MIB {
        slow.push(format!("memory: {memory} MiB"));
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("more than promised: {}", slow.join("; ")).into()) }
}
