//! `HEAD` wherever `GET` is: the same as `GET`, without the body (RFC 9110 9.3.2).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};

use crate::http::methods::Methods;

/// Marks a request that asked for the head alone.
struct HeadOnly;

/// Middleware: asks the handler of `GET`, unless the address has a `HEAD` of its own, as a stamp's, which is no scan. The
/// server leaves the body out, for it remembers what came in.
pub async fn as_get<B: MessageBody + 'static>(
    methods: web::Data<Methods>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    if request.method() == Method::HEAD && !methods.takes(request.path(), &Method::HEAD) {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(HeadOnly);
    }
    next.call(request).await
}

/// Whether only the head is asked for: what can be had once is not used up by that, and what is taken away is not counted.
pub fn is_asked_alone(request: &HttpRequest) -> bool {
    request.extensions().contains::<HeadOnly>()
}
