//! A code of an authenticator app beside the password.

use diesel::prelude::*;
use ocop::base::{Error, Moment};
use ocop::db::schema::second_factors;
use reqwest::Method;
use serde_json::{Value, json};
use totp_rs::Totp;

use crate::desk_browser::{Browser, form};
use crate::engine::on_both;
use crate::program::Program;
use crate::province::{PASSWORD, Person, Province, Reply};

const STRANGER: &str = "198.51.100.7";
const OWNER: &str = "203.0.113.7";

/// What the app of an account shows now, or so many steps later.
pub fn code(app: &Totp, later: u64) -> String {
    let now = u64::try_from(Moment::real_now().utc().timestamp()).unwrap();
    app.generate(now + 30 * later).to_string()
}

/// As after some minutes: the codes of before are over, and so is that one of them was used.
pub fn pass(province: &Province) {
    let set = diesel::update(second_factors::table).set(second_factors::last_step.eq(0_i64));
    province.app.database.write_now(|connection| Ok::<_, Error>(set.execute(connection)?)).unwrap();
}

fn sign_in(province: &Province, from: &str, username: &str, code: Option<&str>) -> Reply {
    let request = province.request(Method::POST, "/auth/token").header("x-forwarded-for", from);
    Reply::of(request.json(&json!({"username": username, "password": PASSWORD, "code": code})).send().unwrap())
}

/// Sets a second factor up: the app, and the recovery codes.
pub fn set_up(province: &Province, person: &Person) -> (Totp, Vec<String>) {
    let (app, codes, _) = set_up_by(province, person);
    (app, codes)
}

/// The same, with the code that confirmed it: half a minute later the app shows another one.
fn set_up_by(province: &Province, person: &Person) -> (Totp, Vec<String>, String) {
    let secret = province.post(person, "/auth/second-factor", json!({"password": PASSWORD})).ok();
    let app = Totp::from_url(secret["url"].as_str().unwrap()).unwrap();
    assert_eq!(app.secret().to_base32(), secret["secret"].as_str().unwrap());
    let used = code(&app, 0);
    let confirmed = province.post(person, "/auth/second-factor/confirm", json!({"code": used})).ok();
    let codes: Vec<String> = serde_json::from_value(confirmed["recovery_codes"].clone()).unwrap();
    assert_eq!(codes.len(), 10);
    (app, codes, used)
}

