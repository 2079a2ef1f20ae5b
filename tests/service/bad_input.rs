//! What people and programs send that is wrong: a clear refusal each time, and nothing half-written.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::{Engine, has_postgresql, on_both};
use crate::province::{PASSWORD, Person, Reply, Upload};
use crate::routes::{Filled, routes};
use crate::walk::{A_PDF, PDF, PNG, Walk, cycle_form, id, producer_form, shop_form};

/// The first fault of a refusal with 422.
#[track_caller]
fn fault(reply: Reply, pointer: &str, code: &str) {
    let problem = reply.refused(422, "invalid");
    let fault = &problem["errors"][0];
    assert_eq!((fault["pointer"].as_str(), fault["code"].as_str()), (Some(pointer), Some(code)), "{problem}");
}

/// `form` with another value at `pointer`.
fn with(form: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = form.clone();
    match changed.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => changed[pointer.trim_start_matches('/')] = value,
    }
    changed
}

/// How much of everything there is, to see that nothing was added.
fn counts(walk: &Walk) -> Vec<(&'static str, usize)> {
    [
        "/cycles",
        "/producers",
        "/ideas",
        "/plans",
        "/products",
        "/dossiers",
        "/councils",
        "/agenda-items",
        "/shops",
        "/lots",
        "/stamp-orders",
        "/holds",
        "/decisions",
        "/certificates",
        "/registrations",
        "/dispatches",
    ]
    .map(|path| (path, walk.province.all(&walk.office, path).len()))
    .into()
}

