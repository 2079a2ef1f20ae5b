//! Copied stamps: the rules, the board with its evidence, what the office decides; and doubts.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::Reply;
use crate::walk::{PNG, Walk, id};

/// Seats of five districts of Hà Tĩnh.
const DISTRICTS: [(f64, f64); 5] =
    [(18.51, 105.41), (18.53, 105.58), (18.36, 105.86), (18.25, 106.00), (18.07, 106.29)];

/// Stamps bound to a lot; the order and its codes.
fn stamps(walk: &Walk, quantity: i64) -> (String, Vec<String>) {
    let product = walk.approved(&walk.here, "Mật ong").product;
    let codes = walk.activated(&walk.here, &product, quantity);
    let order = id(&walk.province.all(&walk.office, &format!("/stamp-orders?product_id={product}"))[0]);
    (order, codes)
}

fn verdict(walk: &Walk, code: &str) -> Value {
    walk.scan(code, 1, None)["verdict"].clone()
}

#[test]
fn a_copied_stamp_is_found_and_shown_with_its_evidence() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (order, codes) = stamps(&walk, 5);
        let copied = &codes[0];
        for phone in 0..30u32 {
            let (lat, lon) = DISTRICTS[usize::try_from(phone % 5).unwrap()];
            walk.scan(copied, 1000 + phone, Some((lat + 0.001 * f64::from(phone), lon)));
        }
        assert_eq!(verdict(&walk, copied), "suspect");
        let board = walk.province.all(&walk.inspector, "/stamps/suspects");
        assert_eq!(board.len(), 1, "{board:?}");
        let case = &board[0];
        assert_eq!((&case["code"], &case["serial"], &case["state"]), (&json!(copied), &json!(1), &json!("open")));
        let evidence = &case["evidence"];
        assert_eq!(evidence["rule"]["code"], "in_many_places");
        assert!(evidence["rule"]["text"].as_str().unwrap().contains("10 km"));
        assert_eq!(evidence["days"], json!([{"day": "2021-02-22", "scans": 31, "visitors": 31}]));
        let places = evidence["places"].as_array().unwrap();
        let placed: i64 = places.iter().map(|place| place["visitors"].as_i64().unwrap()).sum();
        assert!(places.len() >= 5 && placed == 30, "{places:?}");
        assert_eq!(evidence["scans"], 31);
        let found = walk.province.all(&walk.office, "/stamps/suspects?rule=crowd_in_all");
        assert!(found.is_empty());
        assert_eq!(
            walk.province.all(&walk.office, &format!("/stamps/suspects?producer_id={}", walk.there.producer_id)),
            Vec::<Value>::new()
        );
        walk.province.get(&walk.here.producer, "/stamps/suspects").refused(403, "forbidden");
        let rules = walk.province.get(&walk.office, "/stamps/rules").ok();
        assert!(rules["rules"].as_array().unwrap().len() >= 4);
        drop(order);
    });
}

#[test]
fn a_family_a_display_jar_a_script_and_doubts_make_nothing_suspect() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (order, codes) = stamps(&walk, 5);
        let [family, jar, hammered, doubted, _] = codes.as_slice() else { panic!("five codes") };
        for (phone, place) in [(1, 0), (2, 0), (3, 0), (4, 4)] {
            walk.scan(family, phone, Some(DISTRICTS[place]));
        }
        let range = json!({"from": 2, "to": 2, "reason": "Trưng bày tại hội chợ"});
        let resource = format!("/stamp-orders/{order}");
        let answer = walk.province.step(&walk.here.producer, &resource, "display", range.clone()).ok();
        assert_eq!(answer["display"], 1);
        walk.province.step(&walk.here.producer, &resource, "display", range).refused(409, "range_overlaps");
        for visitor in 0..300 {
            walk.scan(jar, 5000 + visitor, Some(DISTRICTS[usize::try_from(visitor % 5).unwrap()]));
        }
        let shown = walk.scan(jar, 1, None);
        assert_eq!((&shown["verdict"], &shown["scans"]["count"]), (&json!("genuine"), &json!(301)));
        assert!(shown["warnings"].as_array().unwrap().contains(&json!("display")));
        // Fewer than ten thousand, for debug builds; the count is what must be exact.
        let last = (0..500).fold(Value::Null, |_, _| walk.scan(hammered, 7, None));
        assert_eq!((&last["verdict"], &last["scans"]["count"]), (&json!("genuine"), &json!(500)));
        for number in 0..50 {
            let doubt = json!({"text": format!("Hàng giả {number}")});
            let path = format!("/t/{doubted}/doubts");
            let request = walk.province.request(Method::POST, &path).json(&doubt);
            walk.province.answer(Method::POST, &path, false, request).created();
        }
        for code in [family, doubted] {
            assert_eq!(verdict(&walk, code), "genuine");
        }
        assert!(walk.province.all(&walk.office, "/stamps/suspects").is_empty());
        let too_many = json!({"from": 1, "to": 5, "reason": "x"});
        let order = walk.issued(&walk.here, &walk.approved(&walk.here, "Cam").product, 100);
        let range = json!({"from": 1, "to": 51, "reason": "Cả đơn là hàng trưng bày"});
        walk.province
            .step(&walk.here.producer, &format!("/stamp-orders/{order}"), "display", range)
            .refused(409, "too_many_on_display");
        walk.province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "display", too_many).ok();
    });
}

