//! Orders: limits, delivery, exports and links, activation by scanned codes, scratch codes, rotation of keys.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::json;

use ocop::base::keys::Kind;
use ocop::stamp::Mint;

use crate::engine::on_both;
use crate::province::Reply;
use crate::walk::{Walk, id, phone_in};

#[test]
fn the_office_limits_a_products_stamps_by_year() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let limits = format!("/products/{product}/stamp-limits");
        let version =
            || walk.province.get(&walk.office, &format!("/products/{product}")).ok()["version"].as_i64().unwrap();
        let set = |stamps| {
            let form = json!({"year": 2021, "stamps": stamps});
            walk.province.at_version(Method::PUT, &walk.office, &limits, version(), form)
        };
        let order = |quantity: i64| {
            walk.province.post(
                &walk.here.producer,
                "/stamp-orders",
                json!({"product_id": product, "quantity": quantity}),
            )
        };
        order(600).created();
        set(Some(1000)).ok();
        let problem = order(401).refused(409, "over_limit");
        assert!(problem["detail"].as_str().unwrap().contains("400"), "{problem}");
        let second = id(&order(400).created());
        order(1).refused(409, "over_limit");
        let left = walk.province.get(&walk.here.producer, &limits).ok();
        assert_eq!(left["items"], json!([{"year": 2021, "stamps": 1000, "ordered": 1000, "left": 0}]));
        walk.province.step(&walk.office, &format!("/stamp-orders/{second}"), "refuse", json!({"note": "Sai"})).ok();
        order(400).created();
        set(None).ok();
        order(10_000_000).created();
        order(10_000_001).invalid(&["/quantity"]);
        order(0).invalid(&["/quantity"]);
    });
}

#[test]
fn an_order_is_delivered_against_a_receipt_and_counted() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 100);
        let resource = format!("/stamp-orders/{order}");
        let receipt = json!({"receipt": "BB 12/2021, Nguyễn Văn A nhận"});
        walk.province.step(&walk.here.producer, &resource, "deliver", receipt.clone()).refused(403, "forbidden");
        walk.province.step(&walk.here.producer, &resource, "receive", json!({})).refused(409, "wrong_state");
        walk.province.step(&walk.office, &resource, "deliver", json!({"receipt": " "})).invalid(&["/receipt"]);
        let delivered = walk.province.step(&walk.office, &resource, "deliver", receipt).ok();
        assert_eq!((&delivered["state"], &delivered["delivered"]), (&json!("delivered"), &json!(100)));
        assert!(
            walk.province.step(&walk.here.producer, &resource, "receive", json!({})).ok()["received_at"].is_string()
        );
        walk.province.step(&walk.here.producer, &resource, "receive", json!({})).refused(409, "wrong_state");

        let codes = walk.codes(&walk.here, &order);
        let lot = walk.lot(&walk.here, &product, "L-1");
        let range = json!({"from": 1, "to": 40, "lot_id": lot});
        walk.province.step(&walk.here.producer, &resource, "activate", range).ok();
        let range = json!({"from": 91, "to": 100, "reason": "Rách"});
        walk.province.step(&walk.here.producer, &resource, "void", range).ok();
        walk.scan(&codes[0], 1, None);
        walk.scan(&codes[0], 2, None);
        walk.scan(&codes[99], 2, None);
        let numbers = walk.province.get(&walk.office, &resource).ok();
        let shown = ["issued", "delivered", "activated", "scanned", "void"].map(|name| numbers[name].as_i64().unwrap());
        assert_eq!(shown, [100, 100, 40, 2, 10]);
    });
}

#[test]
fn stamps_are_activated_by_scanning_the_first_and_the_last() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 600);
        let other = walk.issued(&walk.here, &product, 5);
        let (codes, others) = (walk.codes(&walk.here, &order), walk.codes(&walk.here, &other));
        let lot = walk.lot(&walk.here, &product, "L-1");
        let activate = |first: &str, last: &str| {
            let form = json!({"first_code": first, "last_code": last, "lot_id": lot});
            walk.province.step(&walk.here.producer, &format!("/stamp-orders/{order}"), "activate", form)
        };
        activate(&codes[0], &others[0]).invalid(&["/last_code"]);
        activate("???", &others[0]).invalid(&["/first_code", "/last_code"]);
        activate(&codes[9], &codes[0]).invalid(&["/to"]);
        let address = format!("HTTPS://OCOP.VN/T/{}", codes[9]);
        assert_eq!(activate(&codes[0].to_lowercase(), &address).ok()["activated"], 10);
        let clash = activate(&codes[4], &codes[20]).refused(409, "range_overlaps");
        assert!(clash["errors"][0]["detail"].as_str().unwrap().contains("1–10"), "{clash}");
        // The lot has 500 of them.
        let beyond = activate(&codes[10], &codes[500]).refused(409, "beyond_lot_quantity");
        assert!(beyond["detail"].as_str().unwrap().contains("490"), "{beyond}");
        activate(&codes[10], &codes[499]).ok();
        let form = json!({"from": 1, "first_code": others[0], "to": 2, "lot_id": lot});
        let path = format!("/stamp-orders/{other}");
        walk.province.step(&walk.here.producer, &path, "activate", form).invalid(&["/first_code"]);
        walk.province.step(&walk.here.producer, &path, "activate", json!({"from": 1, "lot_id": lot})).invalid(&["/to"]);
    });
}

