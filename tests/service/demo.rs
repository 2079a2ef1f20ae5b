//! The demo: its reports show the province's own figures, its stamps one verdict each, and the README's walk goes through
//! it word for word.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::engine::{Engine, has, on_both};
use crate::province;

/// The real program, serving a demo that it filled before.
pub struct Demo {
    origin: String,
    pub samples: Vec<(String, String)>,
    program: Child,
    _folder: TempDir,
}

impl Demo {
    fn start(engine: Engine) -> Self {
        Self::over(province::demo(engine), &[], 8)
    }

    /// Over a database that was filled, with so many samples.
    pub fn over((folder, database_url): (TempDir, String), arguments: &[&str], samples_told: usize) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ocop"))
            .arg("demo")
            .args(arguments)
            .env("OCOP_DATABASE_URL", database_url)
            .env("OCOP_DATA_DIR", folder.path().join("data"))
            .env("OCOP_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut origin = None;
        let mut samples = Vec::new();
        while samples.len() < samples_told {
            let line = lines.next().expect("the demo says where it is").unwrap();
            if let Some((_, at)) = line.split_once("serves the demo at ") {
                origin = Some(at.trim().to_owned());
            } else if let Some((verdict, address)) = line.split_once("http").filter(|(_, rest)| rest.contains("/t/")) {
                samples.push((verdict.trim().to_owned(), format!("http{}", address.trim())));
            }
        }
        Self { origin: origin.expect("an address"), samples, program, _folder: folder }
    }

