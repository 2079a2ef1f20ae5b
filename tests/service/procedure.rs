//! What surrounds a session: dates and warnings, who is absent or recused by rule, the working group, what a producer
//! learns from a result, and the appeal against it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::export::criteria;
use crate::province::Person;
use crate::walk::{A_PDF, Council, Walk, id};

pub fn resource(item: &str) -> String {
    format!("/agenda-items/{item}")
}

#[test]
fn a_session_on_short_notice_opens_only_when_who_presides_acknowledges_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let today = province.app.clock.now().day();
        let council = walk.council("439", 1, 3);
        let item = resource(&walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier));
        let seen = province.get(council.chair(), &item).ok();
        assert_eq!(seen["warnings"], json!(["dates_missing"]));

        let dates = |session: i64, sent: i64| json!({"session_on": today.plus_days(session).to_string(), "dossier_sent_on": today.plus_days(sent).to_string()});
        province.patch(&council.office, &item, dates(30, 1)).invalid(&["/dossier_sent_on"]);
        province.patch(&council.office, &item, json!({"session_on": "2021-13-01"})).invalid(&["/session_on"]);
        let timely = province.patch(&council.office, &item, dates(1, -30)).ok();
        assert_eq!(timely["warnings"], json!([]));
        let late = province.patch(&council.office, &item, dates(0, 0)).ok();
        assert_eq!(late["warnings"], json!(["short_notice"]));

        let chair = council.chair();
        province.step(chair, &item, "open-scoring", json!({})).refused(409, "short_notice");
        province.step(chair, &item, "open-scoring", json!({"acknowledge": ["anything"]})).invalid(&["/acknowledge/0"]);
        assert_eq!(province.get(chair, &item).ok()["state"], "waiting");
        let open = province.step(chair, &item, "open-scoring", json!({"acknowledge": ["short_notice"]})).ok();
        assert_eq!((&open["state"], &open["short_notice_accepted_by"]), (&json!("scoring"), &json!(chair.id)));
        province.patch(&council.office, &item, dates(1, -30)).refused(409, "wrong_state");
    });
}

#[test]
fn the_vice_chair_presides_while_the_chair_is_absent() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 4);
        let item = resource(&walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier));
        let (chair, vice) = (&council.scorers[0], &council.scorers[1]);
        province.step(vice, &item, "open-scoring", json!({})).refused(403, "forbidden");
        let absent = |who: &Person, account: &str| {
            let body = json!({"account_id": account, "reason": "Đi công tác"});
            province.step(who, &item, "absent", body)
        };
        absent(vice, &chair.id).refused(403, "forbidden");
        absent(&council.secretary, &walk.office.id).invalid(&["/account_id"]);
        let body = json!({"account_id": chair.id, "reason": " "});
        province.step(&council.secretary, &item, "absent", body).invalid(&["/reason"]);
        absent(&council.secretary, &chair.id).ok();
        absent(&council.secretary, &chair.id).refused(409, "already_absent");
        assert_eq!(province.get(vice, &item).ok()["me"]["presides"], true);
        assert_eq!(province.get(chair, &item).ok()["me"]["absent"], true);

        province.step(chair, &item, "open-scoring", json!({})).refused(403, "forbidden");
        province.step(vice, &item, "open-scoring", json!({})).ok();
        province.get(chair, &format!("{item}/sheet")).refused(403, "absent");
        let number = item.trim_start_matches("/agenda-items/");
        for member in &council.scorers[1..] {
            walk.submit_sheet(member, number, 60);
        }
        // All four seats count for the quorum, the absent one too: three sheets of four are enough.
        province.step(vice, &item, "close-scoring", json!({})).ok();
        let back = |account: &str| province.step(&council.office, &item, "present", json!({"account_id": account}));
        back(&vice.id).refused(409, "not_absent");
        back(&chair.id).ok();
        province.step(vice, &item, "conclude", json!({})).refused(403, "forbidden");
        // The chair presides again, but gave no sheet: the quorum wants the sheet of who presides.
        province.step(chair, &item, "conclude", json!({})).refused(409, "no_quorum");
        absent(&council.office, &chair.id).ok();
        province.step(vice, &item, "conclude", json!({})).ok();
        let history = province.all(&council.office, &format!("{item}/history"));
        let verbs: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        let expected = ["create", "absent", "open-scoring", "close-scoring", "present", "absent", "conclude"];
        assert_eq!(verbs, expected);
        absent(&council.office, &council.scorers[2].id).refused(409, "wrong_state");
    });
}

