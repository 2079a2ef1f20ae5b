//! What a producer could say was unfair, or an office could do by mistake: each is kept from happening, or can be mended.

use serde_json::{Value, json};

use crate::engine::on_both;
use crate::procedure::resource;
use crate::walk::{Walk, id};

#[test]
fn what_is_scored_does_not_change_with_its_makers_kind() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 3);
        let number = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let item = resource(&number);
        province.step(council.chair(), &item, "open-scoring", json!({})).ok();
        for member in &council.scorers {
            walk.submit_sheet(member, &number, 60);
        }
        let producer = format!("/producers/{}", walk.here.producer_id);
        province.patch(&walk.here.commune, &producer, json!({"kind": "household"})).ok();
        assert_eq!(province.get(council.chair(), &format!("{item}/sheet")).ok()["total"], 60);
        for verb in ["close-scoring", "conclude"] {
            province.step(council.chair(), &item, verb, json!({})).ok();
        }
        assert_eq!(province.get(&walk.here.producer, &format!("{item}/feedback")).ok()["mean"], "60.00");
        assert_eq!(province.get(council.chair(), &format!("{item}/sheet-papers")).status, 200);
        let export = province.get(council.chair(), &format!("/councils/{}/export", council.id)).ok();
        assert_eq!(export["items"][0]["case"], 1, "scored as the cooperative that it was");
        assert_eq!(crate::export::recomputed(&export, true), 1);
    });
}

#[test]
fn two_sheets_tell_the_chair_nothing_of_how_far_they_lie_apart() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let council = walk.council("439", 1, 4);
        let number = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        walk.scored(&council, &number, &[60, 67]);
        let tally = walk.province.get(council.chair(), &resource(&number)).ok()["tally"].clone();
        assert_eq!((&tally["sheets"], &tally["needed"]), (&json!(2), &json!(3)));
        assert_eq!((&tally["spread"], &tally["gates_disagree"]), (&Value::Null, &Value::Null));
        assert_eq!(tally["broken"], json!(["no_quorum"]));
    });
}

#[test]
fn an_attempt_keeps_the_sheets_of_who_was_recused_later() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let council = walk.council("439", 1, 4);
        let number = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let item = resource(&number);
        walk.scored(&council, &number, &[60, 61, 62, 40]);
        province.step(council.chair(), &item, "rescore", json!({"reason": "Chênh lệch"})).ok();
        province.step(&council.scorers[3], &item, "recuse", json!({"reason": "Người nhà"})).ok();
        for (member, total) in council.scorers.iter().zip([60, 61, 62]) {
            walk.submit_sheet(member, &number, total);
        }
        province.step(council.chair(), &item, "close-scoring", json!({})).ok();
        province.step(council.chair(), &item, "conclude", json!({})).ok();
        let sheets = |attempt: i64| province.all(&council.office, &format!("{item}/sheets?attempt={attempt}")).len();
        assert_eq!((sheets(1), sheets(2)), (4, 3));
        assert_eq!(province.get(&council.office, &format!("{item}/result")).ok()["sheets"], 3);
    });
}

#[test]
fn a_session_held_earlier_than_planned_is_on_short_notice_too() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let today = province.app.clock.now().day();
        let council = walk.council("439", 1, 3);
        let item = resource(&walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier));
        let dates = json!({"session_on": today.plus_days(14).to_string(), "dossier_sent_on": today.to_string()});
        assert_eq!(province.patch(&council.office, &item, dates).ok()["warnings"], json!([]));
        province.step(council.chair(), &item, "open-scoring", json!({})).refused(409, "short_notice");
        let acknowledged = json!({"acknowledge": ["short_notice"]});
        province.step(council.chair(), &item, "open-scoring", acknowledged).ok();
    });
}

#[test]
fn what_a_council_concluded_is_not_handed_back_and_remarks_come_before_the_scoring() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let council = walk.council("439", 1, 3);
        let number = walk.agenda_item(&council, &candidate.dossier);
        walk.scored(&council, &number, &[60, 60, 60]);
        let remark = json!({"text": "5.1: 1 điểm"});
        let remarks = format!("{}/remarks", resource(&number));
        province.post(&council.office, &remarks, remark).refused(409, "wrong_state");
        province.step(council.chair(), &resource(&number), "conclude", json!({})).ok();
        let dossier = format!("/dossiers/{}", candidate.dossier);
        let back = json!({"note": "Bổ sung"});
        province.step(&walk.here.officer, &dossier, "return", back).refused(409, "already_concluded");
    });
}

