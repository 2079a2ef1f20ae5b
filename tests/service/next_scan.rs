//! The very next scan knows of every change, on another instance too; and a code that nobody minted costs no statement.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::{Engine, on_both, take_away};
use crate::province::Reply;
use crate::side_by_side::Dice;
use crate::walk::{Walk, id};

/// A certified product with two lots of stamps, and two instances that are scanned in turn.
struct Goods {
    walk: Walk,
    product: String,
    order: String,
    codes: Vec<String>,
}

impl Goods {
    fn new(engine: Engine) -> Self {
        let walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        walk.sent_up(&walk.council("439", 1, 3), &candidate, 60);
        let item = walk.rated(&walk.council("42", 1, 3), &candidate, 72);
        walk.recognised(&[&item], "9/QĐ-UBND");
        let order = walk.issued(&walk.here, &candidate.product, 20);
        let codes = walk.codes(&walk.here, &order);
        Self { walk, product: candidate.product, order, codes }
    }

    fn activate(&self, from: i64, to: i64, lot: &str) {
        let range = json!({"from": from, "to": to, "lot_id": lot});
        self.walk
            .province
            .step(&self.walk.here.producer, &format!("/stamp-orders/{}", self.order), "activate", range)
            .ok();
    }
}

#[test]
fn every_change_is_in_the_very_next_scan_on_the_other_instance_too() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let (walk, province) = (&goods.walk, &goods.walk.province);
        let twin = province.twin();
        // What both instances say at once of the stamp with this serial.
        let scanned = |serial: usize| -> Value {
            let [one, other] = [province.address, twin.address].map(|address| {
                let reply = reqwest::blocking::get(format!("http://{address}/t/{}", goods.codes[serial - 1]));
                let mut answer = Reply::of(reply.unwrap()).ok();
                answer.as_object_mut().unwrap().remove("scans");
                answer
            });
            assert_eq!(one, other, "two instances tell the same");
            other
        };
        let verdict = |serial: usize| scanned(serial)["verdict"].clone();
        assert_eq!(verdict(1), "not_activated");
        let (good, bad) = (walk.lot(&walk.here, &goods.product, "L-1"), walk.lot(&walk.here, &goods.product, "L-2"));
        goods.activate(1, 10, &good);
        goods.activate(11, 20, &bad);
        assert_eq!((verdict(1), verdict(11)), (json!("genuine"), json!("genuine")));

        let producer = format!("/producers/{}", walk.here.producer_id);
        province.patch(&walk.here.producer, &producer, json!({"phone": "0912 345 678"})).ok();
        assert_eq!(scanned(1)["producer"]["phone"], "0912 345 678");
        province.patch(&walk.here.producer, &producer, json!({"public_phone": false})).ok();
        assert_eq!(scanned(1)["producer"]["phone"], Value::Null);

        let hold = json!({"product_id": goods.product, "reason": "Chờ kiểm nghiệm"});
        let hold = format!("/holds/{}", id(&province.post(&walk.inspector, "/holds", hold).created()));
        assert_eq!(verdict(1), "suspended");
        province.step(&walk.inspector, &hold, "lift", json!({})).ok();
        assert_eq!(verdict(1), "genuine");

        province.step(&walk.inspector, &format!("/lots/{bad}"), "recall", json!({"note": "Nhiễm khuẩn"})).ok();
        assert_eq!((verdict(1), verdict(11)), (json!("genuine"), json!("recalled")));

        let spoilt = json!({"from": 5, "to": 5, "reason": "Rách"});
        province.step(&walk.office, &format!("/stamp-orders/{}", goods.order), "void", spoilt).ok();
        assert_eq!((verdict(4), verdict(5)), (json!("genuine"), json!("void")));

        assert_eq!(scanned(1)["product"]["stars"], 4);
        let certificate = province.all(&walk.office, "/certificates")[0]["id"].clone();
        let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [certificate], "reason": "Vi phạm"});
        let decision = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form).created()));
        assert_eq!(verdict(1), "genuine", "a draft ends nothing");
        let signature = json!({"number": "10/QĐ-UBND", "signed_on": "2021-02-22"});
        province.step(&walk.signatory, &decision, "promulgate", signature).ok();
        assert_eq!((verdict(1), scanned(1)["product"]["stars"].clone()), (json!("revoked"), Value::Null));
    });
}