#[test]
fn exports_are_logged_and_a_printers_link_works_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 4500);
        let all = walk.codes(&walk.here, &order);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 4500);
        let some = walk.province.get(&walk.office, &format!("/stamp-orders/{order}/codes.csv?from=2001&to=2003"));
        let some: Vec<&str> = some.text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
        assert_eq!(some, all[2000..2003]);
        let wrong = walk.province.get(&walk.office, &format!("/stamp-orders/{order}/codes.csv?from=0&to=10000001"));
        wrong.invalid(&["from", "to"]);
        walk.province.get(&walk.office, &format!("/stamp-orders/{order}/codes.csv?from=4000&to=4501")).invalid(&["to"]);
        let links = format!("/stamp-orders/{order}/export-links");
        let link = walk.province.post(&walk.office, &links, json!({"printer": "Nhà in Hồng Lĩnh"})).created();
        let path = link["url"].as_str().unwrap().split("/api/v1").nth(1).unwrap().to_owned();
        let preview = walk.province.request(Method::GET, &path).header("user-agent", "Zalo").send().unwrap();
        assert_eq!(preview.status(), 404);
        let printed = walk.province.public(&path);
        assert_eq!(printed.text.lines().count(), 4501);
        walk.province.public(&path).refused(404, "unknown_link");
        let log = walk.province.all(&walk.office, &format!("/stamp-orders/{order}/exports"));
        let takers: Vec<_> = log.iter().map(|export| (&export["from"], &export["to"], &export["printer"])).collect();
        let (printer, nobody) = (json!("Nhà in Hồng Lĩnh"), json!(null));
        assert_eq!(
            takers,
            [
                (&json!(1), &json!(4500), &printer),
                (&json!(2001), &json!(2003), &nobody),
                (&json!(1), &json!(4500), &nobody),
            ]
        );
        assert_eq!((&log[0]["account_id"], &log[1]["account_id"]), (&nobody, &json!(walk.office.id)));
        walk.province.post(&walk.office, &links, json!({"printer": "", "hours": 0})).invalid(&["/printer", "/hours"]);
    });
}

#[test]
fn a_scratch_code_is_confirmed_once_and_guessed_by_nobody() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let order = walk.issued(&walk.here, &product, 3);
        let list = format!("/stamp-orders/{order}/scratch.csv");
        walk.province.get(&walk.here.producer, &list).refused(403, "forbidden");
        let list = walk.province.get(&walk.office, &list).text;
        let rows: Vec<Vec<&str>> = list.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let (code, secret) = (rows[0][1], rows[0][2]);
        let confirm = |code: &str, secret: &str| {
            let path = format!("/t/{code}/confirm");
            let request = walk.province.request(Method::POST, &path).json(&json!({"secret": secret}));
            walk.province.answer(Method::POST, &path, false, request)
        };
        let first = confirm(code, secret).ok();
        assert_eq!((&first["confirmed"], &first["first"]), (&json!(true), &json!(true)));
        let second = confirm(code, secret).ok();
        assert_eq!((&second["first"], &second["confirmed_at"]), (&json!(false), &first["confirmed_at"]));
        let wrong = if rows[1][2] == "00000000" { "00000001" } else { "00000000" };
        (0..5).for_each(|_| drop(confirm(rows[1][1], wrong).invalid(&["/secret"])));
        confirm(rows[1][1], rows[1][2]).refused(429, "too_many_tries");
        assert_eq!(confirm(rows[2][1], rows[2][2]).ok()["first"], true);
        // Strangers' tries are not in the buyer's way, be they as many as there are.
        let from = |network: u32, secret: &str| {
            let request = walk.province.request(Method::POST, &format!("/t/{}/confirm", rows[1][1]));
            let request = request.header("x-forwarded-for", phone_in(network).to_string());
            Reply::of(request.json(&json!({"secret": secret})).send().unwrap())
        };
        for network in 0..19 {
            (0..5).for_each(|_| drop(from(network, wrong).invalid(&["/secret"])));
            from(network, rows[1][2]).refused(429, "too_many_tries");
        }
        let closed = from(50, rows[1][2]);
        let wait: i64 = closed.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=86_400).contains(&wait), "{wait}");
        closed.refused(429, "too_many_tries");
        walk.scan(rows[1][1], 51, None);
        assert!(from(51, wrong).text.contains(" 0 "), "one try where others guess");
        from(51, rows[1][2]).refused(429, "too_many_tries");
        walk.scan(rows[1][1], 50, None);
        assert_eq!(from(50, rows[1][2]).ok()["first"], true, "who has the goods is heard");
    });
}

