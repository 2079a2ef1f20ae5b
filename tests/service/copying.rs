//! A copy of the demo from SQLite to PostgreSQL: what both answer is the same, and people go on with it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use ocop::audit::{Resource, row_store, store};
use ocop::db::schema::history;
use serde_json::{Value, json};

use crate::engine::{Engine, has_postgresql, new_folder};
use crate::program::Program;
use crate::province::{Province, demo, empty};
use crate::walk::{id, shop_form};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[test]
fn a_copy_of_the_demo_answers_the_same_and_goes_on() {
    if !has_postgresql() {
        return;
    }
    let (folder, database_url) = demo(Engine::Sqlite);
    let from = Program::new(&database_url, &folder.path().join("data"));
    let to = Engine::Postgresql.new_database(folder.path());
    let said = from.ok(&["copy", "--to", &to]);
    assert!(said.contains("are the same there") && said.contains("all in order"), "{said}");
    let copy = Program { database_url: to.clone(), ..from.clone() };
    copy.ok(&["audit", "verify"]);
    let numbers = "SELECT count(*) AS count FROM information_schema.sequences";
    let sequences: Count = diesel::sql_query(numbers).get_result(&mut copy.connect()).unwrap();
    assert_eq!(sequences.count, 0, "numbers are taken from counters, which were copied; a sequence would begin anew");

    // Each over a folder of its own, as the copy would be served elsewhere.
    let (other, _) = demo(Engine::Sqlite);
    let original = Province::opened_at(other, database_url.clone());
    let province = Province::opened_at(folder, to);
    let (there, here) = (sign_in(&original, "office"), sign_in(&province, "office"));
    for path in ["/public/products?limit=100", "/public/shops", "/public/seals"] {
        assert_eq!(province.public(path).ok(), original.public(path).ok(), "{path}");
    }
    let figures = |of: &Province| of.page("/figures", "vi").text.replace(&of.address.to_string(), "here");
    assert_eq!(figures(&province), figures(&original));
    for path in ["/ideas", "/dossiers", "/lots", "/stamp-orders", "/decisions", "/cycles"] {
        let (copied, first) = (province.get(&here, path).ok(), original.get(&there, path).ok());
        assert_ne!(first["items"], json!([]), "{path}");
        assert_eq!(copied["items"], first["items"], "{path}");
    }
    let cycles = province.all(&here, "/cycles");
    for cycle in &cycles {
        let path = format!("/cycles/{}/report", id(cycle));
        assert_eq!(province.get(&here, &path).ok(), original.get(&there, &path).ok());
    }
    let producer = sign_in(&province, "producer");
    let order = &province.all(&producer, "/stamp-orders")[0];
    let codes = province.get(&producer, &format!("/stamp-orders/{}/codes.csv", id(order))).text;
    let code = codes.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    let (count, again) = (province.public(&format!("/t/{code}")).ok(), province.public(&format!("/t/{code}")).ok());
    assert_eq!(again["scans"]["count"].as_u64(), count["scans"]["count"].as_u64().map(|count| count + 1));
    let open = cycles.iter().find(|cycle| cycle["year"] == 2021).unwrap();
    let form = json!({"cycle_id": open["id"], "kind": "new", "product_name": "Mật ong", "criteria_set": "mat-ong",
        "description": "Mật ong rừng", "target_value": 500_000_000, "packaging": "Hũ thủy tinh"});
    let idea = format!("/ideas/{}", id(&province.post(&producer, "/ideas", form).created()));
    let submitted = province.step(&producer, &idea, "submit", json!({})).ok();
    assert_eq!(submitted["number"], "18/PĐK-42-439-2021", "numbers go on after the highest");
    drop(original);
    copy.ok(&["audit", "verify"]);
}

