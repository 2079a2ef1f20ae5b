//! The desk as people walk through it from a concluded result to a stamp that somebody scans: a decision that another account
//! promulgates, a lot and what happened to it, stamps that are ordered, issued, activated. Each step is a page's own.

use super::desk_walk::{Hand, Look, Walker};
use super::driver::is_at_hand;
use crate::desk_browser;
use crate::engine::{Engine, has_postgresql};
use crate::walk::Walk;

fn walked(engine: Engine, look: Look) {
    if !is_at_hand() || (engine == Engine::Postgresql && !has_postgresql()) {
        return;
    }
    let walk = Walk::new(engine);
    let candidate = walk.handed_in(&walk.here, "Mật ong rừng");
    walk.sent_up(&walk.council("439", 1, 3), &candidate, 60);
    walk.rated(&walk.council("42", 1, 3), &candidate, 72);
    let [office, signatory, producer] =
        ["office", "signatory", "producer-439"].map(|username| Walker::signed_in(&walk, look, username));

    office.part("decisions");
    office.go("main a[href='/desk/decisions/new']");
    office.choose("#first-kind", "recognise");
    office.go("form.filters button");
    office.tick("form[data-verb='create'] input[name='agenda_item_ids.0']");
    office.done("create");
    signatory.begin();
    signatory.write("#promulgate-number", "12/QĐ-UBND");
    signatory.write("#promulgate-signed_on", "22/02/2021");
    signatory.done("promulgate");

    producer.first_of("certificates");
    assert!(producer.main().contains("Mật ong rừng"), "{}", producer.main());
    producer.part("lots");
    producer.go("main a[href='/desk/lots/new']");
    producer.write("#create-code", "L-2021-02");
    producer.write("#create-quantity", "20");
    producer.done("create");
    producer.radio("add-event", "kind", "pack");
    producer.done("add-event");

    producer.part("stamp-orders");
    producer.go("main a[href='/desk/stamp-orders/new']");
    // The only product is chosen.
    producer.go("form.filters button");
    producer.write("#create-quantity", "10");
    producer.done("create");
    office.begin();
    office.done("issue");

    producer.first_of("stamp-orders");
    let list =
        producer.browser.run("return document.querySelector('main a[href$=\"codes.csv\"]').getAttribute('href')");
    let page = desk_browser::Browser::signed_in(&walk.province, "producer-439");
    let codes = page.get(list.as_str().unwrap()).text;
    let stamps: Vec<Vec<&str>> = codes.lines().skip(1).map(|line| line.split(',').collect()).collect();
    // As a camera reads the first, and as somebody types the last.
    producer.write("#activate-first_code", stamps[0][2]);
    producer.write("#activate-last_code", stamps[9][1]);
    producer.done("activate");
    let shopper = Walker::signed_in(&walk, look, "idle");
    shopper.open(&format!("/t/{}", stamps[4][1]));
    let told = shopper.main();
    assert!(told.contains("Mật ong rừng") && told.contains("L-2021-02"), "{told}");
    for walker in [&office, &signatory, &producer] {
        let complaints = walker.browser.complaints();
        assert!(complaints.is_empty(), "{complaints:?}");
    }
}

#[test]
fn by_touch_on_a_small_window() {
    walked(Engine::Sqlite, Look { hand: Hand::Touch, language: "vi", scripts: true });
}

#[test]
fn without_scripts() {
    walked(Engine::Postgresql, Look { hand: Hand::Mouse, language: "vi", scripts: false });
}