#[test]
fn a_code_is_asked_for_and_good_once() {
    on_both(|engine| {
        let province = Province::new(engine);
        let officer = province.person("office", "provincial_officer", Some("42"));
        let confirm = |code: String| province.post(&officer, "/auth/second-factor/confirm", json!({"code": code}));
        confirm("123456".into()).refused(409, "no_second_factor");
        let wrong = json!({"password": "a wrong password"});
        province.post(&officer, "/auth/second-factor", wrong).fault("/password", "wrong_password");
        let first = province.post(&officer, "/auth/second-factor", json!({"password": PASSWORD})).ok();
        let first = Totp::from_url(first["url"].as_str().unwrap()).unwrap();
        confirm("abc".into()).fault("/code", "wrong_code");
        // Until a code confirms it nothing is asked; a secret that is made anew takes the place of the one before.
        sign_in(&province, OWNER, "office", None).ok();
        let (app, recovery, used) = set_up_by(&province, &officer);
        confirm(code(&first, 0)).refused(409, "no_second_factor");
        let again = json!({"password": PASSWORD});
        province.post(&officer, "/auth/second-factor", again).refused(409, "second_factor_set_up");

        sign_in(&province, OWNER, "office", None).refused(401, "second_factor_required");
        sign_in(&province, OWNER, "office", Some(" ")).refused(401, "second_factor_required");
        let (old, late) = (code(&first, 0), code(&app, 5));
        let wrong = ["12345", "1234567", "abcdef", "００００００", &old, &late, "ABCDE-FGHJK"];
        for (network, wrong) in wrong.into_iter().enumerate() {
            // A new network each time, for wrong ones cost time.
            sign_in(&province, &format!("198.18.{network}.1"), "office", Some(wrong))
                .refused(401, "wrong_second_factor");
        }
        // The code that confirmed it was used, the next one is good once, whoever types it again.
        sign_in(&province, OWNER, "office", Some(&used)).refused(401, "wrong_second_factor");
        let next = code(&app, 1);
        sign_in(&province, OWNER, "office", Some(&next)).ok();
        sign_in(&province, STRANGER, "office", Some(&next)).refused(401, "wrong_second_factor");
        // Who says nothing right about the password is told nothing about the code.
        let guessed = json!({"username": "office", "password": "a wrong password", "code": code(&app, 1)});
        Reply::of(province.request(Method::POST, "/auth/token").json(&guessed).send().unwrap())
            .refused(401, "wrong_credentials");
        // Without the app: each recovery code once, however it is typed.
        let recovered = recovery[0].to_lowercase().replace('-', " ");
        sign_in(&province, OWNER, "office", Some(&recovered)).ok();
        sign_in(&province, OWNER, "office", Some(&recovery[0])).refused(401, "wrong_second_factor");
        sign_in(&province, OWNER, "office", Some(&recovery[1])).ok();

        // Neither the history nor the account nor the database tells the secret.
        let account = format!("/accounts/{}", officer.id);
        let history = province.all(&officer, &format!("{account}/history"));
        let verbs: Vec<&str> = history.iter().map(|step| step["verb"].as_str().unwrap()).collect();
        assert_eq!(verbs, ["create", "set-up-second-factor", "use-recovery-code", "use-recovery-code"]);
        // Who was signed in by a code, and whose code was wrong, is told apart.
        let tries = province.get(&officer, &format!("{account}/sign-ins")).ok()["items"].as_array().unwrap().clone();
        let count = |succeeded: bool, with_code: bool| {
            tries.iter().filter(|one| one["succeeded"] == succeeded && one["with_code"] == with_code).count()
        };
        assert_eq!([count(true, true), count(false, true), count(false, false)], [3, 10, 2], "{tries:?}");
        let secret = app.secret().to_base32();
        let told = format!("{history:?}{}", province.get(&officer, &account).text);
        assert!(!told.contains(&secret) && !told.contains(&recovery[2]), "{told}");
        let sealed: Vec<Vec<u8>> = province
            .app
            .database
            .read_now(|connection| {
                Ok::<_, Error>(second_factors::table.select(second_factors::sealed).load(connection)?)
            })
            .unwrap();
        assert!(sealed.iter().all(|sealed| !sealed.windows(8).any(|part| part == &app.secret().as_bytes()[..8])));

        // It is given up by a code of it alone.
        pass(&province);
        let remove = |code: &str| province.post(&officer, "/auth/second-factor/remove", json!({"code": code}));
        remove("000000").fault("/code", "wrong_code");
        assert_eq!(remove(&code(&app, 0)).status, 204);
        remove(&code(&app, 1)).refused(409, "no_second_factor");
        sign_in(&province, OWNER, "office", None).ok();
        sign_in(&province, OWNER, "office", Some("whatever")).ok();
    });
}

#[test]
fn one_code_lets_one_in_of_many_at_once() {
    on_both(|engine| {
        let province = Province::new(engine);
        let officer = province.person("office", "provincial_officer", Some("42"));
        let (app, recovery) = set_up(&province, &officer);
        for code in [code(&app, 1), recovery[0].clone()] {
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let one = |number: usize| {
                    let from = format!("203.0.{number}.7");
                    sign_in(&province, &from, "office", Some(&code)).status.as_u16()
                };
                let tried: Vec<_> = (0..4).map(|number| scope.spawn(move || one(number))).collect();
                tried.into_iter().map(|tried| tried.join().unwrap()).collect()
            });
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        }
    });
}

#[test]
fn who_has_the_password_guesses_no_code() {
    on_both(|engine| {
        let province = Province::new(engine);
        let officer = province.person("office", "provincial_officer", Some("42"));
        sign_in(&province, OWNER, "office", None).ok();
        let (app, _) = set_up(&province, &officer);
        // From a new network each time.
        let statuses: Vec<u16> = (0..20)
            .map(|network| sign_in(&province, &format!("198.18.{network}.1"), "office", Some("000000")).status.as_u16())
            .collect();
        let judged = statuses.iter().filter(|status| **status == 401).count();
        assert!((10..=12).contains(&judged), "{statuses:?}");
        // Nothing is judged there any more, and the owner is not slowed where they signed in before.
        let next = code(&app, 1);
        sign_in(&province, STRANGER, "office", Some(&next)).refused(429, "too_many_failures");
        // Nor does who finds a browser open guess one.
        let remove = json!({"code": "000000"});
        province.post(&officer, "/auth/second-factor/remove", remove).refused(429, "too_many_failures");
        sign_in(&province, OWNER, "office", Some(&next)).ok();
    });
}