#[test]
fn who_belongs_to_the_producer_is_recused_by_rule() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 6);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let know = |person: &Person, body: Value| {
            province.patch(&walk.admin, &format!("/accounts/{}", person.id), body).ok();
        };
        province
            .patch(&walk.admin, &format!("/accounts/{}", walk.idle.id), json!({"identity_number": "1"}))
            .invalid(&["/identity_number"]);
        province
            .patch(&walk.admin, &format!("/accounts/{}", walk.idle.id), json!({"residence_code": "99999"}))
            .invalid(&["/residence_code"]);
        let producer = format!("/producers/{}", walk.here.producer_id);
        let members = json!({"members": [{"name": "Trần Thị B", "identity_number": "042180001234"}]});
        province.patch(&walk.here.producer, &producer, members.clone()).refused(403, "forbidden");
        province.patch(&walk.here.commune, &producer, members).ok();
        let address = province.get(&walk.here.commune, &producer).ok()["address"].clone();
        know(&council.scorers[1], json!({"identity_number": "042180001234"}));
        know(&council.scorers[2], json!({"residence_code": walk.here.commune_code, "residence": address}));
        know(&council.scorers[3], json!({"residence_code": walk.here.commune_code, "residence": "Thôn khác"}));

        let item = resource(&walk.agenda_item(&council, &candidate.dossier));
        let recused = |item: &str| -> Vec<String> {
            let seen = province.get(&council.secretary, item).ok();
            let seats = seen["attendance"].as_array().unwrap().clone();
            seats
                .iter()
                .filter(|seat| !seat["recused"].is_null())
                .map(|seat| seat["account_id"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(recused(&item), [council.scorers[1].id.clone(), council.scorers[2].id.clone()]);
        // A tie that shows only later is found when the scoring opens.
        know(&council.scorers[4], json!({"identity_number": "042180001234"}));
        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        assert_eq!(recused(&item).len(), 3);
        let sheet = format!("{item}/sheet");
        for member in [&council.scorers[1], &council.scorers[2], &council.scorers[4]] {
            let body = json!({"marks": walk.marks(60)});
            province.at_version(Method::PUT, member, &sheet, 0, body).refused(403, "recused");
        }
    });
}

#[test]
fn the_working_group_remarks_and_hands_back_and_the_item_waits_for_the_dossier() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let checker = province.hire("to-giup-viec", "council_member", None, None);
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let (mut form, scorers, secretary) = walk.council_form("439", 1, 3);
        form["working_group"] = json!([checker.id, checker.id]);
        province.post(&walk.here.officer, "/councils", form.clone()).invalid(&["/working_group/1"]);
        form["working_group"] = json!([walk.here.producer.id]);
        province.post(&walk.here.officer, "/councils", form.clone()).invalid(&["/working_group/0"]);
        form["working_group"] = json!([checker.id]);
        let council = province.post(&walk.here.officer, "/councils", form).created();
        assert_eq!(council["working_group"][0]["account_id"], json!(checker.id));
        province.step(&walk.here.officer, &format!("/councils/{}", id(&council)), "open", json!({})).ok();
        let council = Council { id: id(&council), office: walk.here.officer.clone(), scorers, secretary };
        province.get(&checker, &dossier).refused(404, "not_found");
        let item = resource(&walk.agenda_item(&council, &candidate.dossier));
        province.get(&checker, &dossier).ok();

        let remarks = format!("{item}/remarks");
        let remark = json!({"criterion": "1.1", "text": "Thiếu hợp đồng cung cấp nguyên liệu"});
        for who in [council.chair(), &council.scorers[2], &council.secretary] {
            province.post(who, &remarks, remark.clone()).refused(403, "forbidden");
        }
        province.post(&checker, &remarks, json!({"criterion": "99", "text": ""})).invalid(&["/text", "/criterion"]);
        province.post(&checker, &remarks, remark).created();
        assert_eq!(province.all(council.chair(), &remarks).len(), 1);
        province.get(&walk.here.producer, &remarks).refused(403, "forbidden");

        let other = province.hire("nguoi-khac", "council_member", None, None);
        province.post(&other, &remarks, json!({"text": "x"})).refused(404, "not_found");
        province.step(&checker, &dossier, "return", json!({})).invalid(&["/note"]);
        province.step(&checker, &dossier, "return", json!({"note": "Bổ sung hợp đồng"})).ok();
        province.step(council.chair(), &item, "open-scoring", json!({})).refused(409, "dossier_returned");
        province.step(&walk.here.producer, &dossier, "submit", json!({})).ok();
        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        province.step(&checker, &dossier, "return", json!({"note": "x"})).refused(409, "being_scored");
        // The working group reads and remarks; it has no sheet.
        province.get(&checker, &format!("{item}/sheet")).refused(403, "forbidden");
    });
}

