//! Whoever alters the database behind the service's back is found by `ocop audit verify`; what the service itself does, and
//! the erasing of a note, is in order.

use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use ocop::base::id::{AnyId, SheetId};
use ocop::db::schema::{history, sheets};
use ocop::db::{Address, AnyConnection};
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::province::Province;
use crate::traceability::{Chain, event, tell, with};
use crate::walk::{Walk, id};

/// What `ocop audit verify` says, and whether it is content.
pub fn verify(province: &Province) -> (bool, String) {
    verify_with(province, &[])
}

/// The same, by what was kept outside.
pub fn verify_with(province: &Province, kept: &[&str]) -> (bool, String) {
    let told = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(["audit", "verify"])
        .args(kept)
        .env("OCOP_DATABASE_URL", &province.database_url)
        .env("OCOP_DATA_DIR", province.app.data_dir.as_path())
        .env("OCOP_LOG", "error")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.status.code(), Some(i32::from(!said.contains("all in order"))), "{said} {told:?}");
    (told.status.success(), said)
}

#[track_caller]
fn in_order(province: &Province) {
    let (is_content, said) = verify(province);
    assert!(is_content, "{said}");
}

fn connect(province: &Province) -> AnyConnection {
    province.database_url.parse::<Address>().unwrap().connect().unwrap()
}

/// A connection of somebody who can write to the database, and so can also switch off what it checks.
fn connect_unchecked(province: &Province, engine: Engine) -> AnyConnection {
    let mut connection = connect(province);
    let unchecked = match engine {
        Engine::Sqlite => "PRAGMA foreign_keys = OFF",
        Engine::Postgresql => "SET session_replication_role = replica",
    };
    connection.batch_execute(unchecked).unwrap();
    connection
}

/// An id as the engine writes it.
fn literal(engine: Engine, id: &str) -> String {
    match engine {
        Engine::Sqlite => format!("X'{}'", id.replace('-', "")),
        Engine::Postgresql => format!("'{id}'::uuid"),
    }
}

/// A row of a table, by a condition that stays true whatever is altered.
struct Row<'a> {
    table: &'a str,
    place: String,
}

/// Alters rows, or deletes them, sees that it is found and named, and puts them back.
fn tamper(province: &Province, connection: &mut AnyConnection, row: &Row, change: Option<&str>, named: &str) {
    let Row { table, place } = row;
    let change = match change {
        Some(change) => format!("UPDATE {table} SET {change} WHERE {place}"),
        None => format!("DELETE FROM {table} WHERE {place}"),
    };
    let before = format!("CREATE TEMPORARY TABLE kept AS SELECT * FROM {table} WHERE {place}");
    connection.batch_execute(&before).unwrap();
    connection.batch_execute(&change).unwrap();
    let (is_content, said) = verify(province);
    assert!(
        !is_content && said.lines().any(|line| line.starts_with(named)),
        "{change}\n{named} is not named in\n{said}"
    );
    let back = format!("DELETE FROM {table} WHERE {place}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept");
    connection.batch_execute(&back).unwrap();
}

