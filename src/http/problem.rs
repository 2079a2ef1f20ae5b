//! The one place where an [`Error`] becomes an answer: RFC 9457 `application/problem+json`, in the asker's language.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderValue, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::{Error, Kind, Message, Refusal, say};
use crate::http::Language;
use crate::http::language::VARIES;
use crate::http::problems::{self, status};

/// An error on its way out of a handler.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.refusal().map_or(StatusCode::INTERNAL_SERVER_ERROR, |refusal| status(refusal.kind))
    }

    /// Only the status: the body is written by [`render`], which knows the asker's language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The body of every refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Where the code is told of, below the service's origin.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    /// Stable, for programs.
    #[schema(value_type = String)]
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultDetails>,
}

/// One place of the input that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultDetails {
    /// A JSON pointer into the body, or the name of a query parameter.
    pointer: String,
    #[schema(value_type = String)]
    code: &'static str,
    detail: String,
}

/// A problem as it was told, in the asker's language: for who makes a page of it.
#[derive(Debug)]
pub struct RenderedProblem {
    pub code: &'static str,
    pub detail: String,
    /// What is wrong with each place of the input.
    pub faults: Vec<String>,
}

/// Documents the refusals that every route shares.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
pub enum Refusals {
    /// What was wrong: `application/problem+json`.
    #[response(status = "4XX", content_type = "application/problem+json")]
    Refused(ProblemDetails),
    /// Ours to mend, or busy.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Failed(ProblemDetails),
}

impl ProblemDetails {
    /// A refusal that is told before it is met.
    pub fn of(refusal: &Refusal, language: Language) -> Self {
        Self::new(refusal, status(refusal.kind), language)
    }

    fn of_error(error: &Error, status: StatusCode, language: Language) -> Self {
        let internal;
        let refusal = match error {
            Error::Refused(refusal) => refusal.as_ref(),
            Error::Internal(_) => {
                internal = Refusal {
                    kind: Kind::Unavailable,
                    code: "internal",
                    detail: say(
                        "Hệ thống gặp lỗi, chưa có gì được ghi lại.",
                        "The service failed; nothing was written.",
                    ),
                    faults: Vec::new(),
                };
                &internal
            }
        };
        Self::new(refusal, status, language)
    }

    fn new(refusal: &Refusal, status: StatusCode, language: Language) -> Self {
        Self {
            kind: problems::address(refusal.code),
            title: title(status, language),
            status: status.as_u16(),
            detail: language.pick(&refusal.detail).to_owned(),
            code: refusal.code,
            errors: refusal
                .faults
                .iter()
                .map(|fault| FaultDetails {
                    pointer: fault.pointer.clone(),
                    code: fault.code,
                    detail: language.pick(&fault.detail).to_owned(),
                })
                .collect(),
        }
    }
}

fn title(status: StatusCode, language: Language) -> String {
    let title = |vi: &'static str| say(vi, status.canonical_reason().unwrap_or("Error"));
    let message: Message = match status.as_u16() {
        400 => title("Yêu cầu không đọc được"),
        401 => title("Chưa đăng nhập"),
        403 => title("Không có quyền"),
        404 => title("Không tìm thấy"),
        405 => title("Phương thức không dùng được"),
        408 => title("Gửi quá chậm"),
        409 => title("Xung đột"),
        412 => title("Phiên bản đã cũ"),
        413 => title("Nội dung quá lớn"),
        414 => title("Địa chỉ quá dài"),
        415 => title("Kiểu nội dung không nhận"),
        422 => title("Dữ liệu chưa hợp lệ"),
        428 => title("Thiếu phiên bản"),
        431 => title("Đầu mục quá lớn"),
        429 => title("Quá nhiều yêu cầu"),
        503 => title("Tạm thời không phục vụ được"),
        507 => title("Hết chỗ lưu"),
        _ => title("Lỗi hệ thống"),
    };
    language.pick(&message).to_owned()
}

/// Middleware: writes the body of every error, also of those that actix made itself, and logs the internal ones.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let language = Language::of(request.request());
    let answered = next.call(request).await?.map_into_boxed_body();
    let status = answered.status();
    let error = match answered.response().error() {
        Some(error) => match error.as_error::<Problem>() {
            Some(Problem(error)) => error.clone(),
            None => of_status(status, &error.to_string()),
        },
        None if status.is_client_error() && !answered.headers().contains_key(CONTENT_TYPE) => of_status(status, ""),
        None => return Ok(answered),
    };
    if let Error::Internal(what) = &error {
        // The route and not the address, which may hold a secret, as a link does; what is told may hold what was sent.
        let route = answered.request().match_pattern().unwrap_or_default();
        tracing::error!(?what, route, "internal error");
    }
    let details = ProblemDetails::of_error(&error, status, language);
    let body = serde_json::to_string(&details)?;
    let (request, response) = answered.into_parts();
    let mut response = response.set_body(BoxBody::new(body));
    let faults = details.errors.into_iter().map(|fault| fault.detail).collect();
    response.extensions_mut().insert(RenderedProblem { code: details.code, detail: details.detail, faults });
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    // What is refused now may be answered in a moment: an unknown stamp may be issued.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static(VARIES));
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // What still comes of the body is not waited for.
        StatusCode::REQUEST_TIMEOUT => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        _ => {}
    }
    if let Some(Kind::TooSoon(seconds)) = error.refusal().map(|refusal| refusal.kind) {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(ServiceResponse::new(request, response))
}

/// What actix refused before a handler of ours was reached.
fn of_status(status: StatusCode, what: &str) -> Error {
    match status.as_u16() {
        404 => Error::unknown(),
        405 => Error::refused(
            Kind::Malformed,
            "method_not_allowed",
            say("Đường dẫn này không dùng phương thức đó.", "This path does not take that method."),
        ),
        413 => crate::http::faults::too_large(),
        status if (400..500).contains(&status) => {
            Error::refused(Kind::Malformed, "malformed", say("Yêu cầu không đọc được.", "The request cannot be read."))
        }
        _ => Error::internal(what),
    }
}
