//! After a reform of the units: producers and officers' accounts go on to units of today, from pages and by the API.

use serde_json::{Value, json};

use crate::desk_browser::{Browser, form};
use crate::editions::Year;
use crate::engine::on_both;
use crate::html::plain;
use crate::province::PASSWORD;
use crate::walk::{Walk, id, producer_form};

#[test]
fn producers_and_accounts_go_on_after_a_reform() {
    on_both(|engine| {
        let mut year = Year::new(engine, "148-2023", "2024-03-01", json!([]));
        let enter = |name: &str, commune: &str, identity: &str| {
            id(&year.province.post(&year.office, "/producers", producer_form(name, commune, identity)).created())
        };
        let merged = enter("Thạch Hải", "18571", "0100000011");
        let lost = enter("Bắc Hà", "18076", "0100000013");
        let officer = year.province.hire("officer", "commune_officer", Some("18571"), None);
        let gone = year.province.hire("gone", "commune_officer", Some("18076"), None);
        let district = year.province.hire("huyen", "district_officer", Some("445"), None);
        year.province.hire("quan-tri", "administrator", None, None);
        year.province.restart(&["--clock", "2025-08-01T08:00:00+07:00"]);
        let province = &year.province;
        let admin_person = province.sign_in("quan-tri");
        let [office, admin] = ["office", "quan-tri"].map(|name| Browser::signed_in(province, name));

        // Producers, by the provincial office.
        let page = office.page("/desk/reassignments");
        assert!(page.contains("Thạch Hải") && page.contains("Bắc Hà") && page.contains("Chủ thể sau sáp nhập"));
        let blank = form(&page, "reassign");
        let place_of = |form: &crate::desk_browser::Filled, id: &str| {
            let found = form.fields.iter().find(|(name, value)| name.starts_with("of.") && value == id);
            found.unwrap_or_else(|| panic!("{id} in {form:?}")).0["of.".len()..].to_owned()
        };
        let none = office.send(&form_without_items(&blank));
        assert!(none.status == 422 && none.text.contains("Xin chọn ít nhất một mục."), "{}", none.text);
        let (first, second) = (place_of(&blank, &merged), place_of(&blank, &lost));
        assert_eq!(blank.value(&format!("items.{first}.commune_code")), "18604", "the one successor is chosen");
        assert_eq!(blank.value(&format!("items.{first}.producer_id")), merged);
        assert!(blank.fields.iter().all(|(name, _)| *name != format!("items.{second}.producer_id")));
        let both = blank.clone().with(&format!("items.{second}.producer_id"), &lost);
        let reply = office.send(&both.clone().with(&format!("items.{second}.commune_code"), "18076"));
        assert_eq!(reply.status, 422, "{}", reply.text);
        assert!(plain(&reply.text).contains(&format!("href=\"#items-{second}\">Bắc Hà: ")), "{}", reply.text);
        let again = form(&reply.text, "reassign");
        assert_eq!(again.value(&format!("items.{second}.commune_code")), "18076", "what was typed is not lost");
        assert_eq!(
            province.get(&year.office, &format!("/producers/{merged}")).ok()["commune_code"],
            "18571",
            "all or none"
        );
        let reply = office.send(&again.with(&format!("items.{second}.commune_code"), ""));
        assert!(reply.status == 422 && reply.text.contains("Xin chọn đơn vị hiện có."), "{}", reply.text);
        office.done(&both.with(&format!("items.{second}.commune_code"), "18073"));
        for (producer, commune) in [(&merged, "18604"), (&lost, "18073")] {
            assert_eq!(province.get(&year.office, &format!("/producers/{producer}")).ok()["commune_code"], commune);
        }

        // Accounts, by the administrator.
        let listed = province.all(&admin_person, "/account-reassignments");
        let of = |id: &str| {
            listed.iter().find(|item| item["account_id"] == id).unwrap_or_else(|| panic!("{id}: {listed:?}"))
        };
        assert_eq!((&of(&officer.id)["successor"], &of(&gone.id)["successors"]), (&json!("18604"), &json!([])));
        assert_eq!(of(&district.id)["successors"], json!([]));
        province.get(&year.office, "/account-reassignments").refused(403, "forbidden");
        let item = |id: &str, unit: &str| json!({"account_id": id, "version": 1, "unit_code": unit});
        let post = |items: Value| province.post(&admin_person, "/account-reassignments", json!({"items": items}));
        post(json!([])).invalid(&["/items"]);
        post(json!([item(&gone.id, "18073"), item(&gone.id, "18073")])).invalid(&["/items/1/account_id"]);
        post(json!([item(&gone.id, "18073"), item(&officer.id, "42")])).invalid(&["/items/1/unit_code"]);
        let mut stale = item(&officer.id, "18604");
        stale["version"] = json!(7);
        assert_eq!(post(json!([item(&gone.id, "18073"), stale])).status, 412);
        let account = |id: &str| province.get(&admin_person, &format!("/accounts/{id}")).ok();
        assert_eq!(account(&gone.id)["unit_code"], "18076", "none of these moved anybody");

        let page = admin.page("/desk/account-reassignments");
        let blank = form(&page, "reassign");
        let second = place_of(&blank, &gone.id);
        let filled = blank
            .with(&format!("items.{second}.account_id"), &gone.id)
            .with(&format!("items.{second}.unit_code"), "18073");
        admin.done(&filled);
        assert_eq!(
            (&account(&officer.id)["unit_code"], &account(&gone.id)["unit_code"]),
            (&json!("18604"), &json!("18073"))
        );
        let history = province.all(&admin_person, &format!("/accounts/{}/history", officer.id));
        let last = history.last().unwrap();
        assert_eq!((&last["verb"], &last["note"]), (&json!("reassign"), &json!("18571 → 18604")));
        // Who was moved sees what lies there now.
        assert_eq!(province.get(&officer, &format!("/producers/{merged}")).status, 200);
        assert_eq!(Browser::signed_in(province, "officer").get(&format!("/desk/producers/{merged}")).status, 200);

        // One by one, from the account's own page.
        let page = format!("/desk/accounts/{}", gone.id);
        admin.take(&page, "reassign", &[("unit_code", "18604"), ("note", "Điều động")]);
        assert!(admin.page(&page).contains("18073 → 18604: Điều động"));
        let path = format!("/accounts/{}", gone.id);
        province.step(&admin_person, &path, "reassign", json!({"unit_code": "18073", "note": "Về xã cũ"})).ok();
        let version = account(&gone.id)["version"].clone();
        post(json!([{"account_id": gone.id, "version": version, "unit_code": "18604"}])).created();
        let path = format!("/accounts/{}", admin_person.id);
        province.step(&admin_person, &path, "reassign", json!({"unit_code": "18604"})).refused(409, "no_unit");
        assert_eq!(office.get("/desk/account-reassignments").status, 403);
        assert_eq!(admin.get("/desk/reassignments").status, 403);
    });
}

