//! The OpenAPI document: its head, and what is the same for every operation and so is said in one place.
//!
//! Paths, bodies and schemas are collected from the handlers; [`completed`] adds what their signatures do not say.

mod examples;
mod headers;
mod names;
mod parameters;
mod plain;
mod refusals;
mod schemas;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use utoipa::openapi::content::Content;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Ref, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{RefOr, Required};
use utoipa::{Modify, OpenApi};

use crate::http::allowance::is_rationed;
use crate::http::openapi::refusals::Traits;
use crate::http::problem::{FaultDetails, ProblemDetails};

/// Where what programs use begins; the rest is for people, scanners and standards.
const API: &str = "/api/v1/";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ocop",
        description = "Runs a Vietnamese province's OCOP year: from a producer's idea to a consumer's scan.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "The province's office that runs this service"),
    ),
    servers((url = "/", description = "The service that serves this document.")),
    tags(
        (name = "accounts", description = "Who signs in, with which role and for which unit."),
        (name = "agenda items", description = "Dossiers on a council's agenda, and its session step by step."),
        (name = "surveys", description = "What the working group finds on site, with photographs and tests."),
        (name = "group reports", description = "The working group's reports to its council."),
        (name = "appeals", description = "A producer's appeals against results."),
        (name = "auth", description = "Signing in: tokens, and the keys that prove them."),
        (name = "certificates", description = "Certificates of certified products, and notices before they end."),
        (name = "councils", description = "The councils of a round, their seats and their minutes."),
        (name = "criteria sets", description = "The criteria by which products are scored, by version."),
        (name = "cycles", description = "The programme's years: rounds, deadlines, targets, reports."),
        (name = "decisions", description = "Decisions that put certificates in force."),
        (name = "dispatches", description = "Letters under which lists of products go up."),
        (name = "dossiers", description = "A product in a cycle: documents, self-scoring, visits."),
        (name = "epcis", description = "Traceability as EPCIS 2.0 events."),
        (name = "health", description = "Whether the service works."),
        (name = "holds", description = "Suspensions of products and lots."),
        (name = "inspections", description = "Inspections after recognition: plans, visits, corrections, conclusions."),
        (name = "ideas", description = "Product ideas: submitted, forwarded, selected, accepted."),
        (name = "lots", description = "Lots, their events, what they were made of, and their recall."),
        (name = "pages", description = "Pages for people, and feeds of the catalogue."),
        (name = "papers", description = "Papers to be printed and signed."),
        (name = "personal data", description = "What persons ask about their own data."),
        (name = "plans", description = "Business plans: submitted, approved; their money by source and year."),
        (name = "producers", description = "Producers, and their registrations."),
        (name = "products", description = "What lasts of a product: name, code, pictures, documents."),
        (name = "public", description = "What anybody may read: the catalogue, verifications, scans."),
        (name = "results", description = "What a council concluded, and from what."),
        (name = "sheets", description = "A council member's own sheet of marks."),
        (name = "shops", description = "Points of sale, and what each sells."),
        (name = "stamps", description = "Stamps: orders, codes, labels, activation, suspicions, doubts."),
        (name = "support", description = "Support money: policies, claims up to their payment, rewards by star."),
        (name = "tasks", description = "What waits for whom."),
        (name = "units", description = "Provinces, districts and communes by code and validity."),
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

const ETAG: &str = "ETag";

/// Operations that are about things which no part of their path names.
const NAMING_OTHERS: [&str; 3] = ["/api/v1/dispatches", "/api/v1/reassignments", "/api/v1/account-reassignments"];

/// Operations of somebody who signed in that do not heed an `Idempotency-Key`: a kept answer would hold a secret.
const UNREPEATABLE: [&str; 7] = [
    "/api/v1/stamp-orders/{id}/export-links",
    "/api/v1/accounts/{id}/reset-password",
    "/api/v1/auth/password",
    "/api/v1/auth/devices/revoke",
    "/api/v1/auth/second-factor",
    "/api/v1/auth/second-factor/confirm",
    "/api/v1/auth/second-factor/remove",
];

/// Operations of people without an account that heed an `Idempotency-Key` all the same.
const KEYED_WITHOUT_ACCOUNT: [&str; 2] = ["/api/v1/registrations", "/t/{code}/doubts"];

/// Adds what the handlers' signatures do not say: operation ids, variable parts of paths, conditions, keys, what each
/// answer is and its headers. What every operation shares is written once.
pub fn completed(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    schemas::name_items(&mut document);
    plain::say_plainly(&mut document);
    let schemas = document.components.as_ref().map(|components| components.schemas.clone()).unwrap_or_default();
    let recorded = examples::all();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let lists = answers(operation).any(|(_, answer)| body_of(answer).is_some_and(is_page));
            let id = names::operation_id(method, path, lists);
            tell(operation);
            let traits = require(operation, method, path);
            for (status, answer) in &mut operation.responses.responses {
                if let RefOr::T(answer) = answer {
                    complete(answer, status, &traits, &schemas);
                }
            }
            operation.responses.responses.retain(|status, _| !is_range(status));
            if method == "get" {
                tell_unchanged(operation);
            }
            for (status, refusal) in refusals::of(&id, &traits) {
                operation.responses.responses.entry(status).or_insert(refusal);
            }
            if let Some(recorded) = recorded.get(&id) {
                examples::show(operation, recorded);
            }
            operation.operation_id = Some(id);
        }
    }
    let components = document.components.get_or_insert_with(Default::default);
    components.responses.extend(refusals::shared());
    components.parameters.insert(parameters::LANGUAGE.to_owned(), parameters::language().into());
    headers::describe(&mut document);
    schemas::drop_unused(&mut document);
    schemas::require_sent(&mut document);
    document
}

