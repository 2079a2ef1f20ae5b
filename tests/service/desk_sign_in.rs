//! Signing in to the desk: sessions, forms that only our pages send, and what ends a session.

use reqwest::Method;
use serde_json::json;

use crate::desk_browser::{Browser, filled_in, form};
use crate::engine::on_both;
use crate::html::between;
use crate::province::{PASSWORD, Province};
use crate::walk::Walk;

const PAGE: &str = "/desk/ideas";

fn is_signed_in(browser: &Browser) -> bool {
    match browser.get(PAGE).status.as_u16() {
        200 => true,
        303 => false,
        other => panic!("{other}"),
    }
}

#[test]
fn one_signs_in_and_out_and_goes_where_one_wanted_to_go() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let browser = Browser::new(&walk.province);
        let reply = browser.get("/desk/ideas?state=draft");
        assert_eq!(reply.status, 303);
        let sign_in = reply.headers["location"].to_str().unwrap().to_owned();
        assert_eq!(sign_in, "/desk/sign-in?next=%2Fdesk%2Fideas%3Fstate%3Ddraft");
        for (username, password) in [("nobody", PASSWORD), ("office", "not the password")] {
            let reply = browser.sign_in(username, password, &sign_in);
            assert_eq!(reply.status, 422);
            assert!(reply.text.contains("Sai tên đăng nhập hoặc mật khẩu.") && reply.text.contains(username));
        }
        let reply = browser.sign_in("office", PASSWORD, &sign_in);
        assert_eq!(
            (reply.status.as_u16(), &reply.headers["location"]),
            (303, &"/desk/ideas?state=draft".parse().unwrap())
        );
        let cookie = reply.headers["set-cookie"].to_str().unwrap();
        for part in ["ocop_session=", "HttpOnly", "SameSite=Lax", "Path=/desk"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let page = browser.page("/desk/ideas?state=draft");
        assert!(page.contains("Ông office") && page.contains("Văn phòng điều phối tỉnh"));
        // The cookie is for the desk alone: the API knows nobody by it.
        assert_eq!(browser.answer(browser.request(Method::GET, "/api/v1/ideas")).status, 401);
        // What the browser kept goes with the session, but what waits in a sheet to be sent.
        let over = browser.send(&form(&page, "sign-out"));
        assert_eq!((over.status.as_u16(), &over.headers["location"]), (303, &"/desk/sign-in".parse().unwrap()));
        assert_eq!(over.headers["clear-site-data"], "\"cache\"");
        assert!(!is_signed_in(&browser));
    });
}

#[test]
fn every_account_that_an_example_offers_is_one_press_away() {
    on_both(|engine| {
        for (demo, most) in [(Province::demo(engine), 10), (Province::second_demo(engine), 9)] {
            let page = Browser::new(&demo).page("/desk/sign-in");
            let offered = between(&page, "name=\"username\" value=\"", "\"");
            let offered: Vec<&str> = offered.into_iter().filter(|username| !username.is_empty()).collect();
            assert_eq!(offered.len(), most, "{offered:?}");
            for username in offered {
                Browser::of_demo(&demo, username).page("/desk");
            }
        }
    });
}

#[test]
fn nobody_is_led_to_another_site() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        for next in ["https://evil.example", "//evil.example", "/%5Cevil.example", "%5C%5Cevil.example", ""] {
            let reply = Browser::new(&walk.province).sign_in("office", PASSWORD, &format!("/desk/sign-in?next={next}"));
            assert_eq!(reply.headers["location"], "/desk", "{next}");
        }
    });
}

#[test]
fn a_session_that_somebody_put_there_is_not_gone_on_with() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let attacker = Browser::signed_in(&walk.province, "idle");
        let planted = attacker.cookies.borrow()["ocop_session"].clone();
        let victim = Browser::new(&walk.province);
        victim.cookies.borrow_mut().insert("ocop_session".into(), planted.clone());
        let page = victim.page("/desk/sign-in");
        let reply = victim.send(&form(&page, "sign-in").with("username", "office").with("password", PASSWORD));
        assert_eq!(reply.status, 303);
        assert_ne!(victim.cookies.borrow()["ocop_session"], planted);
        assert!(is_signed_in(&victim) && !is_signed_in(&attacker));
        let made_up = Browser::new(&walk.province);
        made_up.cookies.borrow_mut().insert("ocop_session".into(), "x".into());
        assert!(!is_signed_in(&made_up));
    });
}