#[test]
fn whoever_alters_or_deletes_a_row_is_found() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let district = walk.council("439", 1, 3);
        let item = walk.sent_up(&district, &candidate, 60);
        walk.province.seal();
        let upper = walk.council("42", 1, 3);
        let upper = walk.rated(&upper, &candidate, 72);
        let decision = walk.recognised(&[&upper], "1/QĐ-UBND");
        let certificates = walk.province.all(&walk.office, &format!("/certificates?product_id={}", candidate.product));
        let certificate = id(&certificates[0]);
        let returned = walk.submitted_idea(&walk.here, "Ý tưởng");
        walk.province
            .step(&walk.here.commune, &format!("/ideas/{returned}"), "return", json!({"note": "Ghi rõ hơn"}))
            .ok();
        walk.province.seal();
        in_order(&walk.province);

        let connection = &mut connect_unchecked(&walk.province, engine);
        let sheet: SheetId = sheets::table.order(sheets::id).select(sheets::id).first(connection).unwrap();
        let sheet = sheet.to_string();
        let sql = |id: &str| literal(engine, id);
        let row = |table, id: &str| Row { table, place: format!("id = {}", sql(id)) };
        let step = |id: &str, version| Row {
            table: "history",
            place: format!("resource_id = {} AND version = {version}", sql(id)),
        };
        let result = |id: &str| Row { table: "results", place: format!("agenda_item_id = {}", sql(id)) };
        let of_decision = Row { table: "decision_items", place: format!("decision_id = {}", sql(&decision)) };
        let seal = |number: i64| Row { table: "seals", place: format!("number = {number}") };
        let last_seal = ocop::audit::seal_store::latest(connection).unwrap().unwrap().number;
        assert!(last_seal >= 2);

        let zeros = match engine {
            Engine::Sqlite => format!("X'{}'", "00".repeat(32)),
            Engine::Postgresql => format!("'\\x{}'::bytea", "00".repeat(32)),
        };
        let commitment = format!("commitment = {zeros}");
        let digest = format!("digest = {zeros}");
        let head = format!("head = {zeros}");
        let cases: Vec<(Row, Option<&str>, String)> = vec![
            (row("sheets", &sheet), Some("total = total - 1"), format!("sheet {sheet} version 2: ")),
            (row("sheets", &sheet), Some("state = 'draft'"), format!("sheet {sheet} version 2: ")),
            (row("sheets", &sheet), Some("salt = NULL"), format!("sheet {sheet} version 2: ")),
            (row("sheets", &sheet), Some(&commitment), format!("sheet {sheet} version 2: ")),
            (row("sheets", &sheet), Some("version = 3"), format!("sheet {sheet} version 2: ")),
            (row("sheets", &sheet), None, format!("sheet {sheet} version 2: the row is gone")),
            (result(&item), Some("sum = sum + 1"), format!("agenda_item {item} version 4: ")),
            (result(&item), Some("stars = 5"), format!("agenda_item {item} version 4: ")),
            (result(&item), None, format!("agenda_item {item} version 4: ")),
            (row("certificates", &certificate), Some("stars = 5"), format!("certificate {certificate} version 1: ")),
            (row("certificates", &certificate), None, format!("certificate {certificate} version 1: the row is gone")),
            (row("decisions", &decision), Some("signed_on = '2021-01-01'"), format!("decision {decision} version 2: ")),
            (of_decision, Some("stars = 5"), format!("decision {decision} version 2: ")),
            (step(&returned, 2), Some("verb = 'create'"), format!("idea {returned} version 2: ")),
            (step(&returned, 2), Some("account_id = NULL"), format!("idea {returned} version 2: ")),
            (step(&returned, 2), Some(&digest), format!("idea {returned} version 2: ")),
            (step(&returned, 2), Some("digest = NULL"), format!("idea {returned} version 2: ")),
            (step(&returned, 1), None, format!("idea {returned} version 2: the step 1 is missing")),
            (step(&returned, 2), None, format!("idea {returned} version 3: the step 2 is missing")),
            (step(&returned, 3), None, format!("idea {returned} version 2: ")),
            (step(&returned, 3), Some("note = 'Khác'"), format!("idea {returned} version 3: its note")),
            (step(&returned, 3), Some("note = NULL"), format!("idea {returned} version 3: its note")),
            (step(&returned, 3), Some("seal = 1"), format!("seal {last_seal}: ")),
            (step(&returned, 3), Some("seal = 4242"), "seal 4242: the seal is gone".into()),
            (seal(1), Some("entries = entries + 1"), "seal 1: it covers".into()),
            (seal(1), Some(&head), "seal 1: its signature".into()),
            (seal(1), Some("key_id = 'x'"), "seal 1: its signature".into()),
            (seal(1), None, "seal 2: the seal 1 is missing".into()),
            (seal(last_seal), None, format!("seal {last_seal}: the seal is gone")),
        ];
        for (row, change, named) in &cases {
            tamper(&walk.province, connection, row, *change, named);
        }
        in_order(&walk.province);

        // All steps of a resource at once, and its row with them: the seals still know.
        let all = Row { table: "history", place: format!("resource_id = {}", sql(&returned)) };
        tamper(&walk.province, connection, &all, None, &format!("idea {returned}: the row is there"));
        tamper(&walk.province, connection, &all, None, &format!("seal {last_seal}: it covers"));

        // A note is erased with its salt, and nothing is broken.
        let erase = format!("UPDATE history SET note = NULL, note_salt = NULL WHERE {}", step(&returned, 3).place);
        connection.batch_execute(&erase).unwrap();
        let noted: i64 = history::table.filter(history::note.is_not_null()).count().get_result(connection).unwrap();
        assert!(noted > 0);
        in_order(&walk.province);
    });
}