#[test]
fn what_cannot_be_is_named_and_not_written() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.approved(here, "Mật ong");
        let idea = walk.accepted_idea(here, "Mật ong hai");
        let before = counts(&walk);

        let cycle = cycle_form(2022);
        let post = |person: &Person, path: &str, body: Value| province.post(person, path, body);
        let office = |form: Value| post(&walk.office, "/cycles", form);
        office(cycle_form(2021)).refused(409, "year_taken");
        fault(office(with(&cycle, "/year", json!("2022"))), "/year", "wrong_type");
        fault(office(with(&cycle, "/year", json!(99_999_999_999_i64))), "/year", "wrong_type");
        fault(office(with(&cycle, "/year", json!(1999))), "/year", "out_of_range");
        fault(office(with(&cycle, "/idea_deadline", json!("2022-02-30"))), "/idea_deadline", "wrong_type");
        fault(office(with(&cycle, "/idea_deadline", json!("+262142-01-01"))), "/idea_deadline", "wrong_type");
        fault(office(with(&cycle, "/idea_deadline", json!("2031-01-01"))), "/idea_deadline", "out_of_range");
        fault(office(with(&cycle, "/rounds/0/number", json!(2))), "/rounds/0/number", "out_of_order");
        fault(office(with(&cycle, "/rounds", json!([]))), "/rounds", "wrong_count");
        fault(office(with(&cycle, "/targets/certified", json!(-1))), "/targets/certified", "out_of_range");
        fault(office(with(&cycle, "/edition", json!("2048-2019"))), "/edition", "wrong_type");
        fault(office(with(&cycle, "/surprise", json!(1))), "/surprise", "unknown_field");
        fault(office(json!([])), "", "wrong_type");

        let form = producer_form("Hợp tác xã mới", "18196", "0100000077");
        let commune = |form: Value| post(&here.commune, "/producers", form);
        fault(commune(with(&form, "/name", json!("Hợp tác\u{0}xã"))), "/name", "nul_character");
        fault(commune(with(&form, "/name", json!("   "))), "/name", "required");
        fault(commune(with(&form, "/name", json!("x".repeat(301)))), "/name", "too_long");
        fault(commune(with(&form, "/kind", json!("bank"))), "/kind", "wrong_type");
        fault(
            commune(with(&form, "/identity_number", json!("12 34"))),
            "/identity_number",
            "malformed_identity_number",
        );
        fault(commune(with(&form, "/commune_code", json!("99999"))), "/commune_code", "unknown_unit");
        commune(with(&form, "/commune_code", json!("18235"))).refused(403, "forbidden");
        commune(with(&form, "/identity_number", json!("0100000001"))).refused(409, "already_registered");

        let form = walk.idea_form("Mật ong ba");
        let producer = |form: Value| post(&here.producer, "/ideas", form);
        fault(producer(with(&form, "/target_value", json!(-1))), "/target_value", "out_of_range");
        // Everything that is wrong with its shape is told at once, each at its own place, in no machine's words.
        let reply = producer(json!({"kind": "old", "packaging": 1, "target_value": "x", "surprise": true}));
        let problem = reply.invalid(&[
            "/cycle_id",
            "/product_name",
            "/criteria_set",
            "/description",
            "/kind",
            "/packaging",
            "/target_value",
            "/surprise",
        ]);
        for word in ["variant", "line", "invalid type", "`"] {
            let told = |error: &Value| error["detail"].as_str().unwrap().contains(word);
            assert!(!problem["errors"].as_array().unwrap().iter().any(told), "{word}: {problem}");
        }
        fault(producer(with(&form, "/target_value", json!(1.5))), "/target_value", "wrong_type");
        fault(
            producer(with(&form, "/target_value", json!(1_000_000_000_000_001_i64))),
            "/target_value",
            "out_of_range",
        );
        fault(producer(with(&form, "/product_name", json!("Mật\u{0}"))), "/product_name", "nul_character");
        fault(producer(with(&form, "/criteria_set", json!("mat-ong\u{0}"))), "/criteria_set", "nul_character");
        fault(producer(with(&form, "/criteria_set", json!("mat-ong-rung"))), "/criteria_set", "unknown_criteria_set");
        fault(producer(with(&form, "/kind", json!("upgrade"))), "/product_id", "required");
        fault(producer(with(&form, "/cycle_id", json!(candidate.idea))), "/cycle_id", "unknown_cycle");
        fault(producer(with(&form, "/cycle_id", json!("x"))), "/cycle_id", "wrong_type");

        let form = walk.plan_form(&idea);
        let producer = |form: Value| post(&here.producer, "/plans", form);
        fault(producer(with(&form, "/finance/0/own", json!(-5))), "/finance/0/own", "out_of_range");
        fault(producer(with(&form, "/finance/1/year", json!(2021))), "/finance/1/year", "repeated");
        fault(producer(with(&form, "/finance/0/year", json!(2019))), "/finance/0/year", "out_of_range");
        fault(producer(with(&form, "/finance", json!([]))), "/finance", "required");
        producer(walk.plan_form(&candidate.idea)).refused(409, "plan_exists");

        let form = walk.lot_form(&candidate.product, "L-1");
        let producer = |form: Value| post(&here.producer, "/lots", form);
        fault(producer(with(&form, "/code", json!("L\u{0}1"))), "/code", "nul_character");
        fault(producer(with(&form, "/code", json!("L 1 !"))), "/code", "malformed_code");
        fault(producer(with(&form, "/quantity", json!(-1))), "/quantity", "out_of_range");
        fault(producer(with(&form, "/quantity", json!(0))), "/quantity", "out_of_range");
        fault(producer(with(&form, "/produced_on", json!("2021-02-23"))), "/produced_on", "in_future");
        fault(producer(with(&form, "/expires_on", json!("2021-01-01"))), "/expires_on", "before_production");
        let order = |quantity: Value| {
            post(&here.producer, "/stamp-orders", json!({"product_id": candidate.product, "quantity": quantity}))
        };
        fault(order(json!(0)), "/quantity", "out_of_range");
        fault(order(json!(10_000_001)), "/quantity", "out_of_range");
        fault(order(json!(1e30)), "/quantity", "out_of_range");

        let form = shop_form("Điểm bán hàng", "18133");
        let shop = |form: Value| post(&here.officer, "/shops", form);
        fault(shop(with(&form, "/opened_on", json!("15/01/2021"))), "/opened_on", "wrong_type");
        fault(shop(with(&form, "/closed_on", json!("2020-12-31"))), "/closed_on", "before_opening");
        fault(shop(with(&form, "/phone", json!("không có"))), "/phone", "malformed_phone");
        for wrong in ["9999-12-32", "0000-00-00", "+10000-01-01", "-0001-01-01", ""] {
            fault(shop(with(&form, "/opened_on", json!(wrong))), "/opened_on", "wrong_type");
        }

        let (council, ..) = walk.council_form("439", 1, 3);
        let officer = |form: Value| post(&here.officer, "/councils", form);
        fault(officer(with(&council, "/rules", json!({"quorum": "4/3"}))), "/rules/quorum", "wrong_type");
        fault(officer(with(&council, "/rules", json!({"max_spread": -1}))), "/rules/max_spread", "out_of_range");
        fault(officer(with(&council, "/round", json!(9))), "/round", "unknown_round");
        fault(officer(with(&council, "/seats/0/seat", json!("member"))), "/seats", "wrong_seats");
        fault(
            officer(with(&council, "/seats/0/account_id", json!(here.producer.id))),
            "/seats/0/account_id",
            "producer_seat",
        );
        fault(
            officer(with(&council, "/seats/1/account_id", council["seats"][0]["account_id"].clone())),
            "/seats/1/account_id",
            "repeated",
        );
        assert_eq!(counts(&walk), before);
    });
}

