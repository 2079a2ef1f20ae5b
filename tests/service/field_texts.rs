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
fn a_code_is_known_with_whatever_is_added_to_it_and_a_wrong_one_stays_unknown() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 6);
        let codes = walk.codes(&walk.here, &order);
        let old = json!({"items": [{"code": "SP-00123", "product_id": product}, {"code": "https://qr.example.vn/sp/7", "product_id": product}]});
        province.post(&walk.office, "/legacy-codes", old).created();
        let code = codes[0].as_str();
        let scanned = |path: &str| Reply::of(province.request(Method::GET, path).send().unwrap());
        for spelling in spellings(code) {
            let written = escaped(&spelling);
            for path in [format!("/t/{written}"), format!("/T/{written}")] {
                assert_eq!(scanned(&path).ok()["code"], code, "{spelling:?}");
            }
            assert_eq!(scanned(&format!("/t/{written}/qr.svg")).status, 200, "{spelling:?}");
            let led = page(province, &format!("/check?code={written}"));
            assert_eq!(led.headers["location"], format!("/t/{code}").as_str(), "{spelling:?}");
            let led = scanned(&format!("/t/{written}/"));
            assert_eq!((led.status.as_u16(), led.headers["location"].to_str().unwrap()), (303, &*format!("/t/{code}")));
        }
        let wrong = format!("{}{}", &code[..19], if code.ends_with('7') { '8' } else { '7' });
        for spelling in spellings(&wrong) {
            scanned(&format!("/t/{}", escaped(&spelling))).refused(404, "unknown_stamp");
        }
        for spelling in ["SP-00123.", "“SP-00123”", "ＳＰ-00123", "SP\u{200b}-00123"] {
            assert_eq!(scanned(&format!("/t/{}", escaped(spelling))).ok()["code"], "SP-00123", "{spelling}");
        }
        for spelling in ["QR.example.vn/sp/7", "http://qr.example.vn//sp/7/", "(https://qr.example.vn/sp/7)."] {
            let found = province.public(&format!("/public/legacy?address={}", escaped(spelling))).ok();
            assert_eq!(found["code"], "qr.example.vn/sp/7", "{spelling}");
        }
        scanned("/t/SP-00124.").refused(404, "unknown_stamp");

        // Programs that join addresses write a slash twice, others one at the end.
        for (path, target) in [
            (format!("/t//{code}"), format!("/t/{code}")),
            (format!("//t///{code}?lang=en"), format!("/t/{code}?lang=en")),
            ("/c//42-2020-0087".into(), "/c/42-2020-0087".into()),
            ("/products/?q=mat".into(), "/products?q=mat".into()),
            (format!("/01/{GTIN}/?linkType=linkset"), format!("/01/{GTIN}?linkType=linkset")),
            (format!("/01/{GTIN}/10/L-1/"), format!("/01/{GTIN}/10/L-1")),
        ] {
            let led = Reply::of(province.at_site(Method::GET, &path).send().unwrap());
            assert_eq!(
                (led.status.as_u16(), led.headers["location"].to_str().unwrap()),
                (308, target.as_str()),
                "{path}"
            );
        }
        for nowhere in ["//nowhere.example/t", "//nowhere", "/nowhere/", "/nowhere.example//"] {
            assert_eq!(Reply::of(province.at_site(Method::GET, nowhere).send().unwrap()).status, 404, "{nowhere}");
        }
        let twice = province.at_site(Method::POST, &format!("/t//{code}/scans")).json(&json!({"lat": 1, "lon": 1}));
        assert_eq!(Reply::of(twice.send().unwrap()).status, 404, "what is sent is not sent on");

        // A roll is activated by what a phone reads, whatever is in the symbol.
        let lot = walk.lot(&walk.here, &product, "L-1");
        let origin = format!("{}/t/", province.address);
        for (at, spelled) in [
            format!("(01)0{GTIN}(21){}", codes[0]),
            format!("]d2010{GTIN}21{}\u{1d}", codes[1]),
            format!("{origin}{}.", codes[2]),
            format!("https://{origin}/{}\u{200b}/", codes[3]),
            wide(&codes[4]),
        ]
        .into_iter()
        .enumerate()
        {
            let form = json!({"first_code": spelled, "last_code": spelled, "lot_id": lot});
            let order = format!("/stamp-orders/{order}");
            let activated = province.step(&walk.here.producer, &order, "activate", form).ok();
            assert_eq!(activated["activated"], at + 1, "{spelled:?}");
        }
    });
}

