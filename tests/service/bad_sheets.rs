//! What cannot be in a session: each wrong sheet, seat, signature and criteria set is a clear problem at its place, and
//! nothing of it is kept.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Reply};
use crate::walk::{Walk, id};

/// 422 with exactly these places and codes.
#[track_caller]
fn faults(reply: Reply, expected: &[(&str, &str)]) {
    let problem = reply.refused(422, "invalid");
    let errors = problem["errors"].as_array().unwrap();
    let found: Vec<(&str, &str)> =
        errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
    assert_eq!(found, expected, "{problem}");
    assert!(errors.iter().all(|error| !error["detail"].as_str().unwrap().is_empty()));
}

#[test]
fn each_wrong_sheet_is_named_with_its_place_and_not_kept() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let resource = format!("/agenda-items/{item}");
        let sheet = format!("{resource}/sheet");
        let member = &council.scorers[2];
        let put = |who: &Person, body: Value| province.at_version(Method::PUT, who, &sheet, 0, body);
        put(member, json!({"marks": []})).refused(409, "wrong_state");
        province.step(council.chair(), &resource, "open-scoring", json!({})).ok();

        let marks = |marks: Value| put(member, json!({"marks": marks}));
        faults(marks(json!([{"criterion": "99.9", "option": 1}])), &[("/marks/0/criterion", "unknown_criterion")]);
        faults(marks(json!([{"criterion": "1.1", "option": 40}])), &[("/marks/0/option", "unknown_option")]);
        faults(marks(json!([{"criterion": "1.1", "option": 0}])), &[("/marks/0/option", "unknown_option")]);
        faults(
            marks(json!([{"criterion": "1.1", "option": 1}, {"criterion": "1.1", "option": 2}])),
            &[("/marks/1/criterion", "repeated")],
        );
        // 3.2 has a scale for households, and this producer is a cooperative.
        let set = province.get(&walk.office, "/criteria-sets/mat-ong").ok();
        let other_scale = crate::export::criteria(&set)
            .into_iter()
            .find(|criterion| criterion["code"] == "3.2")
            .and_then(|criterion| {
                criterion["options"].as_array().unwrap().iter().position(|option| option["case"] == 2)
            })
            .unwrap();
        let household = json!([{"criterion": "3.2", "option": other_scale + 1}]);
        faults(marks(household), &[("/marks/0/option", "other_case")]);
        // 5.2 asks of the story that 5.1 says there is none of.
        let storyless = json!([{"criterion": "5.1", "option": 1}, {"criterion": "5.2", "option": 1}]);
        faults(marks(storyless), &[("/marks/1/criterion", "does_not_apply")]);
        faults(marks(json!([{"criterion": "5.2", "option": 1}])), &[("/marks/0/criterion", "does_not_apply")]);
        // Points instead of options.
        faults(
            marks(json!([{"criterion": "1.1", "points": 3}])),
            &[("/marks/0/option", "required"), ("/marks/0/points", "unknown_field")],
        );
        faults(marks(json!([{"criterion": "1.1", "option": "3"}])), &[("/marks/0/option", "wrong_type")]);
        let gate = |gate: Value| put(member, json!({"marks": [], "gate": gate}));
        faults(gate(json!({"criterion": "1.1", "reason": ""})), &[("/gate/reason", "required")]);
        faults(gate(json!({"criterion": "3.2", "reason": "x"})), &[("/gate/criterion", "no_gate")]);
        // Everything that is wrong is told at once.
        let remark = "x".repeat(2001);
        faults(
            marks(json!([{"criterion": "99.9", "option": 1}, {"criterion": "1.1", "option": 40, "remark": remark}])),
            &[
                ("/marks/0/criterion", "unknown_criterion"),
                ("/marks/1/remark", "too_long"),
                ("/marks/1/option", "unknown_option"),
            ],
        );
        assert_eq!(province.get(member, &sheet).ok()["version"], 0, "nothing of it is kept");

        // A sheet with a hole is kept as a draft and not taken: the missing criterion is named.
        let mut holed = walk.marks(60);
        let gone = holed.as_array_mut().unwrap().remove(3)["criterion"].as_str().unwrap().to_owned();
        let kept = put(member, json!({"marks": holed})).ok();
        assert_eq!((&kept["complete"], &kept["missing"]), (&json!(false), &json!([gone])));
        let refused = province.step(member, &sheet, "submit", json!({})).invalid(&["/marks"]);
        assert!(refused["errors"][0]["detail"].as_str().unwrap().contains(&gone));

        // Recused, not of the council, closed.
        let own = &council.scorers[1];
        province.step(own, &resource, "recuse", json!({"reason": "Người nhà"})).ok();
        put(own, json!({"marks": walk.marks(60)})).refused(403, "recused");
        put(&council.secretary, json!({"marks": []})).refused(403, "forbidden");
        put(&walk.idle, json!({"marks": []})).refused(404, "not_found");
        walk.write_sheet(member, &item, &walk.marks(60));
        province.step(council.chair(), &resource, "close-scoring", json!({})).ok();
        let version = province.get(member, &sheet).ok()["version"].as_i64().unwrap();
        province.at_version(Method::PUT, member, &sheet, version, json!({"marks": []})).refused(409, "wrong_state");
        province.step(member, &sheet, "submit", json!({})).refused(409, "wrong_state");
    });
}

