//! Holds what the service answers in all the tests against its OpenAPI document.

use std::collections::{BTreeSet, HashMap};
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Arc, LazyLock, RwLock};

use jsonschema::{Draft, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::examples;
use crate::province::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(ocop::app::document()).unwrap());

/// The operation that an address belongs to; of several the one with the fewest variable parts.
fn operation(method: &Method, address: &str) -> Option<(&'static str, &'static Value)> {
    let path = address.split('?').next().unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        wanted.len() == parts.len()
            && wanted
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| wanted == part || wanted.starts_with('{') && !part.is_empty())
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let found =
        paths.iter().filter(|(template, _)| fits(template)).min_by_key(|(template, _)| template.matches('{').count());
    let (template, item) = found?;
    Some((template, item.get(method.as_str().to_ascii_lowercase())?))
}

/// The answer's status, media type and headers are those that the document promises, and `If-Match` is declared just
/// where it is needed. `address` is the whole path, `is_conditional` whether `If-Match` was sent, `sent` the body.
#[track_caller]
pub fn hold(method: &Method, address: &str, is_conditional: bool, sent: Option<&[u8]>, reply: &Reply) {
    let Some((template, operation)) = operation(method, address) else { return };
    let place = format!("{method} {template} {}", reply.status);
    let parameters = operation["parameters"].as_array();
    let demands =
        parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match" && one["required"] == true));
    if reply.status == 428 {
        assert!(demands, "{place}: If-Match is not declared");
    }
    // The answer to `HEAD` has no body.
    let is_problem = reply.headers.get("content-type").is_some_and(|media| media == "application/problem+json");
    let is_problem = is_problem && !reply.bytes.is_empty();
    if is_problem {
        in_catalogue(&place, reply);
    }
    // What actix or a middleware refuses is not an operation's answer.
    if reply.status == 405 {
        return;
    }
    let answer = &operation["responses"][reply.status.as_str()];
    let answer =
        answer["$ref"].as_str().map_or(answer, |named| DOCUMENT.pointer(named.trim_start_matches('#')).unwrap());
    if is_problem {
        names_codes(&place, operation, answer, reply);
        if std::env::var_os("OCOP_REFUSALS").is_some() {
            return;
        }
    }
    assert!(answer.is_object(), "{place} is not declared");
    if reply.status.is_client_error() || reply.status.is_server_error() {
        return;
    }
    assert!(is_conditional || !demands, "{place}: If-Match is declared and not needed");
    if let Some(content) = answer["content"].as_object() {
        let media = reply.headers["content-type"].to_str().unwrap().split(';').next().unwrap();
        if let Some(schema) = content.get(media).filter(|_| media.ends_with("json") && !reply.bytes.is_empty()) {
            fits(&place, &schema["schema"], &reply.json());
        }
        assert!(content.contains_key(media), "{place}: {media} is not declared");
    } else {
        assert!(reply.bytes.is_empty(), "{place}: a body is not declared");
    }
    examples::record(operation["operationId"].as_str().unwrap(), sent, reply);
    for (name, header) in [("etag", "ETag"), ("location", "Location")] {
        let (is_declared, is_sent) = (answer["headers"].get(header).is_some(), reply.headers.contains_key(name));
        // Files and pages have an `ETag` for caches, which is no version.
        let is_resource = answer["content"].get("application/json").is_some();
        assert!(is_sent || !is_declared, "{place}: {header} is declared and not sent");
        assert!(is_declared || !is_sent || !is_resource, "{place}: {header} is sent and not declared");
    }
}

/// The schemas that were met so far, by their text.
static VALIDATORS: LazyLock<RwLock<HashMap<String, Arc<Validator>>>> = LazyLock::new(RwLock::default);

/// The body is what its schema says.
#[track_caller]
fn fits(place: &str, schema: &Value, body: &Value) {
    let key = schema.to_string();
    let known = VALIDATORS.read().unwrap().get(&key).cloned();
    let validator = known.unwrap_or_else(|| {
        let mut whole = schema.clone();
        let mut needed = HashMap::new();
        collect(schema, &mut needed);
        whole["components"] = json!({ "schemas": needed });
        let made = Arc::new(jsonschema::options().with_draft(Draft::Draft202012).build(&whole).unwrap());
        VALIDATORS.write().unwrap().insert(key, Arc::clone(&made));
        made
    });
    let faults: Vec<String> =
        validator.iter_errors(body).map(|fault| format!("{}: {fault:.300}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{place} does not fit its schema: {faults:#?}");
}

/// The schemas that a schema refers to, and those that they refer to.
fn collect(value: &Value, needed: &mut HashMap<String, Value>) {
    match value {
        Value::Object(members) => {
            let name = value["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !needed.contains_key(*name)) {
                let schema = &DOCUMENT["components"]["schemas"][name];
                needed.insert(name.to_owned(), schema.clone());
                collect(schema, needed);
            }
            members.values().for_each(|member| collect(member, needed));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, needed)),
        _ => {}
    }
}

/// Every code of a refusal is in the catalogue of codes, with this status.
#[track_caller]
fn in_catalogue(place: &str, reply: &Reply) {
    let problem = reply.json();
    let codes = ocop::http::problems::all().unwrap();
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("/problems/{code}"), "{place}");
    let entry = codes.get(code).unwrap_or_else(|| panic!("{place}: {code} is in no catalogue"));
    assert!(entry.statuses().contains(&reply.status.as_u16()), "{place}: {code} is told with another status");
    for fault in problem["errors"].as_array().into_iter().flatten() {
        let code = fault["code"].as_str().unwrap();
        let entry = codes.get(code).unwrap_or_else(|| panic!("{place}: {code} is in no catalogue"));
        assert!(entry.told_as.contains(&ocop::http::problems::ToldAs::Fault), "{place}: {code} is told of no place");
    }
}

/// The operation's answer of this status names the refusal's code, and the codes of its faults.
#[track_caller]
fn names_codes(place: &str, operation: &Value, answer: &Value, reply: &Reply) {
    let problem = reply.json();
    // Elsewhere faults tell what the refusal is about.
    let faults = problem["errors"].as_array().into_iter().flatten().filter(|_| reply.status == 422);
    let told = [&problem].into_iter().chain(faults).map(|told| told["code"].as_str().unwrap());
    let named: BTreeSet<&str> =
        answer["x-codes"].as_array().into_iter().flatten().map(|code| code.as_str().unwrap()).collect();
    let id = operation["operationId"].as_str().unwrap();
    let status = reply.status.as_u16();
    let missing: BTreeSet<String> =
        told.filter(|code| !named.contains(code)).map(|code| format!("{id},{status},{code}")).collect();
    if let Some(file) = std::env::var_os("OCOP_REFUSALS") {
        let lines: String = missing.iter().map(|line| format!("{line}\n")).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
        return;
    }
    assert!(missing.is_empty(), "{place}: src/http/openapi/refusals.csv lacks {missing:?}");
}
