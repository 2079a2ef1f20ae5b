//! A service under mixed load for long: scans, pages, lists, reports, papers, labels, an export, sign-ins, photographs and writes,
//! one after the other from many addresses. Told each minute: what was answered, and the most memory that the service held; it fails
//! where the last third of the time took a tenth more than the first, or where the service failed.
//!
//!     cargo bench --bench steady             # thirty minutes
//!     MINUTES=3 cargo bench --bench steady

mod demo;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{ACCEPT, ETAG};
use serde_json::{Value, json};

use demo::{Demo, Outcome};

/// So many ask at once, each with a pause after an answer: a busy day, not a flood.
const ASKING: u8 = 4;
const PAUSE: Duration = Duration::from_millis(20);
/// How many hundredths of what the first third took the last one may take.
const MOST: u64 = 110;

/// What anybody may ask for.
const PUBLIC: [&str; 9] = [
    "/",
    "/products?q=mat+ong",
    "/catalogue.json",
    "/catalogue.csv",
    "/shops",
    "/figures",
    "/feed.atom",
    "/api/v1/public/products?limit=100",
    "/api/v1/public/seals",
];

/// What the office asks for.
const LISTS: [&str; 7] = [
    "/ideas?limit=100",
    "/plans?limit=100",
    "/dossiers?limit=100",
    "/products?limit=100",
    "/inspections?limit=100",
    "/tasks",
    "/changes?limit=100",
];

/// The service, what there is in it, and what was answered.
struct Service {
    demo: Demo,
    origin: String,
    stamp: String,
    /// Of the office and of a producer; renewed by who signs in.
    tokens: Mutex<[String; 2]>,
    /// Addresses of whole papers, each with whose token asks for it.
    papers: Vec<(usize, String)>,
    shop: String,
    answers: Mutex<BTreeMap<(&'static str, u16), usize>>,
}

impl Service {
    fn start() -> Outcome<Self> {
        let (demo, stamp) = Demo::start("genuine ", &[("OCOP_TRUSTED_PROXIES", "")])?;
        let (origin, _) = stamp.split_once("/t/").ok_or("no stamp")?;
        let mut service = Self {
            origin: origin.to_owned(),
            stamp,
            demo,
            tokens: Mutex::default(),
            papers: Vec::new(),
            shop: String::new(),
            answers: Mutex::default(),
        };
        let client = Client::new();
        service.sign_in(&client)?;
        let first = |path: &str| -> Outcome<String> {
            let list: Value = service.asked(&client, Method::GET, 0, path).send()?.json()?;
            Ok(list.pointer("/items/0/id").and_then(Value::as_str).ok_or(format!("nothing at {path}"))?.to_owned())
        };
        let of_office = [
            format!("/cycles/{}/report", first("/cycles?year=2020")?),
            format!("/councils/{}/export", first("/councils?limit=1")?),
            format!("/decisions/{}/decision.pdf", first("/decisions?limit=1")?),
            format!("/certificates/{}/certificate.pdf", first("/certificates?limit=1")?),
        ];
        let orders: Value = service.asked(&client, Method::GET, 1, "/stamp-orders?limit=100").send()?.json()?;
        let orders = orders.pointer("/items").and_then(Value::as_array).ok_or("no orders")?;
        let ready = orders.iter().find(|order| {
            order
                .pointer("/actions")
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().any(|verb| verb == "activate"))
        });
        let order = ready.or(orders.first()).and_then(|order| order.pointer("/id")?.as_str()).ok_or("no order")?;
        let labels = format!("/stamp-orders/{order}/labels.pdf?layout=a4&size_mm=20&from=1&to=20");
        service.shop = format!("/shops/{}", first("/shops?limit=1")?);
        service.papers = of_office.into_iter().map(|path| (0, path)).chain([(1, labels)]).collect();
        Ok(service)
    }

