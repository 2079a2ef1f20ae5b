//! Guessing passwords is slow, and slows nobody else.

use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use ocop::account::password;
use ocop::base::{Error, Moment};
use ocop::db::schema::sign_in_failures;
use reqwest::Method;
use serde_json::json;

use crate::desk_browser::Browser;
use crate::engine::on_both;
use crate::province::{PASSWORD, Province, Reply, Server};

const STRANGER: &str = "198.51.100.7";
const OWNER: &str = "203.0.113.7";

/// A sign-in from an address, as the proxy on this machine tells it.
fn try_from(province: &Province, address: &str, username: &str, password: &str) -> Reply {
    let request = province.request(Method::POST, "/auth/token").header("x-forwarded-for", address);
    Reply::of(request.json(&json!({"username": username, "password": password})).send().unwrap())
}

fn statuses(province: &Province, address: &str, username: &str, tries: usize) -> Vec<u16> {
    (0..tries).map(|_| try_from(province, address, username, "a wrong password").status.as_u16()).collect()
}

/// Lets as much time pass as somebody who waited would have seen.
fn pass(province: &Province, seconds: i64) {
    let earlier = Moment::real_now().plus(chrono::Duration::seconds(-seconds));
    let set = diesel::update(sign_in_failures::table).set(sign_in_failures::failed_at.eq(earlier));
    province.app.database.write_now(|connection| Ok::<_, Error>(set.execute(connection)?)).unwrap();
}

fn rows(province: &Province) -> i64 {
    let count = sign_in_failures::table.count();
    province.app.database.read_now(|connection| Ok::<_, Error>(count.get_result(connection)?)).unwrap()
}

#[test]
fn a_stranger_is_slowed_and_the_owner_elsewhere_is_not() {
    on_both(|engine| {
        let province = Province::new(engine);
        let begun = Instant::now();
        let answers = statuses(&province, STRANGER, "admin", 200);
        let judged = answers.iter().filter(|status| **status == 401).count();
        eprintln!("{engine:?}: 200 wrong passwords in {:?}, {judged} judged", begun.elapsed());
        assert!(answers.iter().all(|status| [401, 429].contains(status)), "{answers:?}");
        assert!((6..=8).contains(&judged), "{judged} were judged: {answers:?}");
        // The right password is not even looked at.
        let refused = try_from(&province, STRANGER, "admin", PASSWORD);
        let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=11).contains(&wait), "{wait}");
        refused.refused(429, "too_many_failures");
        try_from(&province, OWNER, "admin", PASSWORD).ok();
        // Another address of the same network is the same network, however the name is written.
        try_from(&province, "198.51.100.200", "ADMIN", PASSWORD).refused(429, "too_many_failures");
        // Who waits may try again; a success forgets the failures.
        pass(&province, 12);
        try_from(&province, STRANGER, "admin", PASSWORD).ok();
        assert_eq!(statuses(&province, STRANGER, "admin", 6), [401; 6]);
    });
}

#[test]
fn a_name_that_nobody_has_counts_like_any_other() {
    on_both(|engine| {
        let province = Province::new(engine);
        let (known, unknown) = (statuses(&province, STRANGER, "admin", 8), statuses(&province, STRANGER, "nobody", 8));
        assert_eq!(known[..6], [401; 6]);
        assert_eq!(known[..7], unknown[..7]);
        let stored: Vec<Vec<u8>> = province
            .app
            .database
            .read_now(|connection| {
                Ok::<_, Error>(sign_in_failures::table.select(sign_in_failures::digest).load(connection)?)
            })
            .unwrap();
        assert_eq!(stored.len(), 3, "two names and their network");
        assert!(stored.iter().all(|digest| digest.len() == 32));
    });
}

