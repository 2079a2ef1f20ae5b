//! Drafts that were a mistake: given up by who wrote them, and begun again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Province, Reply};
use crate::walk::{Walk, id};
use crate::working_group::{Ground, TODAY, report_form};

fn discard(province: &Province, person: &Person, path: &str) -> Reply {
    let version = province.get(person, path).ok()["version"].as_i64().unwrap();
    let note = json!({"note": "Nhầm"});
    province.at_version(Method::POST, person, &format!("{path}/discard"), version, note)
}

/// Gives a draft up, and holds that it is shown as such, that its history says why, and that nothing is left to do with it.
fn give_up(province: &Province, person: &Person, path: &str) {
    let discarded = discard(province, person, path).ok();
    assert_eq!((&discarded["state"], &discarded["actions"]), (&json!("discarded"), &json!([])), "{path}");
    let history = province.all(person, &format!("{path}/history"));
    let last = history.last().unwrap();
    assert_eq!((&last["verb"], &last["note"]), (&json!("discard"), &json!("Nhầm")), "{path}");
    discard(province, person, path).refused(409, "wrong_state");
}

#[test]
fn an_idea_whose_plan_is_given_up_gets_another() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let idea = walk.accepted_idea(here, "Mật ong");
        let form = walk.plan_form(&idea);
        let draft = || province.post(&here.producer, "/plans", form.clone());
        let plan = format!("/plans/{}", id(&draft().created()));
        draft().refused(409, "plan_exists");
        discard(province, &here.officer, &plan).refused(403, "forbidden");
        let stranger = &walk.there.producer;
        province.at_version(Method::POST, stranger, &format!("{plan}/discard"), 1, json!({})).refused(404, "not_found");
        give_up(province, &here.producer, &plan);
        let changed = json!({"market": "Cả nước"});
        let version = province.get(&here.producer, &plan).ok()["version"].as_i64().unwrap();
        province.at_version(Method::PATCH, &here.producer, &plan, version, changed).refused(409, "wrong_state");
        province.step(&here.producer, &plan, "submit", json!({})).refused(409, "wrong_state");

        let again = format!("/plans/{}", id(&draft().created()));
        province.step(&here.producer, &again, "submit", json!({})).ok();
        discard(province, &here.producer, &again).refused(409, "wrong_state");
        province.step(&here.officer, &again, "return", json!({"note": "Bổ sung"})).ok();
        // Others had it.
        discard(province, &here.producer, &again).refused(409, "wrong_state");
        province.step(&here.producer, &again, "submit", json!({})).ok();
        province.step(&here.officer, &again, "approve", json!({})).ok();
        assert_eq!(province.get(&here.producer, "/plans?state=discarded&count=true").ok()["total"], 1);
        draft().refused(409, "plan_exists");
    });
}

#[test]
fn a_round_whose_council_was_a_mistake_gets_another() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let unit = walk.here.code;
        let office = walk.office_of(unit).clone();
        let (form, people, _) = walk.council_form(unit, 1, 5);
        let appoint = || province.post(&office, "/councils", form.clone());
        let council = format!("/councils/{}", id(&appoint().created()));
        appoint().refused(409, "council_taken");
        discard(province, &people[0], &council).refused(403, "forbidden");
        discard(province, &walk.office, &council).refused(403, "forbidden");

        // Whom it seated has another role once it is given up.
        let seated = format!("/accounts/{}", people[1].id);
        let role = json!({"role": "supervisor", "unit_code": "42"});
        let change_role = || province.step(&walk.admin, &seated, "change-role", role.clone());
        change_role().refused(409, "holds_seat");
        give_up(province, &office, &council);
        change_role().ok();
        province.step(&office, &council, "open", json!({})).refused(409, "wrong_state");
        let dossier = walk.handed_in(&walk.here, "Mật ong").dossier;
        let item = json!({"council_id": council.rsplit('/').next(), "dossier_ids": [dossier]});
        province.post(&office, "/agenda-items", item.clone()).refused(409, "wrong_state");

        let mut form = form.clone();
        form["seats"].as_array_mut().unwrap().remove(1);
        let again = format!("/councils/{}", id(&province.post(&office, "/councils", form).created()));
        let item: Value = json!({"council_id": again.rsplit('/').next(), "dossier_ids": item["dossier_ids"]});
        province.post(&office, "/agenda-items", item).created();
        // What waits on its agenda would wait for nobody.
        discard(province, &office, &again).refused(409, "items_unfinished");
        province.step(&office, &again, "open", json!({})).ok();
        discard(province, &office, &again).refused(409, "wrong_state");
        assert_eq!(province.get(&office, "/councils?state=discarded&count=true").ok()["total"], 1);
    });
}

#[test]
fn a_survey_and_a_report_begun_by_mistake_stand_in_nobodys_way() {
    on_both(|engine| {
        let ground = Ground::new(engine);
        let (province, helper) = (ground.province(), &ground.helper);
        let [kept, mistaken] = [(); 2].map(|()| ground.survey(helper, ground.form()));
        discard(province, ground.council.chair(), &mistaken).refused(403, "forbidden");
        let draft = || province.post(helper, &ground.path("/group-reports"), report_form());
        let report = format!("/group-reports/{}", id(&draft().created()));
        draft().refused(409, "already_drafted");
        give_up(province, helper, &report);
        let item = ground.path("");
        assert_eq!(province.get(helper, &item).ok()["preparation"]["report"], Value::Null);

        let test = province.get(helper, &kept).ok()["tests"][0]["id"].clone();
        let result = json!({"test": test, "value": "< 0,02 mg/kg", "conforms": true});
        province.step(helper, &kept, "record-result", result).ok();
        province.step(helper, &kept, "finish", json!({})).ok();
        discard(province, helper, &kept).refused(409, "wrong_state");
        let report = format!("/group-reports/{}", id(&draft().created()));
        let finish = || {
            let form = json!({"number": "07/BC-TTV", "dated": TODAY});
            province.step(helper, &report, "finish", form)
        };
        finish().refused(409, "survey_unfinished");
        give_up(province, helper, &mistaken);
        let content = finish().ok()["content"].clone();
        assert_eq!(content["surveys"].as_array().map(Vec::len), Some(1), "{content}");
        discard(province, helper, &report).refused(409, "wrong_state");
    });
}
