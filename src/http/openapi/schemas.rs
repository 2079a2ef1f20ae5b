//! Schemas as generators need them: each named once and referred to, none without use.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::schema::{ArrayItems, Ref, Schema};
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
