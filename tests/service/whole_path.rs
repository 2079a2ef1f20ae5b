//! The whole path, from somebody who registers to somebody who scans; and the threshold between the councils.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply};
use crate::walk::{A_PDF, A_PNG, Candidate, District, PDF, Walk, id, producer_form};

/// Registers a producer and has the commune confirm it; the producer's first account signs in.
fn registered(walk: &Walk) -> District {
    let province = &walk.province;
    let form = json!({"consent": {"version": 1}, "producer": producer_form("Tổ hợp tác Mật ong Sơn Kim", "18196", "030099000123"),
        "account": {"username": "to-hop-tac", "password": PASSWORD, "name": "Trần Thị Ong"}});
    let sent = Reply::of(province.request(Method::POST, "/registrations").json(&form).send().unwrap()).created();
    let resource = format!("/registrations/{}", id(&sent));
    assert_eq!(province.get(&walk.here.commune, &resource).ok()["state"], "pending");
    province.get(&walk.there.commune, &resource).refused(404, "not_found");
    let credentials = json!({"username": "to-hop-tac", "password": PASSWORD});
    Reply::of(province.request(Method::POST, "/auth/token").json(&credentials).send().unwrap())
        .refused(401, "wrong_credentials");
    let confirmed = province.step(&walk.here.commune, &resource, "confirm", json!({})).ok();
    assert_eq!(confirmed["state"], "confirmed");
    let producer = province.sign_in("to-hop-tac");
    let producer_id = province.get(&producer, "/me").ok()["producer_id"].as_str().unwrap().to_owned();
    let District { code, commune_code, officer, commune, .. } = &walk.here;
    let (officer, commune) = (officer.clone(), commune.clone());
    District { code, officer, commune_code, commune, producer, producer_id }
}

/// Verbs with their states, as a history tells them.
fn steps(walk: &Walk, resource: &str) -> Vec<(String, Value)> {
    let steps = walk.province.all(&walk.office, &format!("{resource}/history"));
    steps.iter().map(|step| (step["verb"].as_str().unwrap().to_owned(), step["to"].clone())).collect()
}

