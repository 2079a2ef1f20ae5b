//! A request, taken apart without refusing anything yet: what is wrong with it is said in the order of the design.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, IF_MATCH, IF_NONE_MATCH};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::base::{Error, Fault, Faults, Kind, Result, say, text};
use crate::http::{ClientAddress, Language, Query};

/// The longest body that is not an upload.
const LONGEST_BODY: usize = 512 * 1024;

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
    /// Where it comes from, through the proxies that are trusted.
    pub client: ClientAddress,
    pub language: Language,
    /// Whether the asker is a person before a page, who reads HTML.
    pub wants_page: bool,
    /// The bearer token, without its scheme.
    pub token: Option<String>,
    query: String,
    if_match: Option<String>,
    if_none_match: Option<String>,
    idempotency_key: Option<Result<String>>,
    is_json: bool,
    is_form: bool,
    is_upload: bool,
    body: Result<Bytes>,
    /// What came with an upload beside its fields, for [`Request::content`].
    uploaded: Vec<u8>,
    parsed: Option<Value>,
}

impl FromRequest for Request {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let mut parts = Self::without_body(request);
        let mut payload = payload.take();
        Box::pin(async move {
            let mut bytes = web::BytesMut::new();
            while let Some(chunk) = payload.next().await {
                match chunk {
                    Ok(chunk) if bytes.len() + chunk.len() <= LONGEST_BODY => bytes.extend_from_slice(&chunk),
                    Ok(_) => {
                        parts.body = Err(too_large());
                        return Ok(parts);
                    }
                    Err(error) => {
                        parts.body = Err(malformed(&error.to_string()));
                        return Ok(parts);
                    }
                }
            }
            parts.body = Ok(bytes.freeze());
            Ok(parts)
        })
    }
}

/// What stands in a variable part of the path. What cannot be read there names nothing that exists (404), which is said
/// only after the sign-in was checked.
#[derive(Clone)]
pub struct At<T>(Option<T>);

impl<T> At<T> {
    pub fn get(self) -> Result<T> {
        self.0.ok_or_else(Error::unknown)
    }
}

impl<T: std::str::FromStr> FromRequest for At<T> {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let value = request.match_info().iter().next().map(|(_, value)| value).filter(|value| !value.contains('\0'));
        let value = value.and_then(|value| value.parse().ok());
        std::future::ready(Ok(Self(value)))
    }
}

/// What stands in several variable parts of the path, as a `T` with a member for each; what cannot be read names nothing
/// that exists (404).
pub struct Parts<T>(Option<T>);

impl<T> Parts<T> {
    pub fn get(self) -> Result<T> {
        self.0.ok_or_else(Error::unknown)
    }
}

impl<T: DeserializeOwned> FromRequest for Parts<T> {
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let parts = web::Path::<T>::from_request(request, payload).into_inner();
        std::future::ready(Ok(Self(parts.ok().map(web::Path::into_inner))))
    }
}

