//! What is personal is forgotten by itself, when the page about it says so.

use ocop::base::Moment;
use ocop::stamp::doubts::store::forget_contacts;
use serde_json::json;

use crate::engine::on_both;
use crate::walk::Walk;

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
