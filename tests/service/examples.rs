//! Records what is sent and answered in the tests as the examples of the OpenAPI document, where `OCOP_EXAMPLES` names the file.

use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::province::Reply;

static FILE: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("OCOP_EXAMPLES").ok());

/// What was recorded so far, and which operations in this run.
static RECORDED: LazyLock<Mutex<Map<String, Value>>> = LazyLock::new(|| {
    let known = FILE.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    Mutex::new(serde_json::from_str(&known).unwrap_or_default())
});

/// A longer body or answer is shown with the first of each list only.
const LONG: usize = 1500;

/// Its answer is one of two things, each with what may be done with it: validators that allow nothing beyond a schema cannot
/// tell by which it is to be held.
const UNSHOWN: &str = "listAccounts";

/// Keeps the first exchange with an operation that was answered so; `body` is what was sent.
pub fn record(operation: &str, body: Option<&[u8]>, reply: &Reply) {
    let Some(path) = FILE.as_ref().filter(|_| reply.status.is_success() && operation != UNSHOWN) else { return };
    let media = reply.headers.get("content-type").and_then(|media| media.to_str().ok()).unwrap_or_default();
    let is_json = !reply.bytes.is_empty() && media.split(';').next().is_some_and(|media| media.ends_with("json"));
    let sent = body.and_then(|body| serde_json::from_slice::<Value>(body).ok()).filter(Value::is_object);
    let mut recorded = RECORDED.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = recorded.entry(operation).or_insert_with(|| json!({}));
    let before = entry.clone();
    // A body that may be left empty is better shown with something in it.
    if let Some(sent) = sent
        && (entry["request"].is_null() || entry["request"] == json!({}))
    {
        entry["request"] = shown(sent);
    }
    let status = reply.status.as_str();
    // A list without anything in it shows nothing.
    let is_empty = |answer: &Value| answer.is_null() || answer["items"] == json!([]);
    if is_json && is_empty(&entry["answers"][status]) {
        entry["answers"][status] = shown(reply.json());
    }
    if *entry != before {
        std::fs::write(path, format!("{:#}\n", Value::Object(recorded.clone()))).unwrap();
    }
}

fn shown(mut value: Value) -> Value {
    hide(&mut value);
    if let Some(items) = value.get_mut("items").and_then(Value::as_array_mut) {
        items.truncate(1);
    }
    if value.to_string().len() > LONG {
        shorten(&mut value);
    }
    value
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.truncate(1);
            values.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Writes something else for what nobody but its owner may know.
fn hide(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(hide),
        Value::Object(members) => {
            for (name, value) in members {
                let is_secret = ["password", "token", "secret", "salt"].iter().any(|secret| name.contains(secret));
                match value {
                    Value::String(text) if is_secret => *text = "a-secret-of-its-own".to_owned(),
                    Value::String(text) if text.contains("://127.0.0.1") => {
                        let path = text.splitn(4, '/').nth(3).unwrap_or_default();
                        *text = format!("https://ocop.example.vn/{path}");
                    }
                    // What an authenticator app reads.
                    Value::String(text) if text.contains("?secret=") => {
                        let (before, after) = text.split_once("?secret=").unwrap();
                        let after = after.trim_start_matches(|letter| letter != '&');
                        *text = format!("{before}?secret=A-SECRET-OF-ITS-OWN{after}");
                    }
                    Value::String(text) if text == "127.0.0.1" => *text = "203.0.113.7".to_owned(),
                    _ => hide(value),
                }
            }
        }
        _ => {}
    }
}
