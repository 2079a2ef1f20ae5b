//! The desk as people walk through it from a concluded result to a stamp that somebody scans: a decision that another account
//! promulgates, a lot and what happened to it, stamps that are ordered, issued, activated. Each step is a page's own.

use super::desk_walk::{Hand, Look, Walker};
use super::driver::{Browser, is_at_hand};
use crate::desk_browser;
use crate::engine::{Engine, has_postgresql};
use crate::province::Province;
use crate::walk::Walk;

/// Who brings a result onto the goods.
pub(super) struct Hands {
    pub(super) office: Walker,
    pub(super) signatory: Walker,
    pub(super) producer: Walker,
    /// The producer's name at sign-in.
    username: &'static str,
}

impl Hands {
    pub(super) fn new(province: &Province, look: Look, username: &'static str) -> Self {
        let walker = |username: &str| Walker::signed_in(province, look, username);
        Self { office: walker("office"), signatory: walker("signatory"), producer: walker(username), username }
    }

    /// All results that wait are recognised, signed today, by another account than the one that drafted.
    pub(super) fn recognise(&self, results: usize, today: &str) {
        let Self { office, signatory, .. } = self;
        office.part("decisions");
        office.go("main a[href='/desk/decisions/new']");
        office.choose("#first-kind", "recognise");
        office.go("form.filters button");
        assert_eq!(office.browser.count("form[data-verb='create'] input[name^='agenda_item_ids.']"), results);
        for result in 0..results {
            office.tick(&format!("form[data-verb='create'] input[name='agenda_item_ids.{result}']"));
        }
        office.done("create");
        assert_eq!(office.browser.count("form[data-verb='promulgate']"), 0, "who drafts does not sign");
        signatory.begin();
        signatory.write("#promulgate-number", "12/QĐ-UBND");
        signatory.write("#promulgate-signed_on", today);
        signatory.done("promulgate");
    }

    /// A lot of a product, stamps that are ordered, issued, printed and activated, and one that somebody scans.
    pub(super) fn stamp(&self, province: &Province, (product, name): (&str, &str), shopper: &Browser) {
        let Self { office, producer, .. } = self;
        producer.part("lots");
        producer.go("main a[href='/desk/lots/new']");
        producer.choose("#create-product_id", product);
        producer.write("#create-code", "L-02");
        producer.write("#create-quantity", "20");
        producer.done("create");
        producer.radio("add-event", "kind", "pack");
        producer.done("add-event");

        producer.part("stamp-orders");
        producer.go("main a[href='/desk/stamp-orders/new']");
        producer.choose("#first-product_id", product);
        producer.go("form.filters button");
        producer.write("#create-quantity", "10");
        producer.done("create");
        office.begin();
        office.done("issue");

        producer.first_of("stamp-orders");
        let address = |file: &str| {
            let link = format!("return document.querySelector('main a[href*=\"{file}\"]').getAttribute('href')");
            producer.browser.run(&link).as_str().unwrap().to_owned()
        };
        let page = desk_browser::Browser::signed_in(province, self.username);
        let labels = page.get(&address("labels.pdf"));
        assert!(labels.status == 200 && labels.bytes.starts_with(b"%PDF"), "{}", labels.text);
        let codes = page.get(&address("codes.csv")).text;
        let stamps: Vec<Vec<&str>> = codes.lines().skip(1).map(|line| line.split(',').collect()).collect();
        // As a camera reads the first, and as somebody types the last.
        producer.write("#activate-first_code", stamps[0][2]);
        producer.write("#activate-last_code", stamps[9][1]);
        producer.done("activate");
        shopper.open(&format!("http://{}/t/{}", province.address, stamps[4][1]));
        let told = shopper.text("main");
        assert!(told.contains(name) && told.contains("L-02"), "{told}");
        assert_eq!(shopper.count(".verdict.good"), 1, "{told}");
    }

    /// That no page complained.
    pub(super) fn are_content(&self) {
        for walker in [&self.office, &self.signatory, &self.producer] {
            let complaints = walker.browser.complaints();
            assert!(complaints.is_empty(), "{complaints:?}");
        }
    }
}

fn walked(engine: Engine, look: Look) {
    if !is_at_hand() || (engine == Engine::Postgresql && !has_postgresql()) {
        return;
    }
    let walk = Walk::new(engine);
    let candidate = walk.handed_in(&walk.here, "Mật ong rừng");
    walk.sent_up(&walk.council("439", 1, 3), &candidate, 60);
    walk.rated(&walk.council("42", 1, 3), &candidate, 72);
    let hands = Hands::new(&walk.province, look, "producer-439");
    hands.recognise(1, "22/02/2021");
    hands.producer.first_of("certificates");
    assert!(hands.producer.main().contains("Mật ong rừng"), "{}", hands.producer.main());
    hands.stamp(&walk.province, (&candidate.product, "Mật ong rừng"), &Browser::new("vi"));
    hands.are_content();
}

#[test]
fn by_touch_on_a_small_window() {
    walked(Engine::Sqlite, Look { hand: Hand::Touch, language: "vi", scripts: true });
}

#[test]
fn without_scripts() {
    walked(Engine::Postgresql, Look { hand: Hand::Mouse, language: "vi", scripts: false });
}
