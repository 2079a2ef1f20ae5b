//! `X-Request-Id`: one name for a request in its answer and in every line of the log about it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;
use uuid::Uuid;

pub static NAME: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 128;

/// Middleware: takes over the name that a request came with where it is well formed, else gives it one.
pub async fn add<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let named = request.headers().get(&NAME).filter(|name| is_well_formed(name)).cloned();
    let name = match named {
        Some(name) => name,
        None => HeaderValue::from_str(&Uuid::now_v7().to_string())?,
    };
    // At the level of errors, so that the name stands in the log whatever it is narrowed to.
    let span = tracing::error_span!("request", id = name.to_str().unwrap_or_default());
    let mut answered = next.call(request).instrument(span).await?;
    answered.headers_mut().insert(NAME.clone(), name);
    Ok(answered)
}

/// Letters, digits and `-._:=+/`, so that no line of a log is broken or feigned by it.
fn is_well_formed(name: &HeaderValue) -> bool {
    let bytes = name.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= LONGEST
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._:=+/".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_taken_over() {
        let longest = "a".repeat(LONGEST);
        for (name, expected) in [
            ("0190b5d2-7c3e-7000-8000-000000000000", true),
            ("req_1:2=+/", true),
            ("a.b-C9", true),
            (longest.as_str(), true),
            (&format!("{longest}a"), false),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            ("a\tb", false),
        ] {
            assert_eq!(is_well_formed(&HeaderValue::from_str(name).unwrap()), expected, "{name}");
        }
    }
}
