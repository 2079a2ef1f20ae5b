//! Twenty clients at one item: whatever they do at once, there is one result, no sheet is lost and each attempt is
//! counted once.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Reply};
use crate::side_by_side::Dice;
use crate::walk::Walk;

const CLIENTS: usize = 20;
const TRIES: u64 = 25;

/// What was answered with success: by whom, what, and the answer.
#[derive(Debug)]
struct Done {
    client: usize,
    verb: &'static str,
    answer: Value,
}

#[test]
fn twenty_clients_at_once_leave_one_result_and_lose_no_sheet() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 7);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let resource = format!("/agenda-items/{item}");
        walk.province.step(council.chair(), &resource, "open-scoring", json!({})).ok();
        let sheets: Vec<Value> = (55..=62).map(|total| walk.marks(total)).collect();
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (walk, council, resource, sheets, done) = (&walk, &council, &resource, &sheets, &done);
                scope.spawn(move || {
                    let mut dice = Dice::new(u64::try_from(client).unwrap() + 1);
                    for _ in 0..TRIES {
                        // Fourteen clients score, two for each member; six lead.
                        let (verb, reply) = if client < 14 {
                            score(walk, &council.scorers[client % 7], resource, sheets, &mut dice)
                        } else {
                            lead(walk, council.chair(), resource, &mut dice)
                        };
                        let status = reply.status.as_u16();
                        assert!([200, 403, 404, 409, 412, 422].contains(&status), "{verb}: {status} {}", reply.text);
                        if status == 200 && verb != "read" {
                            let answer = reply.json();
                            done.lock().unwrap().push(Done { client, verb, answer });
                        }
                    }
                });
            }
        });
        let done = done.into_inner().unwrap();
        finish(&walk, &council, &resource, &sheets[0]);
        verify(&walk, &council, &resource, &done);
    });
}

fn score(walk: &Walk, member: &Person, resource: &str, sheets: &[Value], dice: &mut Dice) -> (&'static str, Reply) {
    let sheet = format!("{resource}/sheet");
    let seen = walk.province.get(member, &sheet);
    if seen.status != 200 {
        return ("read", seen);
    }
    let version = seen.json()["version"].as_i64().unwrap();
    match dice.roll(5) {
        0 | 1 => {
            let marks = &sheets[dice.roll(8)];
            ("write", walk.province.at_version(Method::PUT, member, &sheet, version, json!({"marks": marks})))
        }
        2 | 3 => {
            ("submit", walk.province.at_version(Method::POST, member, &format!("{sheet}/submit"), version, json!({})))
        }
        _ => (
            "withdraw",
            walk.province.at_version(Method::POST, member, &format!("{sheet}/withdraw"), version, json!({})),
        ),
    }
}

fn lead(walk: &Walk, chair: &Person, resource: &str, dice: &mut Dice) -> (&'static str, Reply) {
    let version = walk.province.get(chair, resource).ok()["version"].as_i64().unwrap();
    let post = |verb: &str, body: Value| {
        walk.province.at_version(Method::POST, chair, &format!("{resource}/{verb}"), version, body)
    };
    match dice.roll(8) {
        0..=2 => ("close-scoring", post("close-scoring", json!({}))),
        3..=5 => {
            let vote = json!({"reason": "Hội đồng biểu quyết chấm lại", "votes_for": 7, "votes_against": 0});
            ("rescore", post("rescore", vote))
        }
        _ => ("conclude", post("conclude", json!({}))),
    }
}

/// Brings the item to its conclusion, from wherever the clients left it.
fn finish(walk: &Walk, council: &crate::walk::Council, resource: &str, marks: &Value) {
    let chair = council.chair();
    let step = |verb: &str, body: Value| walk.province.step(chair, resource, verb, body);
    if step("conclude", json!({})).status == 200 {
        return;
    }
    if walk.province.get(chair, resource).ok()["state"] == "scored" {
        step("rescore", json!({"reason": "Chấm lại", "votes_for": 7, "votes_against": 0})).ok();
    }
    if walk.province.get(chair, resource).ok()["state"] == "concluded" {
        return;
    }
    let sheet = format!("{resource}/sheet");
    for member in &council.scorers {
        let seen = walk.province.get(member, &sheet).ok();
        if seen["state"] != "submitted" {
            let version = seen["version"].as_i64().unwrap();
            walk.province.at_version(Method::PUT, member, &sheet, version, json!({"marks": marks})).ok();
            walk.province.step(member, &sheet, "submit", json!({})).ok();
        }
    }
    step("close-scoring", json!({})).ok();
    step("conclude", json!({})).ok();
}

fn verify(walk: &Walk, council: &crate::walk::Council, resource: &str, done: &[Done]) {
    let history = walk.province.all(&council.office, &format!("{resource}/history"));
    let count = |verb: &str| history.iter().filter(|step| step["verb"] == verb).count();
    assert_eq!(count("conclude"), 1, "one result");
    let item = walk.province.get(&council.office, resource).ok();
    let attempts = usize::try_from(item["attempt"].as_u64().unwrap()).unwrap();
    assert_eq!(attempts, 1 + count("rescore"), "each attempt is counted once");
    assert_eq!(count("close-scoring"), attempts, "each attempt was closed once");
    let versions: Vec<usize> =
        history.iter().map(|step| usize::try_from(step["version"].as_u64().unwrap()).unwrap()).collect();
    assert_eq!(versions, (1..=history.len()).collect::<Vec<_>>());

    // A success that was told is in the history, and none twice.
    for verb in ["close-scoring", "rescore", "conclude"] {
        let mut told: Vec<u64> =
            done.iter().filter(|done| done.verb == verb).map(|done| done.answer["version"].as_u64().unwrap()).collect();
        let all = told.len();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), all, "{verb} was told twice for one version");
        for version in told {
            let step = history.iter().find(|step| step["version"] == version).unwrap();
            assert_eq!(step["verb"], verb);
        }
    }

    // The last success that a member was told of the last attempt is what stands, unless the end of this test went on.
    let attempt = item["attempt"].clone();
    let mut last: BTreeMap<usize, &Value> = BTreeMap::new();
    let of_attempt = done.iter().filter(|done| done.client < 14 && done.answer["attempt"] == attempt);
    for Done { client, answer, .. } in of_attempt {
        let known = last.entry(client % 7).or_insert(answer);
        if known["version"].as_u64() < answer["version"].as_u64() {
            *known = answer;
        }
    }
    let (mut sum, mut submitted) = (0, 0);
    for (place, member) in council.scorers.iter().enumerate() {
        let now = walk.province.get(member, &format!("{resource}/sheet")).ok();
        if let Some(told) = last.get(&place) {
            assert!(told["version"].as_u64() <= now["version"].as_u64(), "a sheet was lost: {told} became {now}");
            if told["version"] == now["version"] {
                assert_eq!((&told["state"], &told["marks"]), (&now["state"], &now["marks"]));
            }
        }
        if now["state"] == "submitted" {
            assert_eq!(now["complete"], true);
            sum += now["total"].as_i64().unwrap();
            submitted += 1;
        }
    }
    let result = walk.province.get(&council.office, &format!("{resource}/result")).ok();
    assert_eq!((&result["sum"], &result["sheets"], &result["attempt"]), (&json!(sum), &json!(submitted), &attempt));
    let shown = walk.province.all(&council.office, &format!("{resource}/sheets"));
    assert_eq!(shown.len(), usize::try_from(submitted).unwrap());
}