#[test]
fn the_own_marks_are_shown_after_the_result_beside_the_mean_of_each_criterion() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let candidate = walk.approved(&walk.here, "Mật ong");
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let document = walk.document(&walk.here, &candidate.product);
        let own = walk.marks(80);
        let change = json!({"self_marks": own, "documents": [document]});
        province.patch(&walk.here.producer, &dossier, change).ok();
        province.step(&walk.here.producer, &dossier, "submit", json!({})).ok();
        let council = walk.council("439", 1, 3);
        let number = walk.agenda_item(&council, &candidate.dossier);
        let item = resource(&number);
        let sees = |who: &Person| province.get(who, &dossier).ok().get("self_marks").is_some();
        let feedback = format!("{item}/feedback");
        for who in [&council.scorers[0], &council.scorers[2], &council.secretary, &walk.here.officer, &walk.office] {
            assert!(!sees(who), "the self-scoring sways nobody before the result");
            province.get(who, &feedback).refused(404, "not_concluded");
        }
        assert!(sees(&walk.here.producer) && sees(&walk.here.commune));

        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        let totals = [60, 61, 65];
        let sheets: Vec<Value> = totals.iter().map(|total| walk.marks(*total)).collect();
        for (member, marks) in council.scorers.iter().zip(&sheets) {
            let mut marks = marks.clone();
            marks[0]["evidence"] = json!(walk.here.producer_id);
            let sheet = format!("{item}/sheet");
            let wrong = json!({"marks": marks});
            province.at_version(Method::PUT, member, &sheet, 0, wrong).invalid(&["/marks/0/evidence"]);
            marks[0]["evidence"] = json!(document);
            marks[0]["remark"] = json!("Có giấy đăng ký kinh doanh");
            province.at_version(Method::PUT, member, &sheet, 0, json!({"marks": marks})).ok();
            province.step(member, &sheet, "submit", json!({})).ok();
        }
        province.step(council.chair(), &item, "close-scoring", json!({})).ok();
        province.step(council.chair(), &item, "conclude", json!({})).ok();

        let seen = province.get(&walk.here.producer, &feedback).ok();
        assert_eq!((&seen["mean"], &seen["self_total"]), (&json!("62.00"), &json!(80)));
        assert_eq!(seen["next_star"], json!({"stars": 4, "from": 70, "lacking": "8.00", "unmet_options": []}));
        // Each mean is computed here from the sheets' own options.
        let set = province.get(&walk.office, "/criteria-sets/mat-ong").ok();
        let points = |marks: &Value, code: &str| -> i64 {
            let mark = marks.as_array().unwrap().iter().find(|mark| mark["criterion"] == code);
            mark.map_or(0, |mark| {
                let place = usize::try_from(mark["option"].as_u64().unwrap()).unwrap() - 1;
                criterion(&set, code)["options"][place]["points"].as_i64().unwrap()
            })
        };
        let mut checked = 0;
        for row in seen["criteria"].as_array().unwrap() {
            let code = row["criterion"].as_str().unwrap();
            let sum: i64 = sheets.iter().map(|marks| points(marks, code)).sum();
            let hundredths = sum * 100 / 3;
            assert_eq!(row["mean"], format!("{}.{:02}", hundredths / 100, hundredths % 100), "{code}");
            assert_eq!(row["self_points"].as_i64().unwrap_or(0), points(&own, code), "{code}");
            checked += 1;
        }
        assert!(checked > 20, "{checked}");
        assert!(sees(council.chair()) && sees(&walk.here.officer));
        let names: Vec<&str> = council.scorers.iter().map(|person| person.id.as_str()).collect();
        let text = province.get(&walk.here.producer, &feedback).text;
        assert!(names.iter().all(|name| !text.contains(name)));
    });
}

fn criterion<'a>(set: &'a Value, code: &str) -> &'a Value {
    criteria(set).into_iter().find(|criterion| criterion["code"] == code).unwrap()
}

