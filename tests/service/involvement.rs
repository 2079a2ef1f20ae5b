//! Who had a hand in a product before its scoring: who of them does not score it, and of whom who leads the session is told.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::desk_costs::statements;
use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{Council, Walk, id};

/// A council of the district in which these people score beside a chair and a vice-chair who know nobody.
fn council_of(walk: &Walk, members: &[&Person]) -> Council {
    let (mut form, mut scorers, secretary) = walk.council_form("439", 1, 4);
    let seats = form["seats"].as_array_mut().unwrap();
    seats.extend(members.iter().map(|person| json!({"account_id": person.id, "seat": "member"})));
    scorers.extend(members.iter().map(|person| (*person).clone()));
    let office = walk.here.officer.clone();
    let id = id(&walk.province.post(&office, "/councils", form).created());
    walk.province.step(&office, &format!("/councils/{id}"), "open", json!({})).ok();
    Council { id, office, scorers, secretary }
}

/// Of each who scores: why they are recused, and what they had to do with the product.
fn told(walk: &Walk, reader: &Person, item: &str) -> BTreeMap<String, (Option<String>, Vec<String>)> {
    let seen = walk.province.get(reader, item).ok();
    let seat = |seat: &Value| {
        let involvement = seat["involvement"].as_array().unwrap().iter().map(|each| each.as_str().unwrap().to_owned());
        let recused = seat["recused"].as_str().map(str::to_owned);
        (seat["account_id"].as_str().unwrap().to_owned(), (recused, involvement.collect()))
    };
    seen["attendance"].as_array().unwrap().iter().map(seat).collect()
}

#[test]
fn who_acted_for_a_producer_or_decided_on_it_is_recused_and_of_others_the_chair_is_told() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let hire = |name: &str, role: &str, unit| province.hire(name, role, Some(unit), None);
        let commune = |name: &str| hire(name, "commune_officer", walk.here.commune_code);
        let (forwards, submits, documents) = (commune("forwards"), commune("submits"), commune("documents"));
        let (approves, visits) =
            (hire("approves", "district_officer", "439"), hire("visits", "district_officer", "439"));
        let accepts = hire("accepts", "provincial_officer", "42");
        let names = hire("names", "district_officer", "439");
        let other_account = province.hire("other-account", "council_member", None, None);
        let stranger = commune("stranger");
        for person in [&submits, &other_account] {
            let body = json!({"identity_number": "042090001234"});
            province.patch(&walk.admin, &format!("/accounts/{}", person.id), body).ok();
        }

        let idea = walk.submitted_idea(&walk.here, "Mật ong");
        let step = |person: &Person, path: &str, verb: &str| province.step(person, path, verb, json!({}));
        let path = format!("/ideas/{idea}");
        province.step(&forwards, &path, "forward", json!({"note": "Xã đồng ý"})).ok();
        step(&visits, &path, "select").ok();
        step(&accepts, &path, "accept").ok();
        let plan = id(&province.post(&walk.here.producer, "/plans", walk.plan_form(&idea)).created());
        step(&walk.here.producer, &format!("/plans/{plan}"), "submit").ok();
        step(&approves, &format!("/plans/{plan}"), "approve").ok();
        let candidate = walk.candidate(&walk.here, idea, plan);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let upload = [("kind", "business_registration"), ("number", "28-001")];
        let document = province
            .upload(&documents, &format!("/products/{}/documents", candidate.product), &upload, crate::walk::A_PDF)
            .created();
        province.patch(&walk.here.producer, &dossier, json!({"documents": [document["id"]]})).ok();
        province.patch(&names, &dossier, json!({"responsible_account_id": walk.here.officer.id})).ok();
        let visit = json!({"visited_on": "2021-02-20", "findings": "Nhà xưởng sạch", "advice": ""});
        province.post(&visits, &format!("{dossier}/visits"), visit).created();
        step(&submits, &dossier, "submit").ok();

        let members = [&forwards, &documents, &approves, &visits, &accepts, &names, &other_account, &stranger];
        let council = council_of(&walk, &members);
        let item = format!("/agenda-items/{}", walk.agenda_item(&council, &candidate.dossier));
        let seen = told(&walk, council.chair(), &item);
        let of = |person: &Person| {
            let (recused, involvement) = &seen[&person.id];
            (recused.as_deref(), involvement.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let acted = Some("Đã lập hoặc nộp hồ sơ thay chủ thể");
        assert_eq!(of(&other_account), (acted, vec!["acted_for_producer"]), "the same person by another account");
        assert_eq!(of(&documents), (acted, vec!["acted_for_producer"]));
        assert_eq!(of(&approves), (Some("Đã phê duyệt phương án của sản phẩm"), vec!["approved_plan"]));
        assert_eq!(of(&forwards), (Some("Đã chuyển ý tưởng kèm ý kiến"), vec!["forwarded_idea"]));
        assert_eq!(of(&visits), (Some("Đã chọn ý tưởng"), vec!["selected_idea", "visited_on_site"]));
        assert_eq!(of(&accepts), (Some("Đã chấp nhận ý tưởng"), vec!["accepted_idea"]));
        assert_eq!(of(&names), (None, vec!["named_responsible"]));
        for person in [&stranger, council.chair(), &council.secretary] {
            assert_eq!(of(person), (None, vec![]));
        }
        assert_eq!(told(&walk, &council.secretary, &item), seen);
        // A member is told of nobody.
        assert!(province.get(&stranger, &item).ok().get("attendance").is_none());

        let browser = Browser::of(province, council.chair());
        let page = browser.page(&format!("/desk{item}"));
        assert!(page.contains("Đã phân công cán bộ phụ trách") && page.contains("Đã chọn ý tưởng"), "{page}");

        step(council.chair(), &item, "open-scoring").ok();
        for (person, scores) in
            [(&forwards, false), (&names, true), (&documents, false), (&other_account, false), (&stranger, true)]
        {
            let body = json!({"marks": walk.marks(60)});
            let written = province.at_version(Method::PUT, person, &format!("{item}/sheet"), 0, body);
            if scores {
                written.ok()
            } else {
                written.refused(403, "recused")
            };
        }
    });
}

#[test]
fn a_council_of_many_asks_no_more_often_than_one_of_a_few() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let councils = [walk.council("439", 1, 3), walk.council("439", 2, 12)];
        let [few, many] = councils.map(|council| {
            let dossiers: Vec<String> = (0..4)
                .map(|number| {
                    walk.handed_in(&walk.here, &format!("Mật ong {} {number}", council.scorers.len())).dossier
                })
                .collect();
            let form = json!({"council_id": council.id, "dossier_ids": dossiers});
            let counter = province.app.database.statements();
            let before = counter.get();
            let made = province.post(&council.office, "/agenda-items", form).created();
            let placed = counter.get() - before;
            let path = format!("/agenda-items/{}", id(&made["items"][0]));
            (placed, statements(province, || drop(province.get(council.chair(), &path).ok())))
        });
        // What the service does beside it now and then is counted too; nine more seats of four products would show.
        assert!(many.0 < few.0 + 9 && many.1 < few.1 + 9, "{few:?} statements with three seats, {many:?} with twelve");
    });
}
