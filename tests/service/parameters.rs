//! Every parameter that the OpenAPI document declares is sent once and taken: those of the query with a value that fits, headers
//! so that it shows whether they are heeded. (`Accept-Language` and `If-Match` go with every request of `rights.rs`.)

use reqwest::Method;
use reqwest::blocking::multipart::Form;
use reqwest::header::HeaderValue;
use serde_json::Value;

use crate::engine::Engine;
use crate::province::{Person, Reply};
use crate::routes::{Filled, Route, document, routes};

/// Texts of which the schema says no more than that they are texts.
const TEXTS: [(&str, &str); 18] = [
    ("EQ_bizStep", "commissioning"),
    ("GE_eventTime", "2021-01-01T00:00:00Z"),
    ("LT_eventTime", "2022-01-01T00:00:00Z"),
    ("MATCH_anyEPC", "urn:epc:id:sgtin:893456313.0816.1"),
    ("MATCH_anyEPCClass", "urn:epc:class:lgtin:893456313.0816.L-1"),
    ("address", "https://cu.example.vn/1"),
    ("code", "0000-0000-0000-0000"),
    ("criteria_set", "mat-ong"),
    ("edition", "148-2023"),
    ("eventType", "ObjectEvent"),
    ("linkType", "gs1:pip"),
    ("lot", "L-1"),
    ("parent", "42"),
    ("product", "mat-ong"),
    ("q", "mật"),
    ("rule", "crowd_on_a_day"),
    ("unit_code", "18112"),
    ("updated_since", "2021-01-01T00:00:00Z"),
];

/// A value that the parameter's schema takes, as an address writes it.
fn fitting(filled: &Filled, document: &Value, parameter: &Value) -> String {
    let schema = &parameter["schema"];
    let named = schema["$ref"].as_str().map(|named| document.pointer(named.trim_start_matches('#')).unwrap());
    let schema = named.unwrap_or(schema);
    let name = parameter["name"].as_str().unwrap();
    if let Some(first) = schema["enum"][0].as_str() {
        return first.to_owned();
    }
    if let Some(kind) = name.strip_suffix("_id") {
        let kind = match kind {
            "responsible_account" => "accounts".to_owned(),
            "policy" => "support-policies".to_owned(),
            _ => kind.replace('_', "-") + "s",
        };
        return filled.here.id(&kind).to_owned();
    }
    match schema["type"].as_str() {
        Some("boolean") => return "true".to_owned(),
        Some("integer") if name == "year" => return "2021".to_owned(),
        Some("integer") if name == "size_mm" => return "20".to_owned(),
        Some("integer") => return schema["minimum"].as_i64().unwrap_or(1).max(1).to_string(),
        _ => {}
    }
    if schema["format"] == "date" || name == "expiring_before" || name == "on" {
        return "2021-02-22".to_owned();
    }
    let text = TEXTS.iter().find(|known| known.0 == name);
    text.unwrap_or_else(|| panic!("say in this test what {name} may be: {parameter}")).1.to_owned()
}

fn ask(filled: &Filled, route: &Route, person: Option<&Person>, query: &[(&str, String)]) -> Reply {
    let province = &filled.walk.province;
    let query = serde_urlencoded::to_string(query).unwrap();
    let request = province.request(Method::GET, &format!("{}?{query}", route.path(&filled.here)));
    Reply::of(person.into_iter().fold(request, |request, person| request.bearer_auth(&person.token)).send().unwrap())
}