fn picture_and_document(walk: &Walk, at: &District, candidate: &Candidate) -> String {
    let province = &walk.province;
    let fields = [("kind", "food_safety_certificate"), ("number", "12/ATTP"), ("valid_until", "2023-12-31")];
    let path = format!("/products/{}/documents", candidate.product);
    let document = province.upload(&at.producer, &path, &fields, A_PDF).created();
    assert_eq!(document["file"]["size"], json!(PDF.len()));
    let content = province.get(&at.officer, &format!("/documents/{}/content", id(&document)));
    assert_eq!((content.status.as_u16(), content.bytes.as_slice()), (200, PDF));
    assert_eq!(content.headers["content-type"], "application/pdf");
    province.get(&walk.there.officer, &format!("/documents/{}/content", id(&document))).refused(404, "not_found");
    let picture =
        province.upload(&at.producer, &format!("/products/{}/pictures", candidate.product), &[], A_PNG).created();
    let shown = province.public(&format!("/pictures/{}", id(&picture)));
    assert_eq!((shown.status.as_u16(), shown.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    id(&document)
}

#[test]
fn the_whole_path_ends_genuine() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let at = registered(&walk);

        let idea = walk.accepted_idea(&at, "Mật ong rừng Sơn Kim");
        let shown = province.get(&at.producer, &format!("/ideas/{idea}")).ok();
        assert_eq!(shown["state"], "accepted");
        assert_eq!(shown["opinion"], "Xã đồng ý");
        assert_eq!(shown["number"], "01/PĐK-42-439-2021");
        assert_eq!(shown["late"], false);
        let expected = ["create", "submit", "forward", "select", "accept"];
        let found: Vec<String> = steps(&walk, &format!("/ideas/{idea}")).into_iter().map(|(verb, _)| verb).collect();
        assert_eq!(found, expected);

        let plan = id(&province.post(&at.producer, "/plans", walk.plan_form(&idea)).created());
        province.step(&at.producer, &format!("/plans/{plan}"), "submit", json!({})).ok();
        let approved = province.step(&at.officer, &format!("/plans/{plan}"), "approve", json!({})).ok();
        assert_eq!(approved["state"], "approved");
        assert_eq!(approved["sums"]["total"], 201_000_000);
        let candidate = walk.candidate(&at, idea, plan);
        let product = province.get(&at.producer, &format!("/products/{}", candidate.product)).ok();
        assert_eq!(product["name"], "Mật ong rừng Sơn Kim");
        assert_eq!(product["code"], "42-439-18196-1-2021");

        let document = picture_and_document(&walk, &at, &candidate);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let self_marks = walk.marks(66);
        let change = json!({"documents": [document], "self_marks": self_marks});
        province.patch(&at.producer, &dossier, change).ok();
        province.patch(&at.officer, &dossier, json!({"responsible_account_id": at.commune.id})).ok();
        let visit = json!({"visited_on": "2021-02-21", "findings": "Xưởng sạch", "advice": "Thêm nhãn phụ"});
        province.post(&at.commune, &format!("{dossier}/visits"), visit).created();
        province.step(&at.producer, &dossier, "submit", json!({})).ok();

        // Eight seats that score and a secretary.
        let district = walk.council("439", 1, 8);
        let item = walk.agenda_item(&district, &candidate.dossier);
        let result = walk.concluded(&district, &item, &[66, 67, 68, 69, 70, 71, 72, 73]);
        assert_eq!(
            (&result["outcome"], &result["sum"], &result["sheets"], &result["mean"]),
            (&json!("forwarded"), &json!(556), &json!(8), &json!("69.50"))
        );
        let sheets = province.all(&at.producer, &format!("/agenda-items/{item}/sheets"));
        assert_eq!(sheets.len(), 8);
        assert!(sheets.iter().all(|sheet| sheet.get("member").is_none()), "{sheets:?}");
        let named = province.all(district.chair(), &format!("/agenda-items/{item}/sheets"));
        assert!(named.iter().all(|sheet| sheet["member"]["name"].is_string()), "{named:?}");
        province.step(&at.officer, &format!("/agenda-items/{item}"), "send_up", json!({})).ok();

        let council = walk.council("42", 1, 3);
        let upper = walk.agenda_item(&council, &candidate.dossier);
        assert_eq!(province.get(&walk.office, &format!("/agenda-items/{upper}")).ok()["sent_from"], json!(item));
        province
            .step(council.chair(), &format!("/agenda-items/{upper}"), "open-scoring", json!({}))
            .refused(409, "not_admitted");
        province.step(&walk.office, &format!("/agenda-items/{upper}"), "admit", json!({})).ok();
        let rated = walk.concluded(&council, &upper, &[70, 72, 71]);
        assert_eq!((&rated["outcome"], &rated["stars"], &rated["mean"]), (&json!("rated"), &json!(4), &json!("71.00")));
        for council in [&district, &council] {
            province.step(&council.office, &format!("/councils/{}", council.id), "close", json!({})).ok();
        }

        let decision = walk.recognised(&[&upper], "0123/QĐ-UBND");
        let decided = province.get(&walk.office, &format!("/decisions/{decision}")).ok();
        assert_eq!(decided["state"], "promulgated");
        let certificates = province.all(&at.producer, "/certificates");
        assert_eq!(certificates.len(), 1);
        let certificate = &certificates[0];
        assert_eq!(certificate["number"], "42-2021-0001");
        assert_eq!((&certificate["stars"], &certificate["state"]), (&json!(4), &json!("valid")));
        assert_eq!(certificate["issued_on"], "2021-02-22");
        assert_eq!(certificate["valid_until"], "2024-02-22");

        let order = walk.issued(&at, &candidate.product, 100);
        let codes = walk.codes(&at, &order);
        assert_eq!(codes.len(), 100);
        let first = province.public(&format!("/t/{}", codes[0])).ok();
        assert_eq!((&first["verdict"], &first["scans"]["count"]), (&json!("not_activated"), &json!(1)));
        let lot = walk.lot(&at, &candidate.product, "L-2021-01");
        let event = json!({"kind": "harvest", "at": "2021-02-20T01:00:00Z", "place": "Sơn Kim 1", "note": "Vụ xuân"});
        province.post(&at.producer, &format!("/lots/{lot}/events"), event).created();
        let range = json!({"from": 1, "to": 50, "lot_id": lot});
        province.step(&at.producer, &format!("/stamp-orders/{order}"), "activate", range).ok();

        let scanned = province.public(&format!("/t/{}", codes[0])).ok();
        assert_eq!(scanned["verdict"], "genuine");
        assert_eq!(scanned["warnings"], json!([]));
        assert_eq!(scanned["serial"], 1);
        assert_eq!(scanned["scans"]["count"], 2);
        assert_eq!(scanned["product"]["name"], "Mật ong rừng Sơn Kim");
        assert_eq!(scanned["product"]["stars"], 4);
        assert_eq!(scanned["producer"]["name"], "Tổ hợp tác Mật ong Sơn Kim");
        assert_eq!(scanned["certificate"]["number"], "42-2021-0001");
        assert_eq!(scanned["lot"]["code"], "L-2021-01");
        assert_eq!(scanned["events"][0]["place"], "Sơn Kim 1");
        // Another spelling is the same stamp; a preview and a picture are no scans.
        let spelled = format!("/t/{}-{}", codes[0][..10].to_lowercase(), &codes[0][10..]);
        assert_eq!(province.public(&spelled).ok()["scans"]["count"], 3);
        let preview = province.request(Method::GET, &spelled).header("user-agent", "facebookexternalhit/1.1");
        assert_eq!(Reply::of(preview.send().unwrap()).ok()["scans"]["count"], 3);
        for (picture, media, head) in [("svg", "image/svg+xml", &b"<"[..]), ("png", "image/png", b"\x89PNG")] {
            let drawn = province.public(&format!("/t/{}/qr.{picture}", codes[0]));
            assert_eq!((drawn.status.as_u16(), drawn.headers["content-type"].to_str().unwrap()), (200, media));
            assert!(drawn.bytes.starts_with(head), "{picture}");
        }
        let placed =
            province.raw(&Method::POST, None, &format!("/t/{}/scans", codes[0]), None, r#"{"lat":18.3,"lon":105.9}"#);
        assert_eq!(placed.ok()["scans"]["count"], 4);
        let page = Reply::of(
            province.request(Method::GET, &format!("/T/{}", codes[0])).header("accept", "text/html").send().unwrap(),
        );
        assert_eq!(
            (page.status.as_u16(), page.headers["content-type"].to_str().unwrap()),
            (200, "text/html; charset=utf-8")
        );
        assert!(page.text.contains("Mật ong rừng Sơn Kim"));
        assert_eq!(province.public(&format!("/t/{}", codes[60])).ok()["verdict"], "not_activated");
        let mut forged = codes[0].clone();
        forged.replace_range(19.., if forged.ends_with('0') { "1" } else { "0" });
        province.public(&format!("/t/{forged}")).refused(404, "unknown_stamp");
        province.public("/t/ABCDEFGHJKMNPQRSTVWX").refused(404, "unknown_stamp");
    });
}

