//! Names and texts that try to be more than that.

use serde_json::{Value, json};

use super::driver::{Browser, is_at_hand};
use super::every_page::{OVERFLOW, axe, violations};
use super::pages::sign_in;
use crate::engine::Engine;
use crate::traceability::with;
use crate::walk::{Walk, shop_form};

const MARKUP: &str = "\"><img src=x onerror=\"window.owned=1\"><script>window.owned=2</script>{{7*7}}";
const END_OF_DATA: &str = "</script><script>window.owned=3</script><!-- &lt;b&gt; ';alert(1)//";
/// Marks that turn the direction are refused; letters that are written from the right turn it as well.
const REVERSED: &str = "Mật ong עסל 12/3 🐝🍯👩🏽‍🌾";
const EMBEDDED: &str = "עסל: Hợp tác xã lật ngược 🇻🇳";

/// A word of three hundred letters.
fn long() -> String {
    "Ngoằn".repeat(60)
}

/// Text that a direction of its own leaks out of: what shares a line with it and is not part of it.
const LEAKS: &str = "
    const marks = /[\\u0590-\\u08FF]/, walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), leaks = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!marks.test(node.data)) continue;
        let around = node.parentElement;
        const isolates = e => /isolate|plaintext/.test(getComputedStyle(e).unicodeBidi) && e.localName === 'bdi';
        // Whatever is no part of the line itself, as a box within it, keeps its direction for itself.
        const ends = e => getComputedStyle(e).display !== 'inline';
        while (!isolates(around) && !ends(around)) around = around.parentElement;
        if (!isolates(around) && around.textContent.trim() !== node.data.trim()) leaks.push(around.outerHTML.slice(0, 200));
    }
    return leaks;";

struct Hostile {
    walk: Walk,
    /// Pages that say what somebody else wrote.
    paths: Vec<String>,
    /// The same on the desk.
    desk: Vec<String>,
}

