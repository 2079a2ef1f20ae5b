//! Accounts: which passwords people may choose, and how they come to them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::program::Program;
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::walk::{Walk, producer_form};

#[test]
fn nobody_chooses_a_password_that_others_guess() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, admin) = (&walk.province, &walk.admin);
        // The demo's, in spellings of people who know the README; what all lists hold, also in Vietnamese.
        let common = ["ocop-demo-2020", "Ocop_Demo 2020!", "1234567890", "P@ssw0rd2024", "Mật khẩu 123", "qwertyuiop"];
        // The user name, the own name, the unit's, whatever stands around them.
        let telling = ["xô gạo ba.binh đỏ", "XO-GAO-BA-BINH-DO", "tranthibinh xô gạo", "xô gạo Hương Sơn đỏ"];
        let refused = common.map(|password| (password, "common_password"));
        let refused = refused.into_iter().chain(telling.map(|password| (password, "telling_password")));
        let refused: Vec<_> = refused.chain([("xô gạo đỏ", "unfit_password")]).collect();
        let form = |password: &str| {
            json!({"username": "ba.binh", "password": password, "name": "Trần Thị Bình", "role": "district_officer",
                "unit_code": "439"})
        };
        let officer = province.post(admin, "/accounts", form(PASSWORD)).created();
        let account = format!("/accounts/{}", officer["id"].as_str().unwrap());
        let officer = province.sign_in("ba.binh");
        for (password, code) in refused.clone() {
            let change = json!({"old_password": PASSWORD, "new_password": password});
            province.post(&officer, "/auth/password", change).fault("/new_password", code);
        }
        let registered = |password: &str| {
            let producer = producer_form("HTX Hương Sơn", "18196", "3000111222");
            let body = json!({"consent": {"version": 1}, "producer": producer, "account":
                {"username": "ba.binh", "password": password, "name": "Trần Thị Bình"}});
            Reply::of(province.request(Method::POST, "/registrations").json(&body).send().unwrap())
        };
        let program = Program::new(&province.database_url, &province.storage().data_dir);
        for (password, code) in refused {
            province.post(admin, "/accounts", form(password)).fault("/password", code);
            let link = province.step(admin, &account, "reset-password", json!({})).ok();
            choose(province, &secret(&link), password).fault("/password", code);
            registered(password).fault("/account/password", code);
        }
        let arguments = [
            "account",
            "create",
            "--username",
            "cli",
            "--name",
            "Ai",
            "--role",
            "inspector",
            "--unit-code",
            "42",
            "--password",
            "ocop-demo-2020",
        ];
        program.refused(&arguments, &["common"]);
        // Typed with marks behind their letters, as some terminals do; a browser sends them composed.
        let mut decomposed = arguments;
        decomposed[11] = "ba con ga\u{300} ma\u{301}i ghe\u{323}";
        program.ok(&decomposed);
        province.sign_in_with("cli", "ba con gà mái ghẹ");
        let link = province.step(admin, &account, "reset-password", json!({})).ok();
        assert_eq!(choose(province, &secret(&link), "ba con gà mái ghẹ").status, 204);
        province.sign_in_with("ba.binh", "ba con gà mái ghẹ");
    });
}