#[test]
fn rotated_keys_leave_printed_stamps_valid_and_old_key_files_useless() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let old = walk.activated(&walk.here, &product, 2);
        let storage = walk.province.storage();
        let before = std::fs::read_to_string(storage.keys_file()).unwrap();
        let names = ocop::app::rotate(&storage, &[Kind::Token, Kind::Stamp]).unwrap();
        assert_eq!(names.len(), 2);
        walk.province.restart(&[]);
        let order = walk.issued(&walk.here, &product, 2);
        let new = walk.codes(&walk.here, &order);
        assert!(old.iter().all(|code| code.starts_with('1')) && new.iter().all(|code| code.starts_with('2')));
        assert_eq!(walk.scan(&old[0], 1, None)["verdict"], "genuine");
        assert_eq!(walk.scan(&new[0], 1, None)["verdict"], "not_activated");
        let mint = Mint::new(&walk.province.app.keys).unwrap();
        assert!(old.iter().chain(&new).all(|code| mint.read(code).is_some()));

        let rotated = std::fs::read_to_string(storage.keys_file()).unwrap();
        std::fs::write(storage.keys_file(), before).unwrap();
        let refused = ocop::app::open(&storage, "http://localhost").err().expect("the old file does not do");
        assert!(refused.to_string().contains("stamp:2") || refused.to_string().contains("token:"), "{refused}");
        std::fs::write(storage.keys_file(), rotated).unwrap();
        ocop::app::open(&storage, "http://localhost").expect("the new file does");
    });
}

#[test]
fn codes_of_earlier_software_lead_to_the_product() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let look = |path: &str| walk.province.public(path);
        look("/t/SP-00123").refused(404, "unknown_stamp");
        let import = |body: serde_json::Value| walk.province.post(&walk.office, "/legacy-codes", body);
        let address = "https://QR.phanmemcu.vn/sp/abc?id=7";
        let csv = format!("code,product_id\nX-9,{product}\n");
        let items = json!([{"code": "SP-00123", "product_id": product}, {"code": address, "product_id": product}]);
        assert_eq!(import(json!({"items": items, "csv": csv})).created()["imported"], 3);
        let answer = look("/t/SP-00123").ok();
        assert_eq!((&answer["verdict"], &answer["product"]["name"]), (&json!("legacy"), &json!("Mật ong")));
        assert!(answer.get("serial").is_none() && answer["words"]["advice"].is_string());
        assert_eq!(look("/t/X-9").ok()["verdict"], "legacy");
        let asked = format!("/public/legacy?address={}", address.replace(':', "%3A").replace('?', "%3F"));
        assert_eq!(look(&asked).ok()["verdict"], "legacy");
        assert_eq!(walk.province.all(&walk.office, "/legacy-codes").len(), 3);

        // An old code never hides what stands against its product.
        let page = || walk.province.page("/t/X-9", "vi").text;
        let found = look("/t/X-9").ok();
        assert_eq!((&found["product_verdict"], &found["warnings"]), (&json!(null), &json!(["not_rated"])));
        assert!(page().contains("Sản phẩm đang tham gia chương trình OCOP, chưa xếp hạng."), "{}", page());
        let hold = json!({"product_id": product, "reason": "Chờ kiểm nghiệm"});
        walk.province.post(&walk.inspector, "/holds", hold).created();
        let found = look("/t/X-9").ok();
        assert_eq!((&found["verdict"], &found["product_verdict"]), (&json!("legacy"), &json!("suspended")));
        let page = page();
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
        assert!(place("Sản phẩm đang bị tạm đình chỉ") < place("Mã của phần mềm cũ"));
        assert!(page.contains("class=\"verdict bad\""));
        import(json!({"items": [{"code": "7ABCDEFGHJKMNPQRSTVW", "product_id": product}]})).invalid(&["/items/0/code"]);
        import(json!({"items": [{"code": "SP-1", "product_id": walk.cycle}]})).invalid(&["/items/0/product_id"]);
        import(json!({})).invalid(&["/items"]);
        import(json!({"csv": "a,b\n1,2\n"})).invalid(&["/csv"]);
    });
}