#[test]
fn every_declared_parameter_is_taken() {
    let filled = Filled::new(Engine::Sqlite);
    let document = document();
    let mut seen = 0;
    let mut refused = Vec::new();
    for route in routes().iter().filter(|route| route.method == Method::GET) {
        let parameters = route.operation["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<&Value> = parameters.filter(|parameter| parameter["in"] == "query").collect();
        if parameters.is_empty() {
            continue;
        }
        let everybody = filled.everybody();
        let needed = parameters.iter().filter(|parameter| parameter["required"] == true);
        let needed: Vec<(&str, String)> = needed
            .map(|parameter| (parameter["name"].as_str().unwrap(), fitting(&filled, &document, parameter)))
            .collect();
        // Where anybody may ask, the code or the address may be one that nobody gave out.
        let is_fine = |reply: &Reply| {
            reply.status.is_success() || reply.status.is_redirection() || (route.is_public && reply.status == 404)
        };
        let readers = everybody.iter().map(|(_, person)| (!route.is_public).then_some(*person));
        let Some(reader) = readers.into_iter().find(|person| is_fine(&ask(&filled, route, *person, &needed))) else {
            refused.push(format!("{} is answered to nobody", route.name()));
            continue;
        };
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let mut query: Vec<(&str, String)> = needed.iter().filter(|needed| needed.0 != name).cloned().collect();
            if name == "after" || name == "nextPageToken" {
                let limit = if name == "after" { "limit" } else { "perPage" };
                query.push((limit, "1".to_owned()));
                let first = ask(&filled, route, reader, &query);
                let linked = first.headers.get("link").and_then(|link| link.to_str().ok()).unwrap_or_default();
                let cursor = linked.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split(['&', '>']).next());
                // A list that ends on its first page has nothing to go on from.
                let Some(cursor) = cursor else { continue };
                query.push((name, cursor.to_owned()));
            } else {
                query.push((name, fitting(&filled, &document, parameter)));
            }
            let reply = ask(&filled, route, reader, &query);
            if !is_fine(&reply) {
                refused.push(format!("{} {query:?}: {} {}", route.name(), reply.status, reply.text));
            }
            seen += 1;
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(seen > 200, "{seen}");
}

/// What somebody answers who may ask for this much: neither 403 nor 404.
fn answered<'a>(filled: &'a Filled, ask: impl Fn(&'a Person) -> Reply) -> Option<(&'a Person, Reply)> {
    let everybody = filled.everybody();
    let replies = everybody.into_iter().map(|(_, person)| (person, ask(person)));
    replies.into_iter().find(|(_, reply)| !matches!(reply.status.as_u16(), 403 | 404))
}

fn declares(route: &Route, header: &str) -> bool {
    let parameters = route.operation["parameters"].as_array();
    parameters.is_some_and(|all| all.iter().any(|one| one["name"] == header && one["in"] == "header"))
}

/// A key that cannot be read is refused before anything else of the order is, and so nothing is done.
#[test]
fn keys_are_heeded_just_where_they_are_declared() {
    let filled = Filled::new(Engine::Sqlite);
    let (mut heeded, mut wrong) = (0, Vec::new());
    for route in routes().iter().filter(|route| route.writes() && !route.is_public) {
        let name = route.name();
        let reply = answered(&filled, |person| {
            let request = filled.walk.province.request(route.method.clone(), &route.path(&filled.here));
            let request = request.bearer_auth(&person.token).header("if-match", "*");
            let request = request.header("idempotency-key", HeaderValue::from_bytes("khóa".as_bytes()).unwrap());
            let request = match route.takes_a_file() {
                true => request.multipart(Form::new().text("kind", "other")),
                false => request.json(&serde_json::json!({})),
            };
            Reply::of(request.send().unwrap())
        });
        let Some((_, reply)) = reply else { panic!("{name}: nobody may") };
        let is_heeded = reply.text.contains("malformed_idempotency_key");
        heeded += usize::from(is_heeded);
        if is_heeded != declares(route, "Idempotency-Key") {
            wrong.push(format!("{name}: {} {}", reply.status, reply.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(heeded > 100, "{heeded}");
}

#[test]
fn what_is_at_hand_is_not_sent_again_wherever_the_document_says_so() {
    let filled = Filled::new(Engine::Sqlite);
    let (mut spared, mut wrong) = (0, Vec::new());
    for route in routes().iter().filter(|route| declares(route, "If-None-Match")) {
        let province = &filled.walk.province;
        let ask = |person: &Person, tag: Option<&HeaderValue>| {
            let request = province.request(Method::GET, &route.path(&filled.here)).bearer_auth(&person.token);
            Reply::of(
                tag.into_iter().fold(request, |request, tag| request.header("if-none-match", tag)).send().unwrap(),
            )
        };
        let Some((person, first)) = answered(&filled, |person| ask(person, None)) else { continue };
        // What its state does not show yet, or what needs a parameter.
        if first.status != 200 {
            continue;
        }
        let again = ask(person, first.headers.get("etag"));
        spared += usize::from(again.status == 304 && again.bytes.is_empty());
        if again.status != 304 {
            wrong.push(format!("{}: {}", route.name(), again.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(spared > 25, "{spared}");
}