#[test]
fn a_text_of_a_megabyte_and_nested_nonsense_are_turned_away() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let before = counts(&walk);
        let send =
            |path: &str, person: &Person, body: String| province.raw(&Method::POST, Some(person), path, None, body);
        let long = with(&shop_form("x", "18133"), "/name", json!("ă".repeat(1024 * 1024)));
        send("/shops", &walk.office, long.to_string()).refused(413, "too_large");
        let less = with(&shop_form("x", "18133"), "/name", json!("x".repeat(400 * 1024)));
        fault(send("/shops", &walk.office, less.to_string()), "/name", "too_long");
        for broken in ["{", "nul", "\"", "{\"name\": \"\u{1}\"}", "{'name': 1}", "[1,]", "{} {}", "{}\u{feff}"] {
            send("/shops", &walk.office, broken.into()).refused(400, "malformed_json");
        }
        send("/shops", &walk.office, "[".repeat(100_000)).refused(400, "malformed_json");
        for misfit in ["null", "1", "\"x\"", "true", "[[[[[[]]]]]]"] {
            fault(send("/shops", &walk.office, misfit.into()), "", "wrong_type");
        }
        // Bytes that are no UTF-8.
        let request = province.request(Method::POST, "/shops").bearer_auth(&walk.office.token);
        let request = request.header("content-type", "application/json").body(b"{\"name\": \"\xff\xfe\"}".to_vec());
        Reply::of(request.send().unwrap()).refused(400, "malformed_json");
        // The public's doors are no weaker.
        let form = json!({"consent": {"version": 1}, "producer": producer_form("Tên\u{0}", "18196", "030099000124"),
            "account": {"username": "ai-do", "password": PASSWORD, "name": "Ai"}});
        let registration = |body: String| province.raw(&Method::POST, None, "/registrations", None, body);
        fault(registration(form.to_string()), "/producer/name", "nul_character");
        registration("x".repeat(1024 * 1024)).refused(413, "too_large");
        fault(
            registration(with(&form, "/producer/name", json!("Tên")).to_string().replace("ai-do", "Ai Do")),
            "/account/username",
            "malformed_username",
        );
        let credentials = json!({"username": "a\u{0}", "password": "x"});
        fault(
            province.raw(&Method::POST, None, "/auth/token", None, credentials.to_string()),
            "/username",
            "nul_character",
        );
        assert_eq!(counts(&walk), before);
    });
}

