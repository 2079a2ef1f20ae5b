//! A council of seven, by pages alone: appointed, its agenda made, opened from the chair's tablet, three products marked on seven tablets,
//! concluded; the results recognised by two accounts, stamps ordered, printed, activated, and one of them scanned. Once under the act
//! of 2019, through a district's council, and once under the act in force.

use serde_json::{Value, json};

use super::desk_walk::{Hand, Look, Walker};
use super::driver::Browser;
use super::goods_walk::Hands;
use super::sheet::{Tablet, in_order, is_skipped, loaded_again, off_line_for_half, on_record, on_two_devices, set};
use crate::editions::Year;
use crate::engine::Engine;
use crate::export::recomputed;
use crate::province::{Person, Province};
use crate::walk::{self, Walk, id};

const PRODUCTS: [&str; 3] = ["Mật ong", "Mật ong bạc hà", "Mật ong hoa nhãn"];
const SIZES: [(u32, u32); 7] =
    [(1024, 768), (768, 1024), (1180, 820), (820, 1180), (360, 800), (1280, 800), (1024, 768)];
/// Whom the seats of the act in force speak for.
const ORGANISATIONS: [&str; 7] = [
    "peoples_committee",
    "agriculture_environment",
    "industry_trade",
    "health",
    "science_technology",
    "culture_sport_tourism",
    "coordination_office",
];

/// A year with three dossiers that councils have now.
enum Ground {
    First(Box<Walk>, Vec<walk::Candidate>),
    InForce(Box<Year>, Vec<String>),
}

impl Ground {
    fn first(engine: Engine) -> Self {
        let walk = Walk::new(engine);
        let candidates = PRODUCTS.map(|product| walk.handed_in(&walk.here, product));
        Self::First(Box::new(walk), candidates.into())
    }

    fn in_force(engine: Engine) -> Self {
        let year = Year::new(engine, "26-2026", "2026-07-06", json!([]));
        let products = PRODUCTS.map(|product| year.handed_in(product, None).product);
        Self::InForce(Box::new(year), products.into())
    }

    fn province(&self) -> &Province {
        match self {
            Self::First(walk, _) => &walk.province,
            Self::InForce(year, _) => &year.province,
        }
    }

    fn marks(&self, total: u64) -> Vec<(String, String)> {
        match self {
            Self::First(walk, _) => in_order(&walk.marks(total)),
            Self::InForce(year, _) => in_order(&walk::marks(&year.set, total)),
        }
    }

    /// Whose council sits: its office, and an account that reads what it concludes.
    fn office(&self) -> (&'static str, &Person) {
        match self {
            Self::First(walk, _) => ("district-439", &walk.here.officer),
            Self::InForce(year, _) => ("office", &year.office),
        }
    }

    /// The day of the session, and a day on which the dossiers went out in time.
    fn days(&self) -> [&'static str; 2] {
        match self {
            Self::First(..) => ["22/02/2021", "08/02/2021"],
            Self::InForce(..) => ["06/07/2026", "29/06/2026"],
        }
    }

    fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce(..))
    }
}

fn mouse(province: &Province, username: &str) -> Walker {
    Walker::signed_in(province, Look { hand: Hand::Mouse, language: "vi", scripts: true }, username)
}

/// The office appoints a council with these people and opens it; the last is its secretary.
fn appoint(office: &Walker, people: &[Person], is_in_force: bool) {
    office.part("councils");
    office.go("main a[href='/desk/councils/new']");
    office.write("#create-decision_number", "12/QĐ-UBND");
    for (row, person) in people.iter().enumerate() {
        let seat = match row {
            0 => "chair",
            1 => "vice_chair",
            last if last + 1 == people.len() => "secretary",
            _ => "member",
        };
        office.choose(&format!("#create-seats-{row}-account_id"), &person.id);
        office.choose(&format!("#create-seats-{row}-seat"), seat);
        if let Some(organisation) = ORGANISATIONS.get(row).filter(|_| is_in_force) {
            office.choose(&format!("#create-seats-{row}-organisation"), organisation);
        }
    }
    office.done("create");
    office.done("open");
}

/// The office puts all dossiers on the agenda, with the days of the session; where it is the last council it admits them.
fn put_on_agenda(office: &Walker, ground: &Ground) {
    office.go("main a[href^='/desk/agenda-items/new?council_id=']");
    for place in 0..PRODUCTS.len() {
        office.tick(&format!("form[data-verb='create'] input[name='dossier_ids.{place}']"));
    }
    office.done("create");
    let addresses = "return [...document.querySelectorAll('main a[href^=\"/desk/agenda-items/\"]')].map(link => link.getAttribute('href'))\
        .filter(href => !href.includes('/new'))";
    let addresses = office.browser.run(addresses);
    let [session, sent] = ground.days();
    for address in addresses.as_array().unwrap().iter().filter_map(Value::as_str) {
        office.open(address);
        office.write("#change-session_on", session);
        office.write("#change-dossier_sent_on", sent);
        office.done("change");
        if ground.is_in_force() {
            office.done("admit");
        }
    }
}

