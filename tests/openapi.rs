#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
//! The committed OpenAPI document is the one that the code makes, and one that clients can be made from.

use std::collections::BTreeSet;

use serde_json::Value;

#[test]
fn the_committed_document_is_what_the_code_makes() {
    let made = ocop::app::document().to_pretty_json().expect("a document");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        made.trim() == committed.trim(),
        "openapi/openapi.json is not what the code makes: run `cargo run -- openapi > openapi/openapi.json`"
    );
}

fn document() -> Value {
    serde_json::to_value(ocop::app::document()).unwrap()
}

/// Every operation with its place, such as `get /api/v1/ideas`, and its path.
fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((format!("{method} {path}"), path.as_str(), operation));
        }
    }
    found
}

#[test]
fn each_operation_has_an_id_of_its_own_and_says_what_it_does() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (place, _, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(id.starts_with(|first: char| first.is_ascii_lowercase()), "{place}: {id}");
        assert!(id.chars().all(|sign| sign.is_ascii_alphanumeric()), "{place}: {id}");
        assert!(ids.insert(id.to_owned()), "{place}: another operation is called {id} too");
        for told in ["summary", "description"] {
            let told = operation[told].as_str().unwrap_or_default();
            assert!(!told.is_empty() && !told.contains("[`"), "{place}: {told}");
        }
    }
}

#[test]
fn tags_are_declared_and_none_for_nothing() {
    let document = document();
    let declared: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let operations = operations(&document);
    let used = operations.iter().flat_map(|(_, _, operation)| operation["tags"].as_array().unwrap());
    let used: BTreeSet<&str> = used.map(|tag| tag.as_str().unwrap()).collect();
    assert_eq!(declared, used);
}

#[test]
fn every_answer_is_described_and_every_refusal_declared() {
    let document = document();
    for (place, _, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.contains_key("400") && answers.contains_key("500"), "{place}");
        for (status, answer) in answers {
            assert!(status.parse::<u16>().is_ok(), "{place} {status}: generators do not take ranges");
            let answer = answer["$ref"].as_str().map_or(answer, |named| referred(&document, named));
            assert!(!answer["description"].as_str().unwrap_or_default().is_empty(), "{place} {status}");
        }
    }
}

/// Codes of what no operation of the document does: forms of the desk, wrong methods, the demo's start.
const BEYOND_OPERATIONS: [&str; 8] = [
    "another_demo",
    "forged_form",
    "method_not_allowed",
    "openid_identity_differs",
    "openid_identity_missing",
    "openid_not_begun_here",
    "openid_refused",
    "openid_unreachable",
];

/// The codes of all refusals of all operations are those of the catalogue, each with a status that it is told with.
#[test]
fn every_code_of_the_catalogue_is_one_of_an_operation() {
    let document = document();
    let catalogue = ocop::http::problems::all().unwrap();
    let mut named = BTreeSet::new();
    for (place, _, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let answer = answer["$ref"].as_str().map_or(answer, |named| referred(&document, named));
            for code in answer["x-codes"].as_array().into_iter().flatten() {
                let code = code.as_str().unwrap();
                let entry = catalogue.get(code).unwrap_or_else(|| panic!("{place}: {code} is in no catalogue"));
                let is_told_so = entry.statuses().iter().any(|known| known.to_string() == *status);
                assert!(is_told_so, "{place}: {code} is not told with {status}");
                named.insert(code.to_owned());
            }
        }
    }
    let lacking: Vec<&String> =
        catalogue.keys().filter(|code| !named.contains(*code) && !BEYOND_OPERATIONS.contains(&code.as_str())).collect();
    assert!(lacking.is_empty(), "no operation's answer names {lacking:?}");
    assert!(BEYOND_OPERATIONS.iter().all(|code| catalogue.contains_key(*code) && !named.contains(*code)));
}

/// What the sources refuse with stands in the catalogue, and so in an operation.
#[test]
fn every_code_of_the_sources_is_in_the_catalogue() {
    // How a refusal is made, and which of its arguments is the code.
    let makers = [("Error::conflict(", 0), ("Error::refused(", 1), ("Error::invalid(", 1), ("Fault::new(", 1)];
    let catalogue = ocop::http::problems::all().unwrap();
    let mut seen = BTreeSet::new();
    for (file, source) in sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (maker, place) in makers {
            for call in source.split(maker).skip(1) {
                let argument = arguments(call).nth(place).unwrap_or_default();
                let Some(code) = argument.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
                    continue;
                };
                assert!(catalogue.contains_key(code), "{file}: {code} is in no catalogue");
                seen.insert(code.to_owned());
            }
        }
    }
    assert!(seen.len() > 150, "{}", seen.len());
}