    fn get(&self, path: &str, token: Option<&str>) -> Value {
        let request = reqwest::blocking::Client::new().get(format!("{}{path}", self.origin));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    fn token(&self, username: &str) -> String {
        let form = json!({"username": username, "password": "ocop-demo-2020"});
        let answer: Value = reqwest::blocking::Client::new()
            .post(format!("{}/api/v1/auth/token", self.origin))
            .json(&form)
            .send()
            .unwrap()
            .json()
            .unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn the_demo_shows_the_provinces_figures_and_the_readmes_walk_goes_through_it() {
    on_both(|engine| {
        let demo = Demo::start(engine);
        figures(&demo);
        verdicts(&demo);
        qr(&demo);
        news(&demo);
        walk(&demo);
    });
}

/// One decision certifies many at one moment; readers of news keep apart what they are told.
fn news(demo: &Demo) {
    let told = reqwest::blocking::get(format!("{}/feed.atom", demo.origin)).unwrap().text().unwrap();
    let moments: Vec<&str> = crate::html::between(&told, "<updated>", "</updated>").into_iter().skip(1).collect();
    let seconds: BTreeSet<&str> = moments.iter().filter_map(|moment| moment.split('.').next()).collect();
    assert!(seconds.len() < moments.len(), "some were certified together");
    assert_eq!(moments.iter().collect::<BTreeSet<_>>().len(), moments.len());
}

/// What the province's own reports and notices say (2019, 2020).
fn figures(demo: &Demo) {
    let office = demo.token("office");
    let report = |year: i32, on: &str| {
        let cycles = demo.get(&format!("/api/v1/cycles?year={year}"), Some(&office));
        let id = cycles["items"][0]["id"].as_str().unwrap().to_owned();
        demo.get(&format!("/api/v1/cycles/{id}/report{on}"), Some(&office))
    };
    let of_2020 = report(2020, "");
    assert_eq!(of_2020["on"], "2020-12-31");
    assert_eq!(of_2020["ideas"]["registered"], 255);
    assert_eq!(of_2020["plans"]["approved"], 152);
    let millions = |name: &str| of_2020["plans"]["finance"][name].as_i64().unwrap() / 1_000_000;
    assert_eq!(
        [millions("own"), millions("loan"), millions("other"), millions("state_support"), millions("total")],
        [411_439, 98_752, 6_510, 113_386, 630_087]
    );
    assert_eq!(of_2020["products"]["certified"], 87);
    assert_eq!(of_2020["products"]["by_stars"], json!({"3": 83, "4": 4}));
    assert_eq!(of_2020["cumulative"], json!({"certified": 159, "valid": 159, "by_stars": {"3": 152, "4": 7}}));
    assert_eq!(of_2020["shops"], 16);
    let of_2019 = report(2019, "");
    assert_eq!(of_2019["products"]["certified"], 72);
    assert_eq!(of_2019["products"]["by_stars"], json!({"3": 69, "4": 3}));
    assert_eq!(of_2019["rounds"][0]["province"]["certified"], 9);
    let second = &of_2019["rounds"][1]["district"];
    assert_eq!(*second, json!({"scored": 76, "forwarded": 63, "by_stars": {"3": 61, "4": 2}}));
    assert_eq!(report(2019, "?on=2019-10-31")["stamps"], json!({"eligible": 88, "with_stamps": 67}));
    for report in [&of_2019, &of_2020] {
        for path in [
            "/ideas/registered",
            "/plans/approved",
            "/plans/finance/total",
            "/products/certified",
            "/cumulative/valid",
            "/shops",
        ] {
            let units = report["by_unit"].as_array().unwrap();
            assert_eq!(units.len(), 13);
            let sum: i64 = units.iter().map(|unit| unit.pointer(path).unwrap().as_i64().unwrap()).sum();
            assert_eq!(sum, report.pointer(path).unwrap().as_i64().unwrap(), "{path}");
        }
    }
}

pub fn verdicts(demo: &Demo) {
    for (told, address) in &demo.samples {
        let path = address.strip_prefix(&demo.origin).unwrap();
        let answer = demo.get(path, None);
        let (verdict, warning) =
            told.split_once(", ").map_or((told.as_str(), None), |(verdict, warning)| (verdict, Some(warning)));
        assert_eq!(answer["verdict"], verdict, "{told}");
        if let Some(warning) = warning {
            assert!(answer["warnings"].as_array().unwrap().contains(&json!(warning)), "{answer}");
        }
    }
    let told: std::collections::BTreeSet<&str> = demo.samples.iter().map(|(told, _)| told.as_str()).collect();
    assert_eq!(told.len(), demo.samples.len());
}

/// A decoder that is not ours reads the QR as the public address.
fn qr(demo: &Demo) {
    if !has("zbarimg", &["--version"]) {
        return;
    }
    let (_, address) = &demo.samples[0];
    let picture = reqwest::blocking::get(format!("{address}/qr.png")).unwrap().bytes().unwrap();
    let file = demo._folder.path().join("qr.png");
    std::fs::write(&file, picture).unwrap();
    let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&file).output().unwrap();
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(text.trim(), address.to_uppercase());
}

/// The commands of the README give the answers of the README.
fn walk(demo: &Demo) {
    walk_word_for_word(include_str!("../../README.md"), "## The whole path", &demo.origin);
}

/// Runs the commands that stand below a heading of a page, and holds what they print against what the page shows.
pub fn walk_word_for_word(page: &str, heading: &str, origin: &str) {
    if !["bash", "curl", "jq"].into_iter().all(|program| has(program, &["--version"])) {
        return;
    }
    let path = page.split_once(heading).expect("the page has the heading").1;
    let blocks = |language: &str| -> String {
        let fence = format!("```{language}\n");
        let pieces = path.split(fence.as_str()).skip(1);
        pieces.map(|rest| rest.split("```").next().unwrap()).collect()
    };
    let walked =
        Command::new("bash").args(["-euo", "pipefail", "-c", &blocks("bash")]).env("OCOP", origin).output().unwrap();
    let said = String::from_utf8(walked.stdout).unwrap();
    assert_eq!(said, blocks("text"), "{}", String::from_utf8_lossy(&walked.stderr));
}

#[test]
fn a_database_with_the_demos_passwords_is_served_only_where_somebody_says_so() {
    on_both(|engine| {
        let (folder, url) = crate::province::demo(engine);
        let serve = |arguments: &[&str], allow: &[(&str, &str)]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ocop"));
            command.arg("serve").args(arguments).envs(allow.iter().copied());
            command.env("OCOP_DATABASE_URL", &url).env("OCOP_DATA_DIR", folder.path().join("data"));
            // Where it would start, it cannot listen there: so it ends in any case.
            command.env("OCOP_LISTEN", "192.0.2.1:1").output().unwrap()
        };
        let said = |output: std::process::Output| {
            assert!(!output.status.success());
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        let refused = said(serve(&[], &[]));
        assert!(refused.contains("OCOP_ALLOW_DEMO_PASSWORDS") && !refused.contains("cannot listen"), "{refused}");
        assert!(said(serve(&[], &[("OCOP_ALLOW_DEMO_PASSWORDS", "0")])).contains("OCOP_ALLOW_DEMO_PASSWORDS"));
        for allowed in [("OCOP_ALLOW_DEMO_PASSWORDS", "true"), ("OCOP_ALLOW_DEMO_PASSWORDS", "1")] {
            assert!(said(serve(&[], &[allowed])).contains("cannot listen"));
        }
        assert!(said(serve(&["--allow-demo-passwords"], &[])).contains("cannot listen"));
        crate::engine::take_away(&url);
    });
}
