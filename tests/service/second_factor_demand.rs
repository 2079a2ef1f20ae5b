//! A second factor that the settings ask for: of whom, what is left to who has none, and that it is told.

use std::io::Read;
use std::time::{Duration, Instant};

use ocop::account::second_factor_demand::OPEN;
use reqwest::Method;
use serde_json::json;

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::{Person, Reply};
use crate::rights::{OPEN_ON_THE_DESK, addresses_of_the_desk};
use crate::routes::{Filled, routes};
use crate::second_factor::set_up;
use crate::walk::{Walk, id};

const REQUIRED: [&str; 2] = ["--second-factor", "required"];
const CODE: &str = "second_factor_not_set_up";

/// Those of whom it is asked, and others.
fn asked(filled: &Filled) -> ([&Person; 5], [&Person; 5]) {
    let walk = &filled.walk;
    let asked = [&walk.admin, &walk.office, &walk.signatory, filled.district.chair(), &filled.district.secretary];
    (asked, [&walk.here.producer, &walk.here.commune, &walk.inspector, &walk.supervisor, &filled.district.scorers[2]])
}

#[test]
fn where_it_is_required_no_route_answers_anything_else_before() {
    on_both(|engine| {
        let mut filled = Filled::new(engine);
        filled.walk.province.restart(&REQUIRED);
        let province = &filled.walk.province;
        let (asked, others) = asked(&filled);
        let refused = |person: &Person, route: &crate::routes::Route| {
            let (if_match, body) = if route.writes() { (Some("*"), "{}") } else { (None, "") };
            let reply = province.raw(&route.method, Some(person), &route.path(&filled.here), if_match, body);
            reply.status == 403 && reply.json()["code"] == CODE
        };
        let signed_in = || routes().into_iter().filter(|route| !route.is_public);
        for route in signed_in() {
            let is_open = OPEN.contains(&format!("/api/v1{}", route.template).as_str());
            for person in asked {
                assert_eq!(refused(person, &route), !is_open, "{}", route.name());
            }
        }
        for person in others {
            assert!(signed_in().filter(|route| route.method == Method::GET).all(|route| !refused(person, &route)));
        }

        let led = "/desk/second-factor";
        for person in [asked[0], asked[3]] {
            let browser = Browser::of(province, person);
            for (path, address, method) in addresses_of_the_desk() {
                if method != Method::GET || OPEN_ON_THE_DESK.contains(&path.as_str()) {
                    continue;
                }
                let reply = Reply::of(browser.request(method, &address).header("accept", "text/html").send().unwrap());
                if OPEN.contains(&path.as_str()) {
                    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
                } else {
                    assert!(reply.status == 303 && reply.headers["location"] == led, "{path}: {}", reply.status);
                }
            }
            assert!(browser.page(led).contains("phải bật trước khi làm việc khác"));
            // What a page would order is not done either.
            let page = browser.page("/desk/password");
            let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            let order = browser.request(Method::POST, "/desk/ideas").header("accept", "text/html");
            let order = order.header("content-type", "application/x-www-form-urlencoded");
            let reply = Reply::of(order.body(format!("csrf={token}")).send().unwrap());
            assert!(reply.status == 303 && reply.headers["location"] == led, "{}: {}", reply.status, reply.text);
        }

        set_up(province, asked[1]);
        province.get(asked[1], "/councils").ok();
        let me = province.get(asked[1], "/me").ok();
        assert_eq!(me["second_factor"], json!({"set_up": true, "demand": "required"}));
        let me = province.get(others[0], "/me").ok();
        assert_eq!(me["second_factor"], json!({"set_up": false, "demand": "off"}));
    });
}

#[test]
fn who_is_given_the_chair_of_a_council_is_asked_from_then_on_also_in_a_stream() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        // The office sets its own up before, and appoints.
        set_up(&walk.province, &walk.office);
        let (form, people, _) = walk.council_form("42", 1, 3);
        walk.province.restart(&REQUIRED);
        let province = &walk.province;
        let follow = |person: &Person| {
            let request = province.request(Method::GET, "/changes").bearer_auth(&person.token);
            request.header("accept", "text/event-stream").send().unwrap()
        };
        let mut stream = follow(&people[0]);
        assert_eq!(stream.status(), 200);
        let council = id(&province.post(&walk.office, "/councils", form).created());
        let appointed = Instant::now();
        stream.read_to_string(&mut String::new()).unwrap();
        // By itself it would have gone on for a minute.
        assert!(appointed.elapsed() < Duration::from_secs(40));
        assert_eq!(follow(&people[0]).status(), 403);
        province.get(&people[0], &format!("/councils/{council}")).refused(403, CODE);
        province.get(&people[2], &format!("/councils/{council}")).ok();
        set_up(province, &people[0]);
        province.get(&people[0], &format!("/councils/{council}")).ok();
    });
}

#[test]
fn where_it_is_recommended_it_is_told_and_where_it_is_off_it_is_not() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        for (setting, demand, is_told) in [("recommended", "recommended", true), ("off", "off", false)] {
            walk.province.restart(&["--second-factor", setting]);
            let province = &walk.province;
            let me = province.get(&walk.signatory, "/me").ok();
            assert_eq!(me["second_factor"], json!({"set_up": false, "demand": demand}));
            let told = |person: &Person| {
                Browser::of(province, person)
                    .page("/desk")
                    .contains("href=\"/desk/second-factor\">Bật xác thực hai bước")
            };
            assert_eq!((told(&walk.signatory), told(&walk.here.producer)), (is_told, false), "{setting}");
        }
        walk.province.restart(&[]);
        let province = &walk.province;
        assert_eq!(province.get(&walk.signatory, "/me").ok()["second_factor"]["demand"], "recommended", "the default");
        set_up(province, &walk.signatory);
        let page = Browser::of(province, &walk.signatory).page("/desk");
        assert!(!page.contains("Bật xác thực hai bước"), "{page}");
    });
}
