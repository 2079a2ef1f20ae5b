//! Dossiers of before 26/2026/QĐ-TTg: rated by the old rules within 60 or 30 days, then entered under the act in force; and
//! dossiers that their producer takes back.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Candidate, SET, Year, synthetic_set};
use crate::engine::{Engine, on_both};
use crate::province::Person;
use crate::walk::{A_PDF, Council, criteria, id};

fn dossier(candidate: &Candidate) -> String {
    format!("/dossiers/{}", candidate.dossier)
}

fn code(warnings: &Value) -> Vec<&str> {
    warnings.as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

/// A year under 1489 with a product whose certificate ends soon after the act, on the last day before it.
fn before_the_act(engine: Engine) -> (Year, Council, Candidate) {
    let mut year = Year::new(engine, "148-2023", "2023-07-20", json!([]));
    let council = year.council("439");
    let certified = year.handed_in("Đánh giá lại", None);
    let item = year.agenda_item(&council, &certified);
    year.concluded(&council, &item, 60);
    year.recognised("439", &[&item], "1/QĐ-UBND");
    year.goes_on("2026-05-21", "08:00:00");
    year.edition = "1489-2025";
    year.set = criteria(&year.province.post(&year.office, "/criteria-sets", synthetic_set(year.edition)).created());
    year.open(year.today, json!([]));
    let council = year.council("42");
    (year, council, certified)
}

/// On the agenda of the province, with its scoring closed.
fn scored(year: &Year, council: &Council, candidate: &Candidate) -> String {
    let item = year.agenda_item(council, candidate);
    let resource = format!("/agenda-items/{item}");
    year.step(&year.office, &resource, "admit", json!({}));
    year.scored(council, &item, 60);
    resource
}

#[test]
fn what_was_handed_in_before_the_act_is_concluded_within_60_days_or_30_again() {
    on_both(|engine| {
        let (mut year, council, certified) = before_the_act(engine);
        let first = year.handed_in("Lần đầu", None);
        let second = year.handed_in("Lần đầu, muộn", None);
        let again = year.handed_in("Đánh giá lại", Some(&certified.product));
        let again_late = year.approved("Chưa nộp", None);
        assert_eq!(year.province.get(&year.office, &dossier(&first)).ok()["rated_until"], Value::Null);

        // The act enters into force: 60 days from then, 30 for a rating again; what comes now goes by the new act.
        year.goes_on("2026-05-22", "00:00:00");
        let shown = |candidate: &Candidate| year.province.get(&year.office, &dossier(candidate)).ok();
        for (candidate, until) in [(&first, "2026-07-21"), (&again, "2026-06-21")] {
            let shown = shown(candidate);
            assert_eq!((shown["rated_until"].as_str(), code(&shown["warnings"])), (Some(until), vec!["rating_term"]));
        }
        year.province.step(&year.producer, &dossier(&again_late), "submit", json!({})).refused(409, "rating_term_over");
        assert_eq!(code(&shown(&again_late)["warnings"]), ["rating_term_over"]);
        // What comes back for completion is still of before the act.
        year.step(&year.office, &dossier(&second), "return", json!({"note": "Thiếu phiếu kiểm nghiệm"}));
        year.step(&year.producer, &dossier(&second), "submit", json!({}));
        let form = json!({"cycle_id": year.cycle, "criteria_set": SET});
        year.province.step(&year.producer, &dossier(&first), "carry-over", form).refused(409, "rating_term_runs");
        let items = [&first, &second, &again].map(|candidate| scored(&year, &council, candidate));
        assert_eq!(year.province.get(&year.office, &items[0]).ok()["rated_until"], "2026-07-21");
        let is_offered = |year: &Year, item: &str| {
            let actions = year.province.get(council.chair(), item).ok()["actions"].clone();
            actions.as_array().unwrap().contains(&json!("conclude"))
        };
        let conclude = |year: &Year, item: &str| year.province.step(council.chair(), item, "conclude", json!({}));

        // Day 30 and day 31.
        year.goes_on("2026-06-21", "23:59:00");
        assert!(is_offered(&year, &items[2]));
        year.goes_on("2026-06-22", "00:00:00");
        assert!(!is_offered(&year, &items[2]) && is_offered(&year, &items[0]));
        let refused = conclude(&year, &items[2]).refused(409, "rating_term_over");
        assert!(refused["detail"].as_str().unwrap().contains("26/2026/QĐ-TTg"), "{refused}");
        // Day 60 and day 61.
        year.goes_on("2026-07-21", "23:59:00");
        conclude(&year, &items[0]).ok();
        year.goes_on("2026-07-22", "00:00:00");
        conclude(&year, &items[1]).refused(409, "rating_term_over");
        let votes = json!({"reason": "Bổ sung", "votes_for": 3, "votes_against": 0});
        year.province.step(council.chair(), &items[1], "rescore", votes).refused(409, "rating_term_over");
        let agenda = json!({"council_id": council.id, "dossier_ids": [again_late.dossier]});
        year.province.post(&year.office, "/agenda-items", agenda).refused(409, "not_submitted");
    });
}

#[test]
fn a_dossier_whose_term_is_over_goes_on_under_the_act_in_force_with_its_papers() {
    on_both(|engine| {
        let (mut year, council, certified) = before_the_act(engine);
        let late = year.approved("Mật ong", None);
        let document = |year: &Year| {
            let path = format!("/products/{}/documents", late.product);
            id(&year.province.upload(&year.producer, &path, &[("kind", "business_registration")], A_PDF).created())
        };
        let documents = json!([document(&year)]);
        let change = json!({"documents": documents, "figures": {"workers": 8}});
        year.province.patch(&year.producer, &dossier(&late), change).ok();
        year.hand_in(&late);
        let item = scored(&year, &council, &late);
        let again = year.handed_in("Đánh giá lại", Some(&certified.product));

        year.goes_on("2026-07-22", "08:00:00");
        let old = year.cycle.clone();
        year.edition = "26-2026";
        year.set = criteria(&year.province.post(&year.office, "/criteria-sets", synthetic_set(year.edition)).created());
        year.open(year.today, json!([]));
        let form = |cycle: &str, set: &str| json!({"cycle_id": cycle, "criteria_set": set});
        let carry = |person, form: Value| year.province.step(person, &dossier(&late), "carry-over", form);
        let stranger = year.province.hire("far", "commune_officer", Some("18223"), None);
        let unseen = year.province.at_version(
            Method::POST,
            &stranger,
            &format!("{}/carry-over", dossier(&late)),
            1,
            form(&year.cycle, SET),
        );
        assert_eq!(unseen.status, 404);
        carry(&year.signatory, form(&year.cycle, SET)).refused(403, "forbidden");
        carry(&year.producer, form(&old, SET)).fault("/cycle_id", "unfit_cycle");
        carry(&year.producer, form(&year.cycle, "khong-co")).fault("/criteria_set", "unknown_criteria_set");
        carry(&year.producer, json!({})).invalid(&["/cycle_id", "/criteria_set"]);
        let carried = carry(&year.producer, form(&year.cycle, SET)).ok();
        assert_eq!(carried["state"], "carried_over");
        assert!(carried["warnings"].as_array().unwrap().is_empty());
        let new = format!("/dossiers/{}", carried["carried_to"].as_str().unwrap());
        let entered = year.province.get(&year.producer, &new).ok();
        assert_eq!((&entered["state"], &entered["kind"]), (&json!("open"), &json!("first")));
        assert_eq!((&entered["carried_from"], &entered["documents"]), (&json!(late.dossier), &documents));
        assert_eq!((&entered["figures"], &entered["product_id"]), (&json!({"workers": 8}), &json!(late.product)));
        assert_eq!(entered["rated_until"], Value::Null);
        carry(&year.producer, form(&year.cycle, SET)).refused(409, "wrong_state");
        year.province.step(council.chair(), &item, "conclude", json!({})).refused(409, "rating_term_over");

        // It is rated with the new set as any other.
        let entered = Candidate { product: late.product.clone(), dossier: new["/dossiers/".len()..].to_owned() };
        year.fill(&entered);
        year.hand_in(&entered);
        year.forward(&entered);
        let province = year.council("42");
        let (item, result) = year.scored_by_province(&province, &entered, 75);
        assert_eq!((&result["outcome"], &result["stars"]), (&json!("rated"), &json!(4)));
        year.recognised("42", &[&item], "9/QĐ-UBND");
        assert_eq!(year.certificate(&late.product)["valid_until"], "2029-07-22");

        // What is rated again was received with the old dossier, before its certificate ended.
        assert_eq!(year.certificates(&certified.product)[0]["state"], "expired");
        let form = form(&year.cycle, SET);
        let carried = year.step(&year.office, &dossier(&again), "carry-over", form);
        let again = Candidate {
            product: certified.product.clone(),
            dossier: carried["carried_to"].as_str().unwrap().to_owned(),
        };
        year.fill(&again);
        year.hand_in(&again);
        let kept = &year.certificates(&certified.product)[0];
        assert_eq!((&kept["state"], &kept["valid_until"]), (&json!("extended"), &json!("2026-07-20")));
        assert_eq!(kept["extended_until"], "2027-01-16");
        assert!(crate::audit::verify(&year.province).0);
    });
}

#[test]
fn a_dossier_that_is_taken_back_ends_what_it_kept_valid() {
    on_both(|engine| {
        let (mut year, _, certified) = before_the_act(engine);
        year.goes_on("2026-07-01", "08:00:00");
        year.edition = "26-2026";
        year.set = criteria(&year.province.post(&year.office, "/criteria-sets", synthetic_set(year.edition)).created());
        year.open(year.today, json!([]));
        let again = year.approved("Đánh giá lại", Some(&certified.product));
        let (producer, office) = (year.producer.clone(), year.office.clone());
        let withdraw = |year: &Year, person: &Person| {
            year.province.step(person, &dossier(&again), "withdraw", json!({"note": "Ngừng"}))
        };
        withdraw(&year, &producer).refused(409, "wrong_state");
        year.fill(&again);
        year.hand_in(&again);
        year.forward(&again);
        year.goes_on("2026-08-01", "08:00:00");
        let state = |year: &Year| {
            let certificate = year.certificates(&certified.product).remove(0);
            (certificate["state"].as_str().unwrap().to_owned(), certificate["extended_until"].clone())
        };
        assert_eq!(state(&year), ("extended".to_owned(), json!("2027-01-16")));
        withdraw(&year, &office).refused(403, "forbidden");
        let council = year.council("42");
        let item = format!("/agenda-items/{}", year.agenda_item(&council, &again));
        year.step(&year.office, &item, "admit", json!({}));
        let withdrawn = withdraw(&year, &producer).ok();
        assert_eq!((&withdrawn["state"], withdrawn["ended_at"].is_string()), (&json!("withdrawn"), true));
        year.province.step(council.chair(), &item, "open-scoring", json!({})).refused(409, "dossier_ended");
        assert_eq!(state(&year), ("extended".to_owned(), json!("2026-08-01")));
        withdraw(&year, &producer).refused(409, "wrong_state");
        year.goes_on("2026-08-02", "00:00:00");
        assert_eq!(state(&year), ("expired".to_owned(), json!("2026-08-01")));
        // It may be handed in anew; what comes late keeps nothing.
        year.province.patch(&year.producer, &dossier(&again), json!({"figures": {"workers": 9}})).ok();
        year.hand_in(&again);
        year.forward(&again);
        assert_eq!(state(&year), ("expired".to_owned(), Value::Null));
        year.step(council.chair(), &item, "open-scoring", json!({}));
    });
}