#[test]
fn three_hundred_and_ninety_nine_stay_and_four_hundred_go_up() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 8);
        let low = walk.handed_in(&walk.here, "Mật ong thiếu một điểm");
        let high = walk.handed_in(&walk.here, "Mật ong vừa đủ");
        let (below, above) = (walk.agenda_item(&council, &low.dossier), walk.agenda_item(&council, &high.dossier));
        let result = walk.concluded(&council, &below, &[45, 55, 50, 50, 50, 50, 50, 49]);
        assert_eq!(
            (&result["outcome"], &result["sum"], &result["mean"], &result["stars"]),
            (&json!("below_threshold"), &json!(399), &json!("49.87"), &Value::Null)
        );
        let province = &walk.province;
        province
            .step(&walk.here.officer, &format!("/agenda-items/{below}"), "send_up", json!({}))
            .refused(409, "wrong_state");
        let result = walk.concluded(&council, &above, &[45, 55, 50, 50, 50, 50, 50, 50]);
        assert_eq!(
            (&result["outcome"], &result["sum"], &result["mean"]),
            (&json!("forwarded"), &json!(400), &json!("50.00"))
        );
        province.step(&walk.here.officer, &format!("/agenda-items/{above}"), "send_up", json!({})).ok();
    });
}

#[test]
fn a_council_concludes_only_by_its_rules() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 4);
        let province: &Province = &walk.province;
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let item = format!("/agenda-items/{}", walk.agenda_item(&council, &candidate.dossier));
        let chair = council.chair();
        // Two of four sheets are no quorum.
        walk.scored(&council, &item["/agenda-items/".len()..], &[60, 61]);
        province.step(chair, &item, "conclude", json!({})).refused(409, "no_quorum");
        province.step(chair, &item, "rescore", json!({"reason": "Thiếu phiếu"})).ok();
        let own =
            |member: usize, total| walk.submit_sheet(&council.scorers[member], &item["/agenda-items/".len()..], total);
        // Eleven points between two of them are too many.
        for (member, total) in [(0, 60), (1, 71), (2, 65), (3, 65)] {
            own(member, total);
        }
        province.step(chair, &item, "close-scoring", json!({})).ok();
        let tally = province.get(chair, &item).ok()["tally"].clone();
        assert_eq!((&tally["sheets"], &tally["spread"]), (&json!(4), &json!(11)));
        province.step(chair, &item, "conclude", json!({})).refused(409, "spread_too_wide");
        province.step(chair, &item, "rescore", json!({"reason": "Chênh lệch"})).ok();
        // One raises a gate, the others score.
        for (member, total) in [(0, 60), (1, 61), (2, 62)] {
            own(member, total);
        }
        let sheet = format!("{item}/sheet");
        let gate = json!({"marks": [], "gate": {"criterion": "1.1", "reason": "Nguyên liệu nhập khẩu"}});
        province.at_version(Method::PUT, &council.scorers[3], &sheet, 0, gate).ok();
        province.step(&council.scorers[3], &sheet, "submit", json!({})).ok();
        province.step(chair, &item, "close-scoring", json!({})).ok();
        province.step(chair, &item, "conclude", json!({})).refused(409, "gates_disagree");
        province.step(chair, &item, "rescore", json!({})).ok();
        for (member, total) in [(0, 60), (1, 61), (2, 62), (3, 63)] {
            own(member, total);
        }
        province.step(chair, &item, "close-scoring", json!({})).ok();
        // No rule is broken: scoring again needs a vote.
        province.step(chair, &item, "rescore", json!({"reason": "Chưa hài lòng"})).refused(409, "no_rule_broken");
        province.step(chair, &item, "conclude", json!({})).ok();
        let result = province.get(chair, &format!("{item}/result")).ok();
        assert_eq!((&result["attempt"], &result["mean"]), (&json!(4), &json!("61.50")));
    });
}