#[test]
fn who_may_not_sit_or_sign_is_turned_away() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (form, _, _) = walk.council_form("439", 2, 3);
        for (person, code) in [(&walk.here.producer, "producer_seat"), (&walk.supervisor, "unfit_role")] {
            let mut form = form.clone();
            form["seats"][2]["account_id"] = json!(person.id);
            faults(province.post(&walk.here.officer, "/councils", form), &[("/seats/2/account_id", code)]);
        }
        // A signatory never promulgates what the same account drafted, and only for the own unit.
        let lower = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        walk.sent_up(&lower, &candidate, 60);
        let upper = walk.council("42", 1, 3);
        let item = walk.rated(&upper, &candidate, 60);
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
        province.post(&walk.signatory, "/decisions", form.clone()).refused(403, "forbidden");
        let decision = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form).created()));
        let signature = json!({"number": "1/QĐ-UBND", "signed_on": "2021-02-22"});
        province.step(&walk.office, &decision, "promulgate", signature.clone()).refused(403, "forbidden");
        let foreign = province.hire("ky-huyen", "signatory", Some("439"), None);
        let reply = province.raw(
            &Method::POST,
            Some(&foreign),
            &format!("{decision}/promulgate"),
            Some("*"),
            signature.to_string(),
        );
        assert!(matches!(reply.status.as_u16(), 403 | 404), "{}", reply.text);
        province.step(&walk.signatory, &decision, "promulgate", signature).ok();
    });
}

#[test]
fn a_criteria_set_that_does_not_hold_together_is_refused_with_every_fault() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let set = province.get(&walk.office, "/criteria-sets/mat-ong").ok();
        let import = |set: &Value| province.post(&walk.office, "/criteria-sets", set.clone());
        let spoilt = |spoil: &dyn Fn(&mut Value)| {
            let mut spoilt = set.clone();
            spoil(&mut spoilt["parts"][0]["groups"][0]["criteria"]);
            import(&spoilt)
        };
        let place = "/parts/0/groups/0/criteria";
        let one = |reply: Reply, pointer: &str, code: &str| {
            let problem = reply.json();
            let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{problem}"));
            let is_told = errors.iter().any(|error| error["pointer"] == pointer && error["code"] == code);
            assert!(is_told, "{pointer} {code} in {problem}");
        };
        one(
            spoilt(&|criteria| criteria[1]["code"] = criteria[0]["code"].clone()),
            &format!("{place}/1/code"),
            "repeated",
        );
        one(
            spoilt(&|criteria| {
                criteria[0]["parent"] = criteria[1]["code"].clone();
                criteria[1]["parent"] = criteria[0]["code"].clone();
            }),
            &format!("{place}/0/parent"),
            "cycle",
        );
        one(
            spoilt(&|criteria| {
                criteria[0]["depends_on"] = criteria[1]["code"].clone();
                criteria[1]["depends_on"] = criteria[0]["code"].clone();
            }),
            &format!("{place}/0/depends_on"),
            "cycle",
        );
        one(
            spoilt(&|criteria| criteria[0]["depends_on"] = json!("99.9")),
            &format!("{place}/0/depends_on"),
            "unknown_criterion",
        );
        one(spoilt(&|criteria| criteria[0]["options"] = json!([])), &format!("{place}/0/options"), "no_options");
        one(
            spoilt(&|criteria| criteria[0]["options"][0]["points"] = json!(99)),
            &format!("{place}/0/options/0/points"),
            "above_maximum",
        );
        let mut sums = set.clone();
        sums["parts"][0]["max"] = json!(30);
        let told = import(&sums).invalid(&["/parts/0/max"]);
        assert!(told["errors"][0]["detail"].as_str().unwrap().contains("35"));
        // Sound in itself, but not what its edition gives to the parts.
        let mut moved = set.clone();
        moved["edition"] = json!("148-2023");
        let told = import(&moved).refused(422, "wrong_sums");
        assert!(told["detail"].as_str().unwrap().contains("A 35") && told["detail"].as_str().unwrap().contains("A 40"));
        let now = province.get(&walk.office, "/criteria-sets/mat-ong").ok();
        assert_eq!(now["version"], set["version"], "nothing of it is kept");
    });
}