#[test]
fn a_file_must_be_what_it_claims() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.approved(here, "Mật ong");
        let documents = format!("/products/{}/documents", candidate.product);
        let pictures = format!("/products/{}/pictures", candidate.product);
        let kind = [("kind", "award")];
        let send = |path: &str, file: Upload| province.upload(&here.producer, path, &kind, file);
        let file = |name, media, bytes| Upload { name, media, bytes };
        for wrong in [
            file("a.pdf", "application/pdf", b"MZ\x90\0\x03"),
            file("a.pdf", "application/pdf", b""),
            file("a.pdf", "application/pdf", PNG),
            file("a.png", "image/png", PDF),
            file("a.exe", "application/pdf", PDF),
            file("a.html", "text/html", b"<html><script>alert(1)</script>"),
            file("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ] {
            send(&documents, wrong).refused(422, "wrong_file_kind");
        }
        let truncated = file("a.png", "image/png", &PNG[..40]);
        let reply = province.upload(&here.producer, &pictures, &[], truncated);
        assert_eq!(reply.status, 422, "{}", reply.text);
        province.upload(&here.producer, &pictures, &[], A_PDF).refused(422, "wrong_file_kind");
        fault(province.upload(&here.producer, &documents, &[], A_PDF), "/kind", "required");
        fault(province.upload(&here.producer, &documents, &[("kind", "gift")], A_PDF), "/kind", "wrong_type");
        let dates = [("kind", "award"), ("issued_on", "2021-02-01"), ("valid_until", "2021-01-01")];
        fault(province.upload(&here.producer, &documents, &dates, A_PDF), "/valid_until", "before_issue");
        let number = [("kind", "award"), ("number", "1\u{0}2")];
        fault(province.upload(&here.producer, &documents, &number, A_PDF), "/number", "nul_character");
        let large = [PDF, &vec![b' '; 21 * 1024 * 1024]].concat();
        send(&documents, file("a.pdf", "application/pdf", &large)).refused(413, "too_large");
        assert!(province.all(&here.producer, &documents).is_empty());
        assert!(province.all(&here.producer, &pictures).is_empty());
        // A name from another system is only a name.
        let named = send(&documents, file("..\\..\\etc/passwd\u{1F36F}.pdf", "application/pdf", PDF)).created();
        assert_eq!(named["file"]["name"], "passwd\u{1F36F}.pdf");
        let content = province.get(&here.producer, &format!("/documents/{}/content", id(&named)));
        assert_eq!(content.bytes, PDF);
        // Names in the letters of an old program, and parts that are none of a form.
        let written = |head: &[u8]| {
            let kind = b"--b\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\naward\r\n--b\r\n";
            let body = [&kind[..], head, b"\r\ncontent-type: application/pdf\r\n\r\n", PDF, b"\r\n--b--\r\n"].concat();
            let request = province.request(Method::POST, &documents).bearer_auth(&here.producer.token);
            Reply::of(request.header("content-type", "multipart/form-data; boundary=b").body(body).send().unwrap())
        };
        for (head, expected) in [
            (
                &b"content-disposition: form-data; name=\"file\"; filename=\"D\xE9claration n\xB0 3.pdf\""[..],
                "Déclaration n° 3.pdf",
            ),
            (b"Content-Disposition: form-data; filename=caf\xE9.pdf; name=file", "café.pdf"),
            ("content-disposition: form-data; name=\"file\"; filename=\"Hồ sơ.pdf\"".as_bytes(), "Hồ sơ.pdf"),
            (
                b"content-disposition: form-data; name=\"file\"; filename=\"\xE9.pdf\"; filename*=UTF-8''m%C3%A2t.pdf",
                "mât.pdf",
            ),
        ] {
            assert_eq!(written(head).created()["file"]["name"], expected);
        }
        for wrong in [
            &b"content-disposition: form-data; filename=\"\xE9.pdf\""[..],
            b"content-disposition: attachment; name=\"file\"; filename=\"\xE9.pdf\"",
            b"content-disposition: \xE9",
            b"x-other: 1",
        ] {
            written(wrong).refused(400, "malformed_multipart");
        }
        // What a form leaves empty says nothing.
        let empty = [("kind", "award"), ("number", ""), ("issued_by", ""), ("issued_on", ""), ("valid_until", "")];
        let dateless = province.upload(&here.producer, &documents, &empty, A_PDF).created();
        assert_eq!((&dateless["number"], &dateless["issued_on"]), (&Value::Null, &Value::Null));
    });
}

