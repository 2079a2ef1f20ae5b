//! Every route, as nobody, as the wrong role and from the wrong place.

use reqwest::Method;

use crate::engine::on_both;
use crate::province::Person;
use crate::routes::{Filled, Route, Things, routes};

/// What needs no sign-in. A route joins this list by decision, not by accident.
const PUBLIC: &[&str] = &[
    "GET /healthz",
    "GET /readyz",
    "GET /.well-known/jwks.json",
    "GET /.well-known/assetlinks.json",
    "GET /.well-known/apple-app-site-association",
    "POST /auth/token",
    "POST /auth/choose-password",
    "POST /auth/refresh",
    "POST /auth/revoke",
    "POST /registrations",
    "GET /units",
    "GET /pictures/{id}",
    "GET /t/{code}",
    "HEAD /t/{code}",
    "POST /t/{code}/scans",
    "GET /t/{code}/doubts",
    "POST /t/{code}/doubts",
    "GET /d/{receipt}",
    "GET /t/{code}/confirm",
    "POST /t/{code}/confirm",
    "GET /stamp-exports/{secret}",
    "GET /t/{code}/qr.svg",
    "GET /t/{code}/qr.png",
    "GET /.well-known/gs1resolver",
    "GET /01/{gtin}",
    "GET /01/{gtin}/10/{lot}",
    "GET /01/{gtin}/21/{serial}",
    "GET /01/{gtin}/10/{lot}/21/{serial}",
    "GET /01/{gtin}/22/{variant}",
    "GET /01/{gtin}/22/{variant}/10/{lot}",
    "GET /01/{gtin}/22/{variant}/21/{serial}",
    "GET /01/{gtin}/22/{variant}/10/{lot}/21/{serial}",
    "GET /p/{code}",
    "GET /c/{number}",
    "GET /site/",
    "GET /site/products",
    "GET /site/products/{code}",
    "GET /site/shops",
    "GET /site/check",
    "GET /site/legacy",
    "GET /site/guides",
    "GET /site/guides/{name}",
    "GET /site/problems",
    "GET /site/problems/{code}",
    "GET /site/assets/{name}",
    "GET /site/figures",
    "GET /site/robots.txt",
    "GET /site/sitemap.xml",
    "GET /site/feed.atom",
    "GET /site/catalogue.json",
    "GET /site/catalogue.csv",
];

/// What belongs to nobody in particular: whoever signs in may read it; policies, who acts for a place or a producer.
const FOR_ALL: &[&str] = &["cycles", "criteria-sets", "shops", "support-policies"];

fn is_public_site(route: &Route) -> bool {
    route.method == Method::GET && route.template.starts_with("/public/")
}

fn send(filled: &Filled, route: &Route, things: &Things, person: Option<&Person>) -> (u16, String) {
    let path = route.path(things);
    let if_match = route.writes().then_some("*");
    let body = if route.writes() { "{}" } else { "" };
    let reply = filled.walk.province.raw(&route.method, person, &path, if_match, body);
    (reply.status.as_u16(), reply.text)
}

#[test]
fn every_route_asks_who_calls_but_the_public_ones() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let forged = Person { id: String::new(), token: "eyJhbGciOiJub25lIn0.e30.".into() };
        for route in routes() {
            let expected = PUBLIC.contains(&route.name().as_str()) || is_public_site(&route);
            assert_eq!(route.is_public, expected, "{} is public against the list, or the other way", route.name());
            if route.is_public {
                let (status, text) = send(&filled, &route, &filled.here, None);
                assert!(status < 500, "{}: {status} {text}", route.name());
                assert!(status != 403, "{}: {status} {text}", route.name());
                // A sign-in answers 401 to wrong credentials only, and an empty body is none.
                assert!(status != 401, "{}: {status} {text}", route.name());
            } else {
                for person in [None, Some(&forged)] {
                    let (status, text) = send(&filled, &route, &filled.here, person);
                    assert_eq!(status, 401, "{}: {text}", route.name());
                }
            }
        }
    });
}