#[test]
fn a_gtin_is_kept_in_its_digits_and_zeros_are_none() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let path = format!("/products/{product}");
        let give = |gtin: &str| province.patch(&walk.here.producer, &path, json!({"gtin": gtin}));
        for zeros in ["00000000", "000000000000", "0000000000000", "00000000000000", "0000 0000"] {
            give(zeros).invalid(&["/gtin"]);
            let led = Reply::of(province.request(Method::GET, &format!("/01/{}", escaped(zeros))).send().unwrap());
            led.refused(400, "malformed_gtin");
        }
        for (typed, led_by) in [
            ("8934563-138165", "08934563138165."),
            ("8 934563 138165\r\n", "８９３４５６３１３８１６５"),
            (GTIN, "8934563138165%0D%0A"),
        ] {
            assert_eq!(give(typed).ok()["gtin"], GTIN, "{typed:?}");
            let led = Reply::of(province.at_site(Method::GET, &format!("/01/{led_by}")).send().unwrap());
            assert_eq!(led.status, 307, "{led_by}");
        }
        for symbol in [format!("(01)0{GTIN}(10)L-1"), format!("]C1010{GTIN}10L-1")] {
            let led = page(province, &format!("/check?code={}", escaped(&symbol)));
            assert_eq!(led.headers["location"], format!("/01/0{GTIN}/10/L-1").as_str(), "{symbol}");
        }
    });
}

#[test]
fn a_certificate_is_known_by_its_number_with_whatever_is_added() {
    on_both(|engine| {
        let province = Province::demo(engine);
        let products = province.public("/public/products?state=certified&limit=1").ok();
        let number = products["items"][0]["certificate_number"].as_str().unwrap().to_owned();
        let dashed = number.replace('-', "–");
        for spelling in spellings(&number).into_iter().chain([dashed]) {
            let written = escaped(&spelling);
            let found = province.public(&format!("/public/certificates/{written}")).ok();
            assert_eq!(found["number"], number.as_str(), "{spelling:?}");
            for path in [format!("/c/{written}"), format!("/C/{written}")] {
                assert_eq!(page(&province, &path).status, 200, "{spelling:?}");
            }
        }
        province.public(&format!("/public/certificates/{number}1.")).refused(404, "unknown_certificate");
    });
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

#[test]
fn a_producer_is_known_by_its_number_however_it_is_written() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let enter =
            |number: &str| province.post(&here.commune, "/producers", producer_form("Hộ ông An", "18196", number));
        let made = enter("042-090-001-234").created();
        let path = format!("/producers/{}", id(&made));
        assert_eq!(province.get(&here.commune, &path).ok()["identity_number"], "042090001234");
        for same in ["042090001234", "42090001234", "042 090 001 234", "０４２０９０００１２３４", "042.090.001.234."]
        {
            enter(same).refused(409, "already_registered");
        }
        for none in ["------", "12-34", "ABCDEF", "042090001234567890123"] {
            enter(none).invalid(&["/identity_number"]);
        }
        // An older program kept what was typed.
        {
            use diesel::prelude::*;
            use ocop::db::schema::producers;
            let mut connection = province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
            diesel::update(producers::table.filter(producers::identity_number.eq("042090001234")))
                .set(producers::identity_number.eq("42-090-001-234"))
                .execute(&mut connection)
                .unwrap();
        }
        for same in ["042090001234", "42090001234"] {
            enter(same).refused(409, "already_registered");
        }
        assert_eq!(province.all(&here.commune, "/producers?q=042-090-001-234").len(), 1);
        // One person has one seat, whatever their accounts say.
        let (council, members, _) = walk.council_form("439", 1, 3);
        for (member, number) in members.iter().take(2).zip(["042-180-001-234", "42180001234"]) {
            province.patch(&walk.admin, &format!("/accounts/{}", member.id), json!({"identity_number": number})).ok();
        }
        let told = province.get(&walk.admin, &format!("/accounts/{}", members[1].id)).ok();
        assert_eq!(told["identity_number"], "042180001234");
        province.post(&here.officer, "/councils", council).fault("/seats/1/account_id", "same_person");
    });
}

#[test]
fn a_text_says_something_and_holds_no_control() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let shop = |name: &str| province.post(&walk.office, "/shops", shop_form(name, "18196"));
        for empty in ["...", "--", "\u{200b}", "\u{2800}", "\u{3164}", "\u{ad}", "\u{301}", "。", " – "] {
            shop(empty).fault("/name", "required");
        }
        for control in ['\u{1}', '\u{1b}', '\n', '\t', '\u{85}', '\u{202e}', '\u{2067}', '\u{200f}'] {
            shop(&format!("Cửa{control}hàng")).fault("/name", "control_character");
        }
        let mut idea = walk.idea_form("Mật ong");
        idea["description"] = json!("Dòng một\r\n\tdòng hai");
        province.post(&walk.here.producer, "/ideas", idea.clone()).created();
        idea["description"] = json!("Dòng một\u{2066} dòng hai");
        province.post(&walk.here.producer, "/ideas", idea).fault("/description", "control_character");
    });
}