#[test]
fn whoever_alters_a_lot_or_what_happened_to_it_is_found() {
    on_both(|engine| {
        let chain = Chain::new(engine);
        let (walk, province) = (&chain.walk, &chain.walk.province);
        let producer = &walk.here.producer;
        let say = |event| id(&tell(walk, &walk.here, &chain.made, event).created());
        let paper = walk.document(&walk.here, &chain.jars.product);
        let tested = say(with(event("test", "2021-02-20T05:00:00Z"), json!({"documents": [paper]})));
        let buyer = json!({"quantity": 3, "destination": {"name": "Chợ Gôi", "address": "Hương Sơn"}});
        let sold = say(with(event("sell", "2021-02-21T06:00:00Z"), buyer));
        let why = json!({"corrects": sold, "note": "Nhầm", "quantity": 5});
        let mended = say(with(event("sell", "2021-02-21T06:00:00Z"), why));
        let forgotten = walk.lot(&walk.here, &chain.jars.product, "G-3");
        province.step(producer, &format!("/lots/{}", chain.made), "inputs", json!({"inputs": [forgotten]})).ok();
        in_order(province);

        // The recall reaches the lots of the graph; the one that is made of them afterwards inherits it.
        let reason = json!({"note": "Nhiễm khuẩn"});
        province.step(&walk.office, &format!("/lots/{}", chain.raw), "recall", reason).ok();
        let late = with(walk.lot_form(&chain.jars.product, "H-3"), json!({"inputs": [chain.made]}));
        let late = id(&province.post(producer, "/lots", late).created());
        in_order(province);
        let last = |person, lot: &str| {
            let lot = province.get(person, &format!("/lots/{lot}")).ok();
            (lot["state"] == "recalled").then(|| lot["version"].as_i64().unwrap()).expect("it is recalled")
        };

        let connection = &mut connect_unchecked(province, engine);
        let sql = |id: &str| literal(engine, id);
        let row = |table, id: &str| Row { table, place: format!("id = {}", sql(id)) };
        let made = format!("lot {} version {}: ", chain.made, last(producer, &chain.made));
        let raw = format!("lot {} version {}: ", chain.raw, last(&walk.office, &chain.raw));
        let late = (format!("lot {late} version {}: ", last(producer, &late)), late);
        let input = |lot: &str, input: &str| Row {
            table: "lot_inputs",
            place: format!("lot_id = {} AND input_id = {}", sql(lot), sql(input)),
        };
        let shown = Row { table: "lot_event_documents", place: format!("event_id = {}", sql(&tested)) };
        let released = Row { table: "lot_events", place: format!("lot_id = {}", sql(&chain.raw)) };
        let later = match engine {
            Engine::Sqlite => "at = at + 1",
            Engine::Postgresql => "at = at + interval '1 microsecond'",
        };
        let moved = format!("lot_id = {}", sql(&forgotten));
        let cases: Vec<(Row, Option<&str>, &str)> = vec![
            (row("lot_events", &sold), Some("quantity = quantity + 1"), &made),
            (row("lot_events", &sold), Some("buyer_name = 'Khác'"), &made),
            (row("lot_events", &mended), Some("corrects_id = NULL"), &made),
            (row("lot_events", &mended), None, &made),
            (row("lot_events", &tested), Some("note = 'Đạt'"), &made),
            (row("lot_events", &tested), Some(later), &made),
            (row("lot_events", &tested), Some(&moved), &made),
            (row("lot_events", &tested), None, &made),
            (released, None, &raw),
            (shown, None, &made),
            (row("lots", &chain.made), Some("expires_on = '2031-01-01'"), &made),
            (row("lots", &chain.made), Some("quantity = quantity + 1"), &made),
            (row("lots", &chain.made), Some("code = 'H-9'"), &made),
            (row("lots", &chain.made), Some("recalled_at = NULL, recall_reason = NULL"), &made),
            (row("lots", &chain.raw), Some("recall_reason = 'Khác'"), &raw),
            (row("lots", &late.1), Some("recall_origin_id = NULL"), &late.0),
            (row("lots", &late.1), None, &late.0),
            (input(&chain.made, &chain.filtered), None, &made),
            (input(&chain.made, &forgotten), None, &made),
            (input(&late.1, &chain.made), None, &late.0),
        ];
        for (row, change, named) in &cases {
            tamper(province, connection, row, *change, named);
        }
        in_order(province);
    });
}

