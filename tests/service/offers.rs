//! What a resource says may be done with it is what may be done: tried by everybody, with bodies that no step takes, so that
//! nothing changes while all is tried.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::engine::on_both;
use crate::routes::{Filled, Things};

/// A body that every form refuses (422), after everything that is asked before the body was asked.
const REFUSED: &str = "{\"unheard_of\": true}";

/// Where a verb is taken, behind the address of its thing.
fn route(path: &str, verb: &str) -> Option<(Method, String)> {
    match (path, verb) {
        (_, "change") => Some((Method::PATCH, String::new())),
        ("shops", "products") => Some((Method::PUT, "/products".into())),
        ("lots", "add-inputs") => Some((Method::POST, "/inputs".into())),
        ("lots", "add-event") => Some((Method::POST, "/events".into())),
        ("agenda-items", "remark") => Some((Method::POST, "/remarks".into())),
        ("agenda-items", "survey") => Some((Method::POST, "/surveys".into())),
        ("agenda-items", "draft-report") => Some((Method::POST, "/group-reports".into())),
        ("agenda-items", "appeal") => Some((Method::POST, "/appeals".into())),
        ("agenda-items/{id}/sheet", "write") => Some((Method::PUT, String::new())),
        ("products", "set-stamp-limit") => Some((Method::PUT, "/stamp-limits".into())),
        ("stamp-orders", "make-link") => Some((Method::POST, "/export-links".into())),
        ("dossiers", "record-visit") => Some((Method::POST, "/visits".into())),
        // An upload is refused for its media type before its state is asked.
        ("ideas", "add-paper")
        | ("decisions", "add-original")
        | ("products", "add-document" | "add-picture")
        | ("inspections", "add-file" | "add-reply-paper")
        | ("support-claims", "add-paper" | "add-minutes")
        | ("surveys", "add-photograph" | "add-test-paper") => None,
        // Taken for many at once, at an address of its own.
        ("producers", "reassign") => None,
        _ => Some((Method::POST, format!("/{verb}"))),
    }
}

/// The address of the thing of a kind that is here; its id may stand within.
fn address(here: &Things, path: &str) -> String {
    match path.split_once("/{id}") {
        Some((kind, rest)) => format!("/{kind}/{}{rest}", here.id(kind)),
        // Things are known by the first part of their address.
        None => format!("/{path}/{}", here.id(path.split('/').next().unwrap())),
    }
}

fn verbs(of: &Value) -> BTreeSet<String> {
    of.as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_offered_is_refused_for_its_body_alone_and_nothing_else_is_taken() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let province = &filled.walk.province;
        let (mut offered, mut explained, mut forbidden) = (0, 0, 0);
        for right in ocop::permissions::table() {
            let Some((method, rest)) = route(right.path, right.verb).filter(|_| right.verb != "create") else {
                continue;
            };
            let address = address(&filled.here, right.path);
            for (who, person) in filled.everybody() {
                let shown = province.get(person, &format!("{address}?explain=actions"));
                let place = format!("{who}: {method} {address}{rest}");
                let expected = if [403, 404].contains(&shown.status.as_u16()) {
                    shown.status.as_u16()
                } else {
                    let shown = shown.ok();
                    let told = shown["explained_actions"].as_array().unwrap();
                    let problem = told.iter().find(|told| told["verb"] == right.verb).map(|told| &told["problem"]);
                    match (verbs(&shown["actions"]).contains(right.verb), problem) {
                        (true, None) => 422,
                        (false, Some(problem)) => {
                            assert!(!problem["detail"].as_str().unwrap().is_empty(), "{place}");
                            problem["status"].as_u64().unwrap().try_into().unwrap()
                        }
                        (false, None) => 403,
                        (true, Some(_)) => panic!("{place}: offered and refused"),
                    }
                };
                let reply = province.raw(&method, Some(person), &format!("{address}{rest}"), Some("*"), REFUSED);
                assert_eq!(reply.status.as_u16(), expected, "{place}: {}", reply.text);
                match expected {
                    422 => offered += 1,
                    409 => explained += 1,
                    _ => forbidden += 1,
                }
            }
        }
        assert!(offered > 10 && explained > 10 && forbidden > 50, "{offered} {explained} {forbidden}");
    });
}

#[test]
fn a_list_tells_actions_counts_and_refuses_other_filters() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let (province, office) = (&filled.walk.province, &filled.walk.office);
        for path in [
            "accounts",
            "producers",
            "registrations",
            "cycles",
            "criteria-sets",
            "products",
            "shops",
            "ideas",
            "plans",
            "dossiers",
            "councils",
            "agenda-items",
            "surveys",
            "group-reports",
            "appeals",
            "decisions",
            "certificates",
            "result-notices",
            "lots",
            "holds",
            "inspection-plans",
            "inspections",
            "support-policies",
            "support-claims",
            "rewards",
            "stamp-orders",
            "doubts",
            "stamps/suspects",
        ] {
            let all = province.all(office, &format!("/{path}"));
            let page = province.get(office, &format!("/{path}?count=true&limit=1&explain=actions")).ok();
            assert_eq!(page["total"].as_u64().unwrap(), u64::try_from(all.len()).unwrap(), "{path}");
            assert!(page["items"][0]["actions"].is_array() && page["items"][0]["explained_actions"].is_array());
            assert!(province.get(office, &format!("/{path}")).ok().get("total").is_none());
            assert!(all[0].get("explained_actions").is_none());
            province.get(office, &format!("/{path}?count=perhaps")).refused(422, "invalid");
            province.get(office, &format!("/{path}?colour=red")).refused(422, "invalid");
        }
    });
}

#[test]
fn of_two_changes_at_one_version_one_wins_and_the_other_is_told_so() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let (province, office) = (&filled.walk.province, &filled.walk.office);
        let changes = [
            ("accounts", &filled.walk.admin, "name"),
            ("producers", office, "address"),
            ("products", office, "story"),
            ("shops", office, "address"),
        ];
        for (kind, person, field) in changes {
            let address = format!("/{kind}/{}", filled.here.id(kind));
            let version = province.get(person, &address).ok()["version"].as_i64().unwrap();
            let tag = format!("\"{version}\"");
            let change = |number: usize| {
                let body = format!("{{\"{field}\": \"Số {number}\"}}");
                province.raw(&Method::PATCH, Some(person), &address, Some(&tag), body).status.as_u16()
            };
            let change = &change;
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let tried: Vec<_> = (0..8).map(|number| scope.spawn(move || change(number))).collect();
                tried.into_iter().map(|tried| tried.join().unwrap()).collect()
            });
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{kind}: {statuses:?}");
            assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{kind}: {statuses:?}");
        }
    });
}