impl Hostile {
    fn new() -> Self {
        let walk = Walk::new(Engine::Sqlite);
        let province = &walk.province;
        let here = &walk.here;
        let (mut paths, mut desk) = (Vec::new(), Vec::new());
        // A product's name has letters that a certificate can show.
        for (number, name) in [MARKUP.to_owned(), long().chars().take(200).collect()].iter().enumerate() {
            let product = walk.approved(here, name).product;
            let said = json!({"origin": long(), "shelf_life": END_OF_DATA, "safety_warnings": EMBEDDED,
                "story": format!("{END_OF_DATA}\n\n{REVERSED}\n\n{}", long())});
            province.patch(&here.producer, &format!("/products/{product}"), said).ok();
            let order = walk.issued(here, &product, 2);
            let lot = walk.lot(here, &product, &format!("L-{number}"));
            let fits = |text: &str| text.chars().take(200).collect::<String>();
            for (place, note) in
                [(MARKUP, long()), (EMBEDDED, END_OF_DATA.to_owned()), (&fits(&long()), REVERSED.to_owned())]
            {
                let event = json!({"kind": "pack", "at": "2021-02-21T02:00:00Z", "place": place, "note": note});
                province.post(&here.producer, &format!("/lots/{lot}/events"), event).created();
            }
            let range = json!({"from": 1, "to": 1, "lot_id": lot});
            province.step(&here.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
            let code = province.get(&walk.office, &format!("/products/{product}")).ok()["code"].clone();
            paths.push(format!("/t/{}", walk.codes(here, &order)[0]));
            paths.push(format!("/products/{}", code.as_str().unwrap()));
            let things = [("products", &product), ("lots", &lot), ("stamp-orders", &order)];
            desk.extend(things.map(|(kind, id)| format!("/desk/{kind}/{id}")));
        }
        for name in [MARKUP, REVERSED, &long().chars().take(200).collect::<String>()] {
            let form = with(shop_form(name, "18196"), json!({"address": END_OF_DATA}));
            province.post(&walk.office, "/shops", form).created();
        }
        let certified = walk.handed_in(here, MARKUP);
        walk.sent_up(&walk.council("439", 1, 3), &certified, 60);
        let item = walk.rated(&walk.council("42", 1, 3), &certified, 72);
        walk.recognised(&[&item], "9/QĐ-UBND");
        desk.extend([format!("/desk/agenda-items/{item}"), format!("/desk/agenda-items/{item}/hall")]);
        desk.push(format!("/desk/producers/{}", here.producer_id));
        let lists = ["", "/products", "/lots", "/shops", "/dossiers", "/certificates", "/decisions/new"];
        desk.extend(lists.map(|list| format!("/desk{list}")));
        let number = province.all(&walk.office, "/certificates")[0]["number"].clone();
        paths.push(format!("/c/{}", number.as_str().unwrap()));
        let asked = serde_urlencoded::to_string([("q", MARKUP), ("code", END_OF_DATA)]).unwrap();
        paths.extend(["/", "/products", "/shops", "/figures"].map(str::to_owned));
        paths.extend(["/products", "/shops", "/check", "/nothing"].map(|path| format!("{path}?{asked}")));
        desk.extend(["/search", "/ideas"].map(|path| format!("/desk{path}?{asked}")));
        let producer = format!("/producers/{}", here.producer_id);
        province
            .patch(
                &here.producer,
                &producer,
                json!({"address": format!("{MARKUP} {}", long()), "phone": "0912 345 678"}),
            )
            .ok();
        Self { walk, paths, desk }
    }
}

#[test]
fn texts_of_others_neither_break_a_page_nor_become_part_of_it() {
    if !is_at_hand() {
        return;
    }
    let hostile = Hostile::new();
    let browser = Browser::new("vi");
    for path in &hostile.paths {
        browser.resize(320, 2);
        browser.open(&format!("http://{}{path}", hostile.walk.province.address));
        let found = browser.run(
            "return [window.owned ?? 0, document.querySelectorAll('img[src=x], [onerror]').length,
                [...document.scripts].filter(s => s.type !== 'application/ld+json').length]",
        );
        assert_eq!(found, json!([0, 0, 0]), "{path}");
        for width in [320, 1280] {
            browser.resize(width, 1);
            let widths = browser.run("const r = document.documentElement; return r.scrollWidth - r.clientWidth");
            assert!(widths.as_i64().is_some_and(|width| width <= 0), "{path} at {width} scrolls sideways by {widths}");
        }
        assert_eq!(browser.run(LEAKS), json!([]), "{path}: marks of direction reach their neighbours");
        let data = browser.run("return [...document.querySelectorAll('script')].map(s => s.textContent)");
        for data in data.as_array().unwrap() {
            serde_json::from_str::<Value>(data.as_str().unwrap()).expect("data of schema.org");
        }
        let complaints = browser.complaints();
        let refused = |complaint: &String| complaint.contains("responded with a status of 4");
        assert!(complaints.iter().all(refused), "{path}: {complaints:?}");
        if path.starts_with("/t/") {
            let text = browser.text("main");
            assert!(text.contains("</script><script>window.owned=3</script>"), "shown as it was written: {text}");
        }
    }
}

#[test]
fn texts_of_others_neither_break_the_desk_nor_become_part_of_it() {
    if !is_at_hand() {
        return;
    }
    let (hostile, axe) = (Hostile::new(), axe());
    let origin = format!("http://{}", hostile.walk.province.address);
    let browser = Browser::new("vi");
    sign_in(&browser, &origin, "office");
    for path in &hostile.desk {
        browser.resize(320, 1);
        browser.open(&format!("{origin}{path}"));
        let found = browser.run(
            "return [window.owned ?? 0, document.querySelectorAll('img[src=x], [onerror], script:not([src])').length]",
        );
        assert_eq!(found, json!([0, 0]), "{path}");
        for width in [320, 1280] {
            browser.resize(width, 1);
            assert_eq!(browser.run(OVERFLOW), json!([]), "{path} at {width}");
        }
        assert_eq!(browser.run(LEAKS), json!([]), "{path}: marks of direction reach their neighbours");
        if let Some(axe) = &axe {
            assert_eq!(violations(&browser, axe), Vec::<String>::new(), "{path}");
        }
    }
}
