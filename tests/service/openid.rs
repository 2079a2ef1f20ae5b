//! Signing in to the desk by another authority.

use std::net::TcpListener;
use std::time::Instant;

use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::desk_browser::{Browser, filled_in, form};
use crate::engine::{Engine, on_both};
use crate::html::{between, plain};
use crate::openid_provider::{Hostile, Key, PUBLIC, SECRET, flags, real, sign_in_there};
use crate::province::{PASSWORD, Person, Province, Reply};
use crate::second_factor::{code, set_up};

const NUMBER: &str = "042085000123";
const LOGIN: &str = "mai.042085000123";
const CALLBACK: &str = "/desk/oidc/callback";
const CONFIRM: &str = "/desk/oidc/confirm";

/// Somebody with an account and an identity number.
fn officer(province: &Province, username: &str, number: Option<&str>) -> Person {
    let person = province.hire(username, "provincial_officer", Some("42"), None);
    set_number(province, &person, number);
    person
}

fn set_number(province: &Province, person: &Person, number: Option<&str>) {
    let admin = province.sign_in("admin");
    province.patch(&admin, &format!("/accounts/{}", person.id), json!({"identity_number": number})).ok();
}

/// Where the provider's address was asked for from the sign-in's page.
fn departed(browser: &Browser, page: &str) -> String {
    led_on(&browser.send(&form(&browser.page(page), "oidc")))
}

/// The address that a page leads on to by itself, and by its link too.
fn led_on(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let address = reply.headers["refresh"].to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned();
    let link = between(&reply.text, "<a class=\"button\" href=\"", "\"")[0];
    assert_eq!(plain(link), address);
    address
}

/// Through the provider and back, as this person.
fn come_back(browser: &Browser, login: &str) -> Reply {
    browser.get(&sign_in_there(&departed(browser, "/desk/sign-in?next=/desk/ideas"), login))
}

fn parameter(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} in {address}")).1.into_owned()
}

fn location(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.text);
    reply.headers["location"].to_str().unwrap()
}

fn confirmed(browser: &Browser, username: &str, password: &str) -> Reply {
    let page = browser.page(CONFIRM);
    browser.send(&form(&page, "confirm").with("username", username).with("password", password))
}

fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/desk/ideas").status == 200
}

/// What a program would be answered with these cookies.
fn asked(province: &Province, browser: &Browser, path: &str) -> Reply {
    let cookies: Vec<String> = browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    Reply::of(province.at_site(Method::GET, path).header("cookie", cookies.join("; ")).send().unwrap())
}

/// A form that is refused.
fn refused(province: &Province, browser: &Browser, form: &crate::desk_browser::Filled, status: u16, refusal: &str) {
    let cookies: Vec<String> = browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = province.at_site(Method::POST, &form.action).header("cookie", cookies.join("; "));
    Reply::of(filled_in(request, form).send().unwrap()).refused(status, refusal);
}