#[test]
fn who_has_no_business_rights_writes_nothing() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let walk = &filled.walk;
        let own = [
            "POST /auth/password",
            "POST /auth/devices/revoke",
            "POST /auth/second-factor",
            "POST /auth/second-factor/confirm",
            "POST /auth/second-factor/remove",
            "POST /personal-data-requests",
        ];
        let administration = [
            "POST /accounts",
            "PATCH /accounts/{id}",
            "POST /accounts/{id}/change-role",
            "POST /accounts/{id}/reset-second-factor",
            "POST /accounts/{id}/ask-second-factor-reset",
            "POST /accounts/{id}/end",
            "POST /accounts/{id}/reassign",
            "POST /accounts/{id}/reset-password",
            "POST /accounts/{id}/set-contact",
            "POST /accounts/{id}/unlink-openid",
            "POST /account-reassignments",
            "POST /personal-data-requests/{id}/answer",
            "POST /personal-data-requests/{id}/refuse",
        ];
        let mut tried = 0;
        for route in routes().iter().filter(|route| route.writes() && !route.is_public) {
            let name = route.name();
            if own.contains(&name.as_str()) {
                continue;
            }
            for (who, person) in [("idle", &walk.idle), ("supervisor", &walk.supervisor), ("admin", &walk.admin)] {
                if who == "admin" && administration.contains(&name.as_str()) {
                    continue;
                }
                let (status, text) = send(&filled, route, &filled.here, Some(person));
                assert!(matches!(status, 403 | 404), "{name} as {who}: {status} {text}");
                tried += 1;
            }
        }
        assert!(tried > 150, "{tried}");
    });
}

/// Whoever has an account may ask about their own data.
const EVERYBODY: &[&str] =
    &["commune", "district", "producer", "office", "signatory", "inspector", "chair", "admin", "supervisor", "idle"];

