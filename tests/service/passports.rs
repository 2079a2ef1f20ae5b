//! What a scan shows is kept in memory and never stale: each thing that it shows changes in the very next scan, on another
//! instance too, and each table that it is read from counts its changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use ocop::db::Address;
use ocop::db::schema::stamp_orders;
use ocop::stamp::code::Minted;
use ocop::stamp::passport::Passports;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both};
use crate::province::{Province, Reply};
use crate::traceability::{event, with};
use crate::walk::{A_PNG, Walk, id};

/// What no step of a stamp's goods changes, and why.
const LASTING: [(&str, &str); 2] =
    [("/product/name", "a product keeps its name"), ("/product/code", "a product keeps its code")];

/// What an answer holds, by where it stands; what a list holds stands in one place.
fn leaves(answer: &Value, place: &str, found: &mut BTreeMap<String, Vec<String>>) {
    match answer {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, place, found)),
        Value::Null => (),
        value => found.entry(place.to_owned()).or_default().push(value.to_string()),
    }
}

/// Two instances over one province.
struct Watch<'a> {
    walk: &'a Walk,
    codes: Vec<String>,
    addresses: [std::net::SocketAddr; 2],
    /// Every place that held anything, and those of which what they held has changed.
    places: BTreeSet<String>,
    changed: BTreeSet<String>,
}

impl Watch<'_> {
    fn look(&self, serial: usize) -> BTreeMap<String, Vec<String>> {
        let [one, other] = self.addresses.map(|address| {
            let reply = reqwest::blocking::get(format!("http://{address}/t/{}", self.codes[serial - 1]));
            let mut answer = Reply::of(reply.unwrap()).ok();
            let members = answer.as_object_mut().unwrap();
            for apart in ["scans", "code", "serial"] {
                members.remove(apart).unwrap();
            }
            // A picture is named at the instance that was asked.
            serde_json::from_str::<Value>(&answer.to_string().replace(&address.to_string(), "here")).unwrap()
        });
        assert_eq!(one, other, "two instances tell the same of {serial}");
        let mut found = BTreeMap::new();
        leaves(&one, "", &mut found);
        found
    }

    /// Takes a step, of which the very next scan must tell there.
    fn after(&mut self, serial: usize, place: &str, step: impl FnOnce(&Walk)) {
        // Looked at ahead, so that nothing is new only because it was not kept yet.
        let before = self.look(serial);
        step(self.walk);
        let now = self.look(serial);
        let places: BTreeSet<String> = before.keys().chain(now.keys()).cloned().collect();
        let changed: BTreeSet<String> =
            places.iter().filter(|place| before.get(*place) != now.get(*place)).cloned().collect();
        assert!(changed.iter().any(|changed| changed.starts_with(place)), "{place} did not change: {changed:?}");
        self.places.extend(places);
        self.changed.extend(changed);
    }
}