#[test]
fn an_account_is_confirmed_once_and_then_entered_by_another_authority() {
    let Some(issuer) = real() else { return };
    on_both(|engine| {
        let province = Province::with(engine, &flags(issuer));
        let person = officer(&province, "mai", Some(NUMBER));
        officer(&province, "another", Some("042085000999"));
        officer(&province, "unknown", None);
        let browser = Browser::new(&province);
        assert!(browser.page("/desk/sign-in").contains("Đăng nhập bằng 127.0.0.1"));
        let begun = browser.send(&form(&browser.page("/desk/sign-in?next=/desk/ideas"), "oidc"));
        let cookie = begun.headers["set-cookie"].to_str().unwrap();
        for part in ["ocop_oidc=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/desk/oidc", "Max-Age=600"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let address = led_on(&begun);
        assert_eq!(parameter(&address, "code_challenge_method"), "S256");
        assert_eq!(parameter(&address, "redirect_uri"), format!("{PUBLIC}{CALLBACK}"));

        // The first time one is known to nobody here, whether there is such an account or not.
        assert_eq!(location(&browser.get(&sign_in_there(&address, LOGIN))), CONFIRM);
        assert!(!is_signed_in(&browser));
        let known = browser.page(CONFIRM);
        let stranger = Browser::new(&province);
        assert_eq!(location(&come_back(&stranger, "nobody.001085000777")), CONFIRM);
        let without_token = |page: &str| page.replace(form(page, "confirm").value("csrf"), "");
        assert_eq!(without_token(&known), without_token(&stranger.page(CONFIRM)));
        let wrong = confirmed(&browser, "mai", "a wrong password");
        assert!(wrong.status == 422 && wrong.text.contains("Sai tên đăng nhập hoặc mật khẩu."), "{}", wrong.text);
        let nobody = confirmed(&browser, "nobody", PASSWORD);
        assert!(nobody.status == 422 && nobody.text.contains("Sai tên đăng nhập hoặc mật khẩu."), "{}", nobody.text);
        for username in ["another", "unknown"] {
            let filled = form(&known, "confirm").with("username", username).with("password", PASSWORD);
            refused(&province, &browser, &filled, 403, "openid_identity_differs");
        }
        let filled = form(&known, "confirm").with("username", "mai").with("password", PASSWORD);
        refused(&province, &browser, &filled.clone().without("csrf"), 403, "forged_form");
        assert_eq!(location(&confirmed(&browser, "mai", PASSWORD)), "/desk/ideas");
        assert!(is_signed_in(&browser));
        // Nothing is done twice with it.
        refused(&province, &stranger, &filled, 403, "forged_form");
        assert!(browser.page("/desk/sessions").contains("Đã liên kết từ"));

        // From now on it leads there by itself, in any browser, and is told like any sign-in.
        let next = Browser::new(&province);
        assert_eq!(location(&come_back(&next, LOGIN)), "/desk/ideas");
        assert!(is_signed_in(&next));
        let tries = province.get(&person, &format!("/accounts/{}/sign-ins", person.id)).ok();
        let tries = tries["items"].as_array().unwrap();
        assert_eq!(tries.iter().filter(|one| one["succeeded"] == true).count(), 2, "{tries:?}");
        let history = province.all(&person, &format!("/accounts/{}/history", person.id));
        assert_eq!(
            (&history.last().unwrap()["verb"], &history.last().unwrap()["who"]["account_id"]),
            (&json!("link-openid"), &json!(person.id))
        );
        // Another subject of that provider is nobody, whatever number it comes with, until its account is confirmed.
        assert_eq!(location(&come_back(&Browser::new(&province), "thief.042085000123")), CONFIRM);

        // The number is held against the account's each time.
        let other = Browser::new(&province);
        let there = |login: &str| sign_in_there(&departed(&other, "/desk/sign-in"), login);
        let path = there("mai.");
        asked(&province, &other, &path).refused(403, "openid_identity_missing");
        set_number(&province, &person, Some("042085000124"));
        let path = there(LOGIN);
        asked(&province, &other, &path).refused(403, "openid_identity_differs");
        set_number(&province, &person, Some(NUMBER));
        assert_eq!(location(&come_back(&other, LOGIN)), "/desk/ideas");
    });
}

#[test]
fn a_link_with_another_authority_is_taken_away_by_owner_administrator_and_end() {
    let Some(issuer) = real() else { return };
    on_both(|engine| {
        let province = Province::with(engine, &flags(issuer));
        let (admin, person) = (province.sign_in("admin"), officer(&province, "mai", Some(NUMBER)));
        let other = province.hire("other", "provincial_officer", Some("42"), None);
        let account = format!("/accounts/{}", person.id);
        let link = || {
            let browser = Browser::new(&province);
            assert_eq!(location(&come_back(&browser, LOGIN)), CONFIRM);
            assert_eq!(location(&confirmed(&browser, "mai", PASSWORD)), "/desk/ideas");
        };
        province.step(&admin, &account, "unlink-openid", json!({})).refused(409, "no_openid_link");
        // From the page of sign-ins, confirmed by the password as well.
        let desk = Browser::of(&province, &person);
        let address = led_on(&desk.send(&form(&desk.page("/desk/sessions"), "link")));
        assert_eq!(location(&desk.get(&sign_in_there(&address, LOGIN))), CONFIRM);
        assert_eq!(location(&confirmed(&desk, "mai", PASSWORD)), "/desk/sessions");
        desk.take(&format!("/desk{account}"), "unlink-openid", &[]);
        assert!(!desk.page("/desk/sessions").contains("Đã liên kết từ"));
        link();
        let request = province.request(Method::POST, &format!("{account}/unlink-openid")).bearer_auth(&other.token);
        assert_eq!(request.header("if-match", "\"1\"").json(&json!({})).send().unwrap().status(), 404);
        province.step(&admin, &account, "unlink-openid", json!({"note": "Mất điện thoại"})).ok();
        assert!(Browser::of(&province, &person).page("/desk").contains("Bỏ liên kết tài khoản định danh"));
        link();
        // Who is to choose a new password is let in by nothing else meanwhile.
        province.step(&admin, &account, "reset-password", json!({})).ok();
        assert_eq!(location(&come_back(&Browser::new(&province), LOGIN)), CONFIRM);
        let person = officer(&province, "ending", Some("042085000555"));
        let browser = Browser::new(&province);
        assert_eq!(location(&come_back(&browser, "an.042085000555")), CONFIRM);
        assert_eq!(location(&confirmed(&browser, "ending", PASSWORD)), "/desk/ideas");
        province.step(&admin, &format!("/accounts/{}", person.id), "end", json!({"note": "Nghỉ hưu"})).ok();
        assert!(!is_signed_in(&browser));
        assert_eq!(location(&come_back(&browser, "an.042085000555")), CONFIRM);
        assert_eq!(confirmed(&browser, "ending", PASSWORD).status, 422);
    });
}

#[test]
fn a_sign_in_by_another_authority_is_of_its_browser_and_good_once() {
    let Some(issuer) = real() else { return };
    on_both(|engine| {
        let province = Province::with(engine, &flags(issuer));
        officer(&province, "mai", Some(NUMBER));
        let browser = Browser::new(&province);
        let address = departed(&browser, "/desk/sign-in");
        let back = sign_in_there(&address, LOGIN);
        let state = parameter(&address, "state");
        let is_refused = |browser: &Browser, path: &str| {
            asked(&province, browser, path).refused(403, "openid_not_begun_here");
        };
        // Without the state, with another, in another browser or in one that began another.
        is_refused(&browser, &back.replace("state=", "stat="));
        is_refused(&browser, &back.replace(&state, "forged"));
        is_refused(&browser, &back.replace("iss=", "iss=https%3A%2F%2Fevil.example&was="));
        is_refused(&Browser::new(&province), &back);
        let other = Browser::new(&province);
        departed(&other, "/desk/sign-in");
        is_refused(&other, &back);
        asked(&province, &other, CONFIRM).refused(403, "openid_not_begun_here");
        // None of that uses it up; it is used once, also by who kept its cookie.
        let kept = browser.cookies.borrow().clone();
        assert_eq!(location(&browser.get(&back)), CONFIRM);
        assert_eq!(location(&confirmed(&browser, "mai", PASSWORD)), "/desk");
        let replayed = Browser::new(&province);
        *replayed.cookies.borrow_mut() = kept;
        is_refused(&replayed, &back);
        // A code is of its own attempt.
        let code = parameter(&format!("{PUBLIC}{back}"), "code");
        let again = departed(&other, "/desk/sign-in");
        let path = format!("{CALLBACK}?code={code}&state={}", parameter(&again, "state"));
        asked(&province, &other, &path).refused(403, "openid_refused");
        // Who is recognised is so once.
        let (mine, path) = (Browser::new(&province), "/desk/sign-in");
        assert_eq!(location(&mine.get(&sign_in_there(&departed(&mine, path), "moi.042085000123"))), CONFIRM);
        let filled = form(&mine.page(CONFIRM), "confirm").with("username", "mai").with("password", PASSWORD);
        let kept = mine.cookies.borrow().clone();
        assert_eq!(mine.send(&filled).status, 303);
        *mine.cookies.borrow_mut() = kept;
        refused(&province, &mine, &filled, 403, "openid_not_begun_here");
        // Who says no at the provider is told so.
        let no = departed(&mine, path);
        let path = format!("{CALLBACK}?error=access_denied&state={}", parameter(&no, "state"));
        asked(&province, &mine, &path).refused(403, "openid_refused");
    });
}

#[test]
fn a_second_factor_is_asked_for_beside_another_authority() {
    let Some(issuer) = real() else { return };
    on_both(|engine| {
        let mut province = Province::with(engine, &[]);
        let person = officer(&province, "mai", Some(NUMBER));
        let (app, recovery) = set_up(&province, &person);
        province.restart(&[&flags(issuer)[..], &["--second-factor", "required"]].concat());
        let browser = Browser::new(&province);
        assert_eq!(location(&come_back(&browser, LOGIN)), CONFIRM);
        let lacks = confirmed(&browser, "mai", PASSWORD);
        assert!(lacks.status == 422 && lacks.text.contains("cần thêm mã xác nhận"), "{}", lacks.text);
        let filled = form(&lacks.text, "confirm").with("username", "mai").with("password", PASSWORD);
        assert_eq!(location(&browser.send(&filled.with("code", &code(&app, 1)))), "/desk/ideas");

        let next = Browser::new(&province);
        assert_eq!(location(&come_back(&next, LOGIN)), CONFIRM);
        assert!(!is_signed_in(&next));
        let page = next.page(CONFIRM);
        for typed in ["", "000000", &code(&app, 1)] {
            assert_eq!(next.send(&form(&page, "enter").with("code", typed)).status, 422, "{typed}");
        }
        assert!(!is_signed_in(&next));
        assert_eq!(location(&next.send(&form(&page, "enter").with("code", &recovery[0]))), "/desk/ideas");
        assert!(is_signed_in(&next));
    });
}

#[test]
fn who_has_several_accounts_chooses_among_those_that_were_confirmed() {
    let Some(issuer) = real() else { return };
    on_both(|engine| {
        let province = Province::with(engine, &flags(issuer));
        officer(&province, "mai", Some(NUMBER));
        let second = officer(&province, "mai-2", Some(NUMBER));
        let foreign = officer(&province, "mai-3", Some(NUMBER));
        let browser = Browser::new(&province);
        assert_eq!(location(&come_back(&browser, LOGIN)), CONFIRM);
        assert_eq!(location(&confirmed(&browser, "mai", PASSWORD)), "/desk/ideas");
        let desk = Browser::of(&province, &second);
        let address = led_on(&desk.send(&form(&desk.page("/desk/sessions"), "link")));
        assert_eq!(location(&desk.get(&sign_in_there(&address, LOGIN))), CONFIRM);
        assert_eq!(location(&confirmed(&desk, "mai-2", PASSWORD)), "/desk/sessions");

        assert_eq!(location(&come_back(&browser, LOGIN)), CONFIRM);
        let page = browser.page(CONFIRM);
        assert!(page.contains("mai (") && page.contains("mai-2 (") && !page.contains("mai-3 ("), "{page}");
        let enter = form(&page, "enter");
        let filled = enter.clone().with("account", &foreign.id);
        refused(&province, &browser, &filled, 403, "openid_identity_differs");
        refused(&province, &browser, &enter.clone().with("account", "x"), 404, "not_found");
        assert_eq!(location(&browser.send(&enter.with("account", &second.id))), "/desk/ideas");
        assert!(browser.page("/desk").contains(&format!("/desk/accounts/{}", second.id)));
        // The page of the one who is not linked yet is a link away.
        assert_eq!(location(&come_back(&browser, LOGIN)), CONFIRM);
        let filled = form(&browser.page(&format!("{CONFIRM}?other=1")), "confirm").with("username", "mai-3");
        assert_eq!(location(&browser.send(&filled.with("password", PASSWORD))), "/desk/ideas");
    });
}

/// A sign-in that is on its way at a hostile provider: its nonce, and the path on which it comes back.
fn on_its_way(browser: &Browser) -> (String, String) {
    let address = departed(browser, "/desk/sign-in");
    (parameter(&address, "nonce"), format!("{CALLBACK}?code=any&state={}", parameter(&address, "state")))
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

#[test]
fn no_token_is_believed_that_is_not_the_providers_for_this_sign_in() {
    on_both(|engine| {
        let hostile = &Hostile::start();
        let province = Province::with(engine, &flags(&hostile.issuer));
        let browser = Browser::new(&province);
        let good = |nonce: &str| hostile.claims(nonce);
        let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
        let now = ocop::base::Moment::real_now().utc().timestamp();
        type Forged<'a> = (&'a str, Box<dyn Fn(&str) -> String + 'a>);
        let claims = |name: &'static str, change: &'static str, value: Value| -> Forged<'_> {
            (name, Box::new(move |nonce| hostile.signed(&with(&hostile.claims(nonce), change, value.clone()))))
        };
        let forged: Vec<Forged> = vec![
            claims("another nonce", "nonce", json!("another")),
            claims("no nonce", "nonce", Value::Null),
            claims("another issuer", "iss", json!("https://id.example.vn")),
            claims("another audience", "aud", json!("another")),
            claims("one more audience", "aud", json!(["ocop", "another"])),
            claims("another party", "azp", json!("another")),
            claims("over", "exp", json!(now - 1)),
            claims("no term", "exp", Value::Null),
            ("another key", Box::new(|nonce| Key::new("first").signed(&good(nonce)))),
            ("an unknown key", Box::new(|nonce| Key::new("unknown").signed(&good(nonce)))),
            (
                "the shared secret",
                Box::new(|nonce| {
                    let key = EncodingKey::from_secret(SECRET.as_bytes());
                    jsonwebtoken::encode(&Header::default(), &good(nonce), &key).unwrap()
                }),
            ),
            (
                "no signature",
                Box::new(|nonce| {
                    // {"alg":"none"}
                    format!("eyJhbGciOiJub25lIn0.{}.", parts(&hostile.signed(&good(nonce)))[1])
                }),
            ),
            (
                "another's claims",
                Box::new(|nonce| {
                    let (own, other) =
                        (hostile.signed(&good(nonce)), hostile.signed(&with(&good(nonce), "sub", json!("x"))));
                    format!("{}.{}.{}", parts(&own)[0], parts(&own)[1], parts(&other)[2])
                }),
            ),
            ("no token", Box::new(|_| String::new())),
        ];
        for (name, forge) in &forged {
            let (nonce, path) = on_its_way(&browser);
            hostile.give(&forge(&nonce));
            let reply = asked(&province, &browser, &path);
            assert_eq!(reply.status, 403, "{name}: {}", reply.text);
            reply.refused(403, "openid_refused");
        }
        for answer in
            [r#"{"error": "invalid_grant"}"#, "{}", "no JSON", r#"{"access_token": "a", "token_type": "Bearer"}"#]
        {
            let (_, path) = on_its_way(&browser);
            hostile.say("/token", if answer.contains("error") { 400 } else { 200 }, "", answer.to_owned());
            asked(&province, &browser, &path).refused(403, "openid_refused");
        }
        // Nothing is asked for elsewhere, and no answer without an end is read.
        let (_, path) = on_its_way(&browser);
        let elsewhere = format!("location: {}/elsewhere\r\n", hostile.issuer);
        hostile.say("/token", 307, &elsewhere, "{}".to_owned());
        asked(&province, &browser, &path).refused(403, "openid_refused");
        assert_eq!(hostile.times("/elsewhere"), 0);
        let (_, path) = on_its_way(&browser);
        hostile.say("/token", 200, "", " ".repeat(300 << 10));
        asked(&province, &browser, &path).refused(503, "openid_unreachable");
        // What it says of itself was asked for once, and again for the key that was not known, if that much later.
        assert!(hostile.times("/keys") <= 2, "{:?}", hostile.times("/keys"));

        let (nonce, path) = on_its_way(&browser);
        hostile.give(&hostile.signed(&good(&nonce)));
        assert_eq!(location(&browser.get(&path)), CONFIRM, "what is right is taken");
    });
}

#[test]
fn without_the_other_authority_all_else_goes_on() {
    on_both(|engine| {
        let mut hostile = Hostile::start();
        let mut province = Province::with(engine, &flags(&hostile.issuer));
        officer(&province, "mai", Some(NUMBER));
        {
            let browser = Browser::new(&province);
            let (_, path) = on_its_way(&browser);
            hostile.stop();
            asked(&province, &browser, &path).refused(503, "openid_unreachable");
        }
        // It starts without it too.
        province.restart(&flags(&hostile.issuer));
        let browser = Browser::new(&province);
        let begin = form(&browser.page("/desk/sign-in"), "oidc");
        for _ in 0..2 {
            refused(&province, &browser, &begin, 503, "openid_unreachable");
        }
        assert_eq!(browser.sign_in("mai", PASSWORD, "/desk/sign-in").status, 303);
        // Where no provider is named, there is nothing of all this.
        province.restart(&[]);
        let browser = Browser::new(&province);
        assert!(!browser.page("/desk/sign-in").contains("/desk/oidc"));
        for path in [CALLBACK, CONFIRM] {
            assert_eq!(browser.get(path).status, 404, "{path}");
        }
        assert_eq!(browser.send(&begin).status, 404);
    });
}

#[test]
fn who_waits_for_an_authority_that_says_nothing_keeps_nobody_waiting() {
    // It takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let province = Province::with(Engine::Sqlite, &flags(&format!("http://{}", silent.local_addr().unwrap())));
    let (begun, mut waiting) = (Instant::now(), Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let browser = Browser::new(&province);
                let begin = form(&browser.page("/desk/sign-in"), "oidc");
                refused(&province, &browser, &begin, 503, "openid_unreachable");
            });
        }
        // The first is under way by the time that somebody is connected.
        waiting.push(silent.accept().unwrap());
        let asked = Instant::now();
        assert_eq!(Browser::new(&province).get("/desk/sign-in").status, 200);
        assert!(asked.elapsed().as_secs() < 3, "{:?}", asked.elapsed());
    });
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