/// Who may write at all; everybody else of the cast is turned away before the body is looked at.
const WRITERS: &[(&str, &[&str])] = &[
    ("POST /accounts", &["admin"]),
    ("PATCH /accounts/{id}", &["admin"]),
    ("POST /accounts/{id}/change-role", &["admin"]),
    ("POST /accounts/{id}/reset-second-factor", &["admin"]),
    ("POST /accounts/{id}/ask-second-factor-reset", &["admin"]),
    ("POST /accounts/{id}/end", &["admin"]),
    ("POST /accounts/{id}/reset-password", &["admin"]),
    ("POST /accounts/{id}/set-contact", &["admin", "producer"]),
    ("POST /accounts/{id}/unlink-openid", &["admin", "producer"]),
    ("POST /agenda-items", &["office", "district"]),
    ("PATCH /agenda-items/{id}", &["district"]),
    ("POST /agenda-items/{id}/absent", &["district"]),
    ("POST /agenda-items/{id}/admit", &["district"]),
    ("POST /agenda-items/{id}/appeals", &["producer"]),
    ("POST /agenda-items/{id}/close-scoring", &["chair"]),
    ("POST /agenda-items/{id}/remind", &["chair", "district"]),
    ("POST /agenda-items/{id}/conclude", &["chair"]),
    ("POST /agenda-items/{id}/defer", &["district"]),
    ("POST /agenda-items/{id}/open-scoring", &["chair"]),
    ("POST /agenda-items/{id}/present", &["district"]),
    ("POST /agenda-items/{id}/recuse", &["chair"]),
    ("POST /agenda-items/{id}/remarks", &["district"]),
    ("POST /agenda-items/{id}/rescore", &["chair"]),
    ("POST /agenda-items/{id}/send-up", &["district"]),
    ("POST /agenda-items/{id}/send_up", &["district"]),
    ("PUT /agenda-items/{id}/sheet", &["chair"]),
    ("POST /agenda-items/{id}/group-reports", &["district"]),
    ("POST /agenda-items/{id}/surveys", &["district"]),
    ("POST /agenda-items/{id}/sheet/submit", &["chair"]),
    ("POST /agenda-items/{id}/sheet/withdraw", &["chair"]),
    ("POST /appeals/{id}/dismiss", &["district"]),
    ("POST /appeals/{id}/uphold", &["district"]),
    ("POST /certificates/{id}/notify", &["office"]),
    ("POST /certificates/{id}/record-demand", &["office"]),
    ("POST /councils", &["office", "district"]),
    ("POST /councils/{id}/close", &["district"]),
    ("POST /councils/{id}/open", &["district"]),
    ("POST /criteria-sets", &["office"]),
    ("POST /cycles", &["office"]),
    ("PATCH /cycles/{id}", &["office"]),
    ("POST /cycles/{id}/close", &["office"]),
    ("POST /cycles/{id}/open", &["office"]),
    ("POST /decisions", &["office", "district"]),
    ("POST /decisions/{id}/originals", &["office", "signatory"]),
    ("POST /decisions/{id}/promulgate", &["signatory"]),
    ("POST /decisions/{id}/withdraw", &["office"]),
    ("POST /dispatches", &["office", "district", "commune"]),
    ("PATCH /dossiers/{id}", &["district", "commune", "producer"]),
    ("POST /dossiers/{id}/carry-over", &["office", "commune", "producer"]),
    ("POST /dossiers/{id}/forward", &["commune"]),
    ("POST /dossiers/{id}/give-back-samples", &["office"]),
    ("POST /dossiers/{id}/receive-samples", &["office"]),
    ("POST /dossiers/{id}/return", &["office", "district"]),
    ("POST /dossiers/{id}/submit", &["commune", "producer"]),
    ("POST /dossiers/{id}/turn-document", &["commune", "producer"]),
    ("POST /dossiers/{id}/visits", &["district"]),
    ("POST /dossiers/{id}/withdraw", &["commune", "producer"]),
    ("POST /doubts/{id}/close", &["office", "inspector"]),
    ("POST /doubts/{id}/see", &["office", "inspector"]),
    ("PATCH /group-reports/{id}", &["district"]),
    ("POST /group-reports/{id}/finish", &["district"]),
    ("POST /holds", &["office", "inspector"]),
    ("POST /holds/{id}/lift", &["office", "inspector"]),
    ("POST /ideas", &["commune", "producer"]),
    ("PATCH /ideas/{id}", &["commune", "producer"]),
    ("POST /ideas/{id}/accept", &["office"]),
    ("POST /ideas/{id}/forward", &["commune"]),
    ("POST /ideas/{id}/papers", &["commune", "producer"]),
    ("POST /ideas/{id}/reject", &["office", "district"]),
    ("POST /ideas/{id}/return", &["office", "district", "commune"]),
    ("POST /ideas/{id}/select", &["district"]),
    ("POST /ideas/{id}/submit", &["commune", "producer"]),
    ("POST /plans/{id}/discard", &["commune", "producer"]),
    ("POST /councils/{id}/discard", &["district"]),
    ("POST /surveys/{id}/discard", &["district"]),
    ("POST /group-reports/{id}/discard", &["district"]),
    ("POST /ideas/{id}/discard", &["commune", "producer"]),
    ("POST /legacy-codes", &["office"]),
    ("POST /inspection-plans", &["office"]),
    ("PATCH /inspection-plans/{id}", &["office"]),
    ("POST /inspection-plans/{id}/adopt", &["office"]),
    ("POST /inspections", &["office"]),
    ("PATCH /inspections/{id}", &["office"]),
    ("POST /inspections/{id}/visit", &["inspector", "office"]),
    ("POST /inspections/{id}/fill", &["inspector", "office"]),
    ("POST /inspections/{id}/take-sample", &["inspector", "office"]),
    ("POST /inspections/{id}/record-result", &["inspector", "office"]),
    ("POST /inspections/{id}/sign", &["inspector", "office"]),
    ("POST /inspections/{id}/order-correction", &["inspector", "office"]),
    ("POST /inspections/{id}/follow-up", &["inspector", "office"]),
    ("POST /inspections/{id}/files", &["inspector", "office"]),
    ("POST /inspections/{id}/reply", &["producer"]),
    ("POST /inspections/{id}/reply-papers", &["producer"]),
    ("POST /inspections/{id}/conclude", &["office"]),
    ("POST /inspections/{id}/cancel", &["office"]),
    ("POST /support-policies", &["office"]),
    ("PATCH /support-policies/{id}", &["office"]),
    ("POST /support-policies/{id}/adopt", &["office"]),
    ("POST /support-policies/{id}/end", &["office"]),
    ("POST /support-claims", &["producer"]),
    ("PATCH /support-claims/{id}", &["producer"]),
    ("POST /support-claims/{id}/papers", &["producer"]),
    ("POST /support-claims/{id}/hand-in", &["producer"]),
    ("POST /support-claims/{id}/withdraw", &["producer"]),
    ("POST /support-claims/{id}/minutes", &["district"]),
    ("POST /support-claims/{id}/accept", &["district"]),
    ("POST /support-claims/{id}/send", &["district"]),
    ("POST /support-claims/{id}/appraise", &["office"]),
    ("POST /support-claims/{id}/decide", &["signatory"]),
    ("POST /support-claims/{id}/pay", &["office"]),
    ("POST /support-claims/{id}/take-back", &["signatory"]),
    ("POST /support-claims/{id}/return", &["district", "office"]),
    ("POST /support-claims/{id}/refuse", &["district", "office"]),
    ("POST /rewards", &["office"]),
    ("PATCH /rewards/{id}", &["office"]),
    ("POST /rewards/{id}/decide", &["signatory"]),
    ("POST /rewards/{id}/pay", &["office"]),
    ("POST /rewards/{id}/discard", &["office"]),
    ("POST /lots", &["producer"]),
    ("POST /lots/{id}/events", &["producer"]),
    ("POST /lots/{id}/inputs", &["producer"]),
    ("POST /lots/{id}/recall", &["office", "inspector", "producer"]),
    ("POST /personal-data-requests", EVERYBODY),
    ("POST /personal-data-requests/{id}/answer", &["admin"]),
    ("POST /personal-data-requests/{id}/refuse", &["admin"]),
    ("POST /personal-data-requests/{id}/withdraw", &["producer"]),
    ("POST /plans", &["commune", "producer"]),
    ("PATCH /plans/{id}", &["commune", "producer"]),
    ("POST /plans/{id}/approve", &["district"]),
    ("POST /plans/{id}/reject", &["district"]),
    ("POST /plans/{id}/return", &["district"]),
    ("POST /plans/{id}/submit", &["commune", "producer"]),
    ("POST /producers", &["office", "district", "commune"]),
    ("PATCH /producers/{id}", &["office", "district", "commune", "producer"]),
    ("PATCH /products/{id}", &["office", "district", "commune", "producer"]),
    ("POST /products/{id}/documents", &["district", "commune", "producer"]),
    ("POST /products/{id}/pictures", &["office", "district", "commune", "producer"]),
    ("POST /products/{id}/reuse-document", &["district", "commune", "producer"]),
    ("POST /products/{id}/turn-picture", &["office", "district", "commune", "producer"]),
    ("POST /products/{id}/move-picture", &["office", "district", "commune", "producer"]),
    ("POST /products/{id}/remove-picture", &["office", "district", "commune", "producer"]),
    ("POST /products/{id}/remove-document", &["district", "commune", "producer"]),
    ("POST /reassignments", &["office"]),
    ("POST /account-reassignments", &["admin"]),
    ("POST /accounts/{id}/reassign", &["admin"]),
    ("PUT /products/{id}/stamp-limits", &["office"]),
    ("POST /registrations/{id}/confirm", &["district", "commune"]),
    ("POST /registrations/{id}/refuse", &["district", "commune"]),
    ("POST /result-notices", &["office", "district"]),
    ("POST /shops", &["office", "district"]),
    ("PATCH /shops/{id}", &["office", "district"]),
    ("PUT /shops/{id}/products", &["office", "district"]),
    ("POST /stamp-orders", &["producer"]),
    ("POST /stamp-orders/{id}/activate", &["producer"]),
    ("POST /stamp-orders/{id}/deliver", &["office"]),
    ("POST /stamp-orders/{id}/display", &["office", "producer"]),
    ("POST /stamp-orders/{id}/export-links", &["office"]),
    ("POST /stamp-orders/{id}/issue", &["office"]),
    ("POST /stamp-orders/{id}/receive", &["producer"]),
    ("POST /stamp-orders/{id}/refuse", &["office"]),
    ("POST /stamp-orders/{id}/void", &["office", "producer"]),
    ("POST /stamps/suspects/{id}/confirm", &["office"]),
    ("POST /stamps/suspects/{id}/dismiss", &["office"]),
    ("PATCH /surveys/{id}", &["district"]),
    ("POST /surveys/{id}/finish", &["district"]),
    ("POST /surveys/{id}/photographs", &["district"]),
    ("POST /surveys/{id}/record-result", &["district"]),
    ("POST /surveys/{id}/test-papers", &["district"]),
];

