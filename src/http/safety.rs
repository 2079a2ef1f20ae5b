//! What every answer tells browsers to refuse, whoever made the answer: pages say more themselves (`page/answer.rs`).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web;

use crate::http::App;

/// Texts and data are no pages: nothing of them runs, loads or is framed.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
/// Files that a browser shows by a part of its own, which would be held to the same: they are not framed.
const NOT_FRAMED: &str = "base-uri 'none'; frame-ancestors 'none'";
/// Pictures and the like are shown without anything that runs or is put in.
const SHOWN_ALONE: &str = "base-uri 'none'; object-src 'none'; script-src 'none'; frame-ancestors 'none'";
/// The browser of the API's documentation runs its own scripts and writes styles into its elements.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                             font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/// The desk reads stamps with the camera; nothing else of a device is asked for.
const DEVICES: &str = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()";
/// A year, as browsers' lists ask for at least; other services of the province's domain are not ours to decide about.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Middleware: adds what the answer does not say itself.
pub async fn add<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let is_documentation = request.path().starts_with("/docs");
    let is_https = request.app_data::<web::Data<App>>().is_some_and(|app| app.is_https());
    let mut answered = next.call(request).await?;
    let headers = answered.headers_mut();
    let policy = if is_documentation { DOCUMENTATION } else { policy_of(headers) };
    let mut say = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    say(X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(CONTENT_SECURITY_POLICY, policy);
    say(REFERRER_POLICY, "same-origin");
    say(HeaderName::from_static("permissions-policy"), DEVICES);
    say(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if is_https {
        say(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    Ok(answered)
}

fn policy_of(headers: &HeaderMap) -> &'static str {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // A browser shows a PDF by what it takes for an object.
    if kind.starts_with("application/pdf") {
        return NOT_FRAMED;
    }
    let is_shown_alone = ["image/", "video/", "audio/"].iter().any(|shown| kind.starts_with(shown));
    if is_shown_alone { SHOWN_ALONE } else { NO_PAGE }
}
