//! Holds every request against the allowance that it is of, before anything of it is read; and lets a crowd that is refused wait.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use crate::base::label;
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};

const FORGOTTEN_EVERY: Duration = Duration::from_secs(10);

/// Middleware: 429 for a client that used up what is allowed of what it asks.
pub async fn hold(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let admitted = App::of(request.request()).and_then(|app| {
        let Some(rationed) = app.allowances.of(request.method(), request.path()) else { return Ok(()) };
        request.extensions_mut().insert(rationed);
        let client = App::client_of(request.request());
        if app.trusted_proxies.trusts(client) {
            return Ok(());
        }
        Ok(app.allowances.admit_client(rationed, client)?)
    });
    match admitted {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(problem) => Ok(request.error_response(problem)),
    }
}

/// Middleware: lets who is refused wait for their turn, where they wanted to write something or asked too often. Who only looks
/// at something never waits.
pub async fn pace_refusals<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let looks = request.method().is_safe();
    let cadence = request.app_data::<web::Data<App>>().map(|app| app.refusals.clone());
    let answered = next.call(request).await?;
    let status = answered.status();
    let is_refused = status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE;
    if let Some(cadence) = cadence.filter(|_| is_refused && (!looks || status == StatusCode::TOO_MANY_REQUESTS)) {
        cadence.wait(1).await;
    }
    Ok(answered)
}
const FORGETTING: Duty =
    Duty { name: "allowances", label: label("xóa số đếm lượt đã cũ", "forgetting of old counts") };

/// Forgets old counts now and then every ten seconds, for as long as the runtime lives.
pub fn keep_forgetting(app: App) {
    let duties = app.duties.clone();
    duties.keep(FORGETTING, Rhythm::every(FORGOTTEN_EVERY), async move || {
        app.allowances.forget_old();
        Ok(())
    });
}
