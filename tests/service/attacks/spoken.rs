//! Requests of who is somebody, or of somebody's browser, and wants what is another's.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Attack, HIDDEN, INVALID};
use crate::province::{PASSWORD, Person};
use crate::routes::Filled;
use crate::walk::producer_form;

const FORBIDDEN: &[u16] = &[403];

/// What lies elsewhere, asked for by everybody who has no part in it.
const THINGS: &[&str] = &[
    "producers",
    "ideas",
    "plans",
    "dossiers",
    "documents",
    "papers",
    "lots",
    "stamp-orders",
    "agenda-items",
    "appeals",
    "surveys",
    "survey-files",
    "group-reports",
    "holds",
    "doubts",
    "dispatches",
    "registrations",
    "accounts",
];

/// Headers by which some servers are led to another method, address or person.
const TRUSTED_ELSEWHERE: &[(&str, &str)] = &[
    ("x-original-url", "/api/v1/accounts"),
    ("x-rewrite-url", "/api/v1/accounts"),
    ("x-forwarded-user", "admin"),
    ("x-remote-user", "admin"),
    ("remote-user", "admin"),
    ("x-user-id", "1"),
    ("x-role", "administrator"),
    ("x-forwarded-for", "127.0.0.1"),
    ("x-real-ip", "127.0.0.1"),
    ("forwarded", "for=127.0.0.1;by=127.0.0.1"),
    ("x-http-method-override", "GET"),
    ("x-debug", "1"),
];

pub fn attacks(filled: &Filled) -> Vec<Attack> {
    [anothers(filled), more_than_one_may(filled), from_other_pages(filled)].into_iter().flatten().collect()
}

fn anothers(filled: &Filled) -> Vec<Attack> {
    let province = &filled.walk.province;
    let mut attacks = Vec::new();
    for kind in THINGS {
        let path = format!("/{kind}/{}", filled.there.id(kind));
        let by = |person: &Person, path: &str| province.request(Method::GET, path).bearer_auth(&person.token);
        attacks.push(Attack::new(format!("another's {kind}"), by(&filled.rival, &path), &[404, 405]));
        let history = format!("{path}/history");
        attacks.push(Attack::new(format!("the history of another's {kind}"), by(&filled.rival, &history), HIDDEN));
    }
    for (header, value) in TRUSTED_ELSEWHERE {
        let request = province.request(Method::GET, "/accounts").header(*header, *value);
        attacks.push(Attack::new(format!("nobody with {header}"), request, &[401]));
        let request = province.request(Method::GET, &format!("/accounts/{}", filled.walk.admin.id));
        let request = request.bearer_auth(&filled.rival.token).header(*header, *value);
        attacks.push(Attack::new(format!("somebody with {header}"), request, HIDDEN));
    }
    attacks
}