#[test]
fn many_tries_at_once_are_judged_no_oftener() {
    on_both(|engine| {
        let province = Province::new(engine);
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let sent: Vec<_> = (0..100)
                .map(|_| scope.spawn(|| try_from(&province, STRANGER, "admin", "a wrong password").status.as_u16()))
                .collect();
            sent.into_iter().map(|answer| answer.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|status| [401, 429, 503].contains(status)), "{answers:?}");
        let judged = answers.iter().filter(|status| **status == 401).count();
        assert!((6..=8).contains(&judged), "{judged} were judged");
        try_from(&province, OWNER, "admin", PASSWORD).ok();
    });
}

#[test]
fn instances_count_together() {
    on_both(|engine| {
        let province = Province::new(engine);
        let twin = province.twin();
        let to = |server: &Server| {
            let url = format!("http://{}/api/v1/auth/token", server.address);
            let client = reqwest::blocking::Client::new();
            let form = json!({"username": "admin", "password": "a wrong password"});
            client.post(url).header("x-forwarded-for", STRANGER).json(&form).send().unwrap().status().as_u16()
        };
        assert_eq!(statuses(&province, STRANGER, "admin", 3), [401; 3]);
        assert_eq!([to(&twin), to(&twin), to(&twin)], [401; 3]);
        assert_eq!((to(&twin), statuses(&province, STRANGER, "admin", 1)[0]), (429, 429));
    });
}

#[test]
fn names_by_the_dozen_slow_their_network_but_not_who_is_at_home_there() {
    on_both(|engine| {
        let province = Province::new(engine);
        province.hire("office", "provincial_officer", Some("42"), None);
        try_from(&province, STRANGER, "admin", PASSWORD).ok();
        for number in 0..61 {
            let status = try_from(&province, STRANGER, &format!("name-{number}"), "a wrong password").status;
            assert_eq!(status, 401, "{number}");
        }
        try_from(&province, STRANGER, "name-100", "a wrong password").refused(429, "too_many_failures");
        try_from(&province, STRANGER, "office", PASSWORD).refused(429, "too_many_failures");
        try_from(&province, STRANGER, "admin", PASSWORD).ok();
        try_from(&province, OWNER, "office", PASSWORD).ok();
        assert_eq!(rows(&province), 62, "what is too early writes nothing");
        pass(&province, 61);
        try_from(&province, STRANGER, "office", PASSWORD).ok();
    });
}

#[test]
fn twelve_tablets_behind_one_address_sign_in() {
    on_both(|engine| {
        let province = Province::new(engine);
        for number in 0..12 {
            province.hire(&format!("tablet-{number}"), "council_member", None, None);
        }
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for number in 0..12 {
                let (province, username) = (&province, format!("tablet-{number}"));
                scope.spawn(move || {
                    for _ in 0..3 {
                        try_from(province, OWNER, &username, "ocop-demo-2202").refused(401, "wrong_credentials");
                    }
                    try_from(province, OWNER, &username, PASSWORD).ok();
                });
            }
        });
        let took = begun.elapsed();
        eprintln!("{engine:?}: twelve tablets, three typos each, in {took:?}");
        assert!(took < Duration::from_secs(60), "{took:?}");
    });
}

#[test]
fn wrong_old_passwords_count_too() {
    on_both(|engine| {
        let province = Province::new(engine);
        let officer = province.hire("office", "provincial_officer", Some("42"), None);
        let change = |old: &str| {
            let form = json!({"old_password": old, "new_password": "a much better one"});
            province.post(&officer, "/auth/password", form)
        };
        for _ in 0..6 {
            change("a wrong password").fault("/old_password", "wrong_password");
        }
        change(PASSWORD).refused(429, "too_many_failures");
        pass(&province, 61);
        assert_eq!(change(PASSWORD).status, 204);
        assert_eq!(rows(&province), 1, "the network's");
        province.sign_in_with("office", "a much better one");
    });
}