#[test]
fn every_write_has_its_roles() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        for route in routes().iter().filter(|route| route.writes() && !route.is_public) {
            let name = route.name();
            if name.starts_with("POST /auth/") {
                continue;
            }
            let Some((_, allowed)) = WRITERS.iter().find(|(known, _)| *known == name) else {
                panic!("say in this test who may {name}");
            };
            let path = route.path(&filled.here);
            for (who, person) in filled.everybody() {
                // Broken JSON goes no further than to be read, so nothing changes while everybody is tried.
                let reply = filled.walk.province.raw(&route.method, Some(person), &path, Some("*"), "{");
                let status = reply.status.as_u16();
                let expected: &[u16] = match (allowed.contains(&who), route.takes_a_file()) {
                    (true, true) => &[415],
                    (true, false) => &[400],
                    (false, _) => &[403, 404],
                };
                assert!(expected.contains(&status), "{name} as {who}: {status} {}", reply.text);
            }
        }
    });
}

#[test]
fn what_belongs_to_others_does_not_exist() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let walk = &filled.walk;
        let strangers: [(&str, &Person); 6] = [
            ("officer of another district", &walk.there.officer),
            ("officer of a commune of another district", &walk.there.commune),
            ("officer of the neighbouring commune", &filled.neighbour),
            ("producer of another district", &walk.there.producer),
            ("producer of the same district", &filled.rival),
            ("council member without a seat", &walk.idle),
        ];
        let mut tried = 0;
        for route in routes().iter().filter(|route| route.template.contains('{') && !route.is_public) {
            let kind = route.template.split('/').nth(1).unwrap();
            if FOR_ALL.contains(&kind) {
                continue;
            }
            let name = route.name();
            if route.method == Method::GET {
                let seen = filled.everybody().iter().any(|(_, person)| {
                    let (status, text) = send(&filled, route, &filled.here, Some(person));
                    assert!(status < 500, "{name}: {status} {text}");
                    // A 409 tells who may see the thing that it is not so far yet.
                    matches!(status, 200 | 409)
                });
                // A part that is named beneath its thing is tried by `what_is_made_is_where_its_location_says`.
                let is_part = route.template.matches('{').count() > 1;
                assert!(seen || is_part, "{name}: nobody sees it, so it says nothing that others do not");
            }
            for (who, stranger) in strangers {
                let (status, text) = send(&filled, route, &filled.here, Some(stranger));
                assert_eq!(status, 404, "{name} as {who}: {text}");
                tried += 1;
            }
            let (status, _) = send(&filled, route, &filled.there, Some(&walk.here.producer));
            assert_eq!(status, 404, "{name} of another district as a producer");
        }
        assert!(tried > 300, "{tried}");
    });
}

