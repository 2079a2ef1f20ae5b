//! A request, taken apart without refusing anything yet: what is wrong with it is said in the order of the design.

pub mod body;
mod condition;
mod json;
mod note;
mod path;
pub mod shape;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, CONTENT_TYPE, Header, HeaderMap, HttpDate, IF_MATCH, IF_NONE_MATCH, IfModifiedSince,
};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::base::{Error, Fault, Result, say};
use crate::http::allowance::{self, Rationed};
use crate::http::cookies::OwnCookie;
use crate::http::head;
use crate::http::held::{Credence, Held};
use crate::http::pace::paced;
use crate::http::request::body::Coming;
use crate::http::{App, ClientAddress, Language, Problem, Query};

pub use condition::{Versions, names_tag, stale};
pub use note::Note;
pub use path::{PathParam, PathParts};

/// Where the desk is.
pub const DESK: &str = "/desk";

/// The cookie of a browser that signed in. It goes to the desk only, and is heeded there only: what it could
/// be made to send elsewhere says nothing of who asks.
pub const SESSION: OwnCookie = OwnCookie::new("ocop_session", DESK);

/// As a fault names it.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// HTML where `text/html` is named in `Accept`, else JSON.
pub fn names_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_html = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("text/html"));
        is_html && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// What came with a request. Its faults wait until somebody asks for the part.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub path: String,
    /// The pattern of the route that answers it.
    pub route: String,
    /// Where it comes from, through the proxies that are trusted.
    pub client: ClientAddress,
    pub language: Language,
    /// The allowance that it is of.
    pub rationed: Option<Rationed>,
    /// Whether the asker is a person before a page, who reads HTML.
    pub wants_page: bool,
    /// The bearer token, without its scheme.
    pub token: Option<String>,
    /// The secret of a browser's session; only within the desk.
    pub session: Option<String>,
    query: String,
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<HttpDate>,
    idempotency_key: Option<Result<String>>,
    is_json: bool,
    is_form: bool,
    is_upload: bool,
    body: Result<Bytes>,
    /// What the body takes of the room for long ones.
    held: Arc<Held>,
    /// What came with an upload beside its fields, for [`Request::content`].
    uploaded: Vec<u8>,
    parsed: Option<Value>,
    /// Names of the parsed body that stand twice in their object.
    repeated: Vec<Fault>,
    /// Whether only the head of the answer is asked for.
    pub is_head: bool,
}

impl FromRequest for Request {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let head = Self::without_body(request);
        let credence = if head.session.is_some() { Credence::Claimed } else { Credence::Stranger };
        let whole = head.with_body(credence, request, payload);
        Box::pin(async move { Ok(whole.await) })
    }
}

/// The key of a request's headers. One that is no text, or one of several, is refused: carrying the request out without it
/// would be carrying it out twice.
fn idempotency_key(headers: &HeaderMap) -> Option<Result<String>> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY);
    let key = keys.next()?;
    let key = keys.next().is_none().then(|| std::str::from_utf8(key.as_bytes()).ok()).flatten();
    let readable = key.filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
    Some(readable.map(str::to_owned).ok_or_else(|| {
        let detail = say(
            "Cần đúng một khóa, chỉ gồm ký tự ASCII in được.",
            "One key is expected, of printable ASCII characters only.",
        );
        Error::invalid(IDEMPOTENCY_KEY, "malformed_idempotency_key", detail)
    }))
}

