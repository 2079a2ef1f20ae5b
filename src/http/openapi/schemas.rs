//! Schemas as generators need them: each named once and referred to, none without use.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::schema::{AllOf, AnyOf, ArrayItems, OneOf, Ref, Schema};
use utoipa::openapi::{OpenApi, RefOr};

/// How the names of the schemas of [`crate::http::Page`] begin; the name of what is listed follows.
pub const PAGE: &str = "Page_";

/// Lets a page's items refer to their schema, where the derived one holds a copy of it.
pub fn name_items(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let mut listed = Vec::new();
    for (name, schema) in &mut components.schemas {
        let Some(item) = name.strip_prefix(PAGE) else { continue };
        let RefOr::T(Schema::Object(page)) = schema else { continue };
        let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") else { continue };
        let named = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
        if let ArrayItems::RefOrSchema(copy) = std::mem::replace(&mut items.items, named) {
            listed.push((item.to_owned(), *copy));
        }
    }
    for (name, copy) in listed {
        components.schemas.entry(name).or_insert(copy);
    }
}

/// Drops the schemas that nothing refers to, and then those that only they referred to.
pub fn drop_unused(document: &mut OpenApi) {
    loop {
        let used = serde_json::to_value(&*document).map(|document| references(&document)).unwrap_or_default();
        let Some(components) = &mut document.components else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));
        if components.schemas.len() == before {
            return;
        }
    }
}

/// Members that answers leave out where there is nothing to tell of them, by the schema that they belong to. Every other member of
/// an answer is sent, as null where it has no value: the tests hold what is answered against it.
const LEFT_OUT: [(&str, &[&str]); 29] = [
    ("AgendaItemView", &["attendance", "me", "preparation", "tally", "warnings", "written_until"]),
    ("CertificateView", &["superseded_by"]),
    ("Choice", &["case", "least_for_stars"]),
    ("Criterion", &["alternatives", "depends_on", "gate", "judged_by", "note", "parent", "parent_title"]),
    (
        "DecisionView",
        &[
            "basis_authority",
            "basis_dated",
            "basis_number",
            "ground",
            "original_content",
            "original_verdict",
            "rests_on",
        ],
    ),
    ("DistrictFigures", &["certified"]),
    ("DossierRequirement", &["survey"]),
    ("DossierRules", &["commune_working_days", "forms", "samples"]),
    ("DossierView", &["self_marks", "suggested_marks"]),
    (
        "Edition",
        &["again", "composition", "excerpted", "known_marks", "lapsed_on", "least_options", "rounds", "transition"],
    ),
    ("ExportedConclusion", &["absences", "presiding_account_id", "recusals"]),
    ("ExportedCouncil", &["seats"]),
    ("ExportedItem", &["concluded"]),
    ("ExportedSheet", &["member"]),
    ("GroupReportView", &["content"]),
    ("IdeaStage", &["within_days"]),
    ("Mark", &["evidence", "further_evidence", "remark"]),
    ("OpenSheet", &["member"]),
    ("ProblemDetails", &["errors"]),
    ("ProducerView", &["representative_ethnicity", "representative_sex"]),
    ("PublicProductPage", &["lot"]),
    ("ResultView", &["unmet_options"]),
    ("Revocation", &["demanded"]),
    ("SelfReport", &["history", "organisation", "plans", "results"]),
    ("Set", &["first_case", "note", "version"]),
    ("Stage", &["until_centre"]),
    ("StampNote", &["until"]),
    ("SubmissionView", &["content"]),
    ("SubmittedContent", &["changes", "kind", "report", "self_marks", "updates", "yearly_figures"]),
];

/// Members that whatever is listed or offered leaves out so.
const LEFT_OUT_BY_ALL: [&str; 3] = ["as_of", "explained_actions", "total"];

/// Demands the members that are always sent, in the schemas that only answers have: what somebody sends may lack them.
pub fn require_sent(document: &mut OpenApi) {
    let Ok(mut whole) = serde_json::to_value(&*document) else { return };
    let schemas = whole.pointer_mut("/components/schemas").map(Value::take).unwrap_or_default();
    let paths = whole.pointer("/paths").and_then(Value::as_object).into_iter().flat_map(|paths| paths.values());
    let operations = paths.filter_map(Value::as_object).flat_map(|path| path.values());
    let bodies = operations.filter_map(|operation| operation.get("requestBody"));
    let mut open: Vec<String> = bodies.flat_map(references).collect();
    let mut read: BTreeSet<String> = BTreeSet::new();
    while let Some(reference) = open.pop() {
        let Some(name) = reference.strip_prefix("#/components/schemas/") else { continue };
        if read.insert(name.to_owned()) {
            open.extend(schemas.get(name).map(references).unwrap_or_default());
        }
    }
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        if !read.contains(name) {
            // `Offered_IdeaView` is an `IdeaView` with what may be done with it.
            let of = name.rsplit('_').next().unwrap_or(name);
            let left_out = LEFT_OUT.iter().find(|known| known.0 == of).map_or(&[][..], |known| known.1);
            visit(schema, &|schema| require(schema, left_out));
        }
    }
}

fn require(schema: &mut Schema, left_out: &[&str]) {
    let Schema::Object(object) = schema else { return };
    for name in object.properties.keys() {
        let is_left_out = [left_out, &LEFT_OUT_BY_ALL].iter().any(|names| names.contains(&name.as_str()));
        if !is_left_out && !object.required.contains(name) {
            object.required.push(name.clone());
        }
    }
}

/// Changes a schema and those that it is put together of, but none that it refers to.
fn visit(schema: &mut RefOr<Schema>, change: &impl Fn(&mut Schema)) {
    let RefOr::T(schema) = schema else { return };
    change(schema);
    match schema {
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                visit(items, change);
            }
        }
        Schema::Object(object) => object.properties.values_mut().for_each(|member| visit(member, change)),
        Schema::OneOf(OneOf { items, .. })
        | Schema::AllOf(AllOf { items, .. })
        | Schema::AnyOf(AnyOf { items, .. }) => {
            items.iter_mut().for_each(|part| visit(part, change));
        }
        _ => {}
    }
}

/// Whether things of this schema, or of one that it is put together of, have a version.
pub fn tells_version(schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.contains_key("version"),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter().any(tells_version),
        _ => false,
    }
}

/// Everything that a document refers to.
fn references(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(values) => values.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}
