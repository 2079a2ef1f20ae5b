//! Sign-in, tokens and accounts.

use diesel::prelude::*;
use ocop::base::Error;
use ocop::db::schema::idempotency_keys;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::engine::on_both;
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::walk::Walk;

#[test]
fn a_refresh_token_is_good_once_and_its_theft_ends_the_sign_in() {
    on_both(|engine| {
        let province = Province::new(engine);
        let post = |path: &str, body: serde_json::Value| {
            province.answer(Method::POST, path, false, province.request(Method::POST, path).json(&body))
        };
        post("/auth/token", json!({"username": "admin", "password": "not the password"}))
            .refused(401, "wrong_credentials");
        post("/auth/token", json!({"username": "nobody", "password": PASSWORD})).refused(401, "wrong_credentials");
        let first = post("/auth/token", json!({"username": "admin", "password": PASSWORD})).ok();
        let second = post("/auth/refresh", json!({"refresh_token": first["refresh_token"]})).ok();
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        // A lost answer may be asked for again at once.
        post("/auth/refresh", json!({"refresh_token": first["refresh_token"]})).ok();
        let revoked = post("/auth/revoke", json!({"refresh_token": second["refresh_token"]}));
        assert_eq!(revoked.status, 204);
        post("/auth/refresh", json!({"refresh_token": first["refresh_token"]})).refused(401, "unauthenticated");
        post("/auth/refresh", json!({"refresh_token": "nonsense"})).refused(401, "unauthenticated");
    });
}

#[test]
fn an_account_fits_its_role() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let form = |role: &str, unit: Option<&str>| json!({"username": "somebody", "password": PASSWORD, "name": "Ai", "role": role, "unit_code": unit});
        province.post(&admin, "/accounts", form("district_officer", Some("18196"))).invalid(&["/unit_code"]);
        province.post(&admin, "/accounts", form("district_officer", None)).invalid(&["/unit_code"]);
        province.post(&admin, "/accounts", form("district_officer", Some("999"))).invalid(&["/unit_code"]);
        province.post(&admin, "/accounts", form("producer", None)).invalid(&["/producer_id"]);
        province.post(&admin, "/accounts", form("district_officer", Some("439"))).created();
        province.post(&admin, "/accounts", form("district_officer", Some("439"))).refused(409, "username_taken");
        let officer = province.sign_in("somebody");
        province.post(&officer, "/accounts", form("district_officer", Some("439"))).refused(403, "forbidden");
        province.get(&officer, &format!("/accounts/{}", admin.id)).refused(404, "not_found");
        province.get(&officer, "/accounts/nonsense").refused(404, "not_found");
    });
}

#[test]
fn a_new_password_ends_the_old_sign_ins() {
    on_both(|engine| {
        let province = Province::new(engine);
        let officer = province.person("office", "provincial_officer", Some("42"));
        let change = |old: &str, new: &str| json!({"old_password": old, "new_password": new});
        province.post(&officer, "/auth/password", change("wrong", "a much better one")).invalid(&["/old_password"]);
        province.post(&officer, "/auth/password", change(PASSWORD, "short")).invalid(&["/new_password"]);
        assert_eq!(province.post(&officer, "/auth/password", change(PASSWORD, "a much better one")).status, 204);
        let form = json!({"username": "office", "password": PASSWORD});
        Reply::of(province.request(Method::POST, "/auth/token").json(&form).send().unwrap())
            .refused(401, "wrong_credentials");
    });
}

#[test]
fn of_a_password_nothing_stays_beside_its_hash() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let keyed = |method: Method, person: &Person, path: &str, key: &[u8], body: &str| {
            let request = province.request(method, path).bearer_auth(&person.token).header("if-match", "*");
            let request = request.header("content-type", "application/json").header("idempotency-key", key);
            Reply::of(request.body(body.to_owned()).send().unwrap())
        };
        let form = json!({"username": "office", "password": PASSWORD, "name": "Ai", "role": "provincial_officer", "unit_code": "42"});
        let form = form.to_string();
        let made = keyed(Method::POST, &admin, "/accounts", b"k-1", &form).created();
        assert_eq!(keyed(Method::POST, &admin, "/accounts", b"k-1", &form).created(), made);
        keyed(Method::POST, &admin, "/accounts", b"k-1", &form.replace("Ai", "Ba"))
            .fault("Idempotency-Key", "idempotency_key_reused");
        let other = form.replace("\"office\"", "\"office-2\"");
        keyed(Method::POST, &admin, "/accounts", b"k-2", &other).created();
        let kept: Vec<Vec<u8>> = province
            .app
            .database
            .read_now(|connection| {
                Ok::<_, Error>(idempotency_keys::table.select(idempotency_keys::body_digest).load(connection)?)
            })
            .unwrap();
        assert_eq!(kept.len(), 2);
        for body in [&form, &other] {
            assert!(!kept.contains(&Sha256::digest(body.as_bytes()).to_vec()), "a plain digest can be guessed at");
        }
        // Nothing under /auth takes a key, and none is ignored because it cannot be read.
        let change = json!({"old_password": PASSWORD, "new_password": "a much better one"}).to_string();
        keyed(Method::POST, &admin, "/auth/password", b"k-3", &change)
            .fault("Idempotency-Key", "idempotency_key_not_taken");
        let credentials = json!({"username": "admin", "password": PASSWORD}).to_string();
        keyed(Method::POST, &admin, "/auth/token", b"k-4", &credentials)
            .fault("Idempotency-Key", "idempotency_key_not_taken");
        for key in ["khóa".as_bytes(), b"\xff", b"a\tb"] {
            keyed(Method::POST, &admin, "/accounts", key, &form).fault("Idempotency-Key", "malformed_idempotency_key");
        }
        province.sign_in("admin");
    });
}

