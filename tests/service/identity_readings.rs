//! Whoever is answered a person's identity number leaves a line that whose it is can read.

use ocop::account::reading_store::forget;
use ocop::base::Moment;
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::{PASSWORD, Person};
use crate::walk::{Walk, id, producer_form};

/// What a reader is told of readings, without when and by which id.
fn readings(walk: &Walk, reader: &Person) -> Vec<Value> {
    walk.province.all(reader, "/identity-readings")
}

#[test]
fn who_reads_an_identity_number_is_told_to_whose_it_is() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, here) = (&walk.province, &walk.here);
        let own = here.producer_id.clone();
        let path = format!("/producers/{own}");
        // The number of a business is no person's, and a producer that reads its own leaves nothing.
        province.get(&here.commune, &path).ok();
        let members = json!([{"name": "Trần Văn Ong", "identity_number": "042180001234"}]);
        province.patch(&walk.office, &path, json!({"members": members})).ok();
        let told = readings(&walk, &here.producer);
        assert_eq!(told.len(), 1, "the answer to the change held the number: {told:?}");
        assert_eq!(told[0]["account_id"], province.get(&walk.office, "/me").ok()["id"]);
        province.get(&here.producer, &path).ok();
        assert_eq!(readings(&walk, &here.producer).len(), 1);

        // Once an hour for each reader and producer, alone or in a list, through the API or a page.
        for _ in 0..3 {
            province.get(&here.commune, &path).ok();
            province.get(&here.commune, "/producers").ok();
        }
        Browser::signed_in(province, "commune-439").page(&format!("/desk/producers/{own}"));
        let told = readings(&walk, &here.producer);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!((&told[0]["resource"], &told[0]["resource_id"]), (&json!("producer"), &json!(own)));
        assert_eq!(told[0]["address"], format!("/api/v1{path}"));
        assert_eq!(told[0]["account_id"], province.get(&here.commune, "/me").ok()["id"]);
        assert_eq!(told[0]["resource_name"], province.get(&here.commune, &path).ok()["name"]);

        // Others' readings are not a producer's; administrators and supervisors see all, everybody else none.
        let form = producer_form("Hộ Mật ong", "18235", "030099000124");
        let other = id(&province.post(&walk.office, "/producers", form).created());
        province.get(&walk.supervisor, &format!("/producers/{other}")).ok();
        assert_eq!(readings(&walk, &here.producer).len(), 2);
        assert!(readings(&walk, &walk.there.producer).is_empty());
        for overseer in [&walk.admin, &walk.supervisor] {
            let all = readings(&walk, overseer);
            let of_other: Vec<&Value> = all.iter().filter(|reading| reading["resource_id"] == other.as_str()).collect();
            assert_eq!((all.len(), of_other.len()), (4, 2), "{all:?}");
        }
        let first = province.get(&walk.admin, "/identity-readings?limit=3").ok();
        assert_eq!((first["items"].as_array().unwrap().len(), first["next"].is_string()), (3, true));
        for stranger in [&walk.office, &here.commune, &here.officer] {
            province.get(stranger, "/identity-readings").refused(403, "forbidden");
        }
        let page = Browser::signed_in(province, "admin").page("/desk/identity-readings");
        assert!(page.contains("Hộ Mật ong") && page.contains(&format!("/api/v1{path}")), "{page}");
        assert_eq!(Browser::signed_in(province, "office").get("/desk/identity-readings").status, 403);
    });
}

#[test]
fn who_administers_accounts_leaves_a_line_for_each_number_that_is_read() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let form = json!({"username": "an", "password": PASSWORD, "name": "Lê Thị An", "role": "council_member"});
        let account = id(&province.post(&walk.admin, "/accounts", form).created());
        assert!(readings(&walk, &walk.supervisor).is_empty(), "there is no number yet");
        let number = json!({"identity_number": "042180001234"});
        province.patch(&walk.admin, &format!("/accounts/{account}"), number).ok();
        province.get(&walk.admin, "/accounts").ok();
        let told = readings(&walk, &walk.supervisor);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["resource"], &told[0]["resource_id"]), (&json!("account"), &json!(account)));
        assert_eq!(told[0]["account_id"], province.get(&walk.admin, "/me").ok()["id"]);
        // Who reads their own leaves none, and offices are shown no number.
        let own = province.sign_in("an");
        province.get(&own, "/me").ok();
        province.get(&own, &format!("/accounts/{account}")).ok();
        let shown = province.all(&walk.office, "/accounts");
        let shown = shown.iter().find(|one| one["id"] == account.as_str()).unwrap();
        assert!(shown.get("identity_number").is_none(), "{shown:?}");
        assert_eq!(readings(&walk, &walk.supervisor).len(), 1);
    });
}

#[test]
fn readings_of_identity_numbers_are_forgotten_after_two_years() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let form = producer_form("Hộ Mật ong", "18196", "030099000124");
        walk.province.post(&walk.office, "/producers", form).created();
        assert_eq!(readings(&walk, &walk.admin).len(), 1);
        let forgotten = |moment: &str| {
            let moment: Moment = moment.parse().unwrap();
            walk.province.app.database.write_now(|connection| forget(connection, moment)).unwrap()
        };
        // It was read on 2021-02-22; 730 days later is 2023-02-22.
        assert_eq!(forgotten("2023-02-21T00:00:00Z"), 0);
        assert_eq!(forgotten("2023-02-23T00:00:00Z"), 1);
        assert!(readings(&walk, &walk.admin).is_empty());
    });
}