fn form_without_items(blank: &crate::desk_browser::Filled) -> crate::desk_browser::Filled {
    let fields = blank.fields.iter().filter(|(name, _)| !name.ends_with(".producer_id")).cloned().collect();
    crate::desk_browser::Filled { action: blank.action.clone(), fields }
}

#[test]
fn a_producer_is_searched_for_before_its_account_is_made() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for number in 0..55 {
            let form = producer_form(&format!("Hộ số {number:02}"), "18196", &format!("03009900{number:04}"));
            walk.province.post(&walk.here.commune, "/producers", form).created();
        }
        let last = walk.province.all(&walk.here.commune, "/producers?q=ho+so+54")[0]["id"].as_str().unwrap().to_owned();
        let admin = Browser::of(&walk.province, &walk.admin);
        let page = admin.page("/desk/accounts/new");
        assert!(!page.contains(&last) && page.contains("name=\"find\""), "fifty at most stand there");
        let page = admin.page("/desk/accounts/new?find=h%E1%BB%99+s%E1%BB%91+54");
        assert_eq!(page.matches("<option value=\"0").count(), 1, "{page}");
        let typed = form(&page, "create")
            .with("username", "ho-54")
            .with("password", PASSWORD)
            .with("role", "producer")
            .with("producer_id", &last);
        let reply = admin.send(&typed);
        assert_eq!(reply.status, 422, "the name is missing");
        let again = form(&reply.text, "create");
        assert_eq!(again.value("producer_id"), last, "what was searched for is not lost");
        let made = admin.done(&again.with("password", PASSWORD).with("name", "Bà Lan"));
        assert!(admin.page(&made).contains("Hộ số 54"));
        assert!(admin.page(&format!("/desk/accounts/new?producer_id={last}")).contains(&last));
    });
}