/// Seven members mark a product; in the first one loses the line, one loads the page again, one has two devices.
fn mark(ground: &Ground, tablets: &[Tablet], people: &[Person], (number, item): (usize, &str)) {
    let province = ground.province();
    for (seat, tablet) in tablets.iter().enumerate() {
        let (member, wanted) = (&people[seat], ground.marks(60 + seat as u64));
        tablet.sheet(item);
        tablet.tells("Mỗi điểm được lưu ngay");
        match (number, seat) {
            (0, 0) => off_line_for_half(province, tablet, (member, item), &wanted),
            (0, 1) => loaded_again(province, tablet, (member, item), &wanted),
            (0, 2) => on_two_devices((province, "seat-2"), tablet, (member, item), &wanted),
            (0, _) => wanted.iter().for_each(|mark| tablet.mark(mark)),
            // Others are quick.
            _ => {
                let click = |(code, option): &(String, String)| {
                    format!("document.querySelector({}).click();", Value::from(Tablet::option(code, option)))
                };
                tablet.browser.run(&wanted.iter().map(click).collect::<String>());
            }
        }
        tablet.saved();
        assert_eq!(on_record(province, member, item), set(&wanted), "seat {seat}");
        assert_eq!(tablet.browser.text("[data-total]"), (60 + seat).to_string());
        tablet.hand_in();
    }
}

fn sat(ground: &Ground) {
    let province = ground.province();
    let people: Vec<Person> =
        (0..8).map(|seat| province.hire(&format!("seat-{seat}"), "council_member", None, None)).collect();
    let (username, reader) = ground.office();
    let office = mouse(province, username);
    appoint(&office, &people, ground.is_in_force());
    put_on_agenda(&office, ground);
    let councils = province.all(reader, "/councils");
    let council = id(councils.iter().find(|council| council["decision_number"] == "12/QĐ-UBND").unwrap());
    let mut items = province.all(reader, &format!("/agenda-items?council_id={council}"));
    items.sort_by_key(|item| item["position"].as_i64());
    assert_eq!(items.len(), PRODUCTS.len());
    let tablets: Vec<Tablet> = (0..7).map(|seat| Tablet::of(province, SIZES[seat], &format!("seat-{seat}"))).collect();
    let chair = &tablets[0];
    for (number, item) in items.iter().map(id).enumerate() {
        let live = format!("/desk/agenda-items/{item}/live");
        let press = |verb: &str| {
            chair.open(&live);
            chair.go(&format!("form[data-verb='{verb}'] button.button:not([name])"));
            assert_eq!(chair.browser.count(".done"), 1, "{verb}: {}", chair.browser.text("main"));
        };
        press("open-scoring");
        mark(ground, &tablets, &people, (number, &item));
        press("close-scoring");
        press("conclude");
        let result = province.get(reader, &format!("/agenda-items/{item}/result")).ok();
        assert_eq!((&result["sum"], &result["sheets"]), (&json!((60..67).sum::<i32>()), &json!(7)), "{result}");
        if !ground.is_in_force() {
            office.open(&format!("/desk/agenda-items/{item}"));
            office.done("send-up");
        }
    }
    let export = province.get(&people[0], &format!("/councils/{council}/export")).ok();
    assert_eq!(recomputed(&export, true), items.len());
    let papers = crate::desk_browser::Browser::of(province, &people[7]);
    let papers = papers.get(&format!("/desk/councils/{council}/session-papers")).text;
    assert_eq!(
        papers.matches("<section class=\"paper\"").count(),
        1 + items.len(),
        "minutes, and sheets of each product"
    );
}

fn walked(ground: Ground) {
    sat(&ground);
    let look = Look { hand: Hand::Mouse, language: "vi", scripts: true };
    let [today, _] = ground.days();
    let (producer, product) = match &ground {
        Ground::First(walk, candidates) => {
            let council = walk.council("42", 1, 3);
            candidates.iter().for_each(|candidate| drop(walk.rated(&council, candidate, 72)));
            ("producer-439", candidates[1].product.as_str())
        }
        Ground::InForce(_, products) => ("producer", products[1].as_str()),
    };
    let hands = Hands::new(ground.province(), look, producer);
    hands.recognise(PRODUCTS.len(), today);
    hands.stamp(ground.province(), (product, PRODUCTS[1]), &Browser::new("vi"));
    hands.are_content();
}

#[test]
fn under_the_act_of_2019_through_a_district() {
    if !is_skipped(Engine::Sqlite) {
        walked(Ground::first(Engine::Sqlite));
    }
}

#[test]
fn under_the_act_in_force_over_postgresql() {
    if !is_skipped(Engine::Postgresql) {
        walked(Ground::in_force(Engine::Postgresql));
    }
}
