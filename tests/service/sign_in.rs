//! Sign-in, tokens and accounts.

use reqwest::Method;
use serde_json::json;

use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply};

#[test]
fn a_refresh_token_is_good_once_and_its_theft_ends_the_sign_in() {
    on_both(|engine| {
        let province = Province::new(engine);
        let post = |path: &str, body: serde_json::Value| {
            Reply::of(province.request(Method::POST, path).json(&body).send().unwrap())
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