pub fn too_large() -> Error {
    Error::refused(Kind::TooLarge, "too_large", say("Nội dung gửi lên quá lớn.", "The content sent is too large."))
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

fn malformed(why: &str) -> Error {
    Error::refused(
        Kind::Malformed,
        "malformed_json",
        say(format!("Nội dung JSON không đọc được: {why}"), format!("The JSON body cannot be read: {why}")),
    )
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
            client: ClientAddress::of(request),
            language: Language::of(request),
            wants_page: names_html(request.headers()),
            token: header("authorization").and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
            }),
            query: request.query_string().to_owned(),
            if_match: header(IF_MATCH.as_str()),
            if_none_match: header(IF_NONE_MATCH.as_str()),
            idempotency_key: idempotency_key(request.headers()),
            is_json: media == "application/json" || media.ends_with("+json"),
            is_form: media == "application/x-www-form-urlencoded",
            is_upload: media == "multipart/form-data",
            body: Ok(Bytes::new()),
            uploaded: Vec::new(),
            parsed: None,
        }
    }

    /// No request at all, but for the body that a step reads.
    pub fn carrying(body: Value) -> Self {
        Self {
            method: Method::POST,
            path: String::new(),
            client: ClientAddress::NONE,
            language: Language::Vietnamese,
            wants_page: false,
            token: None,
            query: String::new(),
            if_match: None,
            if_none_match: None,
            idempotency_key: None,
            is_json: true,
            is_form: false,
            is_upload: false,
            body: Ok(Bytes::new()),
            uploaded: Vec::new(),
            parsed: Some(body),
        }
    }

    /// The query as it was sent.
    pub fn query_text(&self) -> &str {
        &self.query
    }

    /// Whether the asker has what this tag names, by `If-None-Match` (a weak comparison, RFC 9110 13.1.2).
    pub fn has_tag(&self, tag: &str) -> bool {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let named = self.if_none_match.as_deref().unwrap_or("");
        named.trim() == "*" || named.split(',').any(|named| opaque(named) == opaque(tag))
    }

    /// Whether the body says that it is a form with files.
    pub fn is_upload(&self) -> bool {
        self.is_upload
    }

    pub fn query(&self) -> Query {
        Query::parse(&self.query)
    }

    /// Reads the body as JSON without asking what it means: 413, 415 and 400 come from here. Texts become NFC; a NUL
    /// in any of them is refused with its place.
    pub fn parse_body(&mut self) -> Result<()> {
        let bytes = self.body.clone()?;
        if bytes.is_empty() {
            self.parsed = Some(Value::Object(serde_json::Map::new()));
            return Ok(());
        }
        if !self.is_json {
            return Err(Error::refused(
                Kind::UnsupportedMedia,
                "not_json",
                say("Cần gửi Content-Type: application/json.", "Content-Type: application/json is needed."),
            ));
        }
        let mut value: Value = serde_json::from_slice(&bytes).map_err(|error| malformed(&error.to_string()))?;
        compose(&mut value);
        self.parsed = Some(value);
        Ok(())
    }

    /// Lets the text fields of an upload stand for the body, so that they are read and faulted like any other; the
    /// file counts by its digest.
    pub fn form(&mut self, fields: &BTreeMap<String, String>, file_digest: &[u8]) -> Result<()> {
        self.body = Ok(Bytes::from(serde_json::to_vec(fields).map_err(Error::internal)?));
        self.uploaded = file_digest.to_vec();
        self.is_json = true;
        Ok(())
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

    /// The body as a `T`: 422 with the place of the first thing that does not fit.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<T> {
        if self.parsed.is_none() {
            self.parse_body()?;
        }
        let value = self.parsed.clone().unwrap_or(Value::Null);
        let mut faults = Vec::new();
        find_nul(&value, "", &mut faults);
        faults.into_result()?;
        if !value.is_object() {
            // A list could be read as a form whose members come in their order.
            let detail = say("Cần một đối tượng JSON.", "A JSON object is expected.");
            return Err(Error::invalid("", "wrong_type", detail));
        }
        serde_path_to_error::deserialize(value).map_err(|error| {
            let pointer = pointer(error.path());
            let inner = error.inner().to_string();
            let code = if inner.starts_with("unknown field") {
                "unknown_field"
            } else if inner.starts_with("missing field") {
                "missing_field"
            } else {
                "wrong_type"
            };
            Error::invalid(
                pointer,
                code,
                say(format!("Giá trị không hợp lệ: {inner}"), format!("Not a valid value: {inner}")),
            )
        })
    }

    /// As [`Request::body`], also from a page's form.
    pub fn body_or_form<T: DeserializeOwned>(&mut self) -> Result<T> {
        if self.is_form && self.parsed.is_none() {
            let fields: Vec<(String, String)> =
                serde_urlencoded::from_bytes(&self.body.clone()?).map_err(|error| malformed(&error.to_string()))?;
            let fields = fields.into_iter().map(|(name, value)| (name, Value::String(text::compose(&value))));
            self.parsed = Some(Value::Object(fields.collect()));
        }
        self.body()
    }

    /// The version that `If-Match` names: absent 428, unreadable 412 as it matches nothing.
    pub fn version(&self) -> Result<Version> {
        let Some(named) = &self.if_match else {
            return Err(Error::refused(
                Kind::ConditionMissing,
                "if_match_required",
                say("Cần gửi If-Match với phiên bản đang xem.", "If-Match with the version at hand is needed."),
            ));
        };
        let named = named.trim();
        Ok(if named == "*" {
            Version::Any
        } else {
            named.trim_matches('"').parse().map_or(Version::None, Version::Exactly)
        })
    }

    /// 428 without `If-Match`, 412 where it names another version than `present`.
    pub fn expect(&self, present: i32) -> Result<()> {
        match self.version()? {
            Version::Any => Ok(()),
            Version::Exactly(version) if version == present => Ok(()),
            _ => Err(stale(present)),
        }
    }
}

/// Somebody else was faster: the version is no longer `present`.
pub fn stale(present: i32) -> Error {
    Error::refused(
        Kind::Stale,
        "stale_version",
        say(
            format!("Dữ liệu đã thay đổi, phiên bản hiện tại là {present}. Xin tải lại."),
            format!("This has changed meanwhile; the present version is {present}. Please load it again."),
        ),
    )
}

/// What an `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Any,
    Exactly(i32),
    None,
}

/// The body of most transitions: `{"note": …}`, which may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    #[serde(default)]
    pub note: Option<String>,
}

impl Note {
    /// Without a word.
    pub const NONE: Self = Self { note: None };
    const MOST: usize = 2000;

    /// The note where one was written.
    pub fn optional(self) -> Result<Option<String>> {
        let note = self.note.filter(|note| !note.trim().is_empty());
        let mut faults = Vec::new();
        if let Some(note) = &note {
            text::check(note, "/note", Self::MOST, &mut faults);
        }
        faults.into_result()?;
        Ok(note)
    }

    /// The note, which this verb demands.
    pub fn demanded(self) -> Result<String> {
        self.optional()?
            .ok_or_else(|| Error::invalid("/note", "required", say("Cần ghi rõ lý do.", "A reason is needed.")))
    }
}

fn compose(value: &mut Value) {
    match value {
        Value::String(string) => *string = text::compose(string),
        Value::Array(values) => values.iter_mut().for_each(compose),
        Value::Object(members) => members.values_mut().for_each(compose),
        _ => {}
    }
}

pub fn find_nul(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(string) if string.contains('\0') => faults.push(Fault::new(
            pointer,
            "nul_character",
            say("Chứa ký tự NUL không dùng được.", "Holds a NUL character, which is not allowed."),
        )),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                find_nul(value, &format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                find_nul(value, &format!("{pointer}/{name}"), faults);
            }
        }
        _ => {}
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{key}")),
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
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

    #[test]
    fn a_tag_is_known_by_any_of_the_names_given() {
        for (known, expected) in [("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("", false)]
        {
            let request = actix_web::test::TestRequest::get().insert_header((IF_NONE_MATCH, known)).to_http_request();
            let request = Request::without_body(&request);
            assert_eq!((request.has_tag("\"a\""), request.has_tag("W/\"a\"")), (expected, expected), "{known}");
        }
    }
}
