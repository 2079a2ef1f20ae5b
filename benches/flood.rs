//! 450 connections that mean no good at the filled example: how long a stranger's scan and an officer's write take meanwhile, and
//! how much memory the service comes to hold. Once they come through a proxy that names nobody, so that no bound of a visitor or a
//! network holds them; and once from 45 networks of ten visitors each, as a service is asked that stands behind none.
//!
//!     cargo bench --bench flood

mod demo;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use reqwest::header::ETAG;
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use serde_json::{Value, json};

use demo::{Demo, Outcome};

/// How many connections of each kind.
const OF_EACH: usize = 90;
const LASTS: Duration = Duration::from_secs(30);
/// How many connections share a network where they have any.
const OF_A_NETWORK: usize = 10;

/// What is promised while it lasts.
const MOST_OF_A_SCAN: Duration = Duration::from_millis(50);
const MOST_OF_A_WRITE: Duration = Duration::from_secs(1);
/// 400 MB.
const MOST_MEMORY_MIB: u64 = 381;

/// As whom the crowd comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Crowd {
    /// Through a proxy that is trusted and says nothing of whom it speaks for.
    Unnamed,
    /// From many networks, each connection from an address of its own.
    FromEverywhere,
}

impl Crowd {
    fn told(self) -> &'static str {
        match self {
            Self::Unnamed => "through a proxy that names nobody",
            Self::FromEverywhere => "from 45 networks, without a proxy",
        }
    }

    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Unnamed => &[],
            Self::FromEverywhere => &[("OCOP_TRUSTED_PROXIES", "")],
        }
    }

    /// From where one of its connections comes.
    fn source(self, connection: usize) -> Outcome<Ipv4Addr> {
        Ok(match self {
            Self::Unnamed => Ipv4Addr::LOCALHOST,
            Self::FromEverywhere => {
                let network = u8::try_from(2 + connection / OF_A_NETWORK)?;
                Ipv4Addr::new(127, 0, network, u8::try_from(1 + connection % OF_A_NETWORK)?)
            }
        })
    }
}

/// The service over a filled example of its own.
struct Service {
    demo: Demo,
    address: SocketAddrV4,
    stamp: String,
}

impl Service {
    fn start(crowd: Crowd) -> Outcome<Self> {
        let (demo, stamp) = Demo::start("genuine ", crowd.settings())?;
        let (address, _) = stamp.trim_start_matches("http://").split_once('/').ok_or("no address")?;
        Ok(Self { demo, address: address.parse()?, stamp })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    /// Forgets how much memory it took until now.
    fn forget_most_memory(&self) -> Outcome<()> {
        Ok(std::fs::write(self.demo.process("clear_refs"), "5")?)
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

/// What was answered, by status; what broke off has none.
type Answers = Arc<Mutex<BTreeMap<String, usize>>>;

fn connected(address: SocketAddrV4, source: Ipv4Addr) -> Outcome<TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(source, 0))?;
    connect(&socket, &address)?;
    let stream = TcpStream::from(socket);
    // Longer than a body may stay out.
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    Ok(stream)
}

/// Sends it again and again over one connection, anew where the other side ends it, until it is over; counts the answers.
fn hammer(address: SocketAddrV4, source: Ipv4Addr, sent: &[u8], is_over: &AtomicBool, answers: &Answers) {
    let count = |what: &str| {
        *answers.lock().unwrap_or_else(PoisonError::into_inner).entry(what.to_owned()).or_default() += 1;
    };
    let mut read = vec![0; 16 * 1024];
    while !is_over.load(Ordering::Relaxed) {
        let Ok(mut stream) = connected(address, source) else {
            count("no connection");
            continue;
        };
        let mut answered = false;
        while !is_over.load(Ordering::Relaxed) && stream.write_all(sent).is_ok() {
            match stream.read(&mut read) {
                Ok(1..) => count(&String::from_utf8_lossy(read.get(9..12).unwrap_or_default())),
                // Who is refused before the body is read is told so, and the connection ends.
                _ if answered => break,
                _ => {
                    count("broken off");
                    break;
                }
            }
            answered = true;
        }
    }
}

/// A JPEG of one colour, of as many colours and as fine as there are, so that a few bytes stand for many.
fn jpeg(width: u16, height: u16, is_progressive: bool) -> Vec<u8> {
    let segment = |kind: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
        [&[0xFF, kind][..], &length, body].concat()
    };
    let blocks = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8));
    let scan = |components: &[u8], coefficients: [u8; 2], codes: usize| {
        let count = u8::try_from(components.len()).unwrap_or(u8::MAX);
        let of_each: Vec<u8> = components.iter().flat_map(|component| [*component, 0]).collect();
        let head = [&[count][..], &of_each, &coefficients, &[0]].concat();
        [segment(0xDA, &head), vec![0; codes.div_ceil(8)]].concat()
    };
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    let frame = [&[8][..], &size, &[3], &[1, 0x11, 0], &[2, 0x11, 0], &[3, 0x11, 0]].concat();
    let light = if is_progressive {
        let fine = (1..=3).map(|component| scan(&[component], [1, 63], blocks));
        std::iter::once(scan(&[1, 2, 3], [0, 0], 3 * blocks)).chain(fine).collect::<Vec<_>>().concat()
    } else {
        scan(&[1, 2, 3], [0, 63], 2 * 3 * blocks)
    };
    let codes = [0, 0x10].map(|class| segment(0xC4, &[&[class, 1][..], &[0; 16]].concat())).concat();
    let factors = segment(0xDB, &[&[0][..], &[1; 64]].concat());
    let frame = segment(if is_progressive { 0xC2 } else { 0xC0 }, &frame);
    [&[0xFF, 0xD8], &factors[..], &frame, &codes, &light, &[0xFF, 0xD9]].concat()
}