#[test]
fn a_name_has_letters_that_a_certificate_can_show() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        for name in ["Mật ong 🍯", "蜂蜜 Vũ Quang", "Mật ong \u{e000}"] {
            province.post(&here.producer, "/ideas", walk.idea_form(name)).fault("/product_name", "not_printable");
            province
                .post(&walk.office, "/producers", producer_form(name, "18196", "3000777888"))
                .fault("/name", "not_printable");
            let producer = format!("/producers/{}", here.producer_id);
            province.patch(&here.producer, &producer, json!({"address": name})).fault("/address", "not_printable");
        }
        for name in ["Mật ong № 5 (½ kg)", "MA\u{323}\u{302}T ONG", "Mật\u{200b} ong “rừng” – 20 °C"] {
            province.post(&here.producer, "/ideas", walk.idea_form(name)).created();
        }
    });
}

#[test]
fn a_user_name_is_read_at_every_door() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let form = json!({"username": " Cô.Ba\u{a0}", "password": PASSWORD, "name": "Cô Ba", "role": "inspector", "unit_code": "42"});
        province.post(&walk.admin, "/accounts", form).invalid(&["/username"]);
        let form = json!({"username": " Co.Ba\u{200b}\u{a0}", "password": PASSWORD, "name": "Cô Ba", "role": "inspector", "unit_code": "42"});
        assert_eq!(province.post(&walk.admin, "/accounts", form.clone()).created()["username"], "co.ba");
        province.post(&walk.admin, "/accounts", form).refused(409, "username_taken");
        for typed in ["co.ba", "co.ba ", "CO.BA", "\u{a0}co.ba\u{3000}", "co\u{200b}.ba", "ｃｏ．ｂａ", "co.ba\r\n"]
        {
            province.sign_in_with(typed, PASSWORD);
        }
        let registration = json!({"consent": {"version": 1}, "producer": producer_form("Hộ", "18196", "042090001235"),
            "account": {"username": "Ho.Moi ", "password": PASSWORD, "name": "Ai"}});
        let send =
            |body: &Value| Reply::of(province.request(Method::POST, "/registrations").json(body).send().unwrap());
        assert_eq!(send(&registration).status, 201);
        let waiting = province.all(&walk.here.commune, "/registrations");
        assert!(waiting.iter().any(|registration| registration["account"]["username"] == "ho.moi"), "{waiting:?}");
    });
}

#[test]
fn scratched_digits_are_understood_and_what_is_none_uses_no_try() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 100);
        let list = province.get(&walk.office, &format!("/stamp-orders/{order}/scratch.csv")).text;
        let rows: Vec<Vec<&str>> = list.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let grouped = |digits: &str| digits.len() == 9 && digits.as_bytes()[4] == b' ';
        assert!(rows.iter().all(|row| grouped(row[2])), "no spreadsheet makes a number of it: {list}");
        let confirm = |code: &str, secret: &str| {
            let request = province.request(Method::POST, &format!("/t/{code}/confirm"));
            Reply::of(request.json(&json!({"secret": secret})).send().unwrap())
        };
        let (code, digits) = (rows[0][1], rows[0][2].replace(' ', ""));
        for none in ["", "abc", "1", "123456", "123456789", "--------", "٠٣٨٧٦٨٠٢", "1234567O"] {
            confirm(code, none).fault("/secret", "malformed_secret");
        }
        let (one, other) = digits.split_at(4);
        for typed in [
            digits.clone(),
            format!("{one}-{other}"),
            format!("{one} {other}\r\n"),
            format!("'{digits}"),
            format!("=\"{digits}\""),
            wide(&digits),
        ] {
            assert_eq!(confirm(code, &typed).ok()["confirmed"], true, "{typed}");
        }
        // One in ten begins with the zero that spreadsheets take away.
        let zeroed = rows.iter().find(|row| row[2].starts_with('0') && !row[2].starts_with("00"));
        if let Some(row) = zeroed {
            assert_eq!(confirm(row[1], &row[2].replace(' ', "")[1..]).ok()["confirmed"], true);
        }
        let wrong = if digits == "00000000" { "00000001" } else { "00000000" };
        assert!(confirm(code, wrong).text.contains(" 4 "), "the wrong ones before were no tries");
    });
}