/// Makes the first steps of things look as an older program took them: they vouch for rows in SQLite's own spelling.
fn as_of_an_older_program(program: &Program, resource: Resource) -> usize {
    let connection = &mut program.connect();
    let steps = store::kept(connection, resource, None, 1000).unwrap();
    let ids: Vec<_> = steps.iter().map(|step| step.id).collect();
    let earlier = row_store::earlier_digests(connection, resource, &ids).unwrap();
    let mut count = 0;
    for mut step in steps.into_iter().filter(|step| step.version == 1) {
        step.rows = Some(earlier[&step.id]);
        let digest = step.link(resource).digest(ocop::base::Digest::ZERO).unwrap();
        let of = history::table.filter(history::resource.eq(resource)).filter(history::resource_id.eq(step.id));
        let set = (history::row_digest.eq(step.rows), history::digest.eq(digest));
        count += diesel::update(of).set(set).execute(connection).unwrap();
    }
    count
}

#[test]
fn what_an_older_program_vouched_for_is_vouched_for_anew_before_it_is_copied() {
    if !has_postgresql() {
        return;
    }
    let (folder, database_url) = empty(Engine::Sqlite);
    let mut province = Province::opened_at(folder, database_url.clone());
    let office = province.hire("office", "provincial_officer", Some("42"), None);
    let shop = id(&province.post(&office, "/shops", shop_form("Điểm", "18133")).created());
    province.stop();
    let from = Program::new(&database_url, &province.app.data_dir);
    assert_eq!(as_of_an_older_program(&from, Resource::Shop), 1);
    from.ok(&["audit", "verify"]);
    let ground = new_folder();
    let copied = || Engine::Postgresql.new_database(ground.path());
    let named = format!("shop {shop}");
    from.refused(&["copy", "--to", &copied()], &[&named, "ocop audit vouch-anew", "chuyển lại"]);
    // What somebody changed behind the service's back is not vouched for, and neither is anything else.
    from.execute("UPDATE shops SET name = 'Điểm khác'");
    from.refused(&["audit", "vouch-anew"], &[&named, "nothing was vouched for anew", "chưa ghi gì"]);
    from.execute("UPDATE shops SET name = 'Điểm'");
    assert!(from.ok(&["audit", "vouch-anew"]).contains("1 things were vouched for anew"));
    assert!(from.ok(&["audit", "vouch-anew"]).contains("0 things were vouched for anew"));
    from.ok(&["audit", "verify"]);
    let said = from.ok(&["copy", "--to", &copied()]);
    assert!(said.contains("all in order"), "{said}");
    province.restart(&[]);
    let told = province.get(&office, &format!("/shops/{shop}/history")).ok();
    let last = told["items"].as_array().unwrap().iter().find(|step| step["version"] == 2).unwrap();
    assert_eq!((&last["verb"], &last["account_id"]), (&json!("vouch-anew"), &Value::Null), "{told}");
    assert_eq!(province.get(&office, &format!("/shops/{shop}")).ok()["version"], 2);
}

fn sign_in(province: &Province, name: &str) -> crate::province::Person {
    province.sign_in_with(name, ocop::demo::PASSWORD)
}

#[test]
fn a_copy_goes_from_sqlite_to_an_empty_postgresql_only() {
    if !has_postgresql() {
        return;
    }
    let ground = new_folder();
    let from = Program::new(&Engine::Sqlite.new_database(ground.path()), &ground.path().join("data"));
    from.ok(&["migrate"]);
    let other = format!("sqlite:{}", ground.path().join("other.db").display());
    from.refused(&["copy", "--to", &other], &["from SQLite", "chỉ chuyển từ SQLite"]);
    let taken = Engine::Postgresql.new_database(ground.path());
    Program::new(&taken, ground.path()).execute("CREATE TABLE notes (text text)");
    from.refused(&["copy", "--to", &taken], &["holds notes already", "trống"]);
    // What no row of PostgreSQL can hold breaks the copy off, and nothing of it stays.
    let to = Engine::Postgresql.new_database(ground.path());
    from.execute("UPDATE criteria_sets SET tree = 'no tree'");
    from.refused(&["copy", "--to", &to], &["criteria_sets.tree is no JSON"]);
    from.refused(&["copy", "--to", &to], &["criteria_sets.tree is no JSON"]);
    assert_eq!(ocop::db::occupant(&to.parse().unwrap()).unwrap(), None);
}