/// The document as an answer.
pub fn served(document: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document)
}

/// The operations of a path, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, head, patch, .. } = item;
    let operations = [("get", get), ("put", put), ("post", post), ("delete", delete), ("head", head), ("patch", patch)];
    operations.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Whether a status stands for many, as in the handlers' `Refusals`.
fn is_range(status: &str) -> bool {
    status.ends_with("XX")
}

/// The answers that are no refusals.
fn answers(operation: &Operation) -> impl Iterator<Item = (&str, &Response)> {
    operation.responses.responses.iter().filter_map(|(status, answer)| match answer {
        RefOr::T(answer) if !is_range(status) => Some((status.as_str(), answer)),
        _ => None,
    })
}

/// The name of the schema of an answer's JSON body.
fn body_of(answer: &Response) -> Option<&str> {
    let RefOr::T(Content { schema: Some(RefOr::Ref(named)), .. }) = answer.content.get("application/json")? else {
        return None;
    };
    named.ref_location.rsplit('/').next()
}

fn is_page(schema: &str) -> bool {
    schema.starts_with(schemas::PAGE)
}

/// The handler's own words: their first clause is the summary, all of them are the description.
fn tell(operation: &mut Operation) {
    let told = operation.summary.take().into_iter().chain(operation.description.take());
    let told = told.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let told = told.collect::<Vec<_>>().join("\n\n");
    let end = [" (", "; ", ". ", "\n"].iter().filter_map(|sign| told.find(sign)).min().unwrap_or(told.len());
    operation.summary = told.get(..end).map(|clause| clause.trim_end_matches('.').to_owned());
    operation.description = Some(told);
}

