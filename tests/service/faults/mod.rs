//! What breaks below the service: its process, its database, its disk. Each test asserts what was answered meanwhile and what is
//! there afterwards.

mod clocks;
mod disk;
mod files;
mod kills;
mod memory;
mod postgresql;
mod starts;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use serde_json::Value;
use tempfile::TempDir;

use crate::engine::new_folder;
use crate::province::{Person, Province, Reply};
use crate::walk::shop_form;

/// Nobody waits longer for a refusal, whatever the machine does beside.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);
/// Everything goes on by then.
const LONGEST_RECOVERY: Duration = Duration::from_secs(60);

/// Waits until something holds.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LONGEST_RECOVERY, "{what}");
        crate::pace::pause();
    }
}

/// Asks until the service is ready or is not.
#[track_caller]
fn becomes(province: &Province, status: u16) -> Reply {
    let mut last = None;
    until("readiness does not follow", || last.insert(province.public("/readyz")).status == status);
    last.unwrap()
}

/// Somebody who makes shops, and which of them were answered.
struct Office<'a> {
    province: &'a Province,
    person: Person,
    made: BTreeSet<String>,
    /// Those whose answer was to come back.
    unsure: BTreeSet<String>,
    next: u32,
}

impl<'a> Office<'a> {
    fn of(province: &'a Province, person: &Person) -> Self {
        Self { province, person: person.clone(), made: BTreeSet::new(), unsure: BTreeSet::new(), next: 0 }
    }

    /// Makes a shop; where that is refused it is said in time, with the time to come back.
    #[track_caller]
    fn make(&mut self) -> Reply {
        self.next += 1;
        let (name, began) = (format!("Điểm {}", self.next), Instant::now());
        let reply = self.province.post(&self.person, "/shops", shop_form(&name, "18133"));
        if reply.status == 201 {
            self.made.insert(name);
            return reply;
        }
        assert!(began.elapsed() < LONGEST_ANSWER, "{:?}", began.elapsed());
        assert_eq!(reply.status, 503, "{}", reply.text);
        assert!(reply.headers.contains_key(RETRY_AFTER));
        self.unsure.insert(name);
        reply
    }

    /// All that was answered is there, once; of the rest only what may have been kept in the moment of the fault.
    #[track_caller]
    fn must_have_what_was_answered(&self) {
        let found = self.province.all(&self.person, "/shops");
        let names: BTreeSet<String> = found.iter().map(|shop| shop["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names.len(), found.len(), "a shop is there twice");
        assert!(self.made.is_subset(&names), "{:?}", self.made.difference(&names));
        let others: BTreeSet<String> = names.difference(&self.made).cloned().collect();
        assert!(others.is_subset(&self.unsure), "{others:?}");
    }
}

/// Whoever asks gets this status, in time.
#[track_caller]
fn answers(province: &Province, person: Option<&Person>, path: &str, status: u16) {
    let began = Instant::now();
    let asked = province.request(Method::GET, path);
    let asked = match person {
        Some(person) => asked.bearer_auth(&person.token),
        None => asked,
    };
    let reply = Reply::of(asked.send().unwrap());
    assert_eq!(reply.status, status, "{path}: {}", reply.text);
    assert!(began.elapsed() < LONGEST_ANSWER, "{path}: {:?}", began.elapsed());
}

fn fault_of(problem: &Value) -> (&str, &str) {
    let fault = &problem["errors"][0];
    (fault["pointer"].as_str().unwrap(), fault["detail"].as_str().unwrap())
}

/// A disk of a few mebibytes, in memory.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// None where nobody may mount one, which no installation changes: then it is said.
    fn new(mebibytes: u32) -> Option<Self> {
        let folder = new_folder();
        let size = format!("size={mebibytes}m,mode=755");
        let place = folder.path().display().to_string();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs", &place]).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self { folder });
        }
        eprintln!("skipped: nobody may mount a disk here");
        None
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn filler(&self) -> std::path::PathBuf {
        self.path().join("filler")
    }

    /// Takes all the room that is left, also what is counted late because another processor gave it back.
    fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        let room = || rustix::fs::statvfs(self.path()).unwrap().f_bavail;
        for _ in 0..1000 {
            while file.write_all(&[0; 4096]).is_ok() {}
            if room() == 0 {
                return;
            }
        }
        panic!("{} blocks are never taken", room());
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    /// Mounts it anew, to be read only or to be written too; nobody may have anything open for writing there.
    fn remount(&self, rights: &str) {
        let options = format!("remount,{rights}");
        assert!(Command::new("mount").args(["-o", &options]).arg(self.path()).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let gone = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        if !gone.is_ok_and(|gone| gone.success()) {
            eprintln!("{} stays mounted", self.folder.path().display());
        }
    }
}
