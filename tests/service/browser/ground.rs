//! A province whose stamps show every verdict and every warning.

use std::io::Cursor;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::province::{Templates, Upload};
use crate::walk::{Candidate, Cast, District, Walk, id};

/// A province whose stamps show every verdict and every warning.
pub struct Ground {
    pub walk: Walk,
    known: Known,
}

impl std::ops::Deref for Ground {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

/// Stamps by what they show, in the order of the pages, and what else has a page.
#[derive(Clone, Default)]
pub struct Known {
    pub stamps: Vec<(&'static str, String)>,
    /// Numbers of certificates by their standing.
    pub certificates: Vec<(&'static str, String)>,
    /// Codes of printed papers, by what the paper is.
    pub papers: Vec<(&'static str, String)>,
    /// The digits under the scratch layer of the genuine one.
    pub secret: String,
    /// Codes of earlier software.
    pub legacy: Vec<String>,
}

/// The name that is on most pages.
pub const NAME: &str = "Mật ong rừng Sơn Kim";

impl Ground {
    /// One stamp on goods that are not rated.
    pub fn small(engine: Engine) -> Self {
        static SMALL: Templates<(Cast, Known)> = Templates::new();
        let (walk, known) = Walk::filled(engine, &SMALL, |walk| {
            let product = walk.approved(&walk.here, NAME).product;
            describe(walk, &product);
            Known { stamps: vec![("genuine", walk.activated(&walk.here, &product, 2).remove(0))], ..Known::default() }
        });
        Self { walk, known }
    }

    pub fn new(engine: Engine) -> Self {
        static GROUNDS: Templates<(Cast, Known)> = Templates::new();
        let (walk, known) = Walk::filled(engine, &GROUNDS, Self::prepare);
        Self { walk, known }
    }

    fn prepare(walk: &Walk) -> Known {
        let province = &walk.province;
        let (district, council) = (walk.council("439", 1, 3), walk.council("42", 1, 3));
        let rated = |name: &str| -> (Candidate, String) {
            let candidate = walk.handed_in(&walk.here, name);
            walk.sent_up(&district, &candidate, 60);
            let item = walk.rated(&council, &candidate, 72);
            (candidate, item)
        };
        let ((good, good_item), (bad, bad_item)) = (rated(NAME), rated("Mật ong hoa nhãn"));
        let decision = walk.recognised(&[&good_item, &bad_item], "9/QĐ-UBND");
        let unrated = walk.approved(&walk.here, "Mật ong ngâm chanh");
        let held = walk.approved(&walk.here, "Mật ong bạc hà");

        describe(walk, &good.product);
        let here = &walk.here;
        let order = walk.issued(here, &good.product, 20);
        let codes = walk.codes(here, &order);
        let lot = walk.lot(here, &good.product, "L-2021-01");
        let recalled = walk.lot(here, &good.product, "L-2021-02");
        let old = old_lot(walk, here, &good.product);
        journey(walk, here, &lot);
        activate(walk, &order, 1, 5, &lot);
        activate(walk, &order, 6, 6, &recalled);
        activate(walk, &order, 7, 7, &old);
        let resource = format!("/stamp-orders/{order}");
        let range = |serial: i64| json!({"from": serial, "to": serial, "reason": "Rách khi dán"});
        province.step(&here.producer, &resource, "void", range(5)).ok();
        province.step(&here.producer, &resource, "display", range(4)).ok();
        walk.copied(&order, &codes[2]);
        province.step(&walk.inspector, &format!("/lots/{recalled}"), "recall", json!({"note": "Nhiễm khuẩn"})).ok();

        let held_code = walk.activated(here, &held.product, 5)[0].clone();
        let hold = json!({"product_id": held.product, "reason": "Chờ kiểm nghiệm"});
        province.post(&walk.inspector, "/holds", hold).created();
        let revoked_code = walk.activated(here, &bad.product, 5)[0].clone();
        let paper = province.get(&walk.office, &format!("/decisions/{decision}/paper"));
        let minutes = province.get(district.chair(), &format!("/councils/{}/minutes", district.id));
        walk.revoked(&bad.product, "10/QĐ-UBND");
        let unrated_code = walk.activated(here, &unrated.product, 5)[0].clone();

        let number = |product: &str| {
            let found = province.all(&walk.office, &format!("/certificates?product_id={product}"));
            found[0]["number"].as_str().unwrap().to_owned()
        };
        let certificates = vec![("valid", number(&good.product)), ("revoked", number(&bad.product))];
        let legacy = vec!["SP-00123".to_owned()];
        let items: Vec<Value> = legacy.iter().map(|code| json!({"code": code, "product_id": good.product})).collect();
        province.post(&walk.office, "/legacy-codes", json!({"items": items})).created();
        let stamps = vec![
            ("genuine", codes[0].clone()),
            ("not_activated", codes[19].clone()),
            ("suspect", codes[2].clone()),
            ("revoked", revoked_code),
            ("suspended", held_code),
            ("recalled", codes[5].clone()),
            ("void", codes[4].clone()),
            ("past_shelf_life", codes[6].clone()),
            ("not_rated", unrated_code),
            ("display", codes[3].clone()),
        ];
        let secrets = province.get(&walk.office, &format!("{resource}/scratch.csv")).text;
        let secret = secrets.lines().nth(1).and_then(|line| line.rsplit(',').next()).unwrap().to_owned();
        let papers = vec![("decision", code(&paper.text)), ("minutes", code(&minutes.text))];
        Known { stamps, certificates, papers, secret, legacy }
    }

    pub fn code(&self, shown: &str) -> &str {
        let found = self.stamps.iter().find(|(name, _)| *name == shown);
        &found.unwrap_or_else(|| panic!("no stamp shows {shown}")).1
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.walk.province.address)
    }

    /// What a program is told without counting as a scan; `HEAD` has no body, so a preview asks.
    pub fn count(&self, shown: &str) -> i64 {
        let path = format!("/t/{}", self.code(shown));
        let request = self.walk.province.request(Method::GET, &path).header("user-agent", "facebookexternalhit/1.1");
        let answer = crate::province::Reply::of(request.send().unwrap()).ok();
        answer["scans"]["count"].as_i64().unwrap()
    }
}

/// Everything that a product can say of itself, with a picture as a phone takes it.
fn describe(walk: &Walk, product: &str) {
    let said = json!({"gtin": "8934563138165", "origin": "Xã Sơn Kim 1, Hương Sơn, Hà Tĩnh", "shelf_life": "24 tháng",
        "safety_warnings": "Không dùng cho trẻ dưới 1 tuổi",
        "story": "Ong lấy mật ở rừng Vũ Quang từ tháng ba đến tháng sáu.\n\nMỗi đàn cho chừng mười lít."});
    let resource = format!("/products/{product}");
    walk.province.patch(&walk.here.producer, &resource, said).ok();
    let picture = photo(1600, 1200);
    let file = Upload { name: "Hũ mật.jpg", media: "image/jpeg", bytes: &picture };
    walk.province.upload(&walk.here.producer, &format!("{resource}/pictures"), &[], file).created();
}

/// A picture that is not of one colour.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let dot = |x: u32, y: u32| {
        let shade = |value: u32| u8::try_from(value % 256).unwrap();
        image::Rgb([shade(200 + x / 40), shade(140 + y / 30), shade((x * y) / 4000)])
    };
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::from(image::RgbImage::from_fn(width, height, dot))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

/// A lot whose last day was yesterday.
fn old_lot(walk: &Walk, at: &District, product: &str) -> String {
    let mut form = walk.lot_form(product, "L-2020-09");
    form["produced_on"] = json!("2020-09-01");
    form["expires_on"] = json!("2021-02-21");
    id(&walk.province.post(&at.producer, "/lots", form).created())
}

fn journey(walk: &Walk, at: &District, lot: &str) {
    let steps = [
        ("harvest", "2021-02-20T01:00:00Z", "Rừng Vũ Quang", "Vụ xuân"),
        ("process", "2021-02-20T05:00:00Z", "Xưởng Sơn Kim", "Lọc, hạ thủy phần"),
        ("pack", "2021-02-20T09:00:00Z", "Xưởng Sơn Kim", "Hũ 500 ml"),
        ("ship", "2021-02-21T02:00:00Z", "Điểm bán hàng OCOP Phố Châu", ""),
    ];
    for (kind, at_time, place, note) in steps {
        let event = json!({"kind": kind, "at": at_time, "place": place, "note": note});
        walk.province.post(&at.producer, &format!("/lots/{lot}/events"), event).created();
    }
}

fn activate(walk: &Walk, order: &str, from: i64, to: i64, lot: &str) {
    let range = json!({"from": from, "to": to, "lot_id": lot});
    walk.province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();
}

/// The code that a printed paper carries.
fn code(paper: &str) -> String {
    let rest = paper.split_once("/p/").expect("the address of the paper").1;
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}