#[test]
fn a_result_is_not_recognised_while_an_appeal_waits_nor_after_it_was_upheld() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let (lower, upper) = (walk.council("439", 1, 3), walk.council("42", 1, 3));
        let rated = |name: &str| {
            let candidate = walk.handed_in(&walk.here, name);
            walk.sent_up(&lower, &candidate, 60);
            walk.rated(&upper, &candidate, 60)
        };
        let recognise = |item: &str| {
            let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
            province.post(&walk.office, "/decisions", form)
        };
        let appeal = |item: &str| {
            let grounds = json!({"grounds": "Chưa xét hợp đồng"});
            let appeal = province.post(&walk.here.producer, &format!("{}/appeals", resource(item)), grounds);
            format!("/appeals/{}", id(&appeal.created()))
        };
        let answer = |appeal: &str, verb: &str| {
            province.step(&walk.office, appeal, verb, json!({"note": "Đã xem xét"})).ok();
        };
        let dismissed = rated("Mật ong");
        let waiting = appeal(&dismissed);
        recognise(&dismissed).fault("/agenda_item_ids/0", "under_appeal");
        answer(&waiting, "dismiss");
        recognise(&dismissed).created();

        let upheld = rated("Sáp ong");
        let draft = id(&recognise(&upheld).created());
        answer(&appeal(&upheld), "uphold");
        let signature = json!({"number": "9/QĐ-UBND", "signed_on": "2021-02-22"});
        let decision = format!("/decisions/{draft}");
        province.step(&walk.signatory, &decision, "promulgate", signature).refused(409, "appeal_upheld");
        assert!(province.all(&walk.office, "/certificates").is_empty());
    });
}

#[test]
fn a_wrong_draft_is_taken_back_and_drafted_anew() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let lower = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        walk.sent_up(&lower, &candidate, 60);
        let item = walk.rated(&walk.council("42", 1, 3), &candidate, 60);
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
        let draft = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form.clone()).created()));
        province.post(&walk.office, "/decisions", form.clone()).fault("/agenda_item_ids/0", "already_decided");
        province.step(&walk.office, &draft, "withdraw", json!({})).invalid(&["/note"]);
        let withdrawn = province.step(&walk.office, &draft, "withdraw", json!({"note": "Sai danh sách"})).ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        let signature = json!({"number": "9/QĐ-UBND", "signed_on": "2021-02-22"});
        province.step(&walk.signatory, &draft, "promulgate", signature.clone()).refused(409, "wrong_state");
        let anew = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form).created()));
        province.step(&walk.signatory, &anew, "promulgate", signature).ok();
        province.step(&walk.office, &anew, "withdraw", json!({"note": "x"})).refused(409, "wrong_state");
    });
}

#[test]
fn the_centre_raises_what_is_in_force_and_gives_no_certificate_for_too_few_stars() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let lower = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        walk.sent_up(&lower, &candidate, 90);
        let upper = walk.council("42", 1, 3);
        let item = walk.agenda_item(&upper, &candidate.dossier);
        province.step(&walk.office, &resource(&item), "admit", json!({})).ok();
        assert_eq!(walk.concluded(&upper, &item, &[92, 92, 92])["outcome"], "proposed_to_centre");
        walk.recognised(&[&item], "9/QĐ-UBND");
        let centre = |stars: i64| {
            let form = json!({"kind": "centre_result", "unit_code": "42", "agenda_item_ids": [item], "stars": stars});
            province.post(&walk.office, "/decisions", form)
        };
        centre(1).fault("/agenda_item_ids/0", "too_few_stars");
        let certificate = province.all(&walk.office, "/certificates")[0].clone();
        let form =
            json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [certificate["id"]], "reason": "Vi phạm"});
        let revoking = format!("/decisions/{}", id(&province.post(&walk.office, "/decisions", form).created()));
        let signature = json!({"number": "10/QĐ-UBND", "signed_on": "2021-02-22"});
        province.step(&walk.signatory, &revoking, "promulgate", signature).ok();
        centre(5).fault("/agenda_item_ids/0", "certificate_ended");
    });
}
