//! `HEAD` of what people and machines read of the site: the same as `GET`, without the body (RFC 9110 9.3.2).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;

/// Middleware: asks the handler of `GET`. Not of a stamp, whose own `HEAD` is not a scan, and not of the API, where a
/// `GET` can be a one-time download. The server leaves the body out, for it remembers what came in.
pub async fn as_get<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    if request.method() == Method::HEAD && !has_own_head(request.path()) {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

fn has_own_head(path: &str) -> bool {
    let is_stamp =
        path.strip_prefix("/t/").or_else(|| path.strip_prefix("/T/")).is_some_and(|code| !code.contains('/'));
    is_stamp || path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_and_the_api_keep_their_own_head() {
        for (path, own) in [
            ("/t/ABC", true),
            ("/T/ABC", true),
            ("/t/ABC/qr.svg", false),
            ("/api/v1/me", true),
            ("/", false),
            ("/p/A", false),
        ] {
            assert_eq!(has_own_head(path), own, "{path}");
        }
    }
}
