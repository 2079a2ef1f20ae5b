//! What waits for whom, until when and by which rule: on the way up, in the council, and because something ends.

use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::{PASSWORD, Person, Reply};
use crate::walk::{A_PDF, Walk, id, producer_form};

/// What waits for somebody with a thing, if anything does: the step, by when, by which rule.
fn task(walk: &Walk, person: &Person, thing: &str) -> Option<(String, Option<String>, String)> {
    let tasks = walk.province.get(person, "/tasks").ok();
    let found = tasks["items"].as_array().unwrap().iter().find(|task| task["id"] == thing)?;
    let told = |name: &str| found[name].as_str().map(str::to_owned);
    Some((told("verb").unwrap(), told("due"), told("rule").unwrap_or_default()))
}

#[track_caller]
fn waits(walk: &Walk, person: &Person, thing: &str, verb: &str, due: &str, rule: &str) {
    let found = task(walk, person, thing);
    let (step, by, why) = found.unwrap_or_else(|| panic!("{thing} waits not for {verb}"));
    assert_eq!((step.as_str(), by.as_deref()), (verb, Some(due)));
    assert!(why.contains(rule), "{why}");
}

#[test]
fn each_stage_waits_for_one_until_the_day_of_its_rule() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let registration = json!({
            "consent": {"version": 1}, "producer": producer_form("Hộ mới", here.commune_code, "030099000111"),
            "account": {"username": "ho-moi", "password": PASSWORD, "name": "Hộ mới"},
        });
        let sent = province.request(reqwest::Method::POST, "/registrations").json(&registration).send().unwrap();
        let registration = id(&Reply::of(sent).created());
        waits(&walk, &here.commune, &registration, "confirm", "2021-03-31", "deadline of ideas");

        let idea = walk.submitted_idea(here, "Mật ong");
        waits(&walk, &here.commune, &idea, "forward", "2021-03-04", "10 days");
        let path = format!("/ideas/{idea}");
        province.step(&here.commune, &path, "return", json!({"note": "Ghi rõ hơn"})).ok();
        let tasks = province.get(&here.producer, "/tasks").ok();
        assert_eq!((&tasks["items"][0]["id"], &tasks["items"][0]["returned"]), (&json!(idea), &json!(true)));
        assert!(Browser::signed_in(province, "producer-439").page("/desk").contains("Trả lại để sửa"));
        province.step(&here.producer, &path, "submit", json!({})).ok();
        let home = Browser::signed_in(province, "producer-439").page("/desk");
        let (_, on_its_way) = home.split_once("Đã nộp, đang ở nơi khác").unwrap();
        assert!(on_its_way.contains(&format!("/desk/ideas/{idea}")) && on_its_way.contains("<strong>Đã nộp</strong>"));
        province.step(&here.commune, &path, "forward", json!({"note": "Đồng ý"})).ok();
        waits(&walk, &here.officer, &idea, "select", "2021-10-31", "last round");
        province.step(&here.officer, &path, "select", json!({})).ok();
        province.step(&walk.office, &path, "accept", json!({})).ok();
        waits(&walk, &here.producer, &idea, "create-plan", "2021-10-31", "last round");
        let home = Browser::signed_in(province, "producer-439").page("/desk");
        assert!(home.contains(&format!("/desk/plans/new?idea_id={idea}\"")), "{home}");

        let (_, plan) = walk.submitted_plan(here, "Kẹo cu đơ");
        waits(&walk, &here.officer, &plan, "approve", "2021-10-31", "last round");
        assert_eq!(task(&walk, &here.producer, &plan), None);

        let candidate = walk.handed_in(here, "Bưởi Phúc Trạch");
        waits(&walk, &here.officer, &candidate.dossier, "put-on-agenda", "2021-10-31", "last round");
        assert_eq!(task(&walk, &walk.there.officer, &candidate.dossier), None);
        let council = walk.council("439", 1, 5);
        let item = walk.agenda_item(&council, &candidate.dossier);
        assert_eq!(task(&walk, &here.officer, &candidate.dossier), None);
        let resource = format!("/agenda-items/{item}");
        waits(&walk, council.chair(), &item, "open-scoring", "2021-10-31", "last round");
        province.patch(&here.officer, &resource, json!({"session_on": "2021-02-22"})).ok();
        province.step(council.chair(), &resource, "open-scoring", json!({"acknowledge": ["short_notice"]})).ok();
        for member in &council.scorers {
            waits(&walk, member, &item, "score", "2021-02-22", "council's session");
        }
        assert_eq!(task(&walk, &council.secretary, &item), None);
        for member in &council.scorers {
            walk.submit_sheet(member, &item, 80);
        }
        assert_eq!(task(&walk, &council.scorers[1], &item), None);
        waits(&walk, council.chair(), &item, "close-scoring", "2021-02-22", "council's session");
        province.step(council.chair(), &resource, "close-scoring", json!({})).ok();
        waits(&walk, council.chair(), &item, "conclude", "2021-02-22", "council's session");
    });
}

