//! What an address can be asked: 405 with `Allow` where another method was tried, and `OPTIONS` (RFC 9110 9.3.7, 15.5.6).

use std::collections::{BTreeMap, BTreeSet};

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

use crate::base::Error;
use crate::http::Problem;

/// The routes of one pattern.
struct Routes {
    pattern: ResourceDef,
    methods: BTreeSet<&'static str>,
    /// Whether anybody may read here, so that pages of other origins may.
    is_read_by_anybody: bool,
}

/// All patterns of addresses, with the methods that each takes.
pub struct Methods(Vec<Routes>);

impl Methods {
    /// Of the documented operations and the routes that the document does not name.
    pub fn of(document: &OpenApi, undocumented: impl IntoIterator<Item = (String, &'static str)>) -> Self {
        let mut by_pattern: BTreeMap<String, Routes> = BTreeMap::new();
        for (path, item) in &document.paths.paths {
            let routes = by_pattern.entry(path.clone()).or_insert_with(|| Routes::none(path));
            routes.methods.extend(methods(item));
            let reads = item.get.as_ref().filter(|operation| operation.security.is_some());
            routes.is_read_by_anybody = reads.is_some_and(|operation| !is_page(operation));
        }
        for (path, method) in undocumented {
            let routes = Routes::none(&path);
            by_pattern.entry(path).or_insert(routes).methods.insert(method);
        }
        Self(by_pattern.into_values().collect())
    }

    fn routes(&self, path: &str) -> impl Iterator<Item = &Routes> {
        self.0.iter().filter(move |routes| routes.pattern.is_match(path))
    }

    /// Whether some route takes this method itself.
    pub fn takes(&self, path: &str, method: &Method) -> bool {
        self.routes(path).any(|routes| routes.methods.contains(method.as_str()))
    }

    /// Whether anybody may read what is here, without a page for people.
    pub fn is_read_by_anybody(&self, path: &str) -> bool {
        self.routes(path).any(|routes| routes.is_read_by_anybody)
    }

    /// As `Allow` has it; none where there is no such address.
    pub fn allowed(&self, path: &str) -> Option<String> {
        let mut methods: BTreeSet<&str> = self.routes(path).flat_map(|routes| routes.methods.iter().copied()).collect();
        if methods.is_empty() {
            return None;
        }
        if methods.contains("GET") {
            methods.insert("HEAD");
        }
        methods.insert("OPTIONS");
        Some(methods.into_iter().collect::<Vec<_>>().join(", "))
    }
}

impl Routes {
    fn none(path: &str) -> Self {
        Self { pattern: ResourceDef::new(path), methods: BTreeSet::new(), is_read_by_anybody: false }
    }
}

fn methods(item: &PathItem) -> impl Iterator<Item = &'static str> {
    let PathItem { get, put, post, delete, head, patch, .. } = item;
    let named = [("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete), ("HEAD", head), ("PATCH", patch)];
    named.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method)
}

/// Whether it answers with HTML and nothing else.
fn is_page(operation: &Operation) -> bool {
    let answer = operation.responses.responses.get("200");
    let Some(RefOr::T(answer)) = answer else { return false };
    !answer.content.is_empty() && answer.content.keys().all(|media| media == "text/html")
}

/// The address with each slash once and none at its end, where that is another one and there is something: some programs that
/// join addresses write two, some printers and chats add one.
fn without_spare_slashes(request: &HttpRequest, methods: &Methods) -> Option<String> {
    let uri = request.uri();
    if !(uri.path().contains("//") || uri.path().ends_with('/')) || !request.method().is_safe() {
        return None;
    }
    let mut path = String::with_capacity(uri.path().len());
    for letter in uri.path().chars().filter(|letter| !letter.is_control()) {
        if letter != '/' || !path.ends_with('/') {
            path.push(letter);
        }
    }
    if path.len() > 1 && path.ends_with('/') {
        path.pop();
    }
    if path == uri.path() {
        return None;
    }
    methods.allowed(&path)?;
    Some(uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}")))
}

/// Whatever no route took: what has a slash too many is led on, `OPTIONS` of any address, 405 where others are taken, 404.
pub async fn otherwise(request: HttpRequest, methods: web::Data<Methods>) -> Result<HttpResponse, Problem> {
    if let Some(address) = without_spare_slashes(&request, &methods) {
        return Ok(HttpResponse::PermanentRedirect().insert_header((LOCATION, address)).finish());
    }
    let allowed = methods.allowed(request.path()).ok_or_else(Error::unknown)?;
    let mut answer =
        if request.method() == Method::OPTIONS { HttpResponse::NoContent() } else { HttpResponse::MethodNotAllowed() };
    Ok(answer.insert_header((ALLOW, allowed)).finish())
}
