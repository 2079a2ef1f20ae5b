//! Answers as handlers give them: a status, a body, and what the headers say of it.

use actix_web::http::header::{CACHE_CONTROL, ContentType, ETAG, HeaderName, IF_NONE_MATCH, LINK, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::base::keys::hexadecimal;
use crate::base::{Error, Moment, Result};
use crate::http::Problem;
use crate::http::request::names_tag;

/// Tells that an answer is that of the first time.
pub static REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A JSON answer. It can be kept and replayed, so it holds nothing but data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    body: Option<Value>,
    version: Option<i32>,
    location: Option<String>,
    next: Option<String>,
    /// How long it may be kept; not at all unless it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept: Option<Kept>,
    /// Whether it was given before, and is given again.
    #[serde(skip)]
    is_replayed: bool,
}

/// Where an answer may be kept, and for how many seconds until it is asked for anew.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Kept {
    /// By everybody on the way.
    Publicly(u32),
    /// By the asker alone.
    Privately(u32),
}

impl Kept {
    fn told(self) -> String {
        match self {
            Self::Publicly(seconds) => format!("public, max-age={seconds}, must-revalidate"),
            Self::Privately(seconds) => format!("private, max-age={seconds}, must-revalidate"),
        }
    }
}

impl Answer {
    fn new(status: u16, body: Option<Value>) -> Self {
        Self { status, body, version: None, location: None, next: None, kept: None, is_replayed: false }
    }

    /// 200 with a body.
    pub fn ok(body: impl Serialize) -> Result<Self> {
        Ok(Self::new(200, Some(serde_json::to_value(body).map_err(Error::internal)?)))
    }

    /// 200 with a resource and its version as `ETag`.
    pub fn resource(version: i32, body: impl Serialize) -> Result<Self> {
        Ok(Self { version: Some(version), ..Self::ok(body)? })
    }

    /// 201 with a new resource, where it is, and its version.
    pub fn created(location: String, version: i32, body: impl Serialize) -> Result<Self> {
        Ok(Self { status: 201, location: Some(location), version: Some(version), ..Self::ok(body)? })
    }

    /// 201 with new things that have no version of their own.
    pub fn made(location: String, body: impl Serialize) -> Result<Self> {
        Ok(Self { status: 201, location: Some(location), ..Self::ok(body)? })
    }

    /// The answer of the first time, given again.
    pub fn replayed(self) -> Self {
        Self { is_replayed: true, ..self }
    }

    /// May be kept, and is told apart by its content.
    pub fn kept(self, kept: Kept) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// Where what was made is.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// What it says.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// 204.
    pub fn nothing() -> Self {
        Self::new(204, None)
    }

    /// 200 with one page of a list.
    pub fn page<T: Serialize>(items: Vec<T>, next: Option<String>) -> Result<Self> {
        Self::page_of(items, next, None, None)
    }

    /// As [`Answer::page`], with the moment to ask for later changes from, and with how many there are on all pages where that
    /// was counted.
    pub fn page_of<T: Serialize>(
        items: Vec<T>,
        next: Option<String>,
        as_of: Option<Moment>,
        total: Option<i64>,
    ) -> Result<Self> {
        Ok(Self { next: next.clone(), ..Self::ok(Page { items, next, as_of, total })? })
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page, null at the end.
    pub next: Option<String>,
    /// What `updated_since` is set to next time, in lists that take it: all that was changed before is told by now. Of several
    /// pages that of the first counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// How many there are on all pages; only where `?count=true` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let body = match self.body.map(|body| serde_json::to_vec(&body)).transpose() {
            Ok(body) => body,
            Err(error) => return HttpResponse::from_error(Problem(Error::internal(error))),
        };
        let is_reading = [Method::GET, Method::HEAD].contains(request.method());
        let tag = match (self.kept, self.version) {
            // Its content is more than a thing at a version.
            (Some(_), _) => Some(format!("\"{}\"", short_digest(body.as_deref()))),
            (None, Some(version)) => Some(format!("\"{version}\"")),
            (None, None) => None,
        };
        let named = request.headers().get(IF_NONE_MATCH).and_then(|named| named.to_str().ok());
        let is_known = is_reading && tag.as_ref().is_some_and(|tag| names_tag(named, tag));
        let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { status });
        if let Some(tag) = tag {
            response.insert_header((ETAG, tag));
        }
        response.insert_header((CACHE_CONTROL, self.kept.map_or_else(|| "no-store".to_owned(), Kept::told)));
        if is_known {
            return response.finish();
        }
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(next) = self.next {
            response.insert_header((LINK, format!("<{}>; rel=\"next\"", next_page(request, "after", &next))));
        }
        if self.is_replayed {
            response.insert_header((REPLAYED.clone(), "true"));
        }
        match body {
            Some(body) => response.content_type(ContentType::json()).body(body),
            None => response.finish(),
        }
    }
}

/// 64 bits of SHA-256, hexadecimal.
fn short_digest(body: Option<&[u8]>) -> String {
    let digest = Sha256::digest(body.unwrap_or_default());
    hexadecimal(&digest.iter().take(8).copied().collect::<Vec<u8>>())
}

/// The present address with `continued_by` set to the cursor.
pub fn next_page(request: &HttpRequest, continued_by: &str, cursor: &str) -> String {
    let own = format!("{continued_by}=");
    let kept: Vec<&str> =
        request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&own)).collect();
    let query = kept.into_iter().map(str::to_owned).chain([format!("{own}{cursor}")]).collect::<Vec<_>>().join("&");
    format!("{}?{query}", request.path())
}

/// Why the work of a handler stopped early: it was refused, or it was done before and its answer is at hand.
#[derive(Debug)]
pub enum EarlyExit {
    Error(Error),
    Replay(Box<Answer>),
}

impl EarlyExit {
    /// The error of an order that has no key, so that it cannot have been carried out before.
    pub fn into_error(self) -> Error {
        match self {
            Self::Error(error) => error,
            Self::Replay(_) => Error::internal("an order without a key was answered as a repetition"),
        }
    }
}

impl From<Error> for EarlyExit {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<diesel::result::Error> for EarlyExit {
    fn from(error: diesel::result::Error) -> Self {
        Self::Error(error.into())
    }
}
