//! The process is killed in the middle of every kind of write: what was answered is there, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Instant;

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::LONGEST_RECOVERY;
use crate::durable;
use crate::engine::on_both;
use crate::program::Program;
use crate::province::{Person, Reply, client};
use crate::walk::{PDF, Walk, id, shop_form};

const KILLS: usize = 3;
/// So many writes are answered before each kill.
const BURST: u64 = 60;

/// A program that is killed and started again while others write.
struct Mortal {
    folder: PathBuf,
    database_url: String,
    running: Mutex<Option<durable::Program>>,
    starts: Condvar,
    is_over: Mutex<bool>,
    answered: AtomicU64,
    client: Client,
}

impl Mortal {
    fn start(&self) {
        *self.running.lock().unwrap() = Some(durable::Program::serve(&self.folder, &self.database_url));
        self.starts.notify_all();
    }

    fn kill(&self) {
        drop(self.running.lock().unwrap().take());
    }

    /// Where it is served, once it is; None once all is over.
    fn address(&self) -> Option<String> {
        let mut running = self.running.lock().unwrap();
        loop {
            if *self.is_over.lock().unwrap() {
                return None;
            }
            match &*running {
                Some(program) => return Some(program.address.clone()),
                None => running = self.starts.wait_timeout(running, LONGEST_RECOVERY).unwrap().0,
            }
        }
    }

    /// Sends a request; None where it was killed before it answered.
    fn send(&self, request: RequestBuilder) -> Option<Reply> {
        let answered = request.send().and_then(Response::error_for_status).ok()?;
        let (status, headers) = (answered.status(), answered.headers().clone());
        let bytes = answered.bytes().ok()?.to_vec();
        self.answered.fetch_add(1, Ordering::SeqCst);
        Some(Reply { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes })
    }

    fn request(&self, address: &str, method: Method, person: &Person, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{address}/api/v1{path}")).bearer_auth(&person.token)
    }

    /// Sends a form with a key until it is answered, as an app does that lost its connection; None once all is over.
    fn keyed(&self, person: &Person, path: &str, key: &str, form: &Value) -> Option<Value> {
        loop {
            let request = self.request(&self.address()?, Method::POST, person, path);
            let request = request.header("idempotency-key", key).json(form);
            if let Some(reply) = self.send(request) {
                return Some(reply.json());
            }
        }
    }
}