#[test]
fn each_thing_that_a_scan_shows_changes_in_the_very_next_one() {
    on_both(|engine| {
        let walk = &Walk::new(engine);
        let province = &walk.province;
        let (producer, office) = (&walk.here.producer, &walk.office);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let order = format!("/stamp-orders/{}", walk.issued(&walk.here, &candidate.product, 20));
        let twin = province.twin();
        let codes = walk.codes(&walk.here, order.trim_start_matches("/stamp-orders/"));
        let (places, changed) = Default::default();
        let mut watch = Watch { walk, codes, addresses: [province.address, twin.address], places, changed };

        let (lot, bad) =
            (walk.lot(&walk.here, &candidate.product, "L-1"), walk.lot(&walk.here, &candidate.product, "L-2"));
        let bind = |from: i64, to: i64, lot: &str| {
            let range = json!({"from": from, "to": to, "lot_id": lot});
            province.step(producer, &order, "activate", range).ok();
        };
        watch.after(1, "/lot/code", |_| bind(1, 10, &lot));
        watch.after(11, "/verdict", |_| bind(11, 20, &bad));

        let product = format!("/products/{}", candidate.product);
        for (name, value) in [
            ("gtin", "8934563138165"),
            ("origin", "Sơn Kim 1"),
            ("shelf_life", "24 tháng"),
            ("safety_warnings", "Không dùng cho trẻ dưới 1 tuổi"),
        ] {
            let changed = json!({(name): value});
            watch.after(1, &format!("/product/{name}"), |_| drop(province.patch(producer, &product, changed).ok()));
        }
        let pictures = format!("{product}/pictures");
        watch.after(1, "/product/image", |_| drop(province.upload(producer, &pictures, &[], A_PNG).created()));

        let owner = format!("/producers/{}", walk.here.producer_id);
        for (name, value, by) in [
            ("name", "Hợp tác xã Sơn Kim", office),
            ("kind", "cooperative_group", office),
            ("address", "Thôn Hạ Vàng", producer),
            ("phone", "0912 345 678", producer),
        ] {
            let changed = json!({(name): value});
            watch.after(1, &format!("/producer/{name}"), |_| drop(province.patch(by, &owner, changed).ok()));
        }
        let hidden = json!({"public_phone": false});
        watch.after(1, "/producer/phone", |_| drop(province.patch(producer, &owner, hidden).ok()));

        let events = format!("/lots/{lot}/events");
        let mut first = String::new();
        let harvest = event("harvest", "2021-02-20T08:00:00+07:00");
        watch.after(1, "/events/kind", |_| first = id(&province.post(producer, &events, harvest).created()));
        let corrected =
            with(event("process", "2021-02-21T08:00:00+07:00"), json!({"corrects": first, "note": "Ghi nhầm"}));
        watch.after(1, "/events/note", |_| drop(province.post(producer, &events, corrected).created()));

        let hold = json!({"product_id": candidate.product, "reason": "Chờ kiểm nghiệm"});
        let mut held = String::new();
        watch.after(1, "/verdict", |_| held = id(&province.post(&walk.inspector, "/holds", hold).created()));
        watch.after(1, "/verdict", |_| {
            province.step(&walk.inspector, &format!("/holds/{held}"), "lift", json!({})).ok();
        });
        let hold = json!({"lot_id": bad, "reason": "Chờ kiểm nghiệm"});
        watch.after(11, "/verdict", |_| drop(province.post(&walk.inspector, "/holds", hold).created()));
        watch.after(11, "/verdict", |_| {
            province.step(&walk.inspector, &format!("/lots/{bad}"), "recall", json!({"note": "Nhiễm khuẩn"})).ok();
        });
        let shown = json!({"from": 4, "to": 4, "reason": "Hội chợ"});
        watch.after(4, "/warnings", |_| drop(province.step(producer, &order, "display", shown).ok()));
        let spoilt = json!({"from": 5, "to": 5, "reason": "Rách"});
        watch.after(5, "/verdict", |_| drop(province.step(office, &order, "void", spoilt).ok()));

        let mut case = String::new();
        let copied = watch.codes[1].clone();
        watch.after(2, "/verdict", |walk| case = walk.copied(order.trim_start_matches("/stamp-orders/"), &copied));
        let genuine = json!({"note": "Hội chợ"});
        watch.after(2, "/verdict", |_| {
            province.step(office, &format!("/stamps/suspects/{case}"), "dismiss", genuine).ok();
        });

        walk.sent_up(&walk.council("439", 1, 3), &candidate, 60);
        let item = walk.rated(&walk.council("42", 1, 3), &candidate, 72);
        watch.after(1, "/certificate/number", |walk| drop(walk.recognised(&[&item], "9/QĐ-UBND")));
        let certificate = province.all(office, "/certificates")[0]["id"].clone();
        let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [certificate], "reason": "Vi phạm"});
        let decision = format!("/decisions/{}", id(&province.post(office, "/decisions", form).created()));
        let signature = json!({"number": "10/QĐ-UBND", "signed_on": "2021-02-22"});
        watch.after(1, "/product/stars", |_| {
            province.step(&walk.signatory, &decision, "promulgate", signature).ok();
        });

        let lasting: BTreeSet<String> = LASTING.iter().map(|(place, _)| (*place).to_owned()).collect();
        let unseen: Vec<&String> =
            watch.places.difference(&watch.changed).filter(|at| !lasting.contains(*at)).collect();
        assert!(unseen.is_empty(), "shown, and changed by no step here: {unseen:?}");
    });
}