/// Fields and steps by which somebody would give themselves what only others give.
fn more_than_one_may(filled: &Filled) -> Vec<Attack> {
    let (walk, here) = (&filled.walk, &filled.walk.here);
    let province = &walk.province;
    let send = |method: Method, by: &Person, path: &str, body: Value| {
        province.request(method, path).bearer_auth(&by.token).header("if-match", "*").json(&body)
    };
    let product = format!("/products/{}", filled.here.id("products"));
    let mut attacks: Vec<Attack> = [
        ("state", json!("certified")),
        ("code", json!("HT-0001")),
        ("producer_id", json!(walk.there.producer_id)),
        ("stars", json!(5)),
        ("version", json!(1)),
        ("id", json!(walk.admin.id)),
        ("__proto__", json!({"role": "administrator"})),
        ("certificate", json!({"stars": 5})),
    ]
    .into_iter()
    .map(|(field, value)| {
        let request = send(Method::PATCH, &here.producer, &product, json!({field: value}));
        Attack::new(format!("a product's {field}"), request, INVALID)
    })
    .collect();
    let own = format!("/accounts/{}", here.producer.id);
    let mine = format!("/accounts/{}", walk.admin.id);
    let administrator = json!({"role": "administrator"});
    let account = json!({"username": "moi", "password": PASSWORD, "name": "Mới", "role": "administrator"});
    let idea = format!("/ideas/{}", filled.here.id("ideas"));
    let item = format!("/agenda-items/{}", filled.here.id("agenda-items"));
    let decision = format!("/decisions/{}", filled.here.id("decisions"));
    let order = format!("/stamp-orders/{}", filled.here.id("stamp-orders"));
    let note = json!({"note": "x"});
    let steps: [(&str, &Person, String, Value, &[u16]); 17] = [
        ("an account for oneself", &here.producer, "/accounts".into(), account.clone(), FORBIDDEN),
        ("an account by an officer", &walk.office, "/accounts".into(), account, FORBIDDEN),
        ("another role for oneself", &here.producer, format!("{own}/change-role"), administrator.clone(), &[403, 404]),
        (
            "an administrator's other role for themselves",
            &walk.admin,
            format!("{mine}/change-role"),
            json!({"role": "signatory", "unit_code": "42"}),
            FORBIDDEN,
        ),
        ("an end of the administrator", &walk.office, format!("{mine}/end"), note.clone(), &[403, 404]),
        ("another's password", &walk.office, format!("{mine}/reset-password"), json!({}), &[403, 404]),
        ("one's own idea forwarded", &here.producer, format!("{idea}/forward"), note.clone(), FORBIDDEN),
        ("one's own idea accepted", &here.producer, format!("{idea}/accept"), note.clone(), FORBIDDEN),
        ("one's own product admitted", &here.producer, format!("{item}/admit"), note.clone(), FORBIDDEN),
        ("one's own scoring concluded", &here.producer, format!("{item}/conclude"), note.clone(), FORBIDDEN),
        (
            "a decision promulgated by its drafter",
            &walk.office,
            format!("{decision}/promulgate"),
            json!({"number": "1/QĐ-UBND", "signed_on": "2021-02-22"}),
            FORBIDDEN,
        ),
        ("stamps issued to oneself", &here.producer, format!("{order}/issue"), note.clone(), FORBIDDEN),
        (
            "stamps activated by the office",
            &walk.office,
            format!("{order}/activate"),
            json!({"from": 11, "to": 20}),
            FORBIDDEN,
        ),
        ("business of an administrator", &walk.admin, format!("{idea}/accept"), note.clone(), &[403, 404]),
        ("business of a supervisor", &walk.supervisor, format!("{idea}/accept"), note.clone(), FORBIDDEN),
        (
            "a hold by who is held",
            &here.producer,
            "/holds".into(),
            json!({"lot_id": filled.here.id("lots"), "reason": "x"}),
            FORBIDDEN,
        ),
        ("an appeal of somebody else", &filled.rival, format!("{item}/appeals"), json!({"grounds": "x"}), HIDDEN),
    ];
    for (name, by, path, body, refused) in steps {
        attacks.push(Attack::new(name, send(Method::POST, by, &path, body), refused));
    }
    for method in [Method::DELETE, Method::PUT, Method::TRACE] {
        let request = send(method.clone(), &walk.admin, &idea, json!({}));
        attacks.push(Attack::new(format!("{method} of an idea"), request, &[405]));
    }
    attacks
}

/// Forms that another site's page sends with a visitor's browser.
fn from_other_pages(filled: &Filled) -> Vec<Attack> {
    let province = &filled.walk.province;
    let code = filled.here.id("t");
    let form = "application/x-www-form-urlencoded";
    let mut attacks = Vec::new();
    for path in ["/desk/sign-in", "/register", "/desk/ideas", "/desk/second-factor", "/desk/password", "/desk/sign-out"]
    {
        for (name, value) in
            [("origin", "https://ocop.example.evil"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
        {
            let request = province.at_site(Method::POST, path).header("content-type", form).header(name, value);
            attacks.push(Attack::new(format!("{path} with {name} {value}"), request.body("name=x"), FORBIDDEN));
        }
    }
    for (name, value) in [("origin", "https://ocop.example.evil"), ("sec-fetch-site", "same-site")] {
        let request = province.request(Method::POST, &format!("/t/{code}/doubts")).header("accept", "text/html");
        let request = request.header("content-type", form).header(name, value).body("text=Tem+gia");
        attacks.push(Attack::new(format!("a doubt with {name} {value}"), request, FORBIDDEN));
    }
    let stolen = producer_form("Hợp tác xã giả", "18199", "0100000099");
    let registration =
        json!({"producer": stolen, "account": {"username": "admin", "password": PASSWORD, "name": "Admin"}});
    let request = province.request(Method::POST, "/registrations").json(&registration);
    attacks.push(Attack::new("a registration under the administrator's name", request, &[409, 422]));
    attacks
}
