//! Examples: what a program sent and was answered in a run of the tests, one for each body and answer. CONTRIBUTING.md tells how
//! they are recorded anew; a test holds each against its schema.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::Content;
use utoipa::openapi::path::Operation;

const JSON: &str = "application/json";

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
    let body = operation.request_body.as_mut().and_then(|body| match body {
        RefOr::T(body) => body.content.get_mut(JSON),
        RefOr::Ref(_) => None,
    });
    if let (Some(RefOr::T(content)), Some(sent)) = (body, &recorded.request) {
        content.example = Some(sent.clone());
    }
    for (status, answered) in &recorded.answers {
        let answer = operation.responses.responses.get_mut(status);
        if let Some(RefOr::T(answer)) = answer
            && let Some(RefOr::T(Content { example, .. })) = answer.content.get_mut(JSON)
        {
            *example = Some(answered.clone());
        }
    }
}
