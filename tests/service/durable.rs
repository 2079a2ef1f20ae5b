//! What many do at once is counted exactly, also on two instances, and a restart goes on where it stopped.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use diesel::prelude::*;
use ocop::db::schema::scans;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::engine::{Engine, has_postgresql, on_both};
use crate::province::{PASSWORD, Province, client};
use crate::walk::Walk;

/// The program itself, as an administrator starts it. Dropping it kills it.
pub struct Program {
    pub child: Child,
    pub address: String,
}

pub fn command(folder: &Path, url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
    command.args(arguments).env("OCOP_DATABASE_URL", url).env("OCOP_DATA_DIR", folder.join("data"));
    command
        .env("OCOP_LISTEN", "127.0.0.1:0")
        .env("OCOP_ALLOW_DEMO_PASSWORDS", "true")
        .env("NO_COLOR", "1")
        .env("OCOP_PASSWORD", PASSWORD)
        .env("OCOP_LOG", "info");
    command
}

impl Program {
    pub fn serve(folder: &Path, url: &str) -> Self {
        Self::started(command(folder, url, &["serve"]))
    }

    /// What a command serves.
    pub fn started(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {said}")).unwrap();
            if let Some((_, rest)) = line.split_once("address=") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
            said.push_str(&line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }
}

/// What the program says beside a province's own server while it is asked at its origin.
pub fn said_by_the_program(province: &Province, ask: impl FnOnce(&str)) -> String {
    let (data, url) = (province.storage().data_dir, &province.database_url);
    let mut child = command(data.parent().unwrap(), url, &["serve"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| Some(line.split_once("address=")?.1.split_whitespace().next()?.to_owned()));
    let said = std::thread::spawn(move || lines.collect::<Vec<_>>().join("\n"));
    let program = Program { child, address: address.expect("it serves") };
    ask(&format!("http://{}", program.address));
    drop(program);
    said.join().unwrap()
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix: no handler runs, nothing is flushed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn scans_of_many_at_once_add_up() {
    on_both(|engine| {
        const CLIENTS: usize = 64;
        const EACH: usize = 6;
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let codes = walk.activated(&walk.here, &candidate.product, 16);
        // A file has one writer: two instances are for PostgreSQL.
        let twin = (engine == Engine::Postgresql).then(|| walk.province.twin());
        let addresses = [walk.province.address, twin.as_ref().map_or(walk.province.address, |twin| twin.address)];
        let client = client().build().unwrap();
        let scan = |instance: usize, code: &str| -> u64 {
            let reply = client.get(format!("http://{}/t/{code}", addresses[instance])).send().unwrap();
            let reply: Value = reply.error_for_status().unwrap().json().unwrap();
            assert_eq!(reply["verdict"], "genuine", "{reply}");
            reply["scans"]["count"].as_u64().unwrap()
        };
        let counts = Mutex::new(vec![Vec::new(); codes.len()]);
        let start = std::sync::Barrier::new(CLIENTS);
        std::thread::scope(|scope| {
            for number in 0..CLIENTS {
                let (codes, counts, start, scan) = (&codes, &counts, &start, &scan);
                scope.spawn(move || {
                    start.wait();
                    for turn in 0..EACH {
                        // Every other scan is of the same stamp, the rest spread over the others.
                        let stamp = if turn % 2 == 0 { 0 } else { 1 + (number + turn) % 15 };
                        let count = scan((number + turn) % 2, &codes[stamp]);
                        counts.lock().unwrap()[stamp].push(count);
                    }
                });
            }
        });
        let counts = counts.into_inner().unwrap();
        let scans: usize = counts.iter().map(Vec::len).sum();
        assert_eq!((scans, counts[0].len()), (CLIENTS * EACH, CLIENTS * EACH / 2));
        for (code, counts) in codes.iter().zip(&counts) {
            // Each answer told a number of its own, from 1 to as many as there were.
            let told: BTreeSet<u64> = counts.iter().copied().collect();
            assert_eq!(told, (1..=counts.len() as u64).collect(), "{code}");
            for instance in [0, 1] {
                assert_eq!(scan(instance, code), counts.len() as u64 + 1 + instance as u64);
            }
        }
    });
}

#[test]
fn where_one_of_two_instances_is_killed_each_answered_scan_is_there_once() {
    const CLIENTS: usize = 16;
    const EACH: usize = 40;
    if !has_postgresql() {
        return;
    }
    let walk = Walk::new(Engine::Postgresql);
    let candidate = walk.approved(&walk.here, "Mật ong");
    let codes = walk.activated(&walk.here, &candidate.product, 4);
    let data = walk.province.storage().data_dir;
    let mortal = Program::serve(data.parent().unwrap(), &walk.province.database_url);
    let addresses = [walk.province.address.to_string(), mortal.address.clone()];
    let mortal = Mutex::new(Some(mortal));
    let client = client().build().unwrap();
    let count = |instance: usize, code: &str| -> Option<u64> {
        let reply: Value = client.get(format!("http://{}/t/{code}", addresses[instance])).send().ok()?.json().ok()?;
        reply["scans"]["count"].as_u64()
    };
    // How often each was sent, and which counts were told.
    let (sent, told) = (Mutex::new(vec![0; codes.len()]), Mutex::new(vec![BTreeSet::new(); codes.len()]));
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (codes, sent, told, mortal, count) = (&codes, &sent, &told, &mortal, &count);
            scope.spawn(move || {
                for turn in 0..EACH {
                    if (number, turn) == (0, EACH / 3) {
                        drop(mortal.lock().unwrap().take());
                    }
                    let stamp = (number + turn) % codes.len();
                    sent.lock().unwrap()[stamp] += 1;
                    if let Some(count) = count((number + turn / codes.len()) % 2, &codes[stamp]) {
                        assert!(told.lock().unwrap()[stamp].insert(count), "{count} was told twice");
                    }
                }
            });
        }
    });
    let (sent, told) = (sent.into_inner().unwrap(), told.into_inner().unwrap());
    assert!(told.iter().map(BTreeSet::len).sum::<usize>() < CLIENTS * EACH, "it was killed before the end");
    for (((code, sent), told), serial) in codes.iter().zip(sent).zip(told).zip(1..) {
        // The database may still hold what the killed one had begun.
        let counted = (0..100).find_map(|_| count(0, code)).expect("it answers again") - 1;
        let highest = told.last().copied().unwrap_or_default();
        assert!((highest..=sent).contains(&counted), "{code}: {highest} <= {counted} <= {sent}");
        let logged: i64 = walk
            .province
            .app
            .database
            .read_now(|connection| {
                Ok::<_, ocop::base::Error>(
                    scans::table.filter(scans::serial.eq(serial)).count().get_result(connection)?,
                )
            })
            .unwrap();
        assert_eq!(u64::try_from(logged).unwrap(), counted + 1, "{code}");
    }
}