#[test]
fn a_replay_survives_a_rotation_of_the_keys() {
    on_both(|engine| {
        let mut province = Province::new(engine);
        let admin = province.sign_in("admin");
        let form = json!({"username": "office", "password": PASSWORD, "name": "Ai", "role": "provincial_officer", "unit_code": "42"});
        let make = |province: &Province| {
            let request = province.request(Method::POST, "/accounts").bearer_auth(&admin.token);
            Reply::of(request.header("idempotency-key", "k").json(&form).send().unwrap()).created()
        };
        let made = make(&province);
        ocop::app::rotate(&province.storage(), &[ocop::base::keys::Kind::Token]).unwrap();
        province.restart(&[]);
        assert_eq!(make(&province), made);
    });
}

#[test]
fn an_ended_account_is_of_no_use() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let officer = province.person("office", "provincial_officer", Some("42"));
        let tokens = |username: &str| {
            let form = json!({"username": username, "password": PASSWORD});
            Reply::of(province.request(Method::POST, "/auth/token").json(&form).send().unwrap())
        };
        let refresh = tokens("office").ok()["refresh_token"].clone();
        let account = format!("/accounts/{}", officer.id);
        province.step(&admin, &account, "end", json!({})).fault("/note", "required");
        province
            .post(&admin, &format!("{account}/end"), json!({"note": "Nghỉ việc"}))
            .refused(428, "if_match_required");
        let ended = province.step(&admin, &account, "end", json!({"note": "Nghỉ việc"})).ok();
        assert!(ended["ended_at"].is_string(), "{ended}");
        // At once, for everything it had.
        province.get(&officer, "/me").refused(401, "unauthenticated");
        let renew = json!({"refresh_token": refresh});
        Reply::of(province.request(Method::POST, "/auth/refresh").json(&renew).send().unwrap())
            .refused(401, "unauthenticated");
        let (gone, never) = (tokens("office"), tokens("nobody"));
        assert_eq!(gone.text, never.text);
        gone.refused(401, "wrong_credentials");
        // In the history with its reason; for good; the name stays taken.
        let history = province.all(&admin, &format!("{account}/history"));
        let step = history.iter().find(|step| step["verb"] == "end").unwrap();
        assert_eq!((&step["note"], &step["who"]["account_id"]), (&json!("Nghỉ việc"), &json!(admin.id)));
        province.step(&admin, &account, "end", json!({"note": "Lại"})).refused(409, "wrong_state");
        province.step(&admin, &account, "reset-password", json!({})).refused(409, "wrong_state");
        let form = json!({"username": "office", "password": PASSWORD, "name": "Ai", "role": "provincial_officer", "unit_code": "42"});
        province.post(&admin, "/accounts", form).refused(409, "username_taken");
        // Lists tell the two apart; offices are shown who can be appointed.
        let other = province.person("office-2", "provincial_officer", Some("42"));
        let listed = |person: &Person, query: &str| {
            let all = province.all(person, &format!("/accounts?role=provincial_officer{query}"));
            all.iter().map(|account| account["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(listed(&admin, "").len(), 2);
        assert_eq!(listed(&admin, "&ended=true"), std::slice::from_ref(&officer.id));
        assert_eq!(listed(&admin, "&ended=false"), std::slice::from_ref(&other.id));
        assert_eq!(listed(&other, ""), std::slice::from_ref(&other.id));
    });
}

#[test]
fn the_last_administrator_stays() {
    on_both(|engine| {
        let province = Province::new(engine);
        let first = province.sign_in("admin");
        let end = |who: &Person, whom: &Person| {
            let body = r#"{"note": "Nghỉ việc"}"#;
            province.raw(&Method::POST, Some(who), &format!("/accounts/{}/end", whom.id), Some("*"), body)
        };
        end(&first, &first).refused(409, "last_administrator");
        let second = province.hire("admin-2", "administrator", None, None);
        // Two who end each other at once: one of them is left.
        let answers = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(|| end(&first, &second)), scope.spawn(|| end(&second, &first)));
            [one.join().unwrap().status.as_u16(), other.join().unwrap().status.as_u16()]
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        let left = if answers[0] == 200 { &first } else { &second };
        end(left, left).refused(409, "last_administrator");
        assert_eq!(province.all(left, "/accounts?ended=false").len(), 1);
    });
}

#[test]
fn an_ended_account_is_appointed_to_nothing() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let end = |account: &str| {
            province.step(&walk.admin, &format!("/accounts/{account}"), "end", json!({"note": "Nghỉ việc"})).ok();
        };
        let candidate = walk.handed_in(&walk.here, "Mật ong");
        end(&walk.here.commune.id);
        province
            .patch(
                &walk.here.officer,
                &format!("/dossiers/{}", candidate.dossier),
                json!({"responsible_account_id": walk.here.commune.id}),
            )
            .fault("/responsible_account_id", "unfit_account");
        end(&walk.idle.id);
        let form = json!({
            "cycle_id": walk.cycle, "unit_code": "42", "round": 1, "decision_number": "1/QĐ",
            "seats": [{"account_id": walk.idle.id, "seat": "chair"}], "working_group": [walk.here.commune.id],
        });
        let refused = province.post(&walk.office, "/councils", form).refused(422, "invalid");
        let ended: Vec<&str> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|fault| fault["code"] == "ended_account")
            .map(|fault| fault["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(ended, ["/seats/0/account_id", "/working_group/0"], "{refused}");
    });
}