#[test]
fn only_our_pages_send_forms() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let browser = Browser::signed_in(&walk.province, "office");
        let other = Browser::signed_in(&walk.province, "admin");
        let out = form(&browser.page(PAGE), "sign-out");
        let foreign = form(&other.page(PAGE), "sign-out").value("csrf").to_owned();
        for token in [String::new(), "0".repeat(64), foreign] {
            assert_eq!(browser.send(&out.clone().with("csrf", &token)).status, 403);
        }
        assert_eq!(browser.send(&out.clone().without("csrf")).status, 403);
        let cross = filled_in(browser.request(Method::POST, &out.action).header("sec-fetch-site", "cross-site"), &out);
        assert_eq!(browser.answer(cross).status, 403);
        let origin =
            filled_in(browser.request(Method::POST, &out.action).header("origin", "https://evil.example"), &out);
        assert_eq!(browser.answer(origin).status, 403);
        // A link in a letter opens a page; a picture on another site loads none.
        let from = |mode: &str, destination: &str| {
            let request = browser.request(Method::GET, PAGE).header("sec-fetch-site", "cross-site");
            browser.answer(request.header("sec-fetch-mode", mode).header("sec-fetch-dest", destination)).status.as_u16()
        };
        assert_eq!(
            (from("navigate", "document"), from("no-cors", "image"), from("navigate", "iframe")),
            (200, 403, 403)
        );
        // A sign-in's form is of the page that one was shown.
        let stranger = Browser::new(&walk.province);
        let form =
            form(&stranger.page("/desk/sign-in"), "sign-in").with("username", "office").with("password", PASSWORD);
        assert_eq!(stranger.send(&form.clone().without("csrf")).status, 403);
        assert_eq!(Browser::new(&walk.province).send(&form).status, 403);
        assert!(is_signed_in(&browser));
    });
}

#[test]
fn a_session_ends_by_hand_by_another_password_and_with_its_account() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let (desk, phone) =
            (Browser::signed_in(&walk.province, "office"), Browser::signed_in(&walk.province, "office"));
        let page = desk.page("/desk/sessions");
        assert_eq!(page.matches("data-verb=\"end\"").count(), 2);
        assert!(page.contains("127.0.0.1") && page.contains("ocop-test/1"));
        // The other's: this one's line says so.
        let others: Vec<&str> =
            page.split("<tr>").filter(|row| row.contains("data-verb=\"end\"") && !row.contains("đang dùng")).collect();
        assert_eq!(desk.done(&form(others[0], "end")), "/desk/sessions");
        assert!(is_signed_in(&desk) && !is_signed_in(&phone));
        let stranger = Browser::signed_in(&walk.province, "admin");
        let own = form(&page, "end").action;
        let csrf = form(&stranger.page("/desk/sessions"), "end").value("csrf").to_owned();
        let taken = crate::desk_browser::Filled { action: own, fields: vec![("csrf".into(), csrf)] };
        assert_eq!(stranger.send(&taken).status, 404);

        let change = form(&desk.page("/desk/password"), "password");
        let reply = desk.send(&change.clone().with("old_password", "wrong one here").with("new_password", "short"));
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains("href=\"#password-new_password\"") && !reply.text.contains("wrong one here"));
        let reply =
            desk.send(&change.clone().with("old_password", "wrong one here").with("new_password", "long enough now"));
        assert!(reply.status == 422 && reply.text.contains("href=\"#password-old_password\""), "{}", reply.text);
        desk.done(&change.with("old_password", PASSWORD).with("new_password", "long enough now"));
        assert!(!is_signed_in(&desk));
        assert_eq!(desk.sign_in("office", "long enough now", "/desk/sign-in").status, 303);

        let account = format!("/accounts/{}", walk.office.id);
        walk.province.step(&walk.admin, &account, "end", json!({"note": "Nghỉ hưu"})).ok();
        assert!(!is_signed_in(&desk));
    });
}

#[test]
fn what_was_typed_while_the_session_ended_is_sent_after_the_next_sign_in() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let browser = Browser::signed_in(&walk.province, "producer-439");
        let typed = crate::desk::idea(&browser, "Mật ong & hoa \"rừng\"");
        browser.done(&form(&browser.page(PAGE), "sign-out"));
        let reply = browser.send(&typed);
        assert_eq!(reply.status, 401);
        let again = form(&reply.text, "sign-in").with("username", "producer-439").with("password", PASSWORD);
        let reply = browser.send(&again);
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert!(reply.text.contains("Mật ong &#38; hoa"));
        let made = browser.done(&form(&reply.text, "resume"));
        assert!(browser.page(&made).contains("Mật ong &#38; hoa &#34;rừng&#34;"));
    });
}

#[test]
fn the_demo_shows_whom_one_can_be() {
    on_both(|engine| {
        let province = Province::demo(engine);
        let browser = Browser::new(&province);
        let page = browser.page("/desk/sign-in");
        // One press is enough, whoever one wants to be.
        let begin = page[..page.rfind("class=\"button quiet\"").unwrap()].rfind("<form").unwrap();
        let one = page[begin..].replacen("<form method", "<form data-verb=\"try\" method", 1);
        assert_eq!(browser.done(&form(&one, "try")), "/desk");
        assert!(page.matches("class=\"button quiet\"").count() >= 8, "{page}");
    });
}