/// The five kinds: what is sent, whole or not. Registrations are as long as are read of strangers, and longer; pictures are none, and
/// the largest that are decoded.
fn kinds(stamp: &str, token: &str) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let json = "application/json";
    let registration = |length: usize| {
        let form = json!({"producer": {"name": "ệ".repeat(length / 3)}}).to_string();
        request("/api/v1/registrations", None, json, form.as_bytes())
    };
    let mut slow = request("/api/v1/registrations", None, json, &[b' '; 60_000]);
    slow.truncate(slow.len() - 59_000);
    let path = stamp.rsplit_once("/t/").map_or("", |(_, code)| code);
    let field =
        |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let picture = |bytes: &[u8]| {
        let (text, consent) = (field("text", "Tem"), field("consent", "1"));
        let file = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n";
        let form = [text.as_bytes(), consent.as_bytes(), file.as_bytes(), bytes, b"\r\n--x--\r\n"];
        request(&format!("/t/{path}/doubts"), None, "multipart/form-data; boundary=x", &form.concat())
    };
    let change = json!({"old_password": "not this one", "new_password": "ba con gà mái ghẹ"}).to_string();
    let sign_in = br#"{"username":"nobody","password":"not this one"}"#;
    vec![
        ("sign-ins", vec![request("/api/v1/auth/token", None, json, sign_in)]),
        ("changes of passwords", vec![request("/api/v1/auth/password", Some(token), json, change.as_bytes())]),
        ("registrations", vec![registration(100_000), registration(60_000), registration(200_000)]),
        ("bodies held back", vec![slow]),
        (
            "pictures",
            vec![picture(&[7; 1024 * 1024]), picture(&jpeg(3000, 3000, true)), picture(&jpeg(6000, 4000, false))],
        ),
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

/// One crowd at a service of its own; what took longer than is promised.
fn measured(crowd: Crowd) -> Outcome<Vec<String>> {
    let service = Service::start(crowd)?;
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
    service.forget_most_memory()?;
    let before = service.demo.memory("VmHWM")?;
    let is_over = Arc::new(AtomicBool::new(false));
    let (mut floods, mut hammers): (Vec<(&str, Answers)>, Vec<JoinHandle<()>>) = (Vec::new(), Vec::new());
    for (name, sent) in kinds(&service.stamp, &member) {
        let (sent, answers) = (Arc::new(sent), Answers::default());
        for number in 0..OF_EACH {
            let source = crowd.source(hammers.len())?;
            let (address, sent, is_over, answers) =
                (service.address, Arc::clone(&sent), Arc::clone(&is_over), Arc::clone(&answers));
            hammers.push(std::thread::spawn(move || {
                if let Some(sent) = sent.get(number % sent.len()) {
                    hammer(address, source, sent, &is_over, &answers);
                }
            }));
        }
        floods.push((name, answers));
    }
    let flooded = watched(&service, &client, &office, LASTS);
    is_over.store(true, Ordering::Relaxed);
    let memory = service.demo.memory("VmHWM")?;
    println!("\n450 connections {}\n{:24} {:>12} {:>12}", crowd.told(), "", "median", "of 100, 99");
    let mut slow = Vec::new();
    for (when, times) in [("quiet", quiet), ("flooded", flooded?)] {
        let [scans, writes] = times;
        for (what, times, most) in [("scan", scans, MOST_OF_A_SCAN), ("write", writes, MOST_OF_A_WRITE)] {
            let count = times.len();
            let (median, worst) = median_and_worst(times);
            println!("{:24} {median:>12.2?} {worst:>12.2?} of {count}", format!("{what}, {when}"));
            if median > most {
                slow.push(format!("{what}, {when}, {}: {median:.2?}", crowd.told()));
            }
        }
    }
    for (name, answers) in floods {
        let answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        let told: Vec<String> = answers.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        println!("{name:24} {}", told.join(", "));
    }
    println!("{:24} {memory} MiB, {before} MiB before", "memory at most");
    if memory > MOST_MEMORY_MIB {
        slow.push(format!("memory, {}: {memory} MiB", crowd.told()));
    }
    // The service goes first, so that nobody of the crowd waits for an answer.
    drop(service);
    for hammer in hammers {
        hammer.join().map_err(|_| "a connection of the crowd broke off")?;
    }
    Ok(slow)
}

fn main() -> Outcome<()> {
    let slow = [measured(Crowd::Unnamed)?, measured(Crowd::FromEverywhere)?].concat();
    if slow.is_empty() { Ok(()) } else { Err(format!("more than promised: {}", slow.join("; ")).into()) }
}
