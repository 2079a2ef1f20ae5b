//! Before the conclusion nobody learns anything of another's marks: whatever one member does with the own sheet, every
//! answer that the others can get stays the same, byte for byte.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::engine::{Engine, on_both};
use crate::html::between;
use crate::province::{Person, Province, Templates};
use crate::routes::{Things, routes};
use crate::walk::{Candidate, Cast, Council, Walk};

const SECRET: &str = "nhận xét bí mật 7f3a";

struct Session {
    walk: Walk,
    council: Council,
    item: String,
    things: Things,
}

impl Session {
    /// A product that is being scored by a council of four.
    fn new(engine: Engine) -> Self {
        static SESSIONS: Templates<(Cast, (Council, String, Things))> = Templates::new();
        let (walk, (council, item, things)) = Walk::filled(engine, &SESSIONS, |walk| {
            let council = walk.council("439", 1, 4);
            let candidate = walk.handed_in(&walk.here, "Mật ong");
            let item = walk.agenda_item(&council, &candidate.dossier);
            let [survey, survey_file, report] = walk.prepared(&council, &item, "2021-02-22");
            walk.province.step(council.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
            let Candidate { idea, plan, product, dossier } = candidate;
            let things = Things::new([
                ("accounts", council.scorers[2].id.clone()),
                ("agenda-items", item.clone()),
                ("councils", council.id.clone()),
                ("cycles", walk.cycle.clone()),
                ("dossiers", dossier),
                ("group-reports", report),
                ("ideas", idea),
                ("plans", plan),
                ("producers", walk.here.producer_id.clone()),
                ("products", product),
                ("survey-files", survey_file),
                ("surveys", survey),
            ]);
            (council, item, things)
        });
        Self { walk, council, item, things }
    }

    /// Who it is whose marks are not to be known.
    fn member(&self) -> &Person {
        &self.council.scorers[2]
    }

    fn others(&self) -> Vec<(&'static str, &Person)> {
        let walk = &self.walk;
        vec![
            ("chair", self.council.chair()),
            ("vice-chair", &self.council.scorers[1]),
            ("another member", &self.council.scorers[3]),
            ("secretary", &self.council.secretary),
            ("office", &walk.here.officer),
            ("provincial office", &walk.office),
            ("commune", &walk.here.commune),
            ("producer", &walk.here.producer),
            ("signatory", &walk.signatory),
            ("inspector", &walk.inspector),
            ("supervisor", &walk.supervisor),
            ("administrator", &walk.admin),
        ]
    }

    /// Every answer that the others can get.
    fn seen(&self) -> BTreeMap<(&'static str, String), (u16, String)> {
        let mut seen = BTreeMap::new();
        for route in routes().iter().filter(|route| route.method == Method::GET && !route.is_public) {
            let kind = route.template.split('/').nth(1).unwrap();
            if route.template.contains('{') && !self.things.has(kind) {
                continue;
            }
            // Where one is signed in oneself, as by the browsers here, and a position that is another one each time, which has a
            // test of its own.
            if ["/auth/devices", "/changes"].contains(&route.template.as_str()) {
                continue;
            }
            let path = route.path(&self.things);
            for (who, person) in self.others() {
                let reply = self.walk.province.get(person, &path);
                assert!(!reply.text.contains(SECRET), "{path} tells {who} the member's remark");
                seen.insert((who, path.clone()), (reply.status.as_u16(), undated(reply.text)));
            }
        }
        for (who, person) in self.others() {
            let browser = Browser::of(&self.walk.province, person);
            let of_item = |screen: &str| format!("/desk/agenda-items/{}/{screen}", self.item);
            let of_council = |paper: &str| format!("/desk/councils/{}/{paper}", self.council.id);
            let of_item = ["sheet", "sheet-papers", "live", "hall"].map(of_item);
            let of_council = ["minutes", "session-papers"].map(of_council);
            let alone = ["/desk", "/desk/figures"].map(str::to_owned);
            for path in alone.into_iter().chain(of_item).chain(of_council) {
                let page = browser.get(&path);
                assert!(!page.text.contains(SECRET), "{path} tells {who} the member's remark");
                seen.insert((who, path), (page.status.as_u16(), without_keys(page.text)));
            }
            for (kind, id) in self.things.ids().filter(|(kind, _)| ocop::desk::kinds::find(kind).is_some()) {
                for path in [format!("/desk/{kind}"), format!("/desk/{kind}/{id}")] {
                    let page = browser.get(&path);
                    assert!(!page.text.contains(SECRET), "{path} tells {who} the member's remark");
                    seen.insert((who, path), (page.status.as_u16(), without_keys(page.text)));
                }
            }
        }
        assert!(seen.len() > 700, "{}", seen.len());
        seen
    }

    fn write(&self, sheet: Value) {
        let path = format!("/agenda-items/{}/sheet", self.item);
        let province: &Province = &self.walk.province;
        let version = province.get(self.member(), &path).ok()["version"].as_i64().unwrap();
        province.at_version(Method::PUT, self.member(), &path, version, sheet).ok();
    }

    fn step(&self, verb: &str) {
        let path = format!("/agenda-items/{}/sheet", self.item);
        self.walk.province.step(self.member(), &path, verb, json!({})).ok();
    }

    fn sheet(&self, total: u64) -> Value {
        let mut marks = self.walk.marks(total);
        marks[0]["remark"] = json!(SECRET);
        json!({"marks": marks})
    }

    fn gated(&self) -> Value {
        json!({"marks": [], "gate": {"criterion": "10.1", "reason": SECRET}})
    }
}

/// A page without the keys of its forms, which are others at each visit.
fn without_keys(page: String) -> String {
    let keys: Vec<String> =
        crate::html::between(&page, "name=\"key\" value=\"", "\"").into_iter().map(str::to_owned).collect();
    keys.into_iter().fold(page, |page, key| page.replace(&key, ""))
}

/// An answer without the moment of its making, which EPCIS documents and lists carry and which tells nothing of a session.
fn undated(text: String) -> String {
    ["\"creationDate\":\"", "\"as_of\":\""].into_iter().fold(text, |text, dated| {
        let Some((before, rest)) = text.split_once(dated) else { return text };
        let (_, after) = rest.split_once('"').unwrap();
        format!("{before}{after}")
    })
}

/// How the service fares, without when it did last what it does in a rhythm of its own.
fn without_rhythm(mut health: Value) -> String {
    for part in health["parts"].as_array_mut().unwrap() {
        part["last_success"].take();
        if part["state"] == "waiting" {
            part["state"] = json!("well");
        }
    }
    health.to_string()
}

#[track_caller]
fn same(
    before: &BTreeMap<(&'static str, String), (u16, String)>,
    after: &BTreeMap<(&'static str, String), (u16, String)>,
    may_differ: impl Fn(&str, &str) -> bool,
) {
    for ((who, path), answer) in after {
        if !may_differ(who, path) {
            assert_eq!(answer, &before[&(*who, path.clone())], "{path} tells {who} something");
        }
    }
}

#[test]
fn nothing_reveals_anothers_marks_before_the_conclusion() {
    on_both(|engine| {
        let session = Session::new(engine);
        let (walk, province) = (&session.walk, &session.walk.province);
        let item = format!("/agenda-items/{}", session.item);
        let nothing = |_: &str, _: &str| false;

        // What is not handed in yet is nobody's business at all.
        let unstarted = session.seen();
        session.write(session.sheet(45));
        same(&unstarted, &session.seen(), nothing);

        // That it was handed in, and nothing else, is known to who leads the session.
        session.write(session.sheet(60));
        session.step("submit");
        let submitted = session.seen();
        let page = format!("/desk{item}");
        let live = format!("{page}/live");
        let leads = |who: &str, path: &str| {
            matches!(who, "chair" | "secretary" | "office") && [&item, &page, &live].into_iter().any(|own| path == own)
        };
        same(&unstarted, &submitted, leads);
        for who in ["chair", "secretary", "office"] {
            let text = |seen: &BTreeMap<(&'static str, String), (u16, String)>| -> Value {
                serde_json::from_str(&seen[&(who, item.clone())].1).unwrap()
            };
            let (mut before, mut after) = (text(&unstarted), text(&submitted));
            let own = |answer: &Value| {
                let attendance = answer["attendance"].as_array().unwrap().clone();
                attendance.iter().position(|seat| seat["account_id"] == json!(session.member().id)).unwrap()
            };
            let place = own(&before);
            assert_eq!(before["attendance"][place]["submitted"].take(), json!(false));
            assert_eq!(after["attendance"][place]["submitted"].take(), json!(true));
            assert_eq!(before, after, "{who} learns more than that the sheet was handed in");
            let [before, after] = [&unstarted, &submitted].map(|seen| &seen[&(who, page.clone())].1);
            assert_eq!(&after.replacen("Đã nộp", "Chưa nộp", 1), before, "{who} reads more on the page");
            let [before, after] = [&unstarted, &submitted].map(|seen| &seen[&(who, live.clone())].1);
            let known = between(before, "data-seen=\"", "\"")[0];
            let told = between(after, "data-seen=\"", "\"")[0];
            let undone = after.replacen("Đã nộp", "Chưa nộp", 1).replacen("đã nộp: 1 /", "đã nộp: 0 /", 1);
            assert!(known != told && &undone.replacen(told, known, 1) == before, "{who} reads more in the room");
        }

        // Other marks, or a gate, look the same from outside.
        for sheet in [session.gated(), session.sheet(64)] {
            session.step("withdraw");
            session.write(sheet);
            session.step("submit");
            same(&submitted, &session.seen(), nothing);
        }
        for (who, person) in session.others() {
            for part in ["result", "sheets"] {
                let reply = province.get(person, &format!("{item}/{part}"));
                assert_eq!(reply.status, 404, "{who}: {}", reply.text);
            }
        }
        let refused = province.get(session.member(), &format!("{item}/sheets"));
        refused.refused(404, "not_concluded");

        // With the scoring closed: the count and the spread for who leads, no marks for anybody.
        for (number, total) in [(0, 62), (1, 63), (3, 66)] {
            walk.submit_sheet(&session.council.scorers[number], &session.item, total);
        }
        province.step(session.council.chair(), &item, "close-scoring", json!({})).ok();
        for ((who, path), (status, text)) in session.seen() {
            if path == item && status == 200 {
                let shown: Value = serde_json::from_str(&text).unwrap();
                let leads = ["chair", "secretary", "office"].contains(&who);
                assert_eq!(shown.get("tally").is_some(), leads, "{who}: {text}");
                if leads {
                    let tally = &shown["tally"];
                    assert_eq!((&tally["sheets"], &tally["spread"]), (&json!(4), &json!(4)));
                    assert!(!text.contains("\"marks\"") && !text.contains("\"total\""), "{text}");
                }
            }
            if path.ends_with("/result") || path.ends_with("/sheets") && path.starts_with("/agenda-items/") {
                assert_eq!(status, 404, "{path} as {who}: {text}");
            }
        }
        // Nobody rescores in order to read, and nobody but the members reads the council's sheets afterwards with names.
        province.step(session.council.chair(), &item, "conclude", json!({})).ok();
        for (who, person) in session.others() {
            let reply = province.get(person, &format!("{item}/sheets"));
            match who {
                "administrator" => assert_eq!(reply.status, 404),
                "chair" | "secretary" | "office" => assert!(reply.text.contains(&session.member().id), "{who}"),
                _ => {
                    assert_eq!(reply.status, 200, "{who}: {}", reply.text);
                    assert!(!reply.text.contains("account_id") && !reply.text.contains("Ông"), "{who}: {}", reply.text);
                }
            }
        }
    });
}

#[test]
fn anothers_sheet_cannot_be_written_or_sent() {
    on_both(|engine| {
        let session = Session::new(engine);
        let province = &session.walk.province;
        let sheet = format!("/agenda-items/{}/sheet", session.item);
        session.write(session.sheet(60));
        // Each has the own sheet under the same address; what one writes there is one's own.
        let other = &session.council.scorers[3];
        let shown = province.get(other, &sheet).ok();
        assert_eq!((&shown["version"], &shown["marks"]), (&json!(0), &json!([])));
        province
            .at_version(Method::POST, other, &format!("{sheet}/withdraw"), 0, json!({}))
            .refused(409, "wrong_state");
        province.at_version(Method::POST, other, &format!("{sheet}/submit"), 0, json!({})).refused(422, "invalid");
        for (who, person) in session.others() {
            if ["chair", "vice-chair", "another member"].contains(&who) {
                continue;
            }
            let put = province.raw(&Method::PUT, Some(person), &sheet, Some("*"), session.sheet(50).to_string());
            assert!(matches!(put.status.as_u16(), 403 | 404), "{who}: {}", put.text);
        }
        assert_eq!(province.get(session.member(), &sheet).ok()["total"], 60);
    });
}

#[test]
fn nothing_ever_tells_the_producer_who_gave_which_mark() {
    on_both(|engine| {
        let session = Session::new(engine);
        let (walk, province) = (&session.walk, &session.walk.province);
        let item = format!("/agenda-items/{}", session.item);
        // Each member's sheet is known by its total and its remark.
        let totals = [60, 61, 63, 66];
        for (place, (member, total)) in session.council.scorers.iter().zip(totals).enumerate() {
            let mut marks = walk.marks(total);
            marks[0]["remark"] = json!(format!("nhận xét số {place}"));
            walk.write_sheet(member, &session.item, &marks);
            province.step(member, &format!("{item}/sheet"), "submit", json!({})).ok();
        }
        province.step(session.council.chair(), &item, "close-scoring", json!({})).ok();
        province.step(session.council.chair(), &item, "conclude", json!({})).ok();
        let (mut marks_seen, mut answers) = (0, 0);
        for route in routes().iter().filter(|route| route.method == Method::GET && !route.is_public) {
            let kind = route.template.split('/').nth(1).unwrap();
            if route.template.contains('{') && !session.things.has(kind) {
                continue;
            }
            let path = route.path(&session.things);
            for who in [&walk.here.producer, &walk.here.commune] {
                let reply = province.get(who, &path);
                assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text);
                answers += 1;
                if !reply.text.contains("nhận xét số") {
                    continue;
                }
                marks_seen += 1;
                for (place, scorer) in session.council.scorers.iter().enumerate() {
                    assert!(!reply.text.contains(&scorer.id), "{path} names a member beside the marks");
                    let name = format!("Ông seat-439-1-{place}");
                    assert!(!reply.text.contains(&name), "{path} names a member beside the marks");
                }
                assert!(!reply.text.contains("submitted_at"), "{path} tells when a sheet came");
            }
        }
        assert!(marks_seen >= 4 && answers > 60, "{marks_seen} of {answers} show marks");
    });
}

/// What everybody can read: each public address without anything in it, with what says how old the answer is.
fn public(session: &Session) -> BTreeMap<String, (u16, String, Vec<String>)> {
    let mut seen = BTreeMap::new();
    for route in routes().iter().filter(|route| route.method == Method::GET && route.is_public) {
        // The catalogue of refusals is compiled in.
        if route.template.contains('{') || route.template == "/site/problems" {
            continue;
        }
        let path = route.path(&session.things);
        let reply = session.walk.province.public(&path);
        assert!(!reply.text.contains(SECRET), "{path} tells the member's remark");
        let dated = ["etag", "last-modified", "content-length"].map(|name| format!("{:?}", reply.headers.get(name)));
        let (told, dated) = match route.template.as_str() {
            "/readyz" => (without_rhythm(reply.json()), Vec::new()),
            _ => (undated(reply.text), dated.to_vec()),
        };
        seen.insert(path, (reply.status.as_u16(), told, dated));
    }
    assert!(seen.len() > 20 && seen.contains_key("/public/seals"), "{:?}", seen.keys());
    seen
}

#[test]
fn nothing_public_and_no_count_changes_while_a_member_works() {
    on_both(|engine| {
        let mut session = Session::new(engine);
        session.walk.province.restart(&["--metrics-listen", "127.0.0.1:0"]);
        session.walk.province.seal();
        let metrics = |session: &Session| -> Vec<String> {
            let address = session.walk.province.metrics_address();
            let text = reqwest::blocking::get(format!("http://{address}/metrics")).unwrap().text().unwrap();
            // How many statements the database was given grows by itself, as by the sealer, and so does when that was done last.
            // What waits for the database and what is left of the disk tell that somebody works, and not who at what.
            let grow = [
                "ocop_database_statements_total",
                "ocop_database_wait_seconds",
                "ocop_database_log_bytes",
                "ocop_disk_free_bytes",
                "ocop_duty_due_seconds",
                "ocop_duty_last_success_seconds",
            ];
            let stays = |line: &&str| !grow.iter().any(|name| line.starts_with(name));
            text.lines().filter(stays).map(str::to_owned).collect()
        };
        let before = public(&session);
        let works: [&dyn Fn(); 4] = [
            &|| session.write(session.sheet(45)),
            &|| {
                session.write(session.sheet(60));
                session.step("submit");
            },
            &|| session.step("withdraw"),
            &|| {
                session.write(session.gated());
                session.step("submit");
            },
        ];
        for work in works {
            let counted = metrics(&session);
            work();
            assert_eq!(metrics(&session), counted, "a count tells of the member's work");
            assert_eq!(public(&session), before);
        }
    });
}

#[test]
fn seals_tell_nothing_of_a_members_work() {
    let mut session = Session::new(Engine::Sqlite);
    session.walk.province.restart(&["--seal-every", "1"]);
    let newest =
        |session: &Session| -> Value { session.walk.province.public("/public/seals?limit=1").ok()["items"][0].clone() };
    let number = |seal: &Value| seal["number"].as_i64().unwrap_or(0);
    let first = number(&newest(&session));
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while number(&newest(&session)) < first + 2 {
        assert!(std::time::Instant::now() < end, "a seal each second");
    }
    // Seals come while nothing happens and while a member writes, each at a full second; their shape is the same.
    session.write(session.sheet(60));
    session.step("submit");
    session.step("withdraw");
    while number(&newest(&session)) < first + 5 {
        assert!(std::time::Instant::now() < end, "a seal each second");
    }
    let seals = session.walk.province.public("/public/seals?limit=100").ok()["items"].as_array().unwrap().clone();
    let at = |seal: &Value| chrono::DateTime::parse_from_rfc3339(seal["at"].as_str().unwrap()).unwrap();
    let recent: Vec<&Value> = seals.iter().filter(|seal| number(seal) > first).collect();
    for pair in recent.windows(2) {
        assert_eq!((at(pair[0]) - at(pair[1])).num_microseconds().unwrap() % 1_000_000, 0, "{pair:?}");
        assert_eq!(pair[0].as_object().unwrap().len(), pair[1].as_object().unwrap().len());
    }
}

#[test]
fn the_history_of_an_item_names_nobody_to_who_is_not_of_the_council() {
    on_both(|engine| {
        let session = Session::new(engine);
        let (walk, province, council) = (&session.walk, &session.walk.province, &session.council);
        let item = format!("/agenda-items/{}", session.item);
        let history = format!("{item}/history");
        let outsiders = [("producer", &walk.here.producer), ("commune", &walk.here.commune)];
        let told = |person: &Person| -> Vec<Value> { province.all(person, &history) };
        let before: Vec<Value> = told(&walk.here.producer);

        const WHY: &str = "ốm nặng, lý do riêng 91c";
        let absent = json!({"account_id": council.scorers[3].id, "reason": WHY});
        province.step(&council.secretary, &item, "absent", absent).ok();
        province.step(&council.secretary, &item, "present", json!({"account_id": council.scorers[3].id})).ok();
        province.step(&council.scorers[1], &item, "recuse", json!({"reason": WHY})).ok();
        for (who, person) in outsiders {
            assert_eq!(told(person), before, "{who} is told who was not there");
            assert!(!province.get(person, &item).text.contains(WHY), "{who}");
        }
        let verbs = |person: &Person| -> Vec<String> {
            told(person).iter().map(|step| step["verb"].as_str().unwrap().to_owned()).collect()
        };
        for insider in [council.chair(), &council.secretary, &walk.here.officer] {
            assert!(verbs(insider).ends_with(&["absent".into(), "present".into(), "recuse".into()]));
        }

        for (number, total) in [(0, 50), (2, 60), (3, 55)] {
            walk.submit_sheet(&council.scorers[number], &session.item, total);
        }
        province.step(council.chair(), &item, "close-scoring", json!({})).ok();
        let vote = json!({"reason": WHY, "votes_for": 3, "votes_against": 0});
        province.step(council.chair(), &item, "rescore", vote).ok();
        for (who, person) in outsiders {
            let steps = told(person);
            let text = serde_json::to_string(&steps).unwrap();
            assert!(!text.contains(WHY), "{who} is told why it was scored again: {text}");
            assert!(council.scorers.iter().all(|member| !text.contains(&member.id)), "{who}: {text}");
            assert!(steps.iter().any(|step| step["verb"] == "rescore" && step["who"].is_null()), "{who}: {text}");
        }

        for (number, total) in [(0, 60), (2, 61), (3, 62)] {
            walk.submit_sheet(&council.scorers[number], &session.item, total);
        }
        province.step(council.chair(), &item, "close-scoring", json!({})).ok();
        province.step(council.chair(), &item, "conclude", json!({})).ok();
        for (who, person) in outsiders {
            let steps = told(person);
            let text = serde_json::to_string(&steps).unwrap();
            // As in the export: why it was scored again, and never who was not there.
            let again = steps.iter().find(|step| step["verb"] == "rescore").unwrap();
            assert!(again["note"].as_str().unwrap().contains(WHY), "{who}: {text}");
            assert!(!["absent", "present", "recuse"].iter().any(|verb| verbs(person).contains(&(*verb).to_owned())));
            assert!(council.scorers.iter().all(|member| !text.contains(&member.id)), "{who}: {text}");
        }
    });
}
