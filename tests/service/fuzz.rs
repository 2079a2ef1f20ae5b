//! Bodies made from the OpenAPI document, each spoilt in one place: whatever comes, the service does not fail.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engine::on_both;
use crate::province::{Person, Province};
use crate::routes::{Filled, Route, Things, document, routes};
use crate::walk::{cycle_form, id};

/// A body that fits a schema, with the ids of things that exist where a member names one.
fn sample(document: &Value, schema: &Value, name: &str, filled: &Filled, depth: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return sample(document, target, name, filled, depth);
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[several].as_array() {
            let choice = choices.iter().find(|choice| choice["type"] != "null").unwrap();
            return sample(document, choice, name, filled, depth);
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str).unwrap_or("string"),
        kind => kind.as_str().unwrap_or("object"),
    };
    match kind {
        "object" => {
            let members = schema["properties"].as_object().cloned().unwrap_or_default();
            let member =
                |(name, schema): (&String, &Value)| (name.clone(), sample(document, schema, name, filled, depth + 1));
            if depth > 8 { json!({}) } else { Value::Object(members.iter().map(member).collect()) }
        }
        "array" if depth > 8 => json!([]),
        "array" => json!([sample(document, &schema["items"], name, filled, depth + 1)]),
        "integer" | "number" if name == "year" => json!(2021),
        "integer" | "number" if name == "round" => json!(2),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        _ => text(schema, name, filled),
    }
}

fn text(schema: &Value, name: &str, filled: &Filled) -> Value {
    let kind = name.trim_end_matches("_ids").trim_end_matches("_id").replace('_', "-");
    let named = filled.here.ids().find(|(known, _)| known.trim_end_matches('s') == kind);
    let by_name = match name {
        "documents" => Some(filled.here.id("documents")),
        "inputs" => Some(filled.here.id("lots")),
        "cycle_id" => Some(filled.walk.cycle.as_str()),
        "account_id" => Some(filled.walk.idle.id.as_str()),
        "responsible_account_id" => Some(filled.walk.here.commune.id.as_str()),
        "criteria_set" => Some("mat-ong"),
        "criterion" => Some("1.1"),
        "identity_number" => Some("AB123456"),
        "email" => Some("ong@example.vn"),
        "unit_code" => Some("439"),
        "commune_code" => Some("18196"),
        "quorum" => Some("3/4"),
        "code" | "number" | "letter_number" => Some("M-1"),
        "username" => Some("ai-do"),
        "phone" => Some("0912345678"),
        _ => None,
    };
    match (named, by_name, schema["format"].as_str()) {
        (_, Some(text), _) => json!(text),
        (Some((_, id)), ..) => json!(id),
        (.., Some("uuid")) => json!(filled.walk.here.producer.id),
        (.., Some("date")) => json!("2021-02-20"),
        (.., Some("date-time")) => json!("2021-02-20T00:00:00Z"),
        _ => json!("Văn bản đủ dài"),
    }
}

/// The places of a body, by JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, &format!("{at}/{name}"), found))
        }
        Value::Array(items) => items.iter().take(1).for_each(|item| places(item, &format!("{at}/0"), found)),
        _ => {}
    }
}

/// What some verb might take for good comes last, since afterwards the state is another.
fn spoils() -> Vec<Value> {
    vec![
        json!(-1),
        json!(i64::MAX),
        json!(1e300),
        json!([]),
        json!([null]),
        json!("a\u{0}b"),
        json!("x".repeat(5000)),
        json!({}),
        json!(null),
        json!(""),
        json!("\u{202e}\u{1F36F}\u{fffd}'\";--"),
        json!("9999-12-31"),
    ]
}