#[test]
fn what_messengers_add_to_an_address_is_passed_over_where_the_public_reads() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let added = "fbclid=IwAR0&utm_source=zalo&utm_medium=a&zarsrc=30&gclid=x&_ga=1&mc_cid=2&igshid=3&wbraid=4";
        for path in ["/public/products", "/public/shops", "/units"] {
            let reply = Reply::of(province.request(Method::GET, &format!("{path}?{added}")).send().unwrap());
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            let reply = Reply::of(province.request(Method::GET, &format!("{path}?{added}&colour=red")).send().unwrap());
            reply.refused(422, "invalid");
        }
        for path in ["/feed.atom", "/sitemap.xml", "/products", "/shops"] {
            let reply = Reply::of(province.at_site(Method::GET, &format!("{path}?{added}")).send().unwrap());
            assert_eq!(reply.status, 200, "{path}");
        }
        let signed_in = province.request(Method::GET, "/shops?fbclid=1").bearer_auth(&walk.office.token);
        Reply::of(signed_in.send().unwrap()).refused(422, "invalid");
        for (path, on) in [("/units", "22/02/2021"), ("/units", "22.2.2021")] {
            let refused = province.request(Method::GET, &format!("{path}?on={on}"));
            let refused = Reply::of(refused.send().unwrap());
            assert!(refused.status == 422 && refused.text.contains("for example 2021-02-22"), "{}", refused.text);
        }
    });
}

#[test]
fn a_byte_order_mark_and_each_countrys_sheets_are_taken() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let shop = format!("\u{feff}{}", shop_form("Cửa hàng", "18196"));
        province.raw(&Method::POST, Some(&walk.office), "/shops", None, shop).created();
        let credentials = json!({"username": "admin", "password": PASSWORD});
        province.raw(&Method::POST, None, "/auth/token", None, format!("\u{feff}{credentials}")).ok();
        let product = walk.approved(&walk.here, "Mật ong").product;
        for (place, csv) in [
            format!("\u{feff}code,product_id\r\nA-0,{product}\r\n"),
            format!("Code;Product_ID\nA-1;{product}\n;\n;\n"),
            format!("sep=;\r\nCODE;PRODUCT_ID\r\nA-2;{product}\r\n\r\n"),
            format!("code\tproduct_id\nA-3\t{product}\n\t\n"),
        ]
        .into_iter()
        .enumerate()
        {
            let imported = province.post(&walk.office, "/legacy-codes", json!({"csv": csv})).created();
            assert_eq!(imported["imported"], 1, "{csv:?}");
            let scanned = Reply::of(province.request(Method::GET, &format!("/t/A-{place}")).send().unwrap());
            assert_eq!(scanned.ok()["code"], format!("A-{place}"));
        }
        let broken = json!({"csv": "code;product_id\nA-9\n"});
        province.post(&walk.office, "/legacy-codes", broken).fault("/csv", "malformed_csv");
    });
}

#[test]
fn numbers_of_papers_begin_anew_each_year_and_are_one_in_any_spelling() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (district, provincial) = (walk.council("439", 1, 3), walk.council("42", 1, 3));
        let rated = |name: &str| {
            let candidate = walk.handed_in(&walk.here, name);
            walk.sent_up(&district, &candidate, 60);
            walk.rated(&provincial, &candidate, 72)
        };
        walk.recognised(&[&rated("Mật ong")], "4588/QĐ-UBND");
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [rated("Nước mắm")]});
        let decision = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form).created()));
        let promulgate = |number: &str| {
            let signature = json!({"number": number, "signed_on": "2021-02-22"});
            province.step(&walk.signatory, &decision, "promulgate", signature)
        };
        for same in [
            "4588/QĐ-UBND",
            "4588/QÐ-UBND",
            "4588/qđ-ubnd",
            "４５８８/QĐ-UBND",
            "4588/QĐ–UBND.",
            " 4588/QĐ-UBND\u{200b}",
        ] {
            promulgate(same).refused(409, "number_taken");
        }
        {
            use diesel::prelude::*;
            use ocop::db::schema::decisions;
            let mut connection = province.database_url.parse::<ocop::db::Address>().unwrap().connect().unwrap();
            let before: ocop::base::Day = "2020-12-31".parse().unwrap();
            diesel::update(decisions::table.filter(decisions::number.eq("4588/QĐ-UBND")))
                .set(decisions::signed_on.eq(before))
                .execute(&mut connection)
                .unwrap();
        }
        assert_eq!(promulgate("４５８８/QĐ-UBND").ok()["number"], "4588/QĐ-UBND");
    });
}
