//! How requests come to the desk and how they are sent on.

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::desk::typed::Typed;
use crate::http::fetch::refuse_cross_site;
use crate::http::held::Credence;
use crate::http::{App, Problem, Request};

/// A page, or why there is none.
pub type DeskAnswer = Result<HttpResponse, Problem>;

/// The request, unless another site sent it. A sign-in by a token is none here: a page is for who sits before it.
pub async fn read(request: &HttpRequest, body: web::Payload) -> Result<Request, Problem> {
    let asked = head(request)?;
    Ok(with_body(asked, Credence::Claimed, request, body).await)
}

/// As [`read`], of the request's head.
pub fn head(request: &HttpRequest) -> Result<Request, Problem> {
    let app = App::of(request)?;
    refuse_cross_site(request.headers(), request.method() == Method::GET, &app.public_url)?;
    let mut asked = Request::without_body(request);
    asked.token = None;
    Ok(asked)
}

/// The request with its body; `credence` is given to who shows a session.
pub async fn with_body(asked: Request, credence: Credence, request: &HttpRequest, body: web::Payload) -> Request {
    let credence = if asked.session.is_some() { credence } else { Credence::Stranger };
    asked.with_body(credence, request, &mut body.into_inner()).await
}

/// The fields of a page's form, taken apart in its turn where it is long.
pub async fn fields(app: &App, asked: &Request) -> Result<Typed, Problem> {
    let credence = if asked.session.is_some() { Credence::Claimed } else { Credence::Stranger };
    Ok(Typed::new(asked.in_turn(app.reading_turns(credence), |asked| asked.form_fields()).await?))
}

/// 303, so that a page that is loaded again orders nothing again.
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).insert_header((CACHE_CONTROL, "no-store")).finish()
}
