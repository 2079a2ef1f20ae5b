//! What people type, paste and scan, with what their scanners, chats, keyboards and spreadsheets make of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::html::{escaped, page};
use crate::province::{PASSWORD, Province, Reply};
use crate::walk::{Walk, id, producer_form, shop_form};

const GTIN: &str = "8934563138165";

/// A text in the letters of East Asian input methods, which are twice as wide.
fn wide(text: &str) -> String {
    let wide = |letter: char| {
        if letter.is_ascii_graphic() { char::from_u32(u32::from(letter) + 0xfee0).unwrap() } else { letter }
    };
    text.chars().map(wide).collect()
}

/// What scanners, chats and input methods make of a code.
fn spellings(code: &str) -> Vec<String> {
    let (one, other) = code.split_at(5);
    vec![
        format!("{code}."),
        format!("{code}\r\n"),
        format!("{code}\u{200b}"),
        format!("{one}\u{200b}{other}"),
        format!("{one}\u{ad}{other}\u{feff}"),
        wide(code),
        format!("{code},"),
        format!("({code})"),
        format!("“{code}”"),
        format!("{code}。"),
        format!(" \u{a0}{code}\u{3000}"),
        format!("{code}！"),
        format!("*{code}*;"),
        format!("]Q1{code}"),
    ]
}

#[test]
fn a_lot_is_one_however_its_code_is_written_and_is_found_so() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let product = walk.approved(here, "Mật ong").product;
        let lot = walk.lot(here, &product, "LÔ-Đ1");
        let make = |code: &str| province.post(&here.producer, "/lots", walk.lot_form(&product, code));
        for same in ["lô-đ1", "LÔ-Ð1", "LÔ-Ɖ1", "Lo-D1", "LO\u{302}-Đ1"] {
            make(same).refused(409, "lot_code_taken");
        }
        make("LÔ-Đ2").created();
        for sought in ["lô-đ1", "lo-d1", "LÔ-Ð", "ＬＯ－Ｄ１"] {
            let found = province.all(&here.producer, &format!("/lots?q={}", escaped(sought)));
            assert!(found.iter().any(|found| found["id"] == lot), "{sought}: {found:?}");
        }
    });
}

#[test]
fn names_are_found_and_sorted_by_what_is_seen() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let shops = ["Cửa hàng C", "Ðiểm bán Ðức Thọ", "Đ\u{200b}iểm bán Đức Phổ", "Ｄｉểm bán Đức Lạc", "Em"];
        for name in shops {
            province.post(&walk.office, "/shops", shop_form(name, "18196")).created();
        }
        let listed = province.all(&walk.office, "/shops");
        let names: Vec<&str> = listed.iter().map(|shop| shop["name"].as_str().unwrap()).collect();
        assert_eq!(names, [shops[0], shops[3], shops[2], shops[1], shops[4]]);
        for sought in ["diem ban duc", "Điểm bán Đức", "ÐIỂM BÁN ÐỨC", "điểm\u{200b} bán\u{a0}đức", "ｄｉｅｍ ban"]
        {
            let found = province.all(&walk.office, &format!("/shops?q={}", escaped(sought)));
            assert_eq!(found.len(), 3, "{sought}: {found:?}");
        }
        let found = province.public(&format!("/public/shops?q={}", escaped("điểm ban"))).ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn what_an_older_program_folded_is_folded_anew_at_a_start() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let shop = id(&walk.province.post(&walk.office, "/shops", shop_form("Ðức Thọ", "18196")).created());
        let product = walk.approved(&walk.here, "Mật ong").product;
        let lot = walk.lot(&walk.here, &product, "LÔ-1");
        let before = walk.province.get(&walk.office, &format!("/shops/{shop}")).ok()["version"].clone();
        {
            use diesel::prelude::*;
            use ocop::db::schema::{lots, settings, shops};
            let mut connection = walk.province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
            diesel::update(shops::table.filter(shops::name.eq("Ðức Thọ")))
                .set(shops::folded.eq("ðuc tho"))
                .execute(&mut connection)
                .unwrap();
            diesel::update(lots::table).set(lots::folded.eq(None::<String>)).execute(&mut connection).unwrap();
            diesel::delete(settings::table.find("folding")).execute(&mut connection).unwrap();
        }
        let mut walk = walk;
        walk.province.restart(&[]);
        let found = |path: &str| walk.province.all(&walk.office, path);
        assert_eq!(found("/shops?q=duc+tho").len(), 1);
        assert_eq!(found("/lots?q=lo-1")[0]["id"], lot.as_str());
        let shop = format!("/shops/{shop}");
        assert_eq!(walk.province.get(&walk.office, &shop).ok()["version"], before.as_i64().unwrap() + 1);
        let steps = walk.province.all(&walk.office, &format!("{shop}/history"));
        assert!(steps.iter().any(|step| step["verb"] == "refold" && step["account_id"].is_null()), "{steps:?}");
        // What is vouched for is so again, and a second start finds nothing more to do.
        walk.province.restart(&[]);
        assert_eq!(walk.province.get(&walk.office, &shop).ok()["version"], before.as_i64().unwrap() + 1);
    });
}