#[test]
fn of_many_decisions_at_once_one_is_taken() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let twin = (engine == Engine::Postgresql).then(|| walk.province.twin());
        let addresses = [walk.province.address, twin.as_ref().map_or(walk.province.address, |twin| twin.address)];
        let candidate = walk.approved(&walk.here, "Mật ong");
        let order = walk.issued(&walk.here, &candidate.product, 100);
        let lot = walk.lot(&walk.here, &candidate.product, "L-1");
        let client = Client::new();
        // All activate the same range at the version that they all saw.
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let send = |number: usize| {
                let url = format!("http://{}/api/v1/stamp-orders/{order}/activate", addresses[number % 2]);
                let request = client.post(url).bearer_auth(&walk.here.producer.token).header("if-match", "\"2\"");
                request.json(&json!({"from": 1, "to": 50, "lot_id": lot})).send().unwrap().status().as_u16()
            };
            let sent: Vec<_> = (0..16).map(|number| scope.spawn(move || send(number))).collect();
            sent.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 412)), "{statuses:?}");
        let shown = walk.province.get(&walk.office, &format!("/stamp-orders/{order}")).ok();
        assert_eq!((&shown["activated"], &shown["version"]), (&json!(50), &json!(3)));
        // All make the cycle of the same year.
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let send = |number: usize| {
                let request = client.post(format!("http://{}/api/v1/cycles", addresses[number % 2]));
                let request = request.bearer_auth(&walk.office.token).json(&crate::walk::cycle_form(2022));
                request.send().unwrap().status().as_u16()
            };
            let sent: Vec<_> = (0..16).map(|number| scope.spawn(move || send(number))).collect();
            sent.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
    });
}

#[test]
fn a_restart_goes_on_where_it_stopped() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let codes = walk.activated(&walk.here, &candidate.product, 3);
        let code = format!("/t/{}", codes[0]);
        assert_eq!(walk.province.public(&code).ok()["scans"]["count"], 1);
        let idea = format!("/ideas/{}", candidate.idea);
        let before = walk.province.get(&walk.here.producer, &idea).ok();
        walk.province.restart(&[]);
        // Tokens, stamps and the business clock are those of before.
        assert_eq!(walk.province.get(&walk.here.producer, &idea).ok(), before);
        let scanned = walk.province.public(&code).ok();
        assert_eq!((&scanned["verdict"], &scanned["scans"]["count"]), (&json!("genuine"), &json!(2)));
        let created = walk.province.get(&walk.office, &format!("/ideas/{}", walk.idea(&walk.here, "Sau đó"))).ok();
        assert!(created["created_at"].as_str().unwrap().starts_with("2021-02-22"), "{created}");
        // Ten days later the district may take up what the commune held.
        let held = format!("/ideas/{}", walk.submitted_idea(&walk.here, "Bị giữ"));
        walk.province.step(&walk.here.officer, &held, "select", json!({})).refused(409, "wrong_state");
        walk.province.restart(&["--clock", "2021-03-05T08:00:00+07:00"]);
        assert_eq!(walk.province.step(&walk.here.officer, &held, "select", json!({})).ok()["state"], "selected");
        // After the deadline an idea is late, and taken.
        walk.province.restart(&["--clock", "2021-04-01T08:00:00+07:00"]);
        let late = walk.submitted_idea(&walk.here, "Muộn");
        assert_eq!(walk.province.get(&walk.here.producer, &format!("/ideas/{late}")).ok()["late"], true);
    });
}