/// The tables that the passports of one stamp of each order are read from.
fn read_from(province: &Province) -> BTreeSet<String> {
    let mut connection = province.database_url.parse::<Address>().unwrap().connect().unwrap();
    let orders: Vec<(i32, String)> =
        stamp_orders::table.select((stamp_orders::number, stamp_orders::key_id)).load(&mut connection).unwrap();
    let minted = |(order, key): (i32, String)| Minted { order, serial: 1, key_id: key.chars().next().unwrap() };
    let asked: BTreeSet<Minted> = orders.into_iter().map(minted).collect();
    let said = Arc::new(Mutex::new(String::new()));
    let listening = Arc::clone(&said);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let query = query.to_string();
            listening.lock().unwrap().push_str(query.split("-- binds").next().unwrap());
        }
    });
    let mut passports = Passports::default();
    let read = passports.read(&mut connection, &asked).unwrap();
    assert!(read.len() > 3, "the example has stamps");
    assert!(!said.lock().unwrap().is_empty());
    said.lock().unwrap().clear();
    assert_eq!(passports.read(&mut connection, &asked).unwrap().len(), read.len());
    assert_eq!(*said.lock().unwrap(), "", "what was read is not read again");
    // What changed meanwhile is.
    let mut passports = passports.after((1, 1)).after((1, 1)).after((2, 1));
    passports.read(&mut connection, &asked).unwrap();
    let said = said.lock().unwrap();
    let words =
        said.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
    let named = words.clone().zip(words.skip(1)).filter(|(before, _)| ["FROM", "JOIN"].contains(before));
    named.map(|(_, table)| table.to_owned()).collect()
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Integer)]
    changes: i32,
}

#[test]
fn every_table_that_passports_are_read_from_counts_its_changes() {
    let mut read = BTreeSet::new();
    for province in [Province::demo(Engine::Sqlite), Province::second_demo(Engine::Sqlite)] {
        read.append(&mut read_from(&province));
    }
    assert!(read.contains("appeals"), "a certificate may be kept on, which its next rating decides: {read:?}");
    on_both(|engine| {
        let province = Province::new(engine);
        let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
        let (statement, all) = match engine {
            Engine::Sqlite => (
                "SELECT tbl_name AS of, CAST(COUNT(*) AS INTEGER) AS changes FROM sqlite_master WHERE type = 'trigger' \
                 AND sql LIKE '%SET value = value + 1 WHERE name = ''passport_changes''%' AND sql NOT LIKE '%WHEN%' \
                 GROUP BY tbl_name",
                3,
            ),
            // Of each row, after it was inserted, removed or changed.
            Engine::Postgresql => (
                "SELECT tgrelid::regclass::text AS of, tgtype::integer AS changes FROM pg_trigger \
                 WHERE tgfoid = 'raise_passport_changes'::regproc AND tgenabled = 'O'",
                1 | 4 | 8 | 16,
            ),
        };
        let triggers: Vec<Trigger> = diesel::sql_query(statement).load(connection).unwrap();
        assert!(triggers.iter().all(|trigger| trigger.changes == all));
        assert_eq!(triggers.into_iter().map(|trigger| trigger.of).collect::<BTreeSet<_>>(), read);
    });
}