#[test]
fn two_administrators_or_the_host_take_a_second_factor_away() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let other = province.hire("admin-2", "administrator", None, None);
        let officer = province.person("office", "provincial_officer", Some("42"));
        let account = format!("/accounts/{}", officer.id);
        let step = |who: &Person, verb: &str| province.step(who, &account, verb, json!({}));
        step(&admin, "ask-second-factor-reset").refused(409, "no_second_factor");
        step(&admin, "reset-second-factor").refused(409, "no_second_factor");
        set_up(&province, &officer);
        step(&admin, "reset-second-factor").refused(409, "second_administrator_required");
        step(&admin, "ask-second-factor-reset").ok();
        step(&admin, "reset-second-factor").refused(409, "second_administrator_required");
        step(&officer, "reset-second-factor").refused(403, "forbidden");
        assert!(Browser::of(&province, &officer).page("/desk").contains("class=\"notices\""), "its owner is told");
        step(&other, "reset-second-factor").ok();
        // Whoever was signed in signs in anew.
        province.get(&officer, "/me").refused(401, "unauthenticated");
        let officer = province.sign_in("office");
        // What was asked for once is not asked for the next.
        set_up(&province, &officer);
        step(&other, "reset-second-factor").refused(409, "second_administrator_required");

        let program = Program::new(&province.database_url, &province.storage().data_dir);
        program.refused(&["account", "reset-second-factor", "nobody"], &["no account"]);
        program.ok(&["account", "reset-second-factor", "office"]);
        program.refused(&["account", "reset-second-factor", "office"], &["no second factor"]);
        sign_in(&province, OWNER, "office", None).ok();
        let last = province.all(&admin, &format!("{account}/history")).pop().unwrap();
        assert_eq!((&last["verb"], &last["who"]), (&json!("reset-second-factor"), &Value::Null));
    });
}

#[test]
fn a_second_factor_is_set_up_and_asked_for_on_the_desk() {
    on_both(|engine| {
        let province = Province::new(engine);
        province.person("office", "provincial_officer", Some("42"));
        let browser = Browser::signed_in(&province, "office");
        let address = "/desk/second-factor";
        let reply = browser.send(&form(&browser.page(address), "set-up").with("password", "a wrong password"));
        assert!(reply.status == 422 && reply.text.contains("id=\"wrong\""), "{}", reply.text);
        let reply = browser.send(&form(&reply.text, "set-up").with("password", PASSWORD));
        assert!(reply.status == 200 && reply.text.contains("<svg"), "{}", reply.text);
        let secret = reply.text.split("<span class=\"code\">").nth(1).unwrap().split('<').next().unwrap();
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let mistyped = browser.send(&form(&reply.text, "confirm").with("code", "000000"));
        assert!(mistyped.status == 422 && !mistyped.text.contains("<svg"), "{}", mistyped.text);
        let done = browser.send(&form(&mistyped.text, "confirm").with("code", &code(&app, 0)));
        assert!(done.status == 200 && done.text.matches("<li class=\"code\">").count() == 10, "{}", done.text);
        assert!(!browser.page(address).contains("<li class=\"code\">"), "they are told once");

        let other = Browser::new(&province);
        let reply = other.sign_in("office", PASSWORD, "/desk/sign-in");
        assert!(reply.status == 422 && reply.text.contains("cần thêm mã xác nhận"), "{}", reply.text);
        let again = form(&reply.text, "sign-in").with("username", "office").with("password", PASSWORD);
        assert_eq!(other.send(&again.with("code", &code(&app, 1))).status, 303);
        pass(&province);
        let removed = other.send(&form(&other.page(address), "remove").with("code", &code(&app, 0)));
        assert_eq!(removed.status, 303, "{}", removed.text);
        assert_eq!(Browser::new(&province).sign_in("office", PASSWORD, "/desk/sign-in").status, 303);
    });
}
