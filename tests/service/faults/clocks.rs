//! A machine whose clock is wrong, by libfaketime: it is told, nothing is dated before what is there, and nobody's token lives longer.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::blocking::{Client, get};
use serde_json::{Value, json};

use super::until;
use crate::engine::{Engine, has, on_both};
use crate::program::Program;
use crate::province::{PASSWORD, empty};

/// One instance whose clock is ahead by so many seconds. Dropping it stops it.
struct Instance {
    child: Child,
    address: String,
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Instance {
    fn ahead(program: &Program, seconds: u32) -> Self {
        let served = program.command(&["serve", "--seal-every", "1"]);
        let mut command = Command::new(served.get_program());
        command.args(served.get_args()).env("OCOP_LOG", "info").env("NO_COLOR", "1").stderr(Stdio::piped());
        for (name, value) in served.get_envs().filter(|(name, _)| *name != "OCOP_LOG") {
            command.env(name, value.unwrap_or_default());
        }
        if seconds > 0 {
            let libraries = std::fs::read_dir("/usr/lib").unwrap();
            let mut found = libraries.map(|folder| folder.unwrap().path().join("faketime/libfaketime.so.1"));
            let library: PathBuf = found.find(|path| path.exists()).expect("libfaketime");
            command.env("LD_PRELOAD", library).env("FAKETIME", format!("+{seconds}s")).env("DONT_FAKE_MONOTONIC", "1");
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("it serves").unwrap();
            if let Some((_, rest)) = line.split_once("address=") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn state(&self, part: &str) -> String {
        let told: Value = get(format!("http://{}/readyz", self.address)).unwrap().json().unwrap();
        let parts = told["parts"].as_array().unwrap_or_else(|| panic!("{told}"));
        let found = parts.iter().find(|found| found["name"] == part).unwrap_or_else(|| panic!("{told}"));
        found["state"].as_str().unwrap().to_owned()
    }

    fn token(&self) -> String {
        let form = json!({"username": "admin", "password": PASSWORD});
        let answer =
            Client::new().post(format!("http://{}/api/v1/auth/token", self.address)).json(&form).send().unwrap();
        answer.json::<Value>().unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    fn takes(&self, token: &str) -> u16 {
        let asked = Client::new().get(format!("http://{}/api/v1/me", self.address)).bearer_auth(token);
        asked.send().unwrap().status().as_u16()
    }
}

#[test]
fn a_clock_that_is_wrong_is_told_and_its_tokens_are_no_good_elsewhere() {
    if !has("faketime", &["--version"]) {
        return;
    }
    on_both(|engine| {
        let (folder, database_url) = empty(engine);
        let program = Program::new(&database_url, &folder.path().join("data"));
        let later = {
            let ahead = Instance::ahead(&program, 3600);
            until("it seals", || ahead.state("sealer") == "well");
            // SQLite has no other clock.
            let state = if engine == Engine::Postgresql { "failing" } else { "well" };
            until("its clock is held against the database's", || ahead.state("clock") == state);
            let token = ahead.token();
            assert_eq!(ahead.takes(&token), 200);
            token
        };
        let right = Instance::ahead(&program, 0);
        until("the newest seal is of later", || right.state("clock") == "failing");
        assert_eq!(right.takes(&later), 401);
        assert_eq!(right.takes(&right.token()), 200);
        program.ok(&["audit", "verify"]);
    });
}