#[test]
fn a_dossier_is_handed_in_once_and_a_key_counts_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let candidate = walk.handed_in(here, "Mật ong");
        let dossier = format!("/dossiers/{}", candidate.dossier);
        province.step(&here.producer, &dossier, "submit", json!({})).refused(409, "wrong_state");
        province.patch(&here.producer, &dossier, json!({"documents": []})).refused(409, "wrong_state");

        let keyed = |person: &Person, path: &str, key: &str, body: &Value| {
            let request = province.request(Method::POST, path).bearer_auth(&person.token);
            Reply::of(request.header("idempotency-key", key).json(body).send().unwrap())
        };
        let form = shop_form("Một lần", "18133");
        let first = keyed(&walk.office, "/shops", "k-1", &form);
        let second = keyed(&walk.office, "/shops", "k-1", &form);
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
        assert_eq!(first.json(), second.json());
        assert_eq!(first.headers.get("location"), second.headers.get("location"));
        assert_eq!(first.headers.get("etag"), second.headers.get("etag"));
        let shops = || province.all(&walk.office, "/shops").len();
        assert_eq!(shops(), 1);
        fault(
            keyed(&walk.office, "/shops", "k-1", &shop_form("Hai lần", "18133")),
            "Idempotency-Key",
            "idempotency_key_reused",
        );
        assert_eq!(shops(), 1);
        // Another account's key is another key, and so is another path's; a refused request keeps none.
        keyed(&here.officer, "/shops", "k-1", &form).created();
        keyed(&walk.office, "/shops", "k-2", &with(&form, "/name", json!(""))).refused(422, "invalid");
        keyed(&walk.office, "/shops", "k-2", &form).created();
        assert_eq!(shops(), 3);
        // A transition is replayed although its version has passed.
        let idea = format!("/ideas/{}", walk.idea(here, "Mật ong ba"));
        let submit = |if_match: &str| {
            let request = province.request(Method::POST, &format!("{idea}/submit")).bearer_auth(&here.producer.token);
            let request = request.header("idempotency-key", "k-3").header("if-match", if_match);
            Reply::of(request.json(&json!({})).send().unwrap())
        };
        let (first, second) = (submit("\"1\"").ok(), submit("\"1\"").ok());
        assert_eq!(first, second);
        assert_eq!(province.get(&here.producer, &idea).ok()["version"], 2);
        // Many at once with one key: one row, one answer.
        let answers: Vec<String> = std::thread::scope(|scope| {
            let sent: Vec<_> =
                (0..16).map(|_| scope.spawn(|| keyed(&walk.office, "/shops", "k-4", &form).created())).collect();
            sent.into_iter().map(|answer| id(&answer.join().unwrap())).collect()
        });
        assert!(answers.iter().all(|id| *id == answers[0]), "{answers:?}");
        assert_eq!(shops(), 4);
    });
}

#[test]
fn a_letter_applies_to_all_or_to_none() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let ideas: Vec<String> = (0..3).map(|number| walk.submitted_idea(here, &format!("Mật ong {number}"))).collect();
        let foreign = walk.submitted_idea(&walk.there, "Mật ong huyện khác");
        let item = |idea: &str, version: i32| json!({"id": idea, "version": version});
        let letter = |items: Vec<Value>| json!({"verb": "forward", "letter_number": "07/UBND", "letter_date": "2021-02-22", "items": items});
        let send = |items: Vec<Value>| province.post(&here.commune, "/dispatches", letter(items));
        send(vec![item(&ideas[0], 2), item(&ideas[1], 1)]).refused(412, "stale_version");
        send(vec![item(&ideas[0], 2), item(&foreign, 2)]).refused(404, "not_found");
        send(vec![item(&ideas[0], 2), item(&ideas[0], 2)]).refused(422, "invalid");
        send(vec![]).refused(422, "invalid");
        let draft = walk.idea(here, "Nháp");
        let problem = send(vec![item(&ideas[0], 2), item(&draft, 1)]).refused(409, "wrong_state");
        assert_eq!(problem["errors"][0]["pointer"], "/items/1");
        for idea in &ideas {
            let shown = province.get(&here.commune, &format!("/ideas/{idea}")).ok();
            assert_eq!((&shown["state"], &shown["version"]), (&json!("submitted"), &json!(2)));
        }
        assert!(province.all(&walk.office, "/dispatches").is_empty());
        send(ideas.iter().map(|idea| item(idea, 2)).collect()).created();
        for idea in &ideas {
            assert_eq!(province.get(&here.commune, &format!("/ideas/{idea}")).ok()["state"], "forwarded");
        }
    });
}