#[test]
fn lists_hold_what_is_ones_own() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let walk = &filled.walk;
        let mut lists = 0;
        for (kind, foreign) in filled.there.ids() {
            let is_list = routes().iter().any(|route| route.name() == format!("GET /{kind}"));
            // Requests about one's own data belong to an account, and no office finds them.
            let is_apart = ["accounts", "criteria-sets", "personal-data-requests"].contains(&kind);
            if !is_list || FOR_ALL.contains(&kind) || is_apart {
                continue;
            }
            lists += 1;
            let path = format!("/{kind}");
            let own = filled.here.id(kind);
            let all = walk.province.all(&walk.office, &path);
            for id in [own, foreign] {
                assert!(all.iter().any(|item| item["id"] == id), "{path}: the office does not find {id}");
            }
            for person in [&walk.here.officer, &walk.here.commune, &walk.here.producer] {
                let reply = walk.province.get(person, &path);
                assert!(reply.status == 200 || reply.status == 403, "{path}: {}", reply.text);
                assert!(!reply.text.contains(foreign), "{path} shows what is another district's");
            }
            for person in [&walk.there.officer, &walk.idle, &walk.admin] {
                assert!(!walk.province.get(person, &path).text.contains(own), "{path} shows what is another's");
            }
        }
        assert!(lists >= 11, "{lists}");
    });
}

