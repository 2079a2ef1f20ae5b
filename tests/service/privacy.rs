//! What is personal is forgotten by itself, when the page about it says so.

use std::collections::BTreeMap;

use ocop::base::Moment;
use ocop::db::Address;
use ocop::privacy::RECORD;
use ocop::privacy::impersonal::IMPERSONAL;
use ocop::stamp::doubts::store::forget_contacts;
use serde_json::json;

use crate::engine::on_both;
use crate::province::Province;
use crate::vouched::columns;
use crate::walk::Walk;

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
