//! A copy of the demo from SQLite to PostgreSQL: what both answer is the same, and people go on with it.

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;
use serde_json::json;

use crate::engine::{Engine, has_postgresql, new_folder};
use crate::program::Program;
use crate::province::{Province, demo};
use crate::walk::id;

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
