//! The report of a cycle follows what is in the rows: added, taken back, ended.

use diesel::prelude::*;
use ocop::db::schema::{plan_finance, shops};
use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::Person;
use crate::walk::{Walk, id, shop_form};

fn report(walk: &Walk, person: &Person) -> Value {
    let report = walk.province.get(person, &format!("/cycles/{}/report", walk.cycle)).ok();
    sums_up(&report);
    report
}

/// Every number of the report is the sum of the same number over its units.
fn sums_up(report: &Value) {
    let units = report["by_unit"].as_array().unwrap();
    let mut numbers = Vec::new();
    numbers_of(report, "", &mut numbers);
    assert!(numbers.len() > 20, "{report}");
    for (pointer, total) in numbers {
        if pointer == "/year" || pointer.ends_with("/round") || pointer.starts_with("/by_unit") {
            continue;
        }
        let sum: i64 = units.iter().map(|unit| unit.pointer(&pointer).and_then(Value::as_i64).unwrap_or(0)).sum();
        assert_eq!(sum, total, "{pointer} of {report}");
    }
}

fn numbers_of(value: &Value, at: &str, found: &mut Vec<(String, i64)>) {
    match value {
        Value::Number(number) => found.push((at.to_owned(), number.as_i64().unwrap())),
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| numbers_of(member, &format!("{at}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| numbers_of(item, &format!("{at}/{index}"), found))
        }
        _ => {}
    }
}

/// What changed between two reports in their totals: the pointers, with the values after.
fn changes(before: &Value, after: &Value) -> Vec<(String, i64)> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    numbers_of(before, "", &mut old);
    numbers_of(after, "", &mut new);
    let fell_to_zero =
        old.iter().filter(|(at, _)| !new.iter().any(|(other, _)| other == at)).map(|(at, _)| (at.clone(), 0));
    let gone: Vec<(String, i64)> = fell_to_zero.collect();
    new.retain(|number| !old.contains(number));
    new.extend(gone);
    new.retain(|(pointer, _)| !pointer.starts_with("/by_unit"));
    new.sort();
    new
}

#[track_caller]
fn changed(walk: &Walk, before: &mut Value, expected: &[(&str, i64)]) {
    let after = report(walk, &walk.office);
    let found = changes(before, &after);
    let found: Vec<(&str, i64)> = found.iter().map(|(pointer, value)| (pointer.as_str(), *value)).collect();
    assert_eq!(found, expected);
    *before = after;
}