#[test]
fn what_was_answered_survives_a_kill() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let codes = walk.activated(&walk.here, &product, 4);
        let order = walk.issued(&walk.here, &product, 900);
        let lot = walk.lot(&walk.here, &product, "L-1");
        let draft = format!("/ideas/{}", walk.idea(&walk.here, "Nháp"));
        let folder = walk.province.storage().data_dir.parent().unwrap().to_owned();
        walk.province.stop();
        let mortal = Mortal {
            folder,
            database_url: walk.province.database_url.clone(),
            running: Mutex::new(None),
            starts: Condvar::new(),
            is_over: Mutex::new(false),
            answered: AtomicU64::new(0),
            client: client().build().unwrap(),
        };
        mortal.start();
        let (mortal, walk, producer) = (&mortal, &walk, &walk.here.producer);
        let shops = Mutex::new(BTreeMap::<String, Value>::new());
        let ideas = Mutex::new(BTreeMap::<String, Value>::new());
        let documents = Mutex::new(BTreeSet::<String>::new());
        let counts = Mutex::new(BTreeMap::<String, (BTreeSet<u64>, u64)>::new());
        let (changed, activated) = (Mutex::new(Vec::<Value>::new()), Mutex::new(Vec::<Value>::new()));
        std::thread::scope(|scope| {
            for thread in 0..2 {
                let (shops, ideas) = (&shops, &ideas);
                scope.spawn(move || {
                    for number in 0.. {
                        let name = format!("Điểm {thread}-{number}");
                        let form = shop_form(&name, "18133");
                        let Some(shop) =
                            mortal.keyed(&walk.office, "/shops", &format!("shop-{thread}-{number}"), &form)
                        else {
                            return;
                        };
                        shops.lock().unwrap().insert(name, shop);
                    }
                });
                scope.spawn(move || {
                    for number in 0.. {
                        let (name, key) = (format!("Ý tưởng {thread}-{number}"), format!("idea-{thread}-{number}"));
                        let Some(idea) = mortal.keyed(producer, "/ideas", &key, &walk.idea_form(&name)) else { return };
                        ideas.lock().unwrap().insert(name, idea);
                    }
                });
            }
            scope.spawn(|| {
                while let Some(address) = mortal.address() {
                    let part = Part::bytes(PDF.to_vec()).file_name("a.pdf").mime_str("application/pdf").unwrap();
                    let form =
                        Form::new().text("kind", "business_registration").text("number", "28-001").part("file", part);
                    let path = format!("/products/{product}/documents");
                    let request = mortal.request(&address, Method::POST, producer, &path).multipart(form);
                    if let Some(document) = mortal.send(request) {
                        documents.lock().unwrap().insert(id(&document.json()));
                    }
                }
            });
            for code in &codes {
                let counts = &counts;
                scope.spawn(move || {
                    while let Some(address) = mortal.address() {
                        let scanned = mortal.send(mortal.client.get(format!("http://{address}/t/{code}")));
                        let mut counts = counts.lock().unwrap();
                        let (told, sent) = counts.entry(code.clone()).or_default();
                        *sent += 1;
                        if let Some(scanned) = scanned {
                            let count = scanned.json()["scans"]["count"].as_u64().unwrap();
                            assert!(told.insert(count), "{code} was told its scan {count} twice");
                        }
                    }
                });
            }
            for (path, steps) in [(draft.clone(), &changed), (format!("/stamp-orders/{order}"), &activated)] {
                let (lot, is_draft) = (&lot, path == draft);
                scope.spawn(move || {
                    for number in 1.. {
                        let Some(address) = mortal.address() else { return };
                        let Some(shown) = mortal.send(mortal.request(&address, Method::GET, producer, &path)) else {
                            continue;
                        };
                        let shown = shown.json();
                        let request = if is_draft {
                            let form = json!({"description": format!("Mật ong rừng {number}")});
                            mortal.request(&address, Method::PATCH, producer, &path).json(&form)
                        } else {
                            let next = shown["activated"].as_u64().unwrap() + 1;
                            let form = json!({"from": next, "to": next, "lot_id": lot});
                            mortal.request(&address, Method::POST, producer, &format!("{path}/activate")).json(&form)
                        };
                        let request = request.header("if-match", format!("\"{}\"", shown["version"]));
                        if let Some(done) = mortal.send(request) {
                            steps.lock().unwrap().push(done.json());
                        }
                    }
                });
            }
            for _ in 0..KILLS {
                let (enough, began) = (mortal.answered.load(Ordering::SeqCst) + BURST, Instant::now());
                while mortal.answered.load(Ordering::SeqCst) < enough {
                    assert!(began.elapsed() < LONGEST_RECOVERY, "nobody is answered");
                    crate::pace::pause();
                }
                mortal.kill();
                mortal.start();
            }
            *mortal.is_over.lock().unwrap() = true;
        });

        let address = mortal.running.lock().unwrap().as_ref().unwrap().address.clone();
        let get = |person: &Person, path: &str| {
            mortal.send(mortal.request(&address, Method::GET, person, path)).unwrap_or_else(|| panic!("{path}")).json()
        };
        let all = |person: &Person, path: &str| {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let page = get(person, &format!("{path}limit=100{after}"));
                found.extend(page["items"].as_array().unwrap().iter().cloned());
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => return found,
                }
            }
        };
        // Whoever repeats what was not answered makes nothing twice, and what was answered is what is there.
        for (made, found, name) in [
            (shops.into_inner().unwrap(), all(&walk.office, "/shops?"), "name"),
            (ideas.into_inner().unwrap(), all(producer, "/ideas?state=draft&"), "product_name"),
        ] {
            let mut names = BTreeSet::new();
            for thing in &found {
                let name = thing[name].as_str().unwrap();
                assert!(names.insert(name), "{name} is there twice");
                if let Some(answered) = made.get(name) {
                    assert_eq!(thing["id"], answered["id"]);
                }
            }
            let lost = made.keys().find(|name| !names.contains(name.as_str()));
            assert_eq!(lost, None, "of {}", made.len());
            assert!(made.len() > 2 * KILLS, "{}", made.len());
        }
        let documents = documents.into_inner().unwrap();
        assert!(!documents.is_empty());
        for document in documents {
            let path = format!("/documents/{document}/content");
            let content = mortal.send(mortal.request(&address, Method::GET, producer, &path));
            assert_eq!(content.unwrap_or_else(|| panic!("{document}")).bytes, PDF);
        }
        for (code, (told, sent)) in counts.into_inner().unwrap() {
            let scanned = mortal.send(mortal.client.get(format!("http://{address}/t/{code}"))).unwrap();
            let count = scanned.json()["scans"]["count"].as_u64().unwrap() - 1;
            let highest = told.iter().copied().max().unwrap_or_default();
            assert!((highest..=sent).contains(&count), "{code}: {highest} <= {count} <= {sent}");
        }
        // Each version was told to one alone, and the last one is that which was told last, or one that nobody was told of.
        for (path, steps) in [(draft, changed), (format!("/stamp-orders/{order}"), activated)] {
            let (steps, now) = (steps.into_inner().unwrap(), get(producer, &path));
            let versions: Vec<i64> = steps.iter().map(|step| step["version"].as_i64().unwrap()).collect();
            assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
            let last = steps.last().unwrap_or_else(|| panic!("{path} was never changed"));
            let beyond = now["version"].as_i64().unwrap() - last["version"].as_i64().unwrap();
            assert!((0..=1).contains(&beyond), "{now} after {last}");
            assert!(beyond == 1 || now == *last, "{now} after {last}");
        }
        mortal.kill();
        Program::new(&mortal.database_url, &mortal.folder.join("data")).ok(&["audit", "verify"]);
    });
}