/// Every source file with what is in it.
fn sources(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// The arguments of a call, of which the text begins behind its parenthesis.
fn arguments(call: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut is_text, mut from, mut found) = (0, false, 0, Vec::new());
    for (at, sign) in call.char_indices() {
        match sign {
            '"' => is_text = !is_text,
            _ if is_text => {}
            '(' | '[' | '{' => depth += 1,
            ',' | ')' if depth == 0 => {
                found.push(&call[from..at]);
                from = at + 1;
                if sign == ')' {
                    break;
                }
            }
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    found.into_iter()
}

/// `refusals.csv` names operations that exist, each line once, in order.
#[test]
fn the_codes_of_single_operations_are_in_order() {
    let document = document();
    let ids: BTreeSet<&str> =
        operations(&document).into_iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    let file = include_str!("../src/http/openapi/refusals.csv");
    let lines: Vec<&str> = file.lines().skip(1).collect();
    assert!(lines.is_sorted_by(|one, next| one < next), "refusals.csv is not in order");
    for line in lines {
        let parts: Vec<&str> = line.split(',').collect();
        assert_eq!(parts.len(), 3, "{line}");
        assert!(ids.contains(parts[0]), "{line}: there is no such operation");
    }
}

/// A default of null would be sent by clients, and clear what they did not mean.
#[test]
fn nothing_is_null_unless_it_is_said() {
    fn check(value: &Value) {
        match value {
            Value::Object(members) => {
                assert!(members.get("default") != Some(&Value::Null), "{value}");
                members.values().for_each(check);
            }
            Value::Array(values) => values.iter().for_each(check),
            _ => {}
        }
    }
    check(&document()["components"]["schemas"]);
}

/// What is recorded is part of the document and fits the schema that it stands at; nothing secret is shown.
/// The first one's answer is one of two things, each with what may be done with it: validators that allow nothing beyond a schema
/// cannot tell by which it is to be held. The others are still to be recorded.
const UNSHOWN: [&str; 1] = ["listAccounts"];

#[test]
fn everything_that_is_sent_and_answered_has_an_example_that_fits_its_schema() {
    let document = document();
    let mut seen = 0;
    let mut bare = Vec::new();
    for (place, _, operation) in operations(&document) {
        for (at, content) in contents(operation) {
            let Some(example) = content.get("example") else {
                if !UNSHOWN.contains(&operation["operationId"].as_str().unwrap()) {
                    bare.push(format!("{place} {at}"));
                }
                continue;
            };
            let mut schema = content["schema"].clone();
            schema["components"] = document["components"].clone();
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
            let faults: Vec<String> =
                options.build(&schema).unwrap().iter_errors(example).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{place} {at}: {faults:?}");
            let text = example.to_string();
            assert!(!text.contains("eyJ") && !text.contains("127.0.0.1"), "{place} {at} shows what it should not");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(bare.is_empty(), "no example is recorded (CONTRIBUTING.md tells how): {bare:#?}");
}

/// The JSON and the forms that an operation reads, and the JSON that it answers, each with where it stands. Refusals are
/// described once for all operations.
fn contents(operation: &Value) -> Vec<(String, &Value)> {
    let body = operation.get("requestBody").map(|body| ("body", body));
    let answers = operation["responses"].as_object().unwrap().iter();
    let answers =
        answers.filter(|(status, _)| status.starts_with('2')).map(|(status, answer)| (status.as_str(), answer));
    let mut found = Vec::new();
    for (at, described) in body.into_iter().chain(answers) {
        for (media, content) in described["content"].as_object().into_iter().flatten() {
            if media.ends_with("json") || media == "application/x-www-form-urlencoded" {
                found.push((format!("{at} {media}"), content));
            }
        }
    }
    found
}

#[test]
fn the_variable_parts_of_each_path_are_its_path_parameters() {
    let document = document();
    for (place, path, operation) in operations(&document) {
        let parts: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let mut names = BTreeSet::new();
        for parameter in &parameters {
            let parameter = parameter["$ref"].as_str().map_or(parameter, |named| referred(&document, named));
            let (name, within) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
            assert!(names.insert((within, name)), "{place}: {name} is declared twice");
            assert!(parameter["description"].is_string(), "{place}: {name} is not described");
            assert!(within != "path" || parameter["required"] == true, "{place}: {name}");
        }
        let declared: BTreeSet<&str> =
            names.iter().filter(|(within, _)| *within == "path").map(|(_, name)| *name).collect();
        assert_eq!(declared, parts, "{place}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_referred_to() {
    let document = document();
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    for reference in &named {
        assert!(!referred(&document, reference).is_null(), "{reference} does not exist");
    }
    for schema in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(named.contains(&format!("#/components/schemas/{schema}")), "nothing refers to {schema}");
    }
}

fn referred<'a>(document: &'a Value, reference: &str) -> &'a Value {
    document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null)
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_table_of_rights_is_what_the_steps_declare() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = ocop::permissions::markdown().expect("a table");
    assert!(
        made.trim() == committed.trim(),
        "docs/permissions.md is not what the steps declare: run `cargo run -- permissions > docs/permissions.md`"
    );
}

/// The members of the JSON or of the upload that an operation reads; those of a member where `of` names one.
fn members(document: &Value, operation: &Value, of: Option<&str>) -> BTreeSet<String> {
    let content = operation["requestBody"]["content"].as_object().unwrap();
    let mut schema = resolved(document, &content.values().next().unwrap()["schema"]);
    if let Some(of) = of {
        let member = resolved(document, &schema["properties"][of]);
        // Of a list what each of it has, of a map what stands at each of its keys.
        let inside =
            ["items", "additionalProperties"].into_iter().map(|name| &member[name]).find(|inner| inner.is_object());
        schema = resolved(document, inside.unwrap_or(&member));
    }
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// A schema behind its names, and behind what only says that it may be null.
fn resolved(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return resolved(document, &document["components"]["schemas"][name.rsplit('/').next().unwrap()]);
    }
    for kind in ["oneOf", "anyOf", "allOf"] {
        if let Some(named) = schema[kind].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return resolved(document, named);
        }
    }
    schema.clone()
}

/// What a page's form asks for is what the step reads, and a list's page narrows by what the list can be narrowed by.
#[test]
fn forms_of_the_desk_ask_for_what_the_document_names() {
    let document = document();
    let paths = &document["paths"];
    let mut seen = 0;
    for counter in ocop::desk::kinds::ALL {
        let kind = counter.path();
        let of_step = |verb: &str| {
            let (path, method) = match (kind, verb) {
                (_, "change") => (String::new(), "patch"),
                ("shops", "products") => ("/products".into(), "put"),
                ("ideas", "add-paper") => ("/papers".into(), "post"),
                ("decisions", "add-original") => ("/originals".into(), "post"),
                ("products", "add-document") => ("/documents".into(), "post"),
                ("products", "add-picture") => ("/pictures".into(), "post"),
                ("surveys", "add-photograph") => ("/photographs".into(), "post"),
                ("inspections", "add-file") => ("/files".into(), "post"),
                ("inspections", "add-reply-paper") => ("/reply-papers".into(), "post"),
                ("support-claims", "add-paper") => ("/papers".into(), "post"),
                ("support-claims", "add-minutes") => ("/minutes".into(), "post"),
                ("surveys", "add-test-paper") => ("/test-papers".into(), "post"),
                ("agenda-items", "survey") => ("/surveys".into(), "post"),
                ("agenda-items", "draft-report") => ("/group-reports".into(), "post"),
                ("agenda-items", "remark") => ("/remarks".into(), "post"),
                ("agenda-items", "appeal") => ("/appeals".into(), "post"),
                ("lots", "add-inputs") => ("/inputs".into(), "post"),
                ("lots", "add-event") => ("/events".into(), "post"),
                ("products", "set-stamp-limit") => ("/stamp-limits".into(), "put"),
                ("stamp-orders", "make-link") => ("/export-links".into(), "post"),
                ("dossiers", "record-visit") => ("/visits".into(), "post"),
                _ => (format!("/{verb}"), "post"),
            };
            paths[&format!("/api/v1/{kind}/{{id}}{path}")][method].clone()
        };
        let steps = counter.steps().into_iter().map(|verb| (verb, counter.inputs(verb).unwrap(), of_step(verb)));
        let making =
            counter.making().map(|making| ("create", making.inputs, paths[&format!("/api/v1/{kind}")]["post"].clone()));
        for (verb, inputs, operation) in steps.chain(making) {
            let known = members(&document, &operation, None);
            for input in inputs {
                let (first, rest) =
                    input.name.split_once('.').map_or((input.name, None), |(first, rest)| (first, Some(rest)));
                assert!(known.contains(first), "{kind} {verb} does not read {}: {known:?}", input.name);
                let rest = rest.and_then(|rest| rest.rsplit('.').next());
                let within: Vec<&str> =
                    rest.into_iter().chain(input.columns().into_iter().flatten().map(|column| column.name)).collect();
                if !within.is_empty() {
                    let inside = members(&document, &operation, Some(first));
                    assert!(within.iter().all(|name| inside.contains(*name)), "{kind} {verb} {first}: {inside:?}");
                }
                seen += 1;
            }
        }
        let parameters = paths[&format!("/api/v1/{kind}")]["get"]["parameters"].as_array().unwrap();
        for filter in counter.filters() {
            assert!(
                parameters.iter().any(|known| known["name"] == filter.name),
                "{kind} has no filter {}",
                filter.name
            );
        }
    }
    // What no counter holds: a registration's form, and a letter's.
    let letter = [ocop::desk::list::LETTER, &[ocop::desk::list::ITEMS]].concat();
    let registration = [ocop::desk::register::PRODUCER, ocop::desk::register::ACCOUNT].concat();
    for (path, inputs) in [("/api/v1/registrations", registration), ("/api/v1/dispatches", letter)] {
        let operation = &paths[path]["post"];
        for input in inputs {
            let (first, rest) =
                input.name.split_once('.').map_or((input.name, None), |(first, rest)| (first, Some(rest)));
            assert!(members(&document, operation, None).contains(first), "{path} does not read {}", input.name);
            if let Some(within) = rest {
                assert!(members(&document, operation, Some(first)).contains(within), "{path}: {}", input.name);
            }
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn the_page_about_data_of_persons_is_made_from_the_record() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/privacy.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = ocop::privacy::page::markdown().expect("a page");
    assert!(
        made.trim() == committed.trim(),
        "docs/privacy.md is not what the record says: run `cargo run -- privacy > docs/privacy.md`"
    );
}
