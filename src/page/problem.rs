//! What went wrong, as a page for those who asked for one: what it is, and what to do now.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::time;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::base::Error;
use crate::http::language::CHOICE;
use crate::http::problem::RenderedProblem;
use crate::http::request::names_html;
use crate::http::{App, Language, Problem, Request};
use crate::page::frame::own;
use crate::page::{Frame, Mood, Section, fresh};

/// Addresses of programs: they get problem details whatever they ask for.
const PROGRAMS: [&str; 6] = ["/api/", "/docs", "/openapi.json", "/healthz", "/readyz", "/.well-known/"];

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    title: &'static str,
    mood: Mood,
    detail: &'a str,
    faults: &'a [String],
    advice: &'static str,
    /// A link that may lead on: its address and text.
    way_on: (&'a str, &'static str),
}

/// Middleware: makes a page of a problem where one was asked for, and remembers a chosen language.
pub async fn show(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let choice = Language::chosen(request.query_string());
    let mut answered = next.call(request).await?.map_into_boxed_body();
    let told = answered.response_mut().extensions_mut().remove::<RenderedProblem>();
    if let Some(told) = told.filter(|_| wants_page(answered.request())) {
        let (request, old) = answered.into_parts();
        let mut page = page(&request, old.status(), &told)?;
        // What the problem's own answer said of when to come back, and who may not sign in.
        for name in [RETRY_AFTER, actix_web::http::header::WWW_AUTHENTICATE] {
            if let Some(value) = old.headers().get(&name) {
                page.headers_mut().insert(name, value.clone());
            }
        }
        answered = ServiceResponse::new(request, page);
    }
    if let Some(language) = choice.filter(|_| is_page(&answered)) {
        let is_https = App::of(answered.request()).is_ok_and(|app| app.is_https());
        let kept = CHOICE.build(is_https, language.tag().to_owned()).max_age(time::Duration::days(365));
        let cookie = kept.finish();
        answered.response_mut().add_cookie(&cookie)?;
        // Whoever keeps the page would keep the choice from being made again.
        let headers = answered.headers_mut();
        if headers.get(CACHE_CONTROL).is_some_and(|caching| caching.as_bytes().starts_with(b"public")) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
    Ok(answered)
}

fn wants_page(request: &HttpRequest) -> bool {
    names_html(request.headers()) && !PROGRAMS.iter().any(|path| request.path().starts_with(path))
}

fn is_page(answered: &ServiceResponse<BoxBody>) -> bool {
    let media = answered.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    media.is_some_and(|media| media.starts_with("text/html")) && !answered.request().path().starts_with("/docs")
}

fn page(request: &HttpRequest, status: StatusCode, told: &RenderedProblem) -> Result<HttpResponse, actix_web::Error> {
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Err(Problem(Error::internal("the app was built without its state")).into());
    };
    let asked = Request::without_body(request);
    let is_get = request.method() == actix_web::http::Method::GET;
    let mut frame = Frame::new(app, &asked, Section::Elsewhere);
    if !is_get {
        // What was sent here cannot be asked for again in the other language.
        frame = frame.switched("/");
    }
    let t = &frame.texts.problem;
    let is_stamp = ["/t/", "/T/"].iter().any(|path| request.path().starts_with(path));
    let address = own(request.path());
    let (title, advice, way_on) = match (told.code, status.as_u16()) {
        ("unknown_stamp", _) => (t.unknown_stamp, t.after_unknown_stamp, ("/check", t.to_check)),
        ("unknown_paper", _) => (t.unknown_paper, t.after_not_found, ("/check", t.to_check)),
        ("unknown_certificate", _) => (t.unknown_certificate, t.after_not_found, ("/check", t.to_check)),
        (_, 404 | 405) => (t.not_found, t.after_not_found, ("/", t.to_home)),
        (_, 429) => (t.too_many, "", ("/", t.to_home)),
        (_, 503) if is_get && is_stamp => (t.not_checked, t.after_not_checked, (address.as_str(), t.again)),
        (_, 503) if is_get => (t.busy, t.after_busy, (address.as_str(), t.again)),
        (_, 503) => (t.busy, t.after_busy, ("/", t.to_home)),
        (_, 500) => (t.failed, t.after_busy, ("/", t.to_home)),
        _ => (t.refused, t.after_refused, ("/", t.to_home)),
    };
    let mood = if told.code == "unknown_stamp" { Mood::Bad } else { Mood::Doubt };
    let page = ProblemPage { title, mood, detail: &told.detail, faults: &told.faults, advice, way_on, frame };
    let html = page.render().map_err(|error| Problem(Error::internal(error)))?;
    Ok(fresh(&page.frame, status, html))
}
