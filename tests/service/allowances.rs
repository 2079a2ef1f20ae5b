//! Who asks too often is told when to come back, and nobody else notices.

use reqwest::Method;
use serde_json::json;

use crate::engine::on_both;
use crate::province::{Province, Reply};
use crate::walk::Walk;

/// A registration that nobody could confirm, from an address as the proxy on this machine tells it.
fn register(province: &Province, address: &str, language: &str) -> Reply {
    let request = province.at_site(Method::POST, "/api/v1/registrations").header("x-forwarded-for", address);
    Reply::of(request.header("accept-language", language).json(&json!({})).send().unwrap())
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back_and_stamps_are_shown_all_the_same() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let answers: Vec<Reply> = (0..70).map(|_| register(province, "203.0.113.7", "vi")).collect();
        let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 422);
        assert!((60..=62).contains(&taken.len()), "{} were read", taken.len());
        for answer in refused {
            let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            let problem = answer.refused(429, "too_often");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("Nộp đơn đăng ký quá nhiều lần") && detail.contains(" giây"), "{detail}");
        }
        let problem = register(province, "203.0.113.7", "en").refused(429, "too_often");
        assert!(problem["detail"].as_str().unwrap().contains("Too many registrations"), "{problem}");
        // People are told on a page, with a way on.
        let form = province.at_site(Method::POST, "/register").header("x-forwarded-for", "203.0.113.7");
        let page = Reply::of(
            form.header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
                .body("name=A")
                .send()
                .unwrap(),
        );
        assert_eq!(
            (page.status.as_u16(), page.headers["content-type"].to_str().unwrap()),
            (429, "text/html; charset=utf-8")
        );
        assert!(page.headers.contains_key("retry-after") && page.text.contains("quá nhiều lần"), "{}", page.text);
        // A neighbour is heard, and so is who stands behind a proxy that names nobody.
        assert_eq!(register(province, "203.0.113.8", "vi").status, 422);
        for _ in 0..70 {
            let unnamed = province.request(Method::POST, "/registrations").json(&json!({})).send().unwrap();
            assert_eq!(unnamed.status(), 422);
        }
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        let first_look = |address: &str| {
            let request = province.at_site(Method::GET, &format!("/t/{stamp}")).header("x-forwarded-for", address);
            request.send().unwrap().status().as_u16()
        };
        assert_eq!(first_look("203.0.113.7"), 200);
    });
}

#[test]
fn exports_are_counted_for_the_account() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let export = || province.get(&admin, "/councils/00000000-0000-7000-8000-000000000000/export");
        let answers: Vec<Reply> = (0..130).map(|_| export()).collect();
        let told = answers.iter().filter(|answer| answer.status == 404).count();
        assert!((120..=125).contains(&told), "{told} were answered");
        answers.into_iter().next_back().unwrap().refused(429, "too_often");
        // Another account is another one, and what is no export goes on.
        let office = province.person("office", "provincial_officer", Some("42"));
        province.get(&office, "/councils/00000000-0000-7000-8000-000000000000/export").refused(404, "not_found");
        province.get(&admin, "/me").ok();
    });
}