/// The secret of a link, which its address ends with.
fn secret(link: &Value) -> String {
    link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn choose(province: &Province, secret: &str, password: &str) -> Reply {
    let body = json!({"secret": secret, "password": password});
    let path = "/auth/choose-password";
    province.answer(Method::POST, path, false, province.request(Method::POST, path).json(&body))
}

#[test]
fn a_reset_is_a_link_that_its_owner_uses_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, admin) = (&walk.province, &walk.admin);
        // Nobody but its owner ever knows the password of an account that was made without one.
        let form = json!({"username": "moi", "name": "Bà Lan", "role": "inspector", "unit_code": "42"});
        let account =
            format!("/accounts/{}", province.post(admin, "/accounts", form).created()["id"].as_str().unwrap());
        for password in ["", PASSWORD] {
            let credentials = json!({"username": "moi", "password": password});
            Reply::of(province.request(Method::POST, "/auth/token").json(&credentials).send().unwrap())
                .refused(401, "wrong_credentials");
        }
        let first = secret(&province.step(admin, &account, "reset-password", json!({})).ok());
        let second = secret(&province.step(admin, &account, "reset-password", json!({"note": "Mất giấy"})).ok());
        assert_ne!(first, second);
        choose(province, &first, "ba con gà mái ghẹ").refused(404, "unknown_password_link");
        choose(province, "", "ba con gà mái ghẹ").refused(404, "unknown_password_link");
        // Of many who use it at once one does.
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = ["ba con gà mái ghẹ", "xô gạo đỏ mây chiều", "ruộng bậc thang vàng"]
                .map(|password| scope.spawn(|| choose(province, &second, password).status.as_u16()))
                .into_iter()
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [204, 404].contains(status)), "{statuses:?}");
        // In the history: who made it and why, and that its owner used it; the secret nowhere.
        let history = province.all(admin, &format!("{account}/history"));
        let verbs: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert_eq!(verbs, ["create", "reset-password", "reset-password", "choose-password"]);
        assert_eq!((&history[2]["note"], &history[2]["who"]["account_id"]), (&json!("Mất giấy"), &json!(admin.id)));
        assert_eq!(history[3]["who"]["account_id"], json!(account.rsplit('/').next().unwrap()));
        let told = format!("{history:?}{}", province.get(admin, &account).text);
        assert!(!told.contains(&second) && !told.contains(&first), "{told}");
        // The end of an account is the end of its link; so is another password.
        let third = secret(&province.step(admin, &account, "reset-password", json!({})).ok());
        province.step(admin, &account, "end", json!({"note": "Nghỉ việc"})).ok();
        choose(province, &third, "ba con gà mái ghẹ").refused(404, "unknown_password_link");
        province.step(admin, &account, "reset-password", json!({})).refused(409, "wrong_state");
    });
}

#[test]
fn a_reset_ends_what_the_account_had_and_is_told() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let officer = province.person("moi", "inspector", Some("42"));
        let credentials = json!({"username": "moi", "password": PASSWORD});
        let signed_in =
            Reply::of(province.request(Method::POST, "/auth/token").json(&credentials).send().unwrap()).ok();
        let other = province.hire("admin-2", "administrator", None, None);
        let account = format!("/accounts/{}", officer.id);
        let link = secret(&province.step(&walk.admin, &account, "reset-password", json!({})).ok());
        province.get(&officer, "/me").refused(401, "unauthenticated");
        let renew = json!({"refresh_token": signed_in["refresh_token"]});
        Reply::of(province.request(Method::POST, "/auth/refresh").json(&renew).send().unwrap())
            .refused(401, "unauthenticated");
        Reply::of(province.request(Method::POST, "/auth/token").json(&credentials).send().unwrap())
            .refused(401, "wrong_credentials");
        assert_eq!(choose(province, &link, PASSWORD).status, 204);
        let told = |browser: &Browser| browser.page("/desk").contains("class=\"notices\"");
        assert!(told(&Browser::of(province, &other)), "every other administrator is told");
        assert!(told(&Browser::signed_in(province, "moi")), "and its owner");
        assert!(!told(&Browser::of(province, &walk.admin)), "who did it knows");
        assert!(!told(&Browser::of(province, &walk.office)), "and nobody else");
    });
}

#[test]
fn the_demo_keeps_the_password_that_its_readme_tells() {
    on_both(|engine| {
        let demo = Province::demo(engine);
        let admin = demo.sign_in_with("admin", ocop::demo::PASSWORD);
        let change = json!({"old_password": ocop::demo::PASSWORD, "new_password": ocop::demo::PASSWORD});
        demo.post(&admin, "/auth/password", change).fault("/new_password", "common_password");
    });
}

