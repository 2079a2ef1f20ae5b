//! What is offered with agenda items, one's own sheet, councils and appeals, to whom, and what their lists leave out.

use diesel::connection::SimpleConnection;
use ocop::db::Address;
use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{Walk, id};

/// The verbs that somebody may take now.
fn actions(walk: &Walk, who: &Person, resource: &str) -> Vec<String> {
    let shown = walk.province.get(who, resource).ok();
    shown["actions"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect()
}

/// The code of what stands against a verb now.
fn against(walk: &Walk, who: &Person, resource: &str, verb: &str) -> Value {
    let shown = walk.province.get(who, &format!("{resource}?explain=actions")).ok();
    let explained = shown["explained_actions"].as_array().unwrap();
    let action = explained.iter().find(|action| action["verb"] == verb).unwrap_or_else(|| panic!("{verb}: {shown}"));
    action["problem"]["code"].clone()
}

#[test]
fn a_session_offers_its_steps_to_who_takes_them() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, office) = (&walk.province, &walk.here.officer);
        let council = walk.council("439", 1, 3);
        assert_eq!(actions(&walk, office, &format!("/councils/{}", council.id)), ["close"]);
        let shown = province.get(office, &format!("/councils/{}", council.id)).ok();
        assert_eq!((&shown["year"], &shown["working_group"]), (&json!(2021), &json!([])));
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        let number = walk.agenda_item(&council, &candidate.dossier);
        let (item, sheet) = (format!("/agenda-items/{number}"), format!("/agenda-items/{number}/sheet"));
        assert_eq!(against(&walk, office, &format!("/councils/{}", council.id), "close"), "items_unfinished");
        let (chair, member) = (council.chair(), &council.scorers[2]);
        assert_eq!(
            actions(&walk, office, &item),
            ["change", "remark", "survey", "draft-report", "absent", "present", "defer"]
        );
        assert_eq!(actions(&walk, chair, &item), ["recuse", "open-scoring"]);
        assert_eq!(actions(&walk, &council.secretary, &item), ["survey", "draft-report", "absent", "present"]);
        assert!(actions(&walk, &walk.here.producer, &item).is_empty());
        assert_eq!(against(&walk, &walk.here.producer, &item, "appeal"), "wrong_state");
        assert!(actions(&walk, member, &sheet).is_empty());
        assert_eq!(against(&walk, member, &sheet, "write"), "wrong_state");

        province.step(chair, &item, "open-scoring", json!({})).ok();
        assert_eq!(actions(&walk, member, &sheet), ["write", "submit"]);
        province.get(&council.secretary, &sheet).refused(403, "forbidden");
        walk.submit_sheet(member, &number, 60);
        assert_eq!(actions(&walk, member, &sheet), ["withdraw"]);
        assert_eq!(actions(&walk, chair, &item), ["recuse", "remind", "close-scoring"]);
        province.step(chair, &item, "close-scoring", json!({})).ok();

        // The count decides what is offered, as far as it is shown.
        assert_eq!(actions(&walk, chair, &item), ["rescore"]);
        assert_eq!(against(&walk, chair, &item, "conclude"), "no_quorum");
        province.step(chair, &item, "rescore", json!({})).ok();
        for (scorer, total) in council.scorers.iter().zip([50, 60, 61]) {
            walk.submit_sheet(scorer, &number, total);
        }
        province.step(chair, &item, "close-scoring", json!({})).ok();
        assert_eq!(against(&walk, chair, &item, "conclude"), "spread_too_wide");
        province.step(chair, &item, "rescore", json!({})).ok();
        for scorer in &council.scorers {
            walk.submit_sheet(scorer, &number, 60);
        }
        province.step(chair, &item, "close-scoring", json!({})).ok();
        assert_eq!(actions(&walk, chair, &item), ["rescore", "conclude"]);

        // A list tells who may do what, but neither who is there nor the count.
        let listed = &province.all(chair, &format!("/agenda-items?council_id={}", council.id))[0];
        assert_eq!(listed["actions"], json!(["rescore", "conclude"]));
        for name in ["attendance", "tally", "me", "warnings"] {
            assert!(listed.get(name).is_none(), "{name}");
            assert!(province.get(chair, &item).ok().get(name).is_some(), "{name}");
        }
        assert_eq!((&listed["unit_code"], &listed["round"]), (&json!("439"), &json!(1)));

        province.step(chair, &item, "conclude", json!({})).ok();
        assert_eq!(actions(&walk, office, &item), ["send-up"]);
        assert_eq!(actions(&walk, &walk.here.producer, &item), ["appeal"]);
        let grounds = json!({"grounds": "Chưa xét hợp đồng đã nộp"});
        let appeal = province.post(&walk.here.producer, &format!("{item}/appeals"), grounds).created();
        assert_eq!((&appeal["product_name"], &appeal["actions"]), (&json!("Mật ong"), &json!([])));
        assert_eq!(against(&walk, &walk.here.producer, &item, "appeal"), "already_appealed");
        let appeal = format!("/appeals/{}", id(&appeal));
        assert_eq!(actions(&walk, office, &appeal), ["uphold", "dismiss"]);
        assert!(actions(&walk, &walk.office, &appeal).is_empty(), "the province answers no appeal of a district");
        let history = province.all(office, &format!("{appeal}/history"));
        assert_eq!((&history[0]["verb"], &history[0]["to"]), (&json!("create"), &json!("filed")));
        // Neither sheets nor the appeal are steps of the item.
        assert_eq!(province.all(office, &format!("{item}/history")).len(), 8);
    });
}