    fn sign_in(&self, client: &Client) -> Outcome<u16> {
        let mut status = 200;
        for (place, username) in ["office", "producer"].into_iter().enumerate() {
            let form = json!({"username": username, "password": ocop::demo::PASSWORD});
            let answer = client.post(format!("{}/api/v1/auth/token", self.origin)).json(&form).send()?;
            status = answer.status().as_u16();
            let told: Value = answer.json()?;
            let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(token), Some(kept)) =
                (told.pointer("/access_token").and_then(Value::as_str), tokens.get_mut(place))
            {
                token.clone_into(kept);
            }
        }
        Ok(status)
    }

    /// A request to the API by the office, 0, or the producer, 1.
    fn asked(&self, client: &Client, method: Method, whose: usize, path: &str) -> RequestBuilder {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let token = tokens.get(whose).cloned().unwrap_or_default();
        client.request(method, format!("{}/api/v1{path}", self.origin)).bearer_auth(token)
    }

    /// The `number`th request of all: each kind in its turn.
    fn ask(&self, client: &Client, number: usize) -> Outcome<(&'static str, u16)> {
        let status = |request: RequestBuilder| -> Outcome<u16> {
            let answer = request.send()?;
            let status = answer.status().as_u16();
            drop(answer.bytes()?);
            Ok(status)
        };
        let turn = number / 16;
        let one_of = |all: &[&'static str]| all.get(turn % all.len()).copied().unwrap_or_default();
        Ok(match number % 16 {
            0..4 => ("scans", status(client.get(&self.stamp))?),
            4..6 => ("pages of a stamp", status(client.get(&self.stamp).header(ACCEPT, "text/html"))?),
            6..9 => ("public", status(client.get(format!("{}{}", self.origin, one_of(&PUBLIC))))?),
            9..12 => ("lists", status(self.asked(client, Method::GET, 0, one_of(&LISTS)))?),
            12 => {
                let (whose, path) = self.papers.get(turn % self.papers.len()).ok_or("no paper")?;
                ("papers", status(self.asked(client, Method::GET, *whose, path))?)
            }
            13 if turn.is_multiple_of(20) => ("sign-ins", self.sign_in(client)?),
            13 => {
                let picture = Part::bytes(PHOTOGRAPH).file_name("a.png").mime_str("image/png")?;
                let form = Form::new().text("text", "Tem lạ").text("consent", "1").part("file", picture);
                ("doubts", status(client.post(format!("{}/doubts", self.stamp)).multipart(form))?)
            }
            _ => {
                let read = self.asked(client, Method::GET, 0, &self.shop).send()?;
                let Some(version) = read.headers().get(ETAG).cloned() else {
                    return Ok(("writes", read.status().as_u16()));
                };
                let form = json!({"phone": format!("0913{:06}", number % 1_000_000)});
                (
                    "writes",
                    status(self.asked(client, Method::PATCH, 0, &self.shop).header("if-match", version).json(&form))?,
                )
            }
        })
    }
}

/// One white pixel.
const PHOTOGRAPH: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\
\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\xf8\xff\xff\x3f\x00\x05\xfe\x02\xfe\x0d\
\xef\x46\xb8\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// Asks until it is over, each time from another of its addresses; an answer that never came counts as 0.
fn asks(service: &Service, network: u8, next: &AtomicUsize, is_over: &AtomicBool) -> Outcome<()> {
    let of = |host: u8| Client::builder().local_address(IpAddr::from(Ipv4Addr::new(127, 1, network, host))).build();
    let clients = (1..=40).map(of).collect::<Result<Vec<_>, _>>()?;
    for client in clients.iter().cycle() {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let answer = service.ask(client, next.fetch_add(1, Ordering::Relaxed)).unwrap_or(("broken off", 0));
        *service.answers.lock().unwrap_or_else(PoisonError::into_inner).entry(answer).or_default() += 1;
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let minutes: usize = std::env::var("MINUTES").map_or(Ok(30), |minutes| minutes.parse())?;
    let service = Service::start()?;
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    println!("{} MiB before", service.demo.memory("VmRSS")?);
    let (asked, next, is_over) = (&service, &next, &is_over);
    let held = std::thread::scope(|scope| -> Outcome<Vec<u64>> {
        let asking: Vec<_> =
            (0..ASKING).map(|network| scope.spawn(move || asks(asked, network, next, is_over))).collect();
        let mut held = Vec::new();
        for minute in 1..=minutes {
            let (began, mut most) = (Instant::now(), 0);
            while began.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_secs(1));
                most = most.max(service.demo.memory("VmRSS").unwrap_or_default());
            }
            println!("minute {minute:3}: {most} MiB, {} asked", next.load(Ordering::Relaxed));
            held.push(most);
        }
        is_over.store(true, Ordering::Relaxed);
        for one in asking {
            one.join().map_err(|_| "who asked broke off")??;
        }
        Ok(held)
    })?;
    let answers = service.answers.lock().unwrap_or_else(PoisonError::into_inner);
    for ((what, status), count) in answers.iter() {
        println!("{what:18} {status} {count}");
    }
    let failed: usize =
        answers.iter().filter(|((_, status), _)| *status == 0 || *status >= 500).map(|(_, count)| count).sum();
    let third = minutes.div_ceil(3);
    let most = |part: &[u64]| part.iter().max().copied().unwrap_or_default();
    let (first, last) =
        (most(held.get(..third).unwrap_or_default()), most(held.get(minutes - third..).unwrap_or_default()));
    println!("at most {first} MiB in the first third and {last} in the last; {failed} failed");
    let grows = last * 100 > first * MOST;
    if grows || failed > 0 { Err("it grows, or it failed".into()) } else { Ok(()) }
}
