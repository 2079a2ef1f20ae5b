//! Who has no account registers on a page, and reads there what became of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk_browser::{Browser, Filled, filled_in, form};
use crate::engine::on_both;
use crate::html::between;
use crate::province::{PASSWORD, Reply};
use crate::walk::Walk;

/// The form as people type it.
fn filled(browser: &Browser) -> Filled {
    form(&browser.page("/register"), "register")
        .with("producer.name", "Hợp tác xã Mật ong Sơn Kim")
        .with("producer.kind", "cooperative")
        .with("producer.identity_number", "3000123456")
        .with("producer.commune_code", "18196")
        .with("producer.address", "Thôn Kim Cương")
        .with("producer.representative", "Nguyễn Thị Hoa")
        .with("producer.phone", "0912 345 678")
        .with("producer.representative_sex", "female")
        .with("producer.members.0.name", "Trần Văn Ong")
        .with("account.name", "Nguyễn Thị Hoa")
        .with("account.username", "htx-son-kim")
        .with("account.password", PASSWORD)
        .with("consent.version", "1")
}

fn registrations(walk: &Walk) -> Vec<Value> {
    walk.province.all(&walk.here.commune, "/registrations")
}

#[test]
fn a_registration_is_handed_in_on_a_page_and_its_receipt_tells_what_became_of_it() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let stranger = Browser::new(&walk.province);
        assert!(stranger.page("/").contains("href=\"/register\""));
        assert!(stranger.page("/desk/sign-in").contains("href=\"/register\""));
        let sent = filled(&stranger);
        let receipt = stranger.done(&sent);
        assert!(receipt.starts_with("/register/") && receipt.len() > 30, "{receipt}");
        let page = stranger.page(&receipt);
        let code = receipt.strip_prefix("/register/").unwrap();
        assert!(page.contains(code) && page.contains("mark-pending") && page.contains("22/02/2021"), "{page}");
        for personal in ["Hoa", "Sơn Kim", "3000123456", "htx-son-kim", "0912"] {
            assert!(!page.contains(personal), "{personal}");
        }

        // Sent again, by a press too many or after the page was loaded again, it is the same.
        assert_eq!(stranger.done(&sent), receipt);
        let known = registrations(&walk);
        assert_eq!(known.len(), 1, "{known:?}");
        assert_eq!(known[0]["producer"]["phone"], "0912345678");
        assert_eq!(known[0]["producer"]["members"], json!([{"name": "Trần Văn Ong", "identity_number": null}]));

        let thing = format!("/desk/registrations/{}", known[0]["id"].as_str().unwrap());
        let commune = Browser::signed_in(&walk.province, "commune-439");
        assert!(commune.page("/desk").contains(&thing), "it waits for the commune");
        commune.take(&thing, "confirm", &[("note", "Đã gặp chủ thể")]);
        let typed = format!("/register?code={}", code.replace('-', "+").to_lowercase());
        assert_eq!(stranger.get(&typed).headers["location"].to_str().unwrap(), receipt);
        let page = stranger.page(&receipt);
        assert!(page.contains("mark-confirmed") && page.contains("/desk/sign-in") && !page.contains("Đã gặp"));
        assert_eq!(stranger.done(&sent), receipt, "and it is the same still");
        let producer = Browser::new(&walk.province);
        assert_eq!(producer.sign_in("htx-son-kim", PASSWORD, "/desk/sign-in").status, 303);

        let refused = stranger.done(
            &filled(&stranger).with("account.username", "htx-khac").with("producer.identity_number", "3000999999"),
        );
        let other = registrations(&walk)[0]["id"].as_str().unwrap().to_owned();
        let reason = ("note", "Mã số không đúng");
        commune.take(&format!("/desk/registrations/{other}"), "refuse", &[reason]);
        stranger
            .done(&filled(&stranger).with("account.username", "htx-ba").with("producer.identity_number", "3000999998"));
        let path = format!("/registrations/{}", registrations(&walk)[0]["id"].as_str().unwrap());
        walk.province.step(&walk.here.commune, &path, "refuse", json!({"note": reason.1})).ok();
        let page = stranger.page(&refused);
        assert!(page.contains("mark-refused") && page.contains(reason.1) && page.contains("href=\"/register\""));
    });
}