#[test]
fn a_result_is_appealed_against_once_and_answered_by_the_unit_not_by_who_scored() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        // The chair is an officer of the district: who scored does not answer.
        let (mut form, mut scorers, secretary) = walk.council_form("439", 1, 3);
        let chair = province.hire("pho-phong", "district_officer", Some("439"), None);
        form["seats"][0]["account_id"] = json!(chair.id);
        scorers[0] = chair;
        let made = id(&province.post(&walk.here.officer, "/councils", form).created());
        province.step(&walk.here.officer, &format!("/councils/{made}"), "open", json!({})).ok();
        let council = Council { id: made, office: walk.here.officer.clone(), scorers, secretary };
        let number = walk.agenda_item(&council, &candidate.dossier);
        let item = resource(&number);
        let appeals = format!("{item}/appeals");
        let grounds = json!({"grounds": "Chưa xét hợp đồng đã nộp"});
        let producer = &walk.here.producer;
        province.post(producer, &appeals, grounds.clone()).refused(409, "wrong_state");
        walk.concluded(&council, &number, &[55, 55, 55]);
        province.post(producer, &appeals, json!({"grounds": ""})).invalid(&["/grounds"]);
        let appeal = province.post(producer, &appeals, grounds.clone()).created();
        province.post(producer, &appeals, grounds).refused(409, "already_appealed");
        let appeal = format!("/appeals/{}", id(&appeal));
        for who in [&walk.office, &walk.signatory, council.chair()] {
            province.step(who, &appeal, "uphold", json!({"note": "x"})).refused(403, "forbidden");
        }
        province.step(&walk.here.officer, &appeal, "uphold", json!({})).invalid(&["/note"]);

        let later = walk.council("439", 2, 3);
        let again = json!({"council_id": later.id, "dossier_ids": [candidate.dossier]});
        province.post(&later.office, "/agenda-items", again.clone()).refused(409, "already_on_agenda");
        let upheld = json!({"note": "Hội đồng chưa xét hợp đồng"});
        let answer = province.step(&walk.here.officer, &appeal, "uphold", upheld.clone()).ok();
        assert_eq!((&answer["state"], &answer["answered_by"]), (&json!("upheld"), &json!(walk.here.officer.id)));
        province.step(&walk.here.officer, &appeal, "dismiss", upheld).refused(409, "wrong_state");
        province.post(&later.office, "/agenda-items", again).created();
        assert_eq!(province.all(producer, &format!("{appeal}/history")).len(), 2);
    });
}

#[test]
fn an_appeal_comes_within_the_days_that_the_councils_rules_give() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let (mut form, scorers, secretary) = walk.council_form("439", 1, 3);
        form["rules"] = json!({"appeal_days": 91});
        walk.province.post(&walk.here.officer, "/councils", form.clone()).invalid(&["/rules/appeal_days"]);
        form["rules"] = json!({"appeal_days": 5});
        let made = id(&walk.province.post(&walk.here.officer, "/councils", form).created());
        walk.province.step(&walk.here.officer, &format!("/councils/{made}"), "open", json!({})).ok();
        let council = Council { id: made, office: walk.here.officer.clone(), scorers, secretary };
        let number = walk.agenda_item(&council, &candidate.dossier);
        walk.concluded(&council, &number, &[55, 55, 55]);
        let over = walk.province.app.clock.now().day().plus_days(6).starts();
        walk.province.restart(&["--clock", &over.to_string()]);
        let appeals = format!("{}/appeals", resource(&number));
        let grounds = json!({"grounds": "Chưa xét hợp đồng đã nộp"});
        walk.province.post(&walk.here.producer, &appeals, grounds).refused(409, "too_late");
    });
}

#[test]
fn what_only_an_excerpt_of_an_act_asks_for_is_told_and_binds_nobody() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let candidate = walk.approved(&walk.here, "Mật ong");
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let told = || {
            let warnings = walk.province.get(&walk.here.producer, &dossier).ok()["warnings"].clone();
            let all = warnings.as_array().unwrap().iter();
            all.map(|warning| {
                assert_eq!(warning["code"], "condition_in_excerpt");
                assert!(warning["detail_en"].as_str().unwrap().contains("by 781/QĐ-TTg: "));
                warning["detail"].as_str().unwrap().to_owned()
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(told().len(), 2);
        let path = format!("/products/{}/documents", candidate.product);
        let fields = [("kind", "product_standard")];
        let standard = id(&walk.province.upload(&walk.here.producer, &path, &fields, A_PDF).created());
        walk.province.patch(&walk.here.producer, &dossier, json!({"documents": [standard]})).ok();
        assert_eq!(told().len(), 1);
        walk.province.step(&walk.here.producer, &dossier, "submit", json!({})).ok();
    });
}
