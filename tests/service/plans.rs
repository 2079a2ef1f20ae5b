//! What is offered with plans and dossiers, to whom, and that their answers and lists say whose they are.

use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{Walk, id};

/// The verbs that somebody may take now.
fn actions(walk: &Walk, who: &Person, resource: &str) -> Vec<String> {
    let shown = walk.province.get(who, resource).ok();
    shown["actions"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect()
}

/// The verbs that somebody may take in another state, with the codes of what stands against them now.
fn explained(walk: &Walk, who: &Person, resource: &str) -> Vec<(String, String)> {
    let shown = walk.province.get(who, &format!("{resource}?explain=actions")).ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let explained = shown["explained_actions"].as_array().unwrap();
    explained.iter().map(|action| (text(&action["verb"]), text(&action["problem"]["code"]))).collect()
}

fn against(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(verb, code)| ((*verb).to_owned(), (*code).to_owned())).collect()
}

#[test]
fn a_plan_offers_its_approval_which_opens_the_dossier() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, at) = (&walk.province, &walk.here);
        let idea = walk.accepted_idea(at, "Mật ong");
        let made = province.post(&at.producer, "/plans", walk.plan_form(&idea)).created();
        assert_eq!(made["actions"], json!(["change", "submit", "discard"]));
        assert_eq!(made["product_name"], "Mật ong");
        assert_eq!((&made["product_id"], &made["year"]), (&Value::Null, &json!(2021)));
        assert_eq!(made["finance"].as_array().unwrap().len(), 2);
        let plan = format!("/plans/{}", id(&made));
        assert_eq!(actions(&walk, &at.commune, &plan), ["change", "submit", "discard"]);
        assert!(actions(&walk, &at.officer, &plan).is_empty());
        let decisions = [("approve", "wrong_state"), ("return", "wrong_state"), ("reject", "wrong_state")];
        assert_eq!(explained(&walk, &at.officer, &plan), against(&decisions));
        assert!(explained(&walk, &walk.office, &plan).is_empty(), "the province decides on no plan of this edition");
        province.step(&at.officer, &plan, "approve", json!({})).refused(409, "wrong_state");

        province.step(&at.producer, &plan, "submit", json!({})).ok();
        assert!(actions(&walk, &at.producer, &plan).is_empty());
        assert_eq!(actions(&walk, &at.officer, &plan), ["approve", "return", "reject"]);
        province.step(&walk.office, &plan, "approve", json!({})).refused(403, "forbidden");
        let approved = province.step(&at.officer, &plan, "approve", json!({"note": "Đạt"})).ok();
        assert_eq!(approved["actions"], json!([]));
        let history = province.all(&at.officer, &format!("{plan}/history"));
        assert_eq!((&history[2]["verb"], &history[2]["note"]), (&json!("approve"), &json!("Đạt")));
        let product = approved["product_id"].as_str().unwrap();
        for (made, state) in [(format!("/products/{product}"), Value::Null), (dossier(&walk, product), json!("open"))] {
            let history = province.all(&at.officer, &format!("{made}/history"));
            assert_eq!(history.len(), 1);
            assert_eq!((&history[0]["verb"], &history[0]["to"]), (&json!("create"), &state));
        }
    });
}

/// The dossier of a product that has one.
fn dossier(walk: &Walk, product: &str) -> String {
    let page = walk.province.get(&walk.office, &format!("/dossiers?product_id={product}&count=true")).ok();
    assert_eq!(page["total"], 1);
    format!("/dossiers/{}", id(&page["items"][0]))
}

#[test]
fn a_dossier_offers_what_its_edition_and_its_councils_leave_to_do() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, at) = (&walk.province, &walk.here);
        let candidate = walk.approved(at, "Mật ong");
        let dossier = dossier(&walk, &candidate.product);
        let shown = province.get(&at.producer, &dossier).ok();
        assert_eq!(shown["actions"], json!(["change", "submit", "turn-document"]));
        assert_eq!((&shown["product_name"], &shown["year"]), (&json!("Mật ong"), &json!(2021)));
        for name in ["producer_name", "commune_name", "district_name"] {
            assert!(shown[name].as_str().is_some_and(|name| !name.is_empty()), "{name}: {shown}");
        }
        assert_eq!(actions(&walk, &at.officer, &dossier), ["change", "record-visit"]);
        assert_eq!(explained(&walk, &at.officer, &dossier), against(&[("return", "wrong_state")]));
        assert!(actions(&walk, &walk.office, &dossier).is_empty());

        let responsible = json!({"responsible_account_id": at.commune.id});
        let named = province.patch(&at.officer, &dossier, responsible).ok();
        assert!(named["responsible_name"].is_string());
        assert_eq!(actions(&walk, &at.commune, &dossier), ["change", "submit", "record-visit", "turn-document"]);
        let visit = json!({"visited_on": "2021-02-21", "findings": "Xưởng sạch"});
        let visited = province.post(&at.commune, &format!("{dossier}/visits"), visit).created();
        assert_eq!(visited["account_name"], named["responsible_name"]);
        let path = format!("{dossier}/visits/{}", id(&visited));
        assert_eq!(province.get(&at.producer, &path).ok(), visited);
        assert_eq!(province.all(&at.producer, &format!("{dossier}/visits")), [visited]);

        province.step(&at.producer, &dossier, "submit", json!({})).ok();
        assert_eq!(actions(&walk, &at.commune, &dossier), ["withdraw", "record-visit"]);
        assert_eq!(actions(&walk, &at.officer, &dossier), ["change", "return", "record-visit"]);
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &candidate.dossier);
        assert!(actions(&walk, council.chair(), &dossier).is_empty(), "a seat lets read, no more");
        walk.scored(&council, &item, &[60, 61, 62]);
        assert_eq!(explained(&walk, &at.officer, &dossier), against(&[("return", "being_scored")]));
        province.step(council.chair(), &format!("/agenda-items/{item}"), "conclude", json!({})).ok();
        assert_eq!(explained(&walk, &at.officer, &dossier), against(&[("return", "already_concluded")]));

        // What a list says of each is what is said of it alone.
        walk.handed_in(&walk.there, "Trà");
        for who in [&walk.office, &at.producer, &at.officer, &at.commune, &walk.there.producer] {
            for kind in ["plans", "dossiers"] {
                let page = province.get(who, &format!("/{kind}?count=true")).ok();
                let items = page["items"].as_array().unwrap();
                assert_eq!(page["total"], json!(items.len()));
                for item in items {
                    assert_eq!(*item, province.get(who, &format!("/{kind}/{}", id(item))).ok());
                }
            }
        }
    });
}
