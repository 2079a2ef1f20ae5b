//! What is personal is forgotten by itself, when the page about it says so.

use std::collections::BTreeMap;

use ocop::base::Moment;
use ocop::db::Address;
use ocop::privacy::RECORD;
use ocop::privacy::impersonal::IMPERSONAL;
use ocop::producer::registration::steps::erase_refused;
use ocop::stamp::doubts::store::forget_contacts;
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::verify;
use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply};
use crate::vouched::columns;
use crate::walk::{Walk, producer_form};

/// A new column is of persons, and then says why it is kept and for how long, or is said to be of nobody.
#[test]
fn each_column_is_on_record_or_says_nothing_of_a_person() {
    on_both(|engine| {
        let province = Province::new(engine);
        let connection = &mut province.database_url.parse::<Address>().unwrap().connect().unwrap();
        let known = columns(connection, engine);
        let there: Vec<(&str, &str)> = known
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(|column| (table.as_str(), column.name.as_str())))
            .collect();
        assert!(there.len() > 500, "the test reads the real schema: {}", there.len());
        let mut told: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let recorded = RECORD.iter().flat_map(|kept| kept.columns).chain(IMPERSONAL);
        for (table, columns) in recorded {
            for column in columns.split(' ') {
                *told.entry((table, column)).or_default() += 1;
            }
        }
        let twice: Vec<_> = told.iter().filter(|(_, times)| **times > 1).collect();
        let missing: Vec<_> = there.iter().filter(|column| !told.contains_key(*column)).collect();
        let gone: Vec<_> = told.keys().filter(|column| !there.contains(column)).collect();
        assert!(twice.is_empty(), "these stand in more than one place: {twice:?}");
        assert!(missing.is_empty(), "these stand neither in the record nor in the list of the others: {missing:?}");
        assert!(gone.is_empty(), "these are no columns: {gone:?}");
    });
}

#[test]
fn contacts_of_closed_doubts_are_forgotten() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let codes = walk.activated(&walk.here, &product, 2);
        let [closed, open] = [walk.doubt(&codes[0]), walk.doubt(&codes[1])];
        let closing = json!({"note": "Đã xem, tem thật."});
        walk.province.step(&walk.office, &format!("/doubts/{closed}"), "close", closing).ok();
        let contact = |walk: &Walk, id: &str| {
            walk.province.get(&walk.office, &format!("/doubts/{id}")).ok()["contact"].as_str().map(str::to_owned)
        };
        // The doubts came on 2021-02-22; 180 days later is 2021-08-21.
        let early: Moment = "2021-08-21T00:00:00Z".parse().unwrap();
        let forgotten = walk.province.app.database.write_now(|connection| forget_contacts(connection, early)).unwrap();
        assert_eq!((forgotten, contact(&walk, &closed).as_deref()), (0, Some("0912 345 678")));
        walk.province.restart(&["--clock", "2021-08-22T08:00:00+07:00"]);
        // The service forgets at its start, beside its answers.
        assert!((0..500).any(|_| contact(&walk, &closed).is_none()), "the contact is still there");
        assert_eq!(contact(&walk, &open).as_deref(), Some("0912 345 678"), "an open doubt keeps its contact");
    });
}

#[test]
fn what_a_refused_registration_says_of_persons_is_erased_and_its_decision_stays() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let register = |name: &str, number: &str| {
            let body = json!({"consent": {"version": 1}, "producer": producer_form(name, "18196", number),
                "account": {"username": format!("ho-{number}"), "password": PASSWORD, "name": "Trần Thị Bình"}});
            let sent = walk.province.request(Method::POST, "/registrations").json(&body).send().unwrap();
            Reply::of(sent).created()
        };
        let [refused, waiting] =
            [("Hộ Mật ong", "030099000124"), ("Hộ Cam", "030099000125")].map(|(name, number)| register(name, number));
        let path = |sent: &Value| format!("/registrations/{}", sent["id"].as_str().unwrap());
        let (refused_path, waiting_path) = (path(&refused), path(&waiting));
        let reason = json!({"note": "Mã số không đúng"});
        walk.province.step(&walk.here.commune, &refused_path, "refuse", reason).ok();
        // It was refused on 2021-02-22; 90 days later is 2021-05-23.
        let early: Moment = "2021-05-22T00:00:00Z".parse().unwrap();
        let erased = walk.province.app.database.write_now(|connection| erase_refused(connection, early)).unwrap();
        assert_eq!(erased, 0);
        walk.province.restart(&["--clock", "2021-05-24T08:00:00+07:00"]);
        // The service erases at its start, beside its answers.
        let read = |path: &str| walk.province.get(&walk.office, path);
        assert!((0..500).any(|_| read(&refused_path).ok()["erased_at"].is_string()), "nothing was erased");
        let left = read(&refused_path);
        for personal in ["Mật ong", "030099000124", "ho-0300", "Thị Bình", "Nguyễn Văn A", "3875 555", "Kim Cương"]
        {
            assert!(!left.text.contains(personal), "{personal}: {}", left.text);
        }
        let left = left.ok();
        assert_eq!((&left["state"], &left["note"]), (&json!("refused"), &json!("Mã số không đúng")));
        assert_eq!((&left["version"], &left["consent"]["version"]), (&json!(3), &json!(1)));
        let history = walk.province.all(&walk.office, &format!("{refused_path}/history"));
        let last = history.iter().find(|step| step["version"] == 3).unwrap();
        assert_eq!((&last["verb"], &last["who"], &last["to"]), (&json!("erase"), &json!(null), &json!("refused")));
        let receipt = walk.province.page(&format!("/register/{}", refused["code"].as_str().unwrap()), "vi");
        assert!(receipt.text.contains("Mã số không đúng"), "{}", receipt.text);
        assert_eq!(read(&waiting_path).ok()["producer"]["identity_number"], "030099000125");
        let (is_content, said) = verify(&walk.province);
        assert!(is_content, "the history vouches for what is left: {said}");
        let again = walk.province.app.database.write_now(|connection| erase_refused(connection, early)).unwrap();
        assert_eq!(again, 0);
    });
}
