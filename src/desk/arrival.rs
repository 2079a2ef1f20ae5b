//! How requests come to the desk and how they are sent on.

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use crate::base::Error;
use crate::http::fetch::refuse_cross_site;
use crate::http::{App, Problem, Request};

/// A page, or why there is none.
pub type DeskAnswer = Result<HttpResponse, Problem>;

/// The request, unless another site sent it. A sign-in by a token is none here: a page is for who sits before it.
pub async fn read(request: &HttpRequest, body: web::Payload) -> Result<Request, Problem> {
    let app = App::of(request)?;
    refuse_cross_site(request.headers(), request.method() == Method::GET, &app.public_url)?;
    let mut payload = body.into_inner();
    let asked = Request::from_request(request, &mut payload).await;
    let mut asked = asked.map_err(|error| Error::internal(format!("a body: {error}")))?;
    asked.token = None;
    Ok(asked)
}

/// 303, so that a page that is loaded again orders nothing again.
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).insert_header((CACHE_CONTROL, "no-store")).finish()
}
