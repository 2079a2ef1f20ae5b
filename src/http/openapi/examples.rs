//! Examples: what a program sent and was answered in a run of the tests, one for each body and answer that is JSON or a form's
//! fields; files and pages have none. CONTRIBUTING.md tells how they are recorded anew; a test holds each against its schema.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::Content;
use utoipa::openapi::path::Operation;

/// Whether something of this type has an example.
fn is_shown(media: &str) -> bool {
    media.ends_with("json") || media == "application/x-www-form-urlencoded"
}

/// What was sent and answered, of one operation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    request: Option<Value>,
    /// By status.
    #[serde(default)]
    answers: BTreeMap<String, Value>,
}

/// All of them, by operation id.
pub fn all() -> BTreeMap<String, Recorded> {
    // A test reads the file, which is part of the program.
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}

/// Shows what was recorded of an operation at its body and its answers.
pub fn show(operation: &mut Operation, recorded: &Recorded) {
    if let (Some(RefOr::T(body)), Some(sent)) = (&mut operation.request_body, &recorded.request) {
        put(body.content.iter_mut(), sent);
    }
    for (status, answered) in &recorded.answers {
        if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut(status) {
            put(answer.content.iter_mut(), answered);
        }
    }
}

fn put<'a>(contents: impl Iterator<Item = (&'a String, &'a mut RefOr<Content>)>, example: &Value) {
    for (media, content) in contents {
        if let RefOr::T(content) = content
            && is_shown(media)
        {
            content.example = Some(example.clone());
        }
    }
}