#[test]
fn figures_follow_the_rows() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here, there) = (&walk.province, &walk.here, &walk.there);
        let mut now = report(&walk, &walk.office);
        assert_eq!((&now["year"], &now["on"]), (&json!(2021), &json!("2021-02-22")));
        assert_eq!(now["by_unit"].as_array().unwrap().len(), 13);
        let mut numbers = Vec::new();
        numbers_of(&now, "", &mut numbers);
        assert!(numbers.iter().all(|(at, number)| *number == 0 || at == "/year" || at.ends_with("/round")), "{now}");

        walk.idea(here, "Nháp");
        changed(&walk, &mut now, &[]);
        walk.submitted_idea(there, "Mật ong khác");
        changed(&walk, &mut now, &[("/ideas/registered", 1)]);
        let idea = walk.submitted_idea(here, "Mật ong");
        changed(&walk, &mut now, &[("/ideas/registered", 2)]);
        let resource = format!("/ideas/{idea}");
        // Returned and handed in again it is the same idea.
        province.step(&here.commune, &resource, "return", json!({"note": "Bổ sung"})).ok();
        province.step(&here.producer, &resource, "submit", json!({})).ok();
        province.step(&here.commune, &resource, "forward", json!({"note": "Đồng ý"})).ok();
        changed(&walk, &mut now, &[]);
        province.step(&here.officer, &resource, "select", json!({})).ok();
        changed(&walk, &mut now, &[("/ideas/selected", 1)]);
        province.step(&walk.office, &resource, "accept", json!({})).ok();
        changed(&walk, &mut now, &[("/ideas/accepted", 1)]);
        let plan = id(&province.post(&here.producer, "/plans", walk.plan_form(&idea)).created());
        province.step(&here.producer, &format!("/plans/{plan}"), "submit", json!({})).ok();
        changed(&walk, &mut now, &[]);
        province.step(&here.officer, &format!("/plans/{plan}"), "approve", json!({})).ok();
        let money = [
            ("/plans/approved", 1),
            ("/plans/finance/loan", 50_000_000),
            ("/plans/finance/other", 1_000_000),
            ("/plans/finance/own", 130_000_000),
            ("/plans/finance/state_support", 20_000_000),
            ("/plans/finance/total", 201_000_000),
            ("/stamps/eligible", 1),
        ];
        changed(&walk, &mut now, &money);

        let candidate = walk.candidate(here, idea, plan);
        walk.issued(here, &candidate.product, 5);
        changed(&walk, &mut now, &[("/stamps/with_stamps", 1)]);
        walk.issued(here, &candidate.product, 5);
        changed(&walk, &mut now, &[]);

        province.step(&here.producer, &format!("/dossiers/{}", candidate.dossier), "submit", json!({})).ok();
        let district = walk.council("439", 1, 3);
        let item = walk.agenda_item(&district, &candidate.dossier);
        changed(&walk, &mut now, &[]);
        walk.concluded(&district, &item, &[60, 60, 61]);
        let district_figures = [
            ("/products/forwarded", 1),
            ("/products/scored", 1),
            ("/rounds/0/district/by_stars/3", 1),
            ("/rounds/0/district/forwarded", 1),
            ("/rounds/0/district/scored", 1),
        ];
        changed(&walk, &mut now, &district_figures);
        province.step(&here.officer, &format!("/agenda-items/{item}"), "send_up", json!({})).ok();
        let council = walk.council("42", 1, 3);
        let upper = walk.agenda_item(&council, &candidate.dossier);
        changed(&walk, &mut now, &[]);
        province.step(&walk.office, &format!("/agenda-items/{upper}"), "admit", json!({})).ok();
        changed(&walk, &mut now, &[("/rounds/0/province/admitted", 1)]);
        walk.concluded(&council, &upper, &[70, 70, 71]);
        changed(&walk, &mut now, &[("/rounds/0/province/scored", 1)]);
        walk.recognised(&[&upper], "1/QĐ-UBND");
        let certified = [
            ("/cumulative/by_stars/4", 1),
            ("/cumulative/certified", 1),
            ("/cumulative/valid", 1),
            ("/products/by_stars/4", 1),
            ("/products/certified", 1),
            ("/rounds/0/province/by_stars/4", 1),
            ("/rounds/0/province/certified", 1),
        ];
        changed(&walk, &mut now, &certified);

        // One that stays below is scored, no more.
        let low = walk.handed_in(here, "Mật ong yếu");
        let item = walk.agenda_item(&district, &low.dossier);
        now = report(&walk, &walk.office);
        walk.concluded(&district, &item, &[49, 49, 49]);
        changed(&walk, &mut now, &[("/products/scored", 2), ("/rounds/0/district/scored", 2)]);

        let shop = province.post(&walk.office, "/shops", shop_form("Điểm bán hàng", "18133")).created();
        changed(&walk, &mut now, &[("/shops", 1)]);
        let other = province.post(&walk.office, "/shops", shop_form("Điểm khác", "18235")).created();
        changed(&walk, &mut now, &[("/shops", 2)]);
        // The last day still counts.
        province.patch(&walk.office, &format!("/shops/{}", id(&shop)), json!({"closed_on": "2021-02-22"})).ok();
        changed(&walk, &mut now, &[]);
        province.patch(&walk.office, &format!("/shops/{}", id(&shop)), json!({"closed_on": "2021-02-21"})).ok();
        changed(&walk, &mut now, &[("/shops", 1)]);

        // What an officer sees is the own territory's part.
        let district_report = report(&walk, &here.officer);
        let unit = now["by_unit"].as_array().unwrap().iter().find(|unit| unit["unit_code"] == "439").unwrap();
        assert_eq!(district_report["plans"], unit["plans"]);
        assert_eq!(district_report["rounds"], unit["rounds"]);
        assert_eq!(report(&walk, &there.officer)["ideas"]["registered"], 1);
        assert_eq!(report(&walk, &there.officer)["cumulative"]["certified"], 0);

        // Before the day nothing had happened yet.
        let earlier = province.get(&walk.office, &format!("/cycles/{}/report?on=2021-02-21", walk.cycle)).ok();
        sums_up(&earlier);
        assert_eq!((&earlier["ideas"]["registered"], &earlier["shops"]), (&json!(0), &json!(2)));
        province.get(&here.producer, &format!("/cycles/{}/report", walk.cycle)).refused(403, "forbidden");

        // A revoked certificate was given, and is valid no more.
        let certificate = id(&province.all(&walk.office, "/certificates")[0]);
        let form = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [certificate], "reason": "Vi phạm"});
        let decision = id(&province.post(&walk.office, "/decisions", form).created());
        changed(&walk, &mut now, &[]);
        let signature = json!({"number": "2/QĐ-UBND", "signed_on": "2021-02-22"});
        let path = format!("/decisions/{decision}/promulgate");
        province.at_version(Method::POST, &walk.signatory, &path, 1, signature).ok();
        changed(&walk, &mut now, &[("/cumulative/valid", 0)]);

        // Rows that are taken away under the service are no longer counted.
        let shop = uuid::Uuid::parse_str(&id(&other)).unwrap();
        let plan = uuid::Uuid::parse_str(&low.plan).unwrap();
        let removed = province.app.database.write_now(|connection| {
            diesel::delete(shops::table.find(ocop::base::id::ShopId::from_uuid(shop))).execute(connection)?;
            let money = plan_finance::table.filter(plan_finance::plan_id.eq(ocop::base::id::PlanId::from_uuid(plan)));
            Ok::<_, ocop::base::Error>(diesel::delete(money).execute(connection)?)
        });
        assert_eq!(removed.unwrap(), 2);
        let rest = [
            ("/plans/finance/loan", 50_000_000),
            ("/plans/finance/other", 1_000_000),
            ("/plans/finance/own", 130_000_000),
            ("/plans/finance/state_support", 20_000_000),
            ("/plans/finance/total", 201_000_000),
            ("/shops", 0),
        ];
        changed(&walk, &mut now, &rest);
    });
}