#[test]
fn sending_up_is_spelled_one_way_and_taken_both_ways() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, office) = (&walk.province, &walk.here.officer);
        let council = walk.council("439", 1, 3);
        let forwarded = |name: &str| {
            let number = walk.agenda_item(&council, &walk.handed_in(&walk.here, name).dossier);
            walk.concluded(&council, &number, &[60, 60, 60]);
            number
        };
        let numbers = [forwarded("Mật ong rừng"), forwarded("Mật ong hoa"), forwarded("Mật ong bạc hà")];
        let [first, second, third] = numbers.each_ref().map(|number| format!("/agenda-items/{number}"));
        province.step(office, &first, "send-up", json!({})).ok();
        province.step(office, &second, "send_up", json!({})).ok();
        let version = province.get(office, &third).ok()["version"].clone();
        let letter = json!({
            "verb": "send-up", "letter_number": "9/CV", "letter_date": "2021-02-22",
            "items": [{"id": numbers[2], "version": version}],
        });
        province.post(office, "/dispatches", letter).created();
        let last = |item: &str| province.all(office, &format!("{item}/history")).pop().unwrap()["verb"].clone();
        for item in [&first, &second, &third] {
            assert_eq!(last(item), "send-up");
            province.step(office, item, "send-up", json!({})).refused(409, "wrong_state");
        }
        // As it was written before.
        let before = "UPDATE history SET verb = 'send_up' WHERE verb = 'send-up'";
        let mut connection = province.database_url.parse::<Address>().unwrap().connect().unwrap();
        connection.batch_execute(before).unwrap();
        assert_eq!(last(&first), "send-up");
    });
}

#[test]
fn of_two_changes_of_an_agenda_item_at_one_version_one_wins() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, office) = (&walk.province, &walk.here.officer);
        let council = walk.council("439", 1, 3);
        let item = walk.agenda_item(&council, &walk.handed_in(&walk.here, "Mật ong").dossier);
        let address = format!("/agenda-items/{item}");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let change = |number: usize| {
                let body = format!("{{\"session_on\": \"2021-03-{:02}\"}}", number + 1);
                province.raw(&Method::PATCH, Some(office), &address, Some("\"1\""), body).status.as_u16()
            };
            let tried: Vec<_> = (0..8).map(|number| scope.spawn(move || change(number))).collect();
            tried.into_iter().map(|tried| tried.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
    });
}
