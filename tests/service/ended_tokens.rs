//! A token of a quarter of an hour is of no use the moment that its sign-in ends, whatever ends it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::second_factor::{code, set_up};
use crate::walk::Walk;

/// A program's sign-in.
struct SignIn {
    person: Person,
    refresh: Value,
}

fn send(province: &Province, path: &str, form: Value) -> Reply {
    Reply::of(province.request(Method::POST, path).json(&form).send().unwrap())
}

impl SignIn {
    fn new(province: &Province, account: &Person, username: &str) -> Self {
        let tokens = send(province, "/auth/token", json!({"username": username, "password": PASSWORD})).ok();
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        Self { person: Person { id: account.id.clone(), token }, refresh: tokens["refresh_token"].clone() }
    }

    fn is_open(&self, province: &Province) -> bool {
        let reply = province.get(&self.person, "/me");
        assert!([200, 401].contains(&reply.status.as_u16()), "{}", reply.text);
        reply.status == 200
    }

    fn renew(&self, province: &Province) -> Reply {
        send(province, "/auth/refresh", json!({"refresh_token": self.refresh}))
    }
}

/// What ends a sign-in, done elsewhere: by an administrator, or by its owner at another sign-in.
type Ends = fn(&Walk, &SignIn, &SignIn);

fn step(walk: &Walk, account: &SignIn, verb: &str, form: Value) {
    walk.province.step(&walk.admin, &format!("/accounts/{}", account.person.id), verb, form).ok();
}

const ENDS: &[(&str, Ends)] = &[
    ("the account ends", |walk, one, _| step(walk, one, "end", json!({"note": "Nghỉ việc"}))),
    ("another role", |walk, one, _| step(walk, one, "change-role", json!({"role": "inspector", "unit_code": "42"}))),
    ("another unit", |walk, one, _| step(walk, one, "reassign", json!({"unit_code": "440"}))),
    ("a reset of the password", |walk, one, _| step(walk, one, "reset-password", json!({}))),
    ("another password", |walk, _, elsewhere| {
        let change = json!({"old_password": PASSWORD, "new_password": "ba con gà mái ghẹ"});
        assert_eq!(walk.province.post(&elsewhere.person, "/auth/password", change).status, 204);
    }),
    ("the list of sign-ins", |walk, one, elsewhere| {
        let devices = walk.province.get(&one.person, "/auth/devices").ok();
        let own = devices["items"].as_array().unwrap().iter().find(|device| device["current"] == true).unwrap();
        let ended = json!({"device_id": own["id"]});
        assert_eq!(walk.province.post(&elsewhere.person, "/auth/devices/revoke", ended).status, 204);
    }),
    ("signing out", |walk, one, _| {
        assert_eq!(send(&walk.province, "/auth/revoke", json!({"refresh_token": one.refresh})).status, 204);
    }),
    ("a renewal that somebody used again", |walk, one, _| {
        let renewed = one.renew(&walk.province).ok();
        send(&walk.province, "/auth/refresh", json!({"refresh_token": renewed["refresh_token"]})).ok();
        one.renew(&walk.province).refused(401, "unauthenticated");
    }),
    ("a second factor that is set up", |walk, _, elsewhere| {
        set_up(&walk.province, &elsewhere.person);
    }),
    ("a second factor that is taken away", |walk, one, _| {
        set_up(&walk.province, &one.person);
        step(walk, one, "ask-second-factor-reset", json!({}));
        let other = walk.province.hire(&format!("second-{}", one.person.id), "administrator", None, None);
        let account = format!("/accounts/{}", one.person.id);
        walk.province.step(&other, &account, "reset-second-factor", json!({})).ok();
    }),
];

#[test]
fn a_token_is_of_no_use_the_moment_that_its_sign_in_ends() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        for (number, (cause, ends)) in ENDS.iter().enumerate() {
            let username = format!("officer-{number}");
            let account = province.person(&username, "district_officer", Some("439"));
            let sign_in = || SignIn::new(province, &account, &username);
            let (one, elsewhere) = (sign_in(), sign_in());
            assert!(one.is_open(province) && elsewhere.is_open(province), "{cause}");
            ends(&walk, &one, &elsewhere);
            assert!(!one.is_open(province), "{cause}");
            one.renew(province).refused(401, "unauthenticated");
        }
    });
}

#[test]
fn a_second_factor_ends_where_else_one_is_signed_in_and_not_here() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let account = province.person("officer", "district_officer", Some("439"));
        let (here, elsewhere) =
            (SignIn::new(province, &account, "officer"), SignIn::new(province, &account, "officer"));
        let browser = crate::desk_browser::Browser::signed_in(province, "officer");
        let (app, _) = set_up(province, &here.person);
        assert!(here.is_open(province) && !elsewhere.is_open(province));
        assert_eq!(browser.get("/desk/ideas").status, 303);
        // And so does giving it up.
        let credentials = json!({"username": "officer", "password": PASSWORD, "code": code(&app, 1)});
        let tokens = send(province, "/auth/token", credentials).ok();
        let other = Person { id: account.id.clone(), token: tokens["access_token"].as_str().unwrap().to_owned() };
        crate::second_factor::pass(province);
        let given_up = province.post(&here.person, "/auth/second-factor/remove", json!({"code": code(&app, 0)}));
        assert_eq!(given_up.status, 204, "{}", given_up.text);
        assert!(here.is_open(province));
        province.get(&other, "/me").refused(401, "unauthenticated");
    });
}

#[test]
fn a_refused_account_is_in_the_log() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let officer = &walk.here.officer;
        let log = crate::durable::said_by_the_program(&walk.province, |url| {
            let client = crate::province::client().build().unwrap();
            let refused = client.get(format!("{url}/api/v1/accounts/{}/history", walk.admin.id));
            let status = |asking: reqwest::blocking::RequestBuilder| asking.send().unwrap().status().as_u16();
            assert_eq!(status(client.post(format!("{url}/api/v1/cycles")).bearer_auth(&officer.token)), 403);
            assert_eq!(status(refused.bearer_auth(&officer.token)), 404);
            assert_eq!(status(client.get(format!("{url}/api/v1/me"))), 401);
        });
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("an account was refused")).collect();
        assert_eq!(lines.len(), 1, "{log}");
        for told in [&officer.id, "code=\"forbidden\"", "method=POST", "route=/api/v1/cycles"] {
            assert!(lines[0].contains(told), "{told}: {}", lines[0]);
        }
    });
}