#[test]
fn what_ends_waits_for_who_can_renew_it_from_vietnamese_midnight_on() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let (of_district, of_province) = (walk.council("439", 1, 5), walk.council("42", 1, 5));
        walk.sent_up(&of_district, &candidate, 80);
        let item = walk.rated(&of_province, &candidate, 80);
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
        let decision = id(&walk.province.post(&walk.office, "/decisions", form).created());
        let signatory = walk.province.get(&walk.signatory, "/tasks").ok();
        let waiting = &signatory["items"][0];
        assert_eq!((&waiting["id"], &waiting["verb"]), (&json!(decision), &json!("promulgate")));
        let signature = json!({"number": "1/QĐ-UBND", "signed_on": "2021-02-22"});
        walk.province.step(&walk.signatory, &format!("/decisions/{decision}"), "promulgate", signature).ok();
        let certificates = walk.province.all(&walk.office, "/certificates");
        let (certificate, until) = (id(&certificates[0]), certificates[0]["valid_until"].as_str().unwrap().to_owned());
        assert_eq!(until, "2024-02-22");
        let fields = [("kind", "food_safety_certificate"), ("valid_until", "2021-05-31")];
        let path = format!("/products/{}/documents", candidate.product);
        walk.province.upload(&walk.here.producer, &path, &fields, A_PDF).created();
        // Thirty days before its last day the paper begins to wait.
        for (clock, is_waiting) in [("2021-04-30T23:59:00+07:00", false), ("2021-05-01T00:00:00+07:00", true)] {
            walk.province.restart(&["--clock", clock]);
            let found = task(&walk, &walk.here.producer, &candidate.product);
            assert_eq!(found.is_some(), is_waiting, "{clock}: {found:?}");
        }
        waits(&walk, &walk.here.producer, &candidate.product, "add-document", "2021-05-31", "its last day");
        let fields = [("kind", "food_safety_certificate"), ("valid_until", "2027-05-31")];
        walk.province.upload(&walk.here.producer, &path, &fields, A_PDF).created();
        assert_eq!(task(&walk, &walk.here.producer, &candidate.product), None);
        // Closing the cycle ends its work; the certificate's end is announced thirty days before, and waits as long before.
        walk.province.step(&walk.office, &format!("/cycles/{}", walk.cycle), "close", json!({})).ok();
        for (clock, is_waiting) in [("2023-12-23T23:59:00+07:00", false), ("2023-12-24T00:00:00+07:00", true)] {
            walk.province.restart(&["--clock", clock]);
            for (person, thing) in [(&walk.office, &certificate), (&walk.here.producer, &candidate.product)] {
                let found = task(&walk, person, thing);
                assert_eq!(found.is_some(), is_waiting, "{clock}: {found:?}");
            }
        }
        waits(&walk, &walk.office, &certificate, "notify", "2024-01-23", "at least 30 days");
        waits(&walk, &walk.here.producer, &candidate.product, "create-idea", "2024-02-22", "certificate's last day");
        assert_eq!(task(&walk, &walk.here.officer, &certificate), None, "the province issued it");
        let home = Browser::signed_in(&walk.province, "producer-439").page("/desk");
        assert!(home.contains(&format!("product_id={}\"", candidate.product)), "{home}");
        let letter = json!({"letter_number": "9/VPĐP", "letter_date": "2023-12-24"});
        walk.province.step(&walk.office, &format!("/certificates/{certificate}"), "notify", letter).ok();
        assert_eq!(task(&walk, &walk.office, &certificate), None);
        let overdue = |walk: &Walk| -> Value {
            walk.province.get(&walk.here.producer, "/tasks").ok()["items"][0]["overdue"].clone()
        };
        assert_eq!(overdue(&walk), false);
    });
}
