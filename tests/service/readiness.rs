//! Whether an instance says that it can do its work follows what it can do, and nothing is answered that would be lost.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::engine::{Engine, on_both};
use crate::program::Program;
use crate::province::{Province, Reply, empty};
use crate::walk::shop_form;

const LONGEST: Duration = Duration::from_secs(30);

/// Asks until the answer has this status; what was found is kept for a second, so that the first answer may be of before.
#[track_caller]
fn becomes(province: &Province, status: u16) -> Reply {
    let began = Instant::now();
    loop {
        let reply = province.public("/readyz");
        if reply.status == status {
            return reply;
        }
        assert!(began.elapsed() < LONGEST, "{} {}", reply.status, reply.text);
        crate::pace::pause();
    }
}

fn part<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let parts = answer["parts"].as_array().unwrap();
    parts.iter().find(|part| part["name"] == name).unwrap_or_else(|| panic!("{name}: {answer}"))
}

#[test]
fn each_part_is_told_with_how_it_fares() {
    on_both(|engine| {
        let province = Province::new(engine);
        let answer = province.public("/readyz").ok();
        for name in ["database", "files"] {
            assert_eq!(part(&answer, name)["state"], "well");
        }
        for name in ["scan_writer", "sweeper"] {
            assert_eq!(
                (&part(&answer, name)["state"], &part(&answer, name)["last_success"]),
                (&"waiting".into(), &Value::Null)
            );
        }
        let began = Instant::now();
        while part(&province.public("/readyz").ok(), "sealer")["state"] != "well" {
            assert!(began.elapsed() < LONGEST);
            crate::pace::pause();
        }
    });
}

#[test]
fn a_folder_that_takes_no_files_is_named_and_recovery_is_seen() {
    on_both(|engine| {
        let province = Province::new(engine);
        becomes(&province, 200);
        let incoming = ocop::files::Folder::of(&province.app.data_dir).incoming();
        std::fs::remove_dir_all(&incoming).unwrap();
        std::fs::write(&incoming, b"a file in place of the folder").unwrap();
        let problem = becomes(&province, 503).refused(503, "not_ready");
        assert_eq!(problem["errors"][0]["pointer"], "/files", "{problem}");
        std::fs::remove_file(&incoming).unwrap();
        becomes(&province, 200);
    });
}

#[test]
fn nothing_is_answered_into_a_file_that_was_deleted_or_replaced() {
    let province = Province::new(Engine::Sqlite);
    let office = province.hire("office", "provincial_officer", Some("42"), None);
    province.post(&office, "/shops", shop_form("Trước", "18133")).created();
    let path = std::path::PathBuf::from(province.database_url.strip_prefix("sqlite:").unwrap());
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();
    for replaced in [false, true] {
        if replaced {
            std::fs::copy(&aside, &path).unwrap();
        }
        let problem = becomes(&province, 503).refused(503, "not_ready");
        assert_eq!(problem["errors"][0]["pointer"], "/database");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("deleted or replaced"), "{problem}");
        province.post(&office, "/shops", shop_form("Mất", "18133")).refused(503, "busy");
        province.get(&office, "/shops").refused(503, "busy");
    }
    std::fs::rename(&aside, &path).unwrap();
    becomes(&province, 200);
    province.post(&office, "/shops", shop_form("Sau", "18133")).created();
    assert_eq!(province.all(&office, "/shops").len(), 2);
}

/// The served program, with what it says from then on.
fn served(program: &Program, drain: &str) -> (std::process::Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
    command.arg("serve").env("OCOP_DATABASE_URL", &program.database_url).env("OCOP_DATA_DIR", &program.data_dir);
    command.env("OCOP_LISTEN", "127.0.0.1:0").env("OCOP_DRAIN_SECONDS", drain).env("NO_COLOR", "1");
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().expect("it serves").unwrap();
        if let Some((_, rest)) = line.split_once("address=") {
            break rest.split_whitespace().next().unwrap().to_owned();
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    (child, address)
}

#[test]
fn who_is_asked_to_end_says_so_first_and_a_closed_terminal_ends_nothing() {
    let (folder, database_url) = empty(Engine::Sqlite);
    let program = Program::new(&database_url, &folder.path().join("data"));
    let (mut child, address) = served(&program, "2");
    let id = Pid::from_child(&child);
    let ask =
        |path: &str| reqwest::blocking::get(format!("http://{address}{path}")).map(|answer| answer.status().as_u16());
    kill_process(id, Signal::HUP).unwrap();
    assert_eq!(ask("/readyz").unwrap(), 200);
    kill_process(id, Signal::TERM).unwrap();
    let began = Instant::now();
    while ask("/readyz").unwrap() != 503 {
        assert!(began.elapsed() < LONGEST);
        crate::pace::pause();
    }
    assert_eq!(ask("/api/v1/units").unwrap(), 200, "what comes meanwhile is answered");
    assert!(child.wait().unwrap().success());
    assert!(began.elapsed() >= Duration::from_millis(1500), "{:?}", began.elapsed());
    assert!(ask("/healthz").is_err());
}