#[test]
fn who_waits_to_be_hashed_keeps_nobody_from_writing() {
    on_both(|engine| {
        let province = Province::new(engine);
        let admin = province.sign_in("admin");
        let office = province.hire("office", "provincial_officer", Some("42"), None);
        let turns = &province.app.password_turns;
        let system = actix_web::rt::System::new();
        let take_all = |count: usize| {
            system.block_on(async {
                let mut held = Vec::new();
                for _ in 0..count {
                    let mut turn = Box::pin(turns.take());
                    let taken = turn.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    held.push((turn, taken));
                }
                held
            })
        };
        let form = json!({"username": "supervisor", "password": PASSWORD, "name": "Ai", "role": "supervisor", "unit_code": "42"});
        let held = take_all(password::HASHING.at_once);
        std::thread::scope(|scope| {
            let made = scope.spawn(|| province.post(&admin, "/accounts", form.clone()).created());
            // Years for which the edition of the form makes cycles.
            for year in [2019, 2020, 2022, 2023] {
                province.post(&office, "/cycles", crate::walk::cycle_form(year)).created();
            }
            drop(held);
            made.join().unwrap();
        });
        let held = take_all(password::HASHING.at_once + password::HASHING.waiting);
        let refused = try_from(&province, OWNER, "office", PASSWORD);
        assert!(refused.headers.contains_key("retry-after"));
        refused.refused(503, "busy");
        drop(held);
        try_from(&province, OWNER, "office", PASSWORD).ok();
    });
}

#[test]
fn an_account_is_told_who_signed_in_and_who_tried() {
    on_both(|engine| {
        let province = Province::new(engine);
        let owner = province.sign_in("admin");
        let office = province.person("office", "provincial_officer", Some("42"));
        try_from(&province, OWNER, "office", PASSWORD).ok();
        assert_eq!(statuses(&province, STRANGER, "office", 3), [401; 3]);
        assert_eq!(statuses(&province, STRANGER, "nobody", 2), [401; 2]);
        let browser = Browser::signed_in(&province, "office");
        // Its owner reads networks, never addresses; so does an administrator, and nobody else.
        let path = format!("/accounts/{}/sign-ins", office.id);
        let tries = |person| province.get(person, &path).ok()["items"].as_array().unwrap().clone();
        let told = tries(&office);
        let networks: Vec<&str> = told.iter().map(|one| one["network"].as_str().unwrap()).collect();
        let [own, stranger, here] = ["203.0.113.0/24", "198.51.100.0/24", "127.0.0.0/24"];
        assert_eq!(networks, [here, stranger, stranger, stranger, own, here]);
        let succeeded: Vec<bool> = told.iter().map(|one| one["succeeded"].as_bool().unwrap()).collect();
        assert_eq!(succeeded, [true, false, false, false, true, true]);
        assert_eq!(tries(&owner), told);
        province.get(&office, &format!("/accounts/{}/sign-ins", owner.id)).refused(404, "not_found");
        let page = browser.page("/desk/sessions");
        assert!(page.contains("Số lần sai mật khẩu giữa hai lần đăng nhập cuối: 3"), "{page}");
        assert!(page.contains(stranger) && !page.contains(STRANGER), "{page}");
        let page = Browser::of(&province, &owner).page(&format!("/desk/accounts/{}", office.id));
        assert!(page.contains(stranger) && page.contains(own), "{page}");
    });
}

#[test]
fn no_stranger_slows_an_account_where_it_signed_in_before() {
    on_both(|engine| {
        let province = Province::new(engine);
        try_from(&province, OWNER, "admin", PASSWORD).ok();
        // From many networks, and as much as the owner's own network takes over other names.
        for network in 0..40 {
            statuses(&province, &format!("198.18.{network}.1"), "admin", 3);
        }
        for name in 0..14 {
            statuses(&province, OWNER, &format!("other-{name}"), 5);
        }
        try_from(&province, OWNER, "somebody", PASSWORD).refused(429, "too_many_failures");
        try_from(&province, OWNER, "admin", PASSWORD).ok();
    });
}