/// Whether a path lies within the desk.
fn is_desk(path: &str) -> bool {
    path.strip_prefix(DESK).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Request {
    /// The head of a request whose body is taken elsewhere (uploads).
    pub fn without_body(request: &HttpRequest) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let media = header(CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
        let media = media.split(';').next().unwrap_or("").trim().to_owned();
        Self {
            method: request.method().clone(),
            path: request.path().to_owned(),
            route: request.match_pattern().unwrap_or_default(),
            client: App::client_of(request),
            rationed: allowance::of_request(request),
            language: Language::of(request),
            wants_page: names_html(request.headers()),
            token: header("authorization").and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
            }),
            session: is_desk(request.path()).then(|| SESSION.read(request)).flatten(),
            query: request.query_string().to_owned(),
            if_match: header(IF_MATCH.as_str()),
            if_none_match: header(IF_NONE_MATCH.as_str()),
            if_modified_since: IfModifiedSince::parse(request).ok().map(|IfModifiedSince(date)| date),
            idempotency_key: idempotency_key(request.headers()),
            is_json: media == "application/json" || media.ends_with("+json"),
            is_form: media == "application/x-www-form-urlencoded",
            is_upload: media == "multipart/form-data",
            body: Ok(Bytes::new()),
            held: Arc::default(),
            uploaded: Vec::new(),
            parsed: None,
            repeated: Vec::new(),
            is_head: head::is_asked_alone(request),
        }
    }

    /// The request with its body, as long as it may be of who sends it.
    pub fn with_body(
        mut self,
        credence: Credence,
        request: &HttpRequest,
        payload: &mut actix_web::dev::Payload,
    ) -> LocalBoxFuture<'static, Self> {
        let coming = Coming::of(request.headers(), credence);
        let (body, app) = (paced(request, payload.take()), App::of(request));
        Box::pin(async move {
            let read = match app {
                Ok(app) => coming.read(body, &app).await,
                Err(Problem(error)) => Err(error),
            };
            self.body = read.map(|(bytes, held)| {
                self.held = Arc::new(held);
                bytes
            });
            self
        })
    }

    /// The query as it was sent.
    pub fn query_text(&self) -> &str {
        &self.query
    }

    /// Whether the body says that it is a form with files.
    pub fn is_upload(&self) -> bool {
        self.is_upload
    }

    /// The parameters. Who signed in writes each of them; what others follow was passed on, and grew on the way.
    pub fn query(&self) -> Query {
        let is_visitor = self.token.is_none() && self.session.is_none();
        if is_visitor { Query::of_visitor(&self.path, &self.query) } else { Query::of(&self.path, &self.query) }
    }

    /// Lets the text fields of an upload stand for the body, so that they are read and faulted like any other; the
    /// file counts by its digest.
    pub fn form(&mut self, fields: &BTreeMap<String, String>, file_digest: &[u8]) -> Result<()> {
        self.body = Ok(Bytes::from(serde_json::to_vec(fields).map_err(Error::internal)?));
        self.uploaded = file_digest.to_vec();
        self.is_json = true;
        Ok(())
    }

    /// What a page's form orders, as a program would: the body that it means, the version that it was made of, and its key.
    pub fn ordering(mut self, body: &Value, version: Option<String>, key: Option<String>) -> Result<Self> {
        self.body = Ok(Bytes::from(serde_json::to_vec(body).map_err(Error::internal)?));
        (self.is_json, self.is_form, self.parsed) = (true, false, None);
        (self.if_match, self.idempotency_key) = (version, key.map(Ok));
        Ok(self)
    }

    /// The bytes by which two requests are the same.
    pub fn content(&self) -> Result<Vec<u8>> {
        Ok([self.body.clone()?.as_ref(), &self.uploaded].concat())
    }

    /// The `Idempotency-Key`, if there is one; 422 for one that cannot be read.
    pub fn idempotency_key(&self) -> Result<Option<String>> {
        self.idempotency_key.clone().transpose()
    }

    /// 422 for a request that is never carried out twice the same, and so takes no `Idempotency-Key`.
    pub fn without_idempotency_key(&self) -> Result<()> {
        if self.idempotency_key.is_none() {
            return Ok(());
        }
        let detail = say(
            "Lời gọi dưới /auth không nhận Idempotency-Key; xin bỏ đầu mục này.",
            "Calls under /auth take no Idempotency-Key; please leave the header out.",
        );
        Err(Error::invalid(IDEMPOTENCY_KEY, "idempotency_key_not_taken", detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_only_where_it_is_named() {
        let names = |accept: &str| {
            let request = actix_web::test::TestRequest::get().insert_header(("accept", accept)).to_http_request();
            names_html(request.headers())
        };
        assert!(names("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(names("application/json, Text/HTML;q=0.5"));
        assert!(!names("*/*") && !names("text/*") && !names("application/json") && !names("text/html;q=0"));
    }
}
