//! Schemas in the plainest form that says the same: some generators overlook what is nested, and send what is a default.

use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{OpenApi, RefOr};

/// Puts the parts of what is put together beside each other, without parts of parts, and drops the defaults that say no
/// more than that a member may be left out.
pub fn say_plainly(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    for schema in components.schemas.values_mut() {
        if let RefOr::T(Schema::AllOf(whole)) = schema {
            whole.items = parts(std::mem::take(&mut whole.items));
        }
        drop_empty_defaults(schema);
    }
}

fn parts(items: Vec<RefOr<Schema>>) -> Vec<RefOr<Schema>> {
    let plain = items.into_iter().flat_map(|item| match item {
        RefOr::T(Schema::AllOf(inner)) => parts(inner.items),
        other => vec![other],
    });
    plain.collect()
}

fn drop_empty_defaults(schema: &mut RefOr<Schema>) {
    let default = match schema {
        RefOr::Ref(named) => &mut named.default,
        RefOr::T(Schema::Object(object)) => {
            object.properties.values_mut().for_each(drop_empty_defaults);
            &mut object.default
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                drop_empty_defaults(items);
            }
            &mut array.default
        }
        RefOr::T(Schema::OneOf(choice)) => &mut choice.default,
        RefOr::T(Schema::AnyOf(choice)) => &mut choice.default,
        RefOr::T(Schema::AllOf(whole)) => {
            whole.items.iter_mut().for_each(drop_empty_defaults);
            &mut whole.default
        }
        RefOr::T(_) => return,
    };
    default.take_if(|default| default.is_null() || default.as_array().is_some_and(Vec::is_empty));
}