#[test]
fn another_role_is_given_at_once_and_breaks_no_rule() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (province, admin) = (&walk.province, &walk.admin);
        let officer = province.person("moi", "provincial_officer", Some("42"));
        let credentials = json!({"username": "moi", "password": PASSWORD});
        let tokens = Reply::of(province.request(Method::POST, "/auth/token").json(&credentials).send().unwrap()).ok();
        let browser = Browser::signed_in(province, "moi");
        let account = format!("/accounts/{}", officer.id);
        let give = |form: Value| province.step(admin, &account, "change-role", form);
        // A role has the unit or the producer that it needs, and no other.
        give(json!({"role": "district_officer", "unit_code": "42"})).fault("/unit_code", "wrong_level");
        give(json!({"role": "district_officer", "unit_code": "999"})).fault("/unit_code", "unknown_unit");
        give(json!({"role": "producer"})).fault("/producer_id", "required");
        let stranger = ocop::base::id::ProducerId::new();
        give(json!({"role": "producer", "producer_id": stranger})).fault("/producer_id", "unknown_producer");
        province.get(&officer, "/me").ok();
        // Everything that the account had ends with the old rights; signed in anew it has the new ones.
        let stream = province.request(Method::GET, "/changes").header("accept", "text/event-stream");
        let stream = stream.bearer_auth(&officer.token).send().unwrap();
        assert_eq!(stream.status(), 200);
        let given = give(json!({"role": "supervisor", "unit_code": "439", "note": "Chuyển sang HĐND"})).ok();
        assert_eq!((&given["role"], &given["unit_code"]), (&json!("supervisor"), &json!("439")));
        assert!(stream.text().unwrap_or_default().matches("data:").count() <= 2, "the stream ends");
        province.get(&officer, "/me").refused(401, "unauthenticated");
        let renew = json!({"refresh_token": tokens["refresh_token"]});
        Reply::of(province.request(Method::POST, "/auth/refresh").json(&renew).send().unwrap())
            .refused(401, "unauthenticated");
        assert_eq!(browser.get("/desk/ideas").status, 303);
        let supervisor = province.sign_in("moi");
        assert_eq!(province.get(&supervisor, "/me").ok()["role"], json!("supervisor"));
        let cycle = crate::walk::cycle_form(2022);
        province.post(&supervisor, "/cycles", cycle).refused(403, "forbidden");
        let last = province.all(admin, &format!("{account}/history")).pop().unwrap();
        let note = json!("provincial_officer 42 → supervisor 439: Chuyển sang HĐND");
        assert_eq!((&last["verb"], &last["note"]), (&json!("change-role"), &note));
        let version = province.get(admin, &account).ok()["version"].clone();
        assert_eq!(give(json!({"role": "supervisor", "unit_code": "439"})).ok()["version"], version);

        // Nobody gives themselves rights, the last administrator stays one, and a seat stays with who was appointed.
        let own = format!("/accounts/{}", admin.id);
        let signatory = json!({"role": "signatory", "unit_code": "42"});
        province.step(admin, &own, "change-role", signatory.clone()).refused(403, "own_account");
        let body = signatory.to_string();
        province
            .raw(&Method::POST, Some(&walk.office), &format!("{account}/change-role"), Some("*"), body)
            .refused(404, "not_found");
        let other = province.hire("admin-2", "administrator", None, None);
        province.step(&other, &own, "change-role", signatory.clone()).ok();
        province
            .step(&other, &format!("/accounts/{}", other.id), "change-role", signatory.clone())
            .refused(403, "own_account");
        province.get(&walk.admin, "/accounts").refused(401, "unauthenticated");
        let council = walk.council("439", 1, 3);
        let member = format!("/accounts/{}", council.scorers[1].id);
        province.step(&other, &member, "change-role", signatory).refused(409, "holds_seat");
        province.step(&walk.here.officer, &format!("/councils/{}", council.id), "close", json!({})).ok();
        let back = json!({"role": "inspector", "unit_code": "42"});
        province.step(&other, &member, "change-role", back).ok();
    });
}