#[test]
fn a_dismissal_takes_a_week_and_more_than_was_dismissed_and_a_confirmation_stays() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let (order, codes) = stamps(&walk, 3);
        let case = walk.copied(&order, &codes[0]);
        let resource = format!("/stamps/suspects/{case}");
        walk.province.step(&walk.inspector, &resource, "dismiss", json!({"note": "x"})).refused(403, "forbidden");
        walk.province.step(&walk.office, &resource, "dismiss", json!({})).invalid(&["/note"]);
        let note = json!({"note": "Hàng mẫu đem đi hội chợ"});
        assert_eq!(walk.province.step(&walk.office, &resource, "dismiss", note.clone()).ok()["state"], "dismissed");
        assert_eq!(verdict(&walk, &codes[0]), "genuine");
        walk.province.step(&walk.office, &resource, "confirm", note.clone()).refused(409, "wrong_state");
        // For a week nothing speaks against it, and then it takes more than the twenty-one that were dismissed.
        (0..40).for_each(|network| assert_eq!(walk.scan(&codes[0], 900 + network, None)["verdict"], "genuine"));
        walk.province.restart(&["--clock", "2021-02-28T23:59:00+07:00"]);
        (0..40).for_each(|network| assert_eq!(walk.scan(&codes[0], 900 + network, None)["verdict"], "genuine"));
        walk.province.restart(&["--clock", "2021-03-01T09:00:00+07:00"]);
        (0..21).for_each(|network| assert_eq!(walk.scan(&codes[0], 900 + network, None)["verdict"], "genuine"));
        assert_eq!(walk.scan(&codes[0], 990, None)["verdict"], "suspect");
        let again = walk.province.all(&walk.office, "/stamps/suspects?state=open");
        assert_eq!(again.len(), 1);
        let again = format!("/stamps/suspects/{}", id(&again[0]));
        assert_eq!(walk.province.step(&walk.office, &again, "confirm", note).ok()["state"], "confirmed");
        assert_eq!(verdict(&walk, &codes[0]), "suspect");
        let verbs = |resource: &str| -> Vec<String> {
            let history = walk.province.all(&walk.office, &format!("{resource}/history"));
            history.iter().map(|step| step["verb"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            (verbs(&resource), verbs(&again)),
            (vec!["open".into(), "dismiss".into()], vec!["open".into(), "confirm".into()])
        );

        let other = walk.copied(&order, &codes[1]);
        let void = json!({"note": "Tem đã bị in lậu", "void": true});
        walk.province.step(&walk.office, &format!("/stamps/suspects/{other}"), "confirm", void).ok();
        assert_eq!(verdict(&walk, &codes[1]), "void");
    });
}

#[test]
fn scans_of_void_stamps_are_noticed() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (order, codes) = stamps(&walk, 3);
        let range = json!({"from": 1, "to": 1, "reason": "Mất cuộn tem"});
        walk.province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "void", range).ok();
        (0..4).for_each(|address| assert_eq!(walk.scan(&codes[0], 70 + address, None)["verdict"], "void"));
        let board = walk.province.all(&walk.office, "/stamps/suspects");
        assert_eq!(board.len(), 1);
        assert_eq!(board[0]["evidence"]["rule"]["code"], "scanned_after_void");
    });
}