#[test]
fn nobody_is_led_elsewhere_by_another_authority() {
    on_both(|engine| {
        let hostile = Hostile::start();
        let province = Province::with(engine, &flags(&hostile.issuer));
        officer(&province, "mai", Some(NUMBER));
        let mut led = Vec::new();
        for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
            let browser = Browser::new(&province);
            let begin = form(&browser.page("/desk/sign-in"), "oidc").with("next", next);
            let address = led_on(&browser.send(&begin));
            hostile.give(&hostile.signed(&hostile.claims(&parameter(&address, "nonce"))));
            let path = format!("{CALLBACK}?code=any&state={}", parameter(&address, "state"));
            led.push(location(&browser.get(&path)).to_owned());
            if led.len() == 1 {
                assert_eq!(location(&confirmed(&browser, "mai", PASSWORD)), "/desk");
            }
        }
        assert_eq!(led, [CONFIRM, "/desk", "/desk"]);
        // Another site begins no sign-in and confirms none.
        let browser = Browser::new(&province);
        let begin = form(&browser.page("/desk/sign-in"), "oidc");
        let cross = browser.request(Method::POST, &begin.action).header("sec-fetch-site", "cross-site");
        assert_eq!(browser.answer(filled_in(cross, &begin)).status, 403);
        refused(&province, &browser, &begin.without("csrf"), 403, "forged_form");
    });
}