/// The parameters that follow from what kind of operation it is.
fn require(operation: &mut Operation, method: &str, path: &str) -> Traits {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            parameters::complete(parameter);
        }
    }
    let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    for name in &names {
        add(operation, parameters::variable(name));
    }
    let language = RefOr::Ref(Ref::new(format!("#/components/parameters/{}", parameters::LANGUAGE)));
    operation.parameters.get_or_insert_with(Vec::new).push(language);
    let is_public = operation.security.as_ref().is_some_and(|security| !security.is_empty());
    let writes = matches!(method, "post" | "put" | "patch" | "delete");
    // What makes something new changes nothing that the asker could have seen in an older version.
    let makes = answers(operation).any(|(status, _)| status == "201");
    let asks = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query));
    let needs_version = writes && !is_public && !names.is_empty() && !makes;
    if needs_version {
        let meaning = "The version at hand as its `ETag` gave it, such as `\"3\"`; without it 428, an older one 412.";
        add(operation, parameters::named("If-Match", ParameterIn::Header, Required::True, meaning));
    }
    let is_keyed = writes && (!is_public || KEYED_WITHOUT_ACCOUNT.contains(&path)) && !UNREPEATABLE.contains(&path);
    if is_keyed {
        let meaning = "Carries the request out once: a repetition within a day gets the first answer.";
        add(operation, parameters::named("Idempotency-Key", ParameterIn::Header, Required::False, meaning));
    }
    let takes_file = operation.request_body.as_ref().is_some_and(|body| match body {
        RefOr::T(body) => body.content.contains_key("multipart/form-data"),
        RefOr::Ref(_) => false,
    });
    Traits {
        is_public,
        writes,
        names_one: !names.is_empty(),
        needs_version,
        is_keyed,
        takes_file,
        is_rationed: is_rationed(&method.to_ascii_uppercase(), path),
        names_others: NAMING_OTHERS.contains(&path) || (method == "get" && asks),
    }
}

fn add(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    let is_same = |known: &RefOr<Parameter>| matches!(known, RefOr::T(known) if known.name == parameter.name);
    if !parameters.iter().any(is_same) {
        parameters.push(RefOr::T(parameter));
    }
}

/// What an answer is, which headers it has, and that a file is bytes and no list of numbers.
fn complete(answer: &mut Response, status: &str, traits: &Traits, schemas: &BTreeMap<String, RefOr<Schema>>) {
    let body = body_of(answer).map(str::to_owned);
    let lists = body.as_deref().is_some_and(is_page);
    // Whoever had to name a version is told the next one.
    let has_version =
        traits.needs_version || body.is_some_and(|name| schemas.get(&name).is_some_and(schemas::tells_version));
    if answer.description.is_empty() {
        let meaning = match status {
            "201" => "It was made; `Location` says where.",
            "204" => "It was done; there is nothing to tell.",
            status if status.starts_with('3') => "It is elsewhere; `Location` says where.",
            _ if lists => "One page of the list.",
            _ if has_version => "The resource as it is now.",
            _ if answer.content.is_empty() => "The head of what was asked for.",
            _ => "What was asked for.",
        };
        answer.description = meaning.to_owned();
    }
    headers::tell(answer, &headers::REQUEST_ID);
    if traits.is_keyed {
        headers::tell(answer, &headers::REPLAYED);
    }
    if has_version {
        told_by(answer, ETAG, "The version, for `If-Match`.");
    }
    if status == "201" || status.starts_with('3') {
        told_by(answer, "Location", "Where it is.");
    }
    if lists && !traits.writes {
        told_by(answer, "Link", "The next page (`rel=\"next\"`), where there is one.");
    }
    for (media, content) in &mut answer.content {
        if let RefOr::T(content) = content
            && is_file(media)
        {
            let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
            content.schema = Some(ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into());
        }
    }
}

/// What has a tag needs not be sent again to who names it.
fn tell_unchanged(operation: &mut Operation) {
    if !answers(operation).any(|(status, answer)| status == "200" && answer.headers.contains_key(ETAG)) {
        return;
    }
    let meaning = "The `ETag` of an answer at hand: 304 where it is still the answer.";
    add(operation, parameters::named("If-None-Match", ParameterIn::Header, Required::False, meaning));
    let mut unchanged = Response::new("It is as the answer that `If-None-Match` names.");
    headers::tell(&mut unchanged, &headers::REQUEST_ID);
    told_by(&mut unchanged, ETAG, "The same as in that answer.");
    operation.responses.responses.insert("304".to_owned(), unchanged.into());
}

/// Whether a media type is neither text nor JSON.
fn is_file(media: &str) -> bool {
    matches!(media, "application/pdf" | "application/zip" | "image/jpeg" | "image/png")
        || media.starts_with("application/vnd.openxmlformats")
}

fn told_by(answer: &mut Response, name: &str, meaning: &str) {
    answer.headers.entry(name.to_owned()).or_insert_with(|| header(meaning).into());
}

fn header(meaning: &str) -> Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).description(Some(meaning)).build()
}