#[test]
fn a_database_from_before_the_chain_is_chained_once() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let district = walk.council("439", 1, 3);
        let item = walk.sent_up(&district, &candidate, 60);
        walk.province.seal();
        let mut connection = connect(&walk.province);
        let unchained = "DELETE FROM history WHERE resource = 'sheet'; \
            UPDATE history SET digest = NULL, content = NULL, note_salt = NULL, note_digest = NULL, seal = NULL; \
            UPDATE sheets SET salt = NULL, commitment = NULL; DELETE FROM seals";
        let marks = "DELETE FROM settings WHERE name IN ('audit:chained', 'identity')";
        walk.province.stop();
        connection.batch_execute(&format!("{unchained}; {marks}")).unwrap();
        let storage = walk.province.storage();
        std::fs::remove_file(storage.data_dir.join("files/identity")).unwrap();
        // No start chains it; a command does, once.
        assert!(ocop::app::open(&storage, "").is_err());
        assert!(ocop::app::adopt(&storage, ocop::verify::Adoption::Once).unwrap() > 0);
        assert_eq!(ocop::app::adopt(&storage, ocop::verify::Adoption::Once).unwrap(), 0);
        walk.province.restart(&[]);
        walk.province.seal();
        in_order(&walk.province);
        // What goes on from there is in order, and what was before is held fast.
        walk.submitted_idea(&walk.here, "Ý tưởng");
        walk.province.seal();
        in_order(&walk.province);
        let change = format!("UPDATE results SET sum = sum + 1 WHERE agenda_item_id = {}", literal(engine, &item));
        connection.batch_execute(&change).unwrap();
        let (is_content, said) = verify(&walk.province);
        assert!(!is_content && said.contains(&format!("agenda_item {item}")), "{said}");
    });
}

#[test]
fn seals_are_public_signed_and_tell_nothing_else() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        walk.province.seal();
        let before = walk.province.public("/public/seals?limit=1").ok()["items"][0]["number"].as_i64().unwrap();
        walk.submitted_idea(&walk.here, "Ý tưởng");
        walk.province.seal();
        let keys = walk.province.public("/.well-known/jwks.json").ok();
        let bytes = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
        let (mut seals, mut path) = (Vec::new(), "/public/seals?limit=1".to_owned());
        loop {
            let page = walk.province.public(&path).ok();
            seals.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/public/seals?limit=1&after={next}");
        }
        seals.reverse();
        assert!(i64::try_from(seals.len()).unwrap() > before);
        let mut previous = json!("0".repeat(64));
        for (seal, number) in seals.iter().zip(1..) {
            let names: Vec<&str> = seal.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, ["number", "at", "head", "previous", "key_id", "signature"]);
            assert_eq!((&seal["number"], &seal["previous"]), (&json!(number), &previous));
            previous = seal["head"].clone();
            let at = chrono::DateTime::parse_from_rfc3339(seal["at"].as_str().unwrap()).unwrap().timestamp_micros();
            let text = format!("ocop-seal\0[{number},{at},{},{}]", seal["previous"], seal["head"]);
            let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == seal["key_id"]).unwrap();
            let key = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, bytes(&key["x"]));
            key.verify(text.as_bytes(), &bytes(&seal["signature"])).expect("the seal is signed");
        }
        let last = seals.last().unwrap();
        assert_eq!(walk.province.public("/public/seals?on=2021-02-22").ok()["items"], json!([last]));
        assert_eq!(walk.province.public("/public/seals?on=2021-02-21").ok()["items"], json!([]));
        // The seal of a resource is the one of its latest step.
        let mut connection = connect(&walk.province);
        let (idea, number): (AnyId, Option<i64>) = history::table
            .filter(history::resource.eq("idea"))
            .order((history::resource_id.desc(), history::version.desc()))
            .select((history::resource_id, history::seal))
            .first(&mut connection)
            .unwrap();
        let seal = ocop::audit::seal_store::of(&mut connection, ocop::audit::Resource::Idea, idea).unwrap();
        assert_eq!(seal.map(|seal| seal.number), number);
    });
}

#[test]
fn seals_come_at_fixed_times_whether_or_not_anything_happens() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        walk.province.seal();
        // Two instances seal one history.
        walk.province.restart(&["--seal-every", "1"]);
        let _twin = walk.province.twin_with(&["--seal-every", "1"]);
        let newest = |province: &Province| province.public("/public/seals?limit=50").ok()["items"].clone();
        let begins = newest(&walk.province)[0]["number"].as_i64().unwrap();
        walk.submitted_idea(&walk.here, "Ý tưởng");
        let end = Instant::now() + Duration::from_secs(60);
        let seals = loop {
            let seals = newest(&walk.province).as_array().unwrap().clone();
            if seals[0]["number"].as_i64().unwrap() >= begins + 4 {
                break seals;
            }
            assert!(Instant::now() < end, "a seal each second");
            crate::pace::pause();
        };
        let at = |seal: &Value| chrono::DateTime::parse_from_rfc3339(seal["at"].as_str().unwrap()).unwrap();
        let made: Vec<&Value> = seals.iter().filter(|seal| seal["number"].as_i64().unwrap() > begins).collect();
        for pair in made.windows(2) {
            let apart = at(pair[0]) - at(pair[1]);
            assert!(apart.num_microseconds().unwrap() % 1_000_000 == 0 && apart.num_seconds() >= 1, "{pair:?}");
        }
        // What they cover nobody tells, but the service knows that it is in order.
        walk.province.stop();
        in_order(&walk.province);
    });
}