/// What of the desk needs no sign-in.
pub const OPEN_ON_THE_DESK: &[&str] = &[
    "/desk/sign-in",
    "/desk/oidc",
    "/desk/oidc/link",
    "/desk/oidc/callback",
    "/desk/oidc/confirm",
    "/desk/oidc/enter",
    "/desk/new-password/{secret}",
    "/register",
    "/register/{code}",
];

/// The addresses of the desk as the routes have them, each with one that it takes, and their methods.
pub fn addresses_of_the_desk() -> Vec<(String, String, Method)> {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/routes.rs")).unwrap();
    let addresses: Vec<(String, String, Method)> = source
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            let (method, line) = match line.strip_prefix(".get(\"") {
                Some(line) => (Method::GET, line),
                None => (Method::POST, line.strip_prefix(".post(\"")?),
            };
            let (path, _) = line.split_once('"')?;
            let address = path
                .replace("{resource:stamps/suspects[^/]*}", "stamps/suspects")
                .replace("{resource:stamps/suspects}", "stamps/suspects")
                .replace("{resource}", "ideas")
                .replace("{verb}", "submit")
                .replace("{nowhere:.*}", "not/a/thing")
                .replace("{criterion}", "1.1")
                .replace("{code}", "ABCD-EFGH-JKMN-PQRS-TVWX")
                .replace("{id}", "01900000-0000-7000-8000-000000000000");
            (path.starts_with("/desk") || path.starts_with("/register")).then_some((path.to_owned(), address, method))
        })
        .collect();
    assert!(addresses.len() > 20, "{addresses:?}");
    addresses
}

#[test]
fn every_address_of_the_desk_asks_who_calls_but_the_open_ones() {
    on_both(|engine| {
        let walk = crate::walk::Walk::new(engine);
        for (path, address, method) in addresses_of_the_desk() {
            let request = walk.province.at_site(method.clone(), &address).header("accept", "text/html");
            let status = request.send().unwrap().status().as_u16();
            let expected: &[u16] = match (OPEN_ON_THE_DESK.contains(&path.as_str()), method.as_str()) {
                (true, _) => &[200, 403, 404, 422],
                // What needs no sign-in to be over.
                (false, _) if path == "/desk/sign-out" => &[303, 401],
                (false, "GET") => &[303],
                (false, _) => &[401],
            };
            assert!(expected.contains(&status), "{method} {path}: {status}");
        }
    });
}