/// Things at the stages where most can be done to them.
fn open_to_change(filled: &Filled) -> Things {
    let (walk, province, here) = (&filled.walk, &filled.walk.province, &filled.walk.here);
    let plan = walk.plan_form(&walk.accepted_idea(here, "Mật ong có phương án"));
    let plan = province.post(&here.producer, "/plans", plan).created();
    let (council, ..) = walk.council_form("439", 2, 3);
    let council = province.post(&here.officer, "/councils", council).created();
    let open = walk.approved(here, "Mật ong đang làm hồ sơ");
    let scored = walk.handed_in(here, "Mật ong đang chấm");
    let item = walk.agenda_item(&filled.district, &scored.dossier);
    province.step(filled.district.chair(), &format!("/agenda-items/{item}"), "open-scoring", json!({})).ok();
    let revocation = json!({"kind": "revoke", "unit_code": "42", "certificate_ids": [filled.here.id("certificates")],
        "reason": "Vi phạm"});
    let revocation = province.post(&walk.office, "/decisions", revocation).created();
    let cycle = province.post(&walk.office, "/cycles", cycle_form(2022)).created();
    filled.here.with([
        ("agenda-items", item),
        ("councils", id(&council)),
        ("cycles", id(&cycle)),
        ("decisions", id(&revocation)),
        ("dossiers", open.dossier),
        ("ideas", walk.idea(here, "Mật ong nháp")),
        ("plans", id(&plan)),
    ])
}

fn send(province: &Province, route: &Route, person: Option<&Person>, path: &str, body: &Value) -> u16 {
    let reply = province.raw(&route.method, person, path, Some("*"), body.to_string());
    let status = reply.status.as_u16();
    assert!(status < 500, "{}: {status} {}\n{body}", route.name(), reply.text);
    status
}

#[test]
fn no_body_makes_the_service_fail() {
    on_both(|engine| {
        let filled = Filled::new(engine);
        let province = &filled.walk.province;
        let document = document();
        let mut routes: Vec<Route> =
            routes().into_iter().filter(|route| route.writes() && !route.takes_a_file()).collect();
        // Verbs come last, since some of them end what the others need.
        let ends = |route: &Route| route.template == "/accounts/{id}/end";
        routes.sort_by_key(|route| (ends(route), route.template.matches('/').count(), route.method == Method::POST));
        let things = open_to_change(&filled);
        let (mut sent, mut fit) = (0, 0);
        for route in &routes {
            if route.template == "/auth/token" || route.template == "/auth/password" {
                // Each try costs a password's hash; their bodies are held elsewhere.
                continue;
            }
            let path = route.path(&things);
            let schema = route.operation.pointer("/requestBody/content/application~1json/schema");
            let body = schema.map_or(json!({}), |schema| sample(&document, schema, "", &filled, 0));
            // The first who is let in as far as to the body.
            let let_in = |person: &&(&str, &Person)| {
                let reply = province.raw(&route.method, Some(person.1), &path, Some("*"), "{");
                reply.status.as_u16() == 400
            };
            let everybody = filled.everybody();
            let person = everybody.iter().find(let_in).map(|(_, person)| *person);
            assert!(person.is_some() || route.is_public, "{}: nobody is let in", route.name());
            let mut pointers = Vec::new();
            places(&body, "", &mut pointers);
            // The deepest first: the whole body is one of the things that a verb might take for good.
            pointers.reverse();
            for pointer in &pointers {
                for spoil in spoils() {
                    let mut spoilt = body.clone();
                    *spoilt.pointer_mut(pointer).unwrap() = spoil;
                    send(province, route, person, &path, &spoilt);
                    sent += 1;
                }
                if let Some((parent, name)) = pointer.rsplit_once('/') {
                    let mut without = body.clone();
                    if let Some(members) = without.pointer_mut(parent).and_then(Value::as_object_mut) {
                        members.remove(name);
                        send(province, route, person, &path, &without);
                    }
                }
            }
            fit += usize::from(send(province, route, person, &path, &body) < 300);
        }
        assert!(sent > 2000, "{sent}");
        assert!(fit > 10, "the bodies made from the document fit only {fit} routes");
        // What was written on the way can still be read.
        for path in
            ["/shops", "/lots", "/producers", "/cycles", "/accounts", "/stamp-orders", "/holds", "/registrations"]
        {
            let person = if path == "/accounts" { &filled.walk.admin } else { &filled.walk.office };
            province.all(person, path);
        }
    });
}