#[test]
fn what_is_wrong_in_a_registration_stands_beside_its_field_and_nothing_typed_is_lost() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let stranger = Browser::new(&walk.province);
        let reply = stranger.send(&form(&stranger.page("/register"), "register"));
        assert_eq!(reply.status, 422);
        for field in ["producer-name", "producer-kind", "producer-commune_code", "account-username", "account-password"]
        {
            assert!(reply.text.contains(&format!("href=\"#register-{field}\"")), "{field}: {}", reply.text);
        }
        let wrong = filled(&stranger)
            .with("producer.phone", "12")
            .with("producer.email", "không có")
            .with("account.username", "HTX Sơn")
            .with("producer.members.0.identity_number", "x");
        let reply = stranger.send(&wrong);
        assert_eq!(reply.status, 422);
        for field in ["producer-phone", "producer-email", "account-username", "producer-members-0-identity_number"] {
            assert!(reply.text.contains(&format!("id=\"register-{field}-fault\"")), "{field}: {}", reply.text);
        }
        let again = form(&reply.text, "register");
        assert_eq!((again.value("producer.kind"), again.value("producer.commune_code")), ("cooperative", "18196"));
        assert_eq!((again.value("producer.email"), again.value("account.password")), ("không có", ""));
        assert!(!reply.text.contains(PASSWORD));
        assert_eq!(again.value("producer.members.0.name"), "Trần Văn Ong");

        // What cannot be read and what is wrong in what can are told in one round.
        let wrong = filled(&stranger)
            .with("producer.kind", "")
            .with("producer.commune_code", "")
            .with("producer.phone", "12")
            .with("account.username", "HTX Sơn");
        let reply = stranger.send(&wrong);
        assert_eq!(reply.status, 422);
        for field in ["producer-kind", "producer-commune_code", "producer-phone", "account-username"] {
            assert!(reply.text.contains(&format!("href=\"#register-{field}\"")), "{field}: {}", reply.text);
        }
        assert_eq!(reply.text.matches("href=\"#register-").count(), 5, "and the password, which no page keeps");

        // A user name that somebody has is told beside it.
        let reply = stranger.send(&filled(&stranger).with("account.username", "commune-439"));
        assert_eq!(reply.status, 409);
        assert!(reply.text.contains("id=\"register-account-username-fault\""), "{}", reply.text);
        assert_eq!(registrations(&walk), Vec::<Value>::new());

        for (path, status) in [
            ("/register?code=", 200),
            ("/register?code=ABC", 422),
            ("/register?code=ABCD-EFGH-JKMN-PQRS-TVWX", 422),
            ("/register/ABCD-EFGH-JKMN-PQRS-TVWX", 404),
            ("/register/x", 404),
        ] {
            assert_eq!(stranger.get(path).status.as_u16(), status, "{path}");
        }
        let foreign = stranger.request(Method::POST, "/register").header("sec-fetch-site", "cross-site");
        assert_eq!(stranger.answer(filled_in(foreign, &filled(&stranger))).status, 403);
    });
}

#[test]
fn what_a_program_registers_has_a_receipt_too() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let producer = crate::walk::producer_form("Tổ hợp tác Sơn Kim", "18196", "030099000123");
        let form = json!({"consent": {"version": 1}, "producer": producer,
            "account": {"username": "to-hop-tac", "password": PASSWORD, "name": "Trần Thị Ong"}});
        let sent = walk.province.request(Method::POST, "/registrations").json(&form).send().unwrap();
        let code = Reply::of(sent).created()["code"].as_str().unwrap().to_owned();
        let page = Browser::new(&walk.province).page(&format!("/register/{code}"));
        assert!(page.contains("mark-pending") && between(&page, "<strong>", "</strong>").len() == 1, "{page}");
    });
}

#[test]
fn a_user_name_that_somebody_else_asked_for_is_told_at_once() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let register = |number: &str, username: &str| {
            let producer = crate::walk::producer_form("Tổ hợp tác Sơn Kim", "18196", number);
            let form = json!({"consent": {"version": 1}, "producer": producer,
                "account": {"username": username, "password": PASSWORD, "name": "Trần Thị Ong"}});
            Reply::of(walk.province.request(Method::POST, "/registrations").json(&form).send().unwrap())
        };
        let first = register("030099000123", "to-hop-tac").created();
        register("030099000124", "to-hop-tac").refused(409, "username_taken");
        register("030099000124", "commune-439").refused(409, "username_taken");
        // What was refused keeps no name from others.
        let first = format!("/registrations/{}", first["id"].as_str().unwrap());
        walk.province.step(&walk.here.commune, &first, "refuse", json!({"note": "Thiếu giấy tờ"})).ok();
        register("030099000124", "to-hop-tac").created();
    });
}
