//! Which pages of other origins may read answers (CORS): all of them what anybody may read, those of the settings the API.
//! Cookies are never sent from elsewhere.

use std::str::FromStr;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, RETRY_AFTER,
};
use actix_web::web;

use crate::http::answer::REPLAYED;
use crate::http::methods::Methods;
use crate::http::request_id;

const API: &str = "/api/v1/";
/// For how many seconds a browser keeps what it was told of an address.
const KEPT: usize = 3600;
static KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The origins whose pages may use the API, each `scheme://host[:port]`, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Arc<[String]>);

impl FromStr for AllowedOrigins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(origin).collect::<Result<Vec<_>, _>>().map(|origins| Self(origins.into()))
    }
}

/// An origin as browsers write it.
fn origin(entry: &str) -> Result<String, String> {
    let wrong = || format!("`{entry}` is no origin like https://app.example.vn, without a path");
    let origin = url::Url::parse(entry).map_err(|_| wrong())?.origin();
    let written = origin.ascii_serialization();
    if origin.is_tuple() && entry.trim_end_matches('/').eq_ignore_ascii_case(&written) {
        Ok(written)
    } else {
        Err(wrong())
    }
}

impl AllowedOrigins {
    fn name(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
    }
}

/// Middleware: tells browsers whose pages may read an answer, and answers their questions before.
pub fn policy(allowed: AllowedOrigins, methods: web::Data<Methods>) -> Cors {
    Cors::default()
        .allowed_origin_fn(move |origin, head| {
            let path = head.uri.path();
            (reads(head) && methods.is_read_by_anybody(path)) || (path.starts_with(API) && allowed.name(origin))
        })
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([
            ACCEPT,
            ACCEPT_LANGUAGE,
            AUTHORIZATION,
            CONTENT_ENCODING,
            CONTENT_TYPE,
            IF_MATCH,
            IF_NONE_MATCH,
            KEY.clone(),
            request_id::NAME.clone(),
        ])
        .expose_headers([ALLOW, ETAG, LINK, LOCATION, RETRY_AFTER, REPLAYED.clone(), request_id::NAME.clone()])
        .max_age(KEPT)
}

/// Whether a request reads, or a browser asks whether it may.
fn reads(head: &RequestHead) -> bool {
    let asked = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD).filter(|_| head.method == Method::OPTIONS);
    let method = asked.map_or(head.method.as_str(), |asked| asked.to_str().unwrap_or_default());
    matches!(method, "GET" | "HEAD")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them_or_refused() {
        let read = |text: &str| text.parse::<AllowedOrigins>().map(|AllowedOrigins(origins)| origins.join(" "));
        assert_eq!(read("").as_deref(), Ok(""));
        assert_eq!(
            read("https://App.example.vn, http://localhost:3000/").as_deref(),
            Ok("https://app.example.vn http://localhost:3000")
        );
        for wrong in ["*", "null", "app.example.vn", "https://app.example.vn/page", "https://", "file:///tmp"] {
            assert!(read(wrong).unwrap_err().contains("is no origin"), "{wrong}");
        }
    }
}
