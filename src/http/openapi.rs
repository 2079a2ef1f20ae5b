//! The head of the OpenAPI document; paths and schemas are collected from the handlers.

use crate::http::problem::{FaultDetails, ProblemDetails};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{RefOr, Required};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ocop",
        description = "Runs a Vietnamese province's OCOP year: from a producer's idea to a consumer's scan.",
        license(name = "MIT", identifier = "MIT"),
        contact(),
    ),
    components(schemas(ProblemDetails, FaultDetails)),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
pub struct Head;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Adds what the handlers' signatures do not say: variable parts of paths, `If-Match` and `Idempotency-Key`.
pub fn completed(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let is_public =
            |operation: &Operation| operation.security.as_ref().is_some_and(|security| !security.is_empty());
        for (operation, posts, conditional) in [
            (&mut item.get, false, false),
            (&mut item.put, false, true),
            (&mut item.patch, false, true),
            (&mut item.post, true, !names.is_empty()),
        ] {
            let Some(operation) = operation else { continue };
            for name in &names {
                add(operation, parameter(name, ParameterIn::Path, true, None));
            }
            if is_public(operation) {
                continue;
            }
            if conditional {
                add(
                    operation,
                    parameter("If-Match", ParameterIn::Header, false, Some("The version at hand, as in `\"3\"`.")),
                );
            }
            if posts {
                let meaning = "Carries the request out once; a repetition gets the first answer.";
                add(operation, parameter("Idempotency-Key", ParameterIn::Header, false, Some(meaning)));
            }
        }
    }
    document
}

fn add(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    let is_same = |known: &RefOr<Parameter>| matches!(known, RefOr::T(known) if known.name == parameter.name);
    if !parameters.iter().any(is_same) {
        parameters.push(RefOr::T(parameter));
    }
}

fn parameter(name: &str, place: ParameterIn, required: bool, description: Option<&str>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required { Required::True } else { Required::False })
        .description(description)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}