#[test]
fn an_account_that_moves_signs_in_anew() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let officer = province.person("moi", "commune_officer", Some("18196"));
        let account = format!("/accounts/{}", officer.id);
        let there = province.all(&walk.admin, "/units?level=commune&parent=439");
        let code = there.iter().map(|unit| &unit["code"]).find(|code| **code != "18196").unwrap();
        province.step(&walk.admin, &account, "reassign", json!({"unit_code": code})).ok();
        province.get(&officer, "/me").refused(401, "unauthenticated");
        assert_eq!(&province.get(&province.sign_in("moi"), "/me").ok()["unit_code"], code);
    });
}

#[test]
fn a_council_opens_only_with_as_many_who_score_as_its_rules_need() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let end = |person: &Person| {
            province.step(&walk.admin, &format!("/accounts/{}", person.id), "end", json!({"note": "Nghỉ hưu"})).ok();
        };
        let (form, people, secretary) = walk.council_form("439", 1, 4);
        let office = walk.office_of("439");
        let council = province.post(office, "/councils", form).created();
        let council = format!("/councils/{}", council["id"].as_str().unwrap());
        end(&people[3]);
        end(&people[2]);
        // Of four seats three sheets are needed, and two can come.
        let refused = province.step(office, &council, "open", json!({})).refused(409, "too_few_seats");
        assert!(refused["detail"].as_str().unwrap().contains("at least 3 people who score; there are 2"), "{refused}");
        // One of four may be missing, and whether the secretary is does not matter here.
        let (form, people, other) = walk.council_form("439", 2, 4);
        let council = province.post(office, "/councils", form).created();
        [&people[3], &other, &secretary].into_iter().for_each(end);
        province.step(office, &format!("/councils/{}", council["id"].as_str().unwrap()), "open", json!({})).ok();
    });
}

#[test]
fn one_person_is_never_two() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let identify = |account: &str, number: &str| {
            let account = format!("/accounts/{account}");
            province.patch(&walk.admin, &account, json!({"identity_number": number})).ok();
        };
        // However the number is written, two accounts of one person hold no two seats of a council.
        let (form, people, secretary) = walk.council_form("439", 2, 3);
        identify(&people[0].id, "ab042180001234");
        identify(&secretary.id, "AB042180001234");
        let office = walk.office_of("439");
        province.post(office, "/councils", form.clone()).fault("/seats/3/account_id", "same_person");
        identify(&secretary.id, "042180009999");
        let council = province.post(office, "/councils", form).created();
        let council = format!("/councils/{}", council["id"].as_str().unwrap());
        identify(&secretary.id, "AB042180001234");
        province.step(office, &council, "open", json!({})).refused(409, "same_person");
        identify(&people[0].id, "042180001111");
        province.step(office, &council, "open", json!({})).ok();

        // Nor do they draft and promulgate the same decision.
        let district = walk.council("439", 1, 3);
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        walk.sent_up(&district, &candidate, 72);
        let item = walk.rated(&walk.council("42", 1, 3), &candidate, 72);
        let form = json!({"kind": "recognise", "unit_code": "42", "agenda_item_ids": [item]});
        let decision = province.post(&walk.office, "/decisions", form).created();
        let decision = format!("/decisions/{}", decision["id"].as_str().unwrap());
        identify(&walk.office.id, "042180005555");
        identify(&walk.signatory.id, "042180005555");
        let signature = json!({"number": "1/QĐ-UBND", "signed_on": "2021-02-22"});
        province.step(&walk.signatory, &decision, "promulgate", signature.clone()).refused(403, "forbidden");
        identify(&walk.signatory.id, "042180006666");
        province.step(&walk.signatory, &decision, "promulgate", signature).ok();
    });
}