#[test]
fn doubts_come_with_a_photo_are_answered_and_limited() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (_, codes) = stamps(&walk, 2);
        let path = format!("/t/{}/doubts", codes[0]);
        let send = |form: Form| Reply::of(walk.province.request(Method::POST, &path).multipart(form).send().unwrap());
        let photo = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("a.png").mime_str("image/png").unwrap();
        let form =
            Form::new().text("text", "Tem bị mờ").text("lat", "18.51").text("lon", "105.41").text("consent", "1");
        let sent = send(form.part("file", photo(PNG)));
        assert_eq!(sent.status, 201, "{}", sent.text);
        let sent: Value = serde_json::from_str(&sent.text).unwrap();
        let receipt = sent["receipt"].as_str().unwrap();
        let outcome = |receipt: &str| {
            let path = format!("/site/d/{receipt}");
            let request = walk.province.request(Method::GET, &path).header("accept", "application/json");
            walk.province.answer(Method::GET, &path, false, request)
        };
        assert_eq!(outcome(receipt).ok()["state"], "open");
        let spelled =
            receipt.to_lowercase().as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-");
        assert_eq!(outcome(&spelled).ok()["answer"], json!(null));
        for unknown in [&receipt[1..], "ABC", "00000000000000000000000000"] {
            outcome(unknown).refused(404, "not_found");
        }
        send(Form::new().text("text", "Quá lớn").part("file", photo(&[PNG, &vec![0; 5 * 1024 * 1024]].concat())))
            .refused(413, "too_large");
        let none = Part::bytes(Vec::new()).file_name("").mime_str("application/octet-stream").unwrap();
        assert_eq!(send(Form::new().text("text", "Không ảnh").part("file", none)).status, 201);
        send(Form::new().text("text", "Nửa nơi").text("lat", "18.5")).invalid(&["/lon"]);

        let doubts = walk.province.all(&walk.inspector, "/doubts?state=open");
        assert_eq!(doubts.len(), 2);
        let with = doubts.iter().find(|doubt| doubt["text"] == "Tem bị mờ").unwrap();
        assert_eq!((&with["lat"], &with["code"]), (&json!(18.51), &json!(codes[0])));
        let bytes = walk.province.get(&walk.inspector, &format!("/doubts/{}/photo", id(with)));
        assert!(bytes.status == 200 && bytes.bytes.starts_with(b"\xFF\xD8"), "kept as JPEG");
        let resource = format!("/doubts/{}", id(with));
        walk.province.get(&walk.here.producer, &resource).refused(403, "forbidden");
        // What officers note while they look into it is theirs; the answer is the reporter's.
        walk.province.step(&walk.inspector, &resource, "see", json!({"note": "Hỏi cửa hàng"})).ok();
        let seen = outcome(receipt).ok();
        assert_eq!((&seen["state"], &seen["answer"]), (&json!("seen"), &json!(null)));
        walk.province.step(&walk.inspector, &resource, "close", json!({})).invalid(&["/note"]);
        let closed = walk.province.step(&walk.inspector, &resource, "close", json!({"note": "Đã kiểm tra"})).ok();
        assert_eq!(closed["state"], "closed");
        let closed = outcome(receipt).ok();
        assert_eq!((&closed["state"], &closed["answer"]), (&json!("closed"), &json!("Đã kiểm tra")));
        let page = walk.province.page(&format!("/d/{receipt}"), "en").text;
        assert!(page.contains("Đã kiểm tra") && page.contains("Answered") && !page.contains("Hỏi cửa hàng"), "{page}");
        assert_eq!(walk.province.all(&walk.office, &format!("{resource}/history")).len(), 3);

        let text = |code: &str| {
            let request = walk.province.request(Method::POST, &format!("/t/{code}/doubts"));
            Reply::of(request.json(&json!({"text": "Lại nữa"})).send().unwrap())
        };
        // Two doubts came, and two uploads were refused. What others send is not in the way.
        assert!((4..60).all(|_| text(&codes[1]).status == 201));
        let refused = text(&codes[1]);
        let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=86_400).contains(&wait) && wait != 60, "{wait}");
        refused.refused(429, "too_many_doubts");
    });
}

/// A doubt about a stamp from an address.
fn doubt_from(walk: &Walk, code: &str, address: &str) -> Reply {
    let request = walk.province.request(Method::POST, &format!("/t/{code}/doubts")).header("x-forwarded-for", address);
    Reply::of(request.json(&json!({"text": "Hàng giả"})).send().unwrap())
}

#[test]
fn nobody_silences_the_doubts_about_a_stamp() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (_, codes) = stamps(&walk, 2);
        for network in 0..4 {
            assert!((0..60).all(|_| {
                let reply = doubt_from(&walk, &codes[0], &format!("198.18.{network}.1"));
                // What comes after two hundred in one breath waits; a script is told so.
                reply.status == 201 || reply.status == 429
            }));
        }
        // A stranger's flood slows who never looked at the stamp, and nobody who did.
        let wait = |reply: &Reply| reply.headers["retry-after"].to_str().unwrap().parse::<i64>().unwrap();
        let unseen = doubt_from(&walk, &codes[0], "198.18.50.1");
        assert!((1..=61).contains(&wait(&unseen)), "{}", wait(&unseen));
        unseen.refused(429, "too_many_doubts");
        let open = walk.province.request(Method::GET, &format!("/t/{}", codes[0]));
        open.header("x-forwarded-for", "198.18.50.1").send().unwrap();
        for _ in 0..3 {
            assert_eq!(doubt_from(&walk, &codes[0], "198.18.50.1").status, 201);
        }
        doubt_from(&walk, &codes[0], "198.18.50.1").refused(429, "too_many_doubts");
        assert_eq!(doubt_from(&walk, &codes[1], "198.18.51.1").status, 201, "other stamps are not touched");
        // All of a network's addresses have one allowance.
        for host in 0..2 {
            assert!((0..60).all(|_| doubt_from(&walk, &codes[1], &format!("2001:db8:7:{host}::1")).status == 201));
        }
        let full = doubt_from(&walk, &codes[1], "2001:db8:7:2::1");
        assert!((1..=3601).contains(&wait(&full)), "{}", wait(&full));
        full.refused(429, "too_many_doubts");
        assert_eq!(doubt_from(&walk, &codes[1], "2001:db8:8::1").status, 201);
    });
}