/// Asks every route that reads with odd addresses and questions, and tells which of the latter were not refused at the door, as a
/// route and a question; of those that are given, and of all otherwise.
fn asked_oddly(engine: Engine, asked: Option<&BTreeSet<(String, String)>>) -> BTreeSet<(String, String)> {
    let filled = Filled::new(engine);
    let walk = &filled.walk;
    use base64::Engine as _;
    let cursor = |key: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.to_string());
    let uuid = &walk.here.producer_id;
    let cursors = [
        json!(["a\u{0}b", uuid]),
        json!("42\u{0}"),
        json!(i64::MAX),
        json!(-1),
        json!([uuid, i32::MAX]),
        json!({"a": 1}),
        json!(["2021-02-22T00:00:00Z", uuid]),
        json!(["mat\u{0}ong", "1048-2019"]),
        json!(uuid),
    ]
    .map(cursor);
    let mut questions: Vec<String> = cursors.iter().map(|cursor| format!("after={cursor}")).collect();
    questions.extend(
        [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=99999999999999999999",
            "limit=x",
            "after=!!",
            "q=%00",
            "q=%25_%5C",
            "q=%FF%FE",
            "state=%00",
            "state=open",
            "state=x",
            "year=99999999999",
            "year=-1",
            "unit_code=%27",
            "unit_code=42",
            "unit_code=%00",
            "parent=%00",
            "on=2021-13-01",
            "on=9999-12-31",
            "on=0001-01-01",
            "on=-262143-01-01",
            "on=%2B262142-12-31",
            "expiring_before=9999-12-31",
            "edition=%00",
            "version=-1",
            "version=2147483648",
            "attempt=-2147483648",
            "kind=%00",
            "producer_id=x",
            "cycle_id=%00",
            "nonsense=1",
            "limit=1&limit=2",
            "&&==&",
            "role=%00",
            "level=%00",
        ]
        .map(str::to_owned),
    );
    let odd = ["%00", "a%00b", "%FF", "'", "..%2F..", "0190a0a0-0000-7000-8000-000000000000", "%F0%9F%8D%AF", "-1"];
    let long = "9".repeat(3000);
    let everybody = filled.everybody();
    let mut let_in = BTreeSet::new();
    for route in routes().iter().filter(|route| !route.writes()) {
        let path = route.path(&filled.here);
        let asks = |person: Option<&Person>, path: &str| {
            let reply = walk.province.raw(&route.method, person, path, None, "");
            assert!(reply.status.as_u16() < 500, "{} {path}: {} {}", route.method, reply.status, reply.text);
            reply.status.as_u16()
        };
        let reader = everybody.iter().find(|(_, person)| asks(Some(person), &path) == 200);
        let reader = reader.map(|(_, person)| *person);
        for question in &questions {
            let question = (format!("{} {}", route.method, route.template), question.clone());
            if asked.is_none_or(|asked| asked.contains(&question))
                && !matches!(asks(reader, &format!("{path}?{}", question.1)), 400 | 422)
            {
                let_in.insert(question);
            }
        }
        if route.template.contains('{') {
            for part in odd.into_iter().chain([long.as_str()]) {
                let start = route.template.find('{').unwrap();
                let end = route.template.find('}').unwrap();
                let path = format!("{}{part}{}", &route.template[..start], &route.template[end + 1..]);
                asks(reader, &path);
            }
        }
    }
    let_in
}

#[test]
fn odd_addresses_and_questions_are_never_our_failure() {
    let let_in = asked_oddly(Engine::Sqlite, None);
    assert!(let_in.len() > 500, "{}", let_in.len());
    // What is refused at the door never comes to a database.
    if has_postgresql() {
        asked_oddly(Engine::Postgresql, Some(&let_in));
    }
}

#[test]
fn over_long_searches_are_refused_and_wildcards_are_letters() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        walk.submitted_idea(&walk.here, "Mật ong 100% rừng_già");
        walk.submitted_idea(&walk.here, "Mật ong 1000 rừng già");
        let found = |q: &str| walk.province.all(&walk.office, &format!("/ideas?q={q}")).len();
        assert_eq!((found("100%25"), found("rung_"), found("%25"), found("_"), found("%5C")), (1, 1, 1, 1, 0));
        assert_eq!((found("mat+ong"), found("1%25r")), (2, 0));
        let long = "%25".repeat(2001);
        for list in ["/ideas", "/producers", "/products", "/units", "/lots", "/accounts", "/shops"] {
            let reply = walk.province.get(&walk.admin, &format!("{list}?q={long}"));
            if reply.status != 403 {
                reply.invalid(&["q"]);
            }
            let some = if list == "/lots" { 50 } else { 2000 };
            let reply = walk.province.get(&walk.office, &format!("{list}?q={}", "%25".repeat(some)));
            assert!(reply.status == 200 || reply.status == 403, "{list}: {}", reply.text);
        }
    });
}
