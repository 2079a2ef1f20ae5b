//! The committed OpenAPI document is the one that the code makes.

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