#[test]
fn a_certificate_ends_at_midnight_in_vietnam() {
    on_both(|engine| {
        let mut goods = Goods::new(engine);
        let lot = goods.walk.lot(&goods.walk.here, &goods.product, "L-1");
        goods.activate(1, 20, &lot);
        let certificate = goods.walk.province.all(&goods.walk.office, "/certificates")[0].clone();
        let last = certificate["valid_until"].as_str().unwrap().to_owned();
        let scan = |goods: &Goods| goods.walk.province.public(&format!("/t/{}", goods.codes[0])).ok();
        let expired = |answer: &Value| answer["warnings"].to_string().contains("certificate_expired");
        // As short before midnight as this machine can be asked.
        let seconds = [57, 54, 45, 30].into_iter();
        let mut tries = seconds.map(|second| {
            goods.walk.province.restart(&["--clock", &format!("{last}T23:59:{second}+07:00")]);
            scan(&goods)
        });
        let before = tries.find(|answer| !expired(answer)).expect("valid through its last day");
        drop(tries);
        assert_eq!((&before["verdict"], &before["product"]["stars"]), (&json!("genuine"), &json!(4)));
        let end = Instant::now() + Duration::from_secs(60);
        let after = loop {
            let answer = scan(&goods);
            if expired(&answer) {
                break answer;
            }
            assert!(Instant::now() < end, "the day ends");
            crate::pace::pause();
        };
        assert_eq!((&after["verdict"], &after["product"]["stars"]), (&json!("genuine"), &Value::Null));
    });
}

/// What nobody minted: random, shifted, cut and flipped codes; spellings of real ones are left out.
fn forged(real: &[String], count: usize) -> Vec<String> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut dice = Dice::new(7);
    let letter = |dice: &mut Dice| char::from(ALPHABET[dice.roll(32)]);
    (0..count)
        .map(|kind| {
            let code: Vec<char> = real[dice.roll(real.len())].chars().collect();
            let forged: String = match kind % 4 {
                0 => (0..20).map(|_| letter(&mut dice)).collect(),
                1 => code.iter().cycle().skip(1 + dice.roll(19)).take(20).collect(),
                2 => code[..1 + dice.roll(19)].iter().collect(),
                _ => {
                    let mut code = code.clone();
                    let place = dice.roll(20);
                    let now = ALPHABET.iter().position(|letter| char::from(*letter) == code[place]).unwrap();
                    code[place] = char::from(ALPHABET[now ^ (1 << dice.roll(5))]);
                    code.into_iter().collect()
                }
            };
            forged
        })
        .filter(|code| !real.contains(code))
        .collect()
}

#[test]
fn a_hundred_thousand_forged_codes_are_known_by_arithmetic_alone() {
    let goods = Goods::new(Engine::Sqlite);
    let mint = ocop::stamp::code::Mint::new(&goods.walk.province.app.keys).unwrap();
    let forged = forged(&goods.codes, 100_000);
    assert!(forged.len() > 99_000);
    for code in &forged {
        assert!(mint.read(code).is_none(), "{code} passes");
    }
    assert!(goods.codes.iter().all(|code| mint.read(code).is_some()));
}

#[test]
fn a_forged_code_is_refused_without_a_statement_to_the_database() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let province = &goods.walk.province;
        if engine == Engine::Postgresql {
            take_away(&province.database_url);
        }
        for code in forged(&goods.codes, 2000) {
            province.public(&format!("/t/{code}")).refused(404, "unknown_stamp");
        }
        if engine == Engine::Postgresql {
            let reply = Reply::of(province.request(Method::GET, &format!("/t/{}", goods.codes[0])).send().unwrap());
            assert!(reply.status.as_u16() >= 500, "a real code is looked up: {}", reply.text);
        }
    });
}
