//! The page of `/check`.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, get, web};
use askama::Template;

use crate::base::Error;
use crate::epcis::names::escaped;
use crate::http::{Problem, Refusals, Visitor};
use crate::page::{Frame, Section, fresh, kept, texts};
use crate::site::check::rules::{self, LONGEST_CODE, Misfit};
use crate::stamp::Scanner;

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    frame: Frame,
    t: &'static texts::Check,
    typed: String,
    /// What is wrong with it.
    fault: Option<String>,
}

/// Where to type what stands on a stamp, a certificate or a paper; `code` leads on by its shape (303). Nothing is looked
/// up and nothing counted here.
#[utoipa::path(
    tag = "pages",
    security(()),
    params(("code" = Option<String>, Query, description = "What was typed, or the address in a QR")),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 303, description = "Where it is answered"),
        Refusals
    )
)]
#[get("/check")]
pub async fn show(visitor: Visitor, scanner: web::Data<Scanner>) -> Result<HttpResponse, Problem> {
    let Visitor { app, request } = visitor;
    let mut query = request.query();
    let typed: String = query.take::<String>("code").unwrap_or_default().trim().to_owned();
    let frame = Frame::new(&app, &request, Section::Check);
    let t = &frame.texts.check;
    if typed.is_empty() {
        let page = CheckPage { t, typed, fault: None, frame: frame.canonical("/check") };
        let html = page.render().map_err(Error::internal)?;
        return Ok(kept(&request, &page.frame, html));
    }
    // An old code may look like anything; those that there are were imported.
    let read = match scanner.legacy().find(&typed) {
        Some(old) => Ok(old_address(&old)),
        None => rules::read(&typed).map(|shape| shape.address()),
    };
    let misfit = match read {
        Ok(address) => {
            return Ok(HttpResponse::SeeOther()
                .insert_header((LOCATION, address))
                .insert_header((CACHE_CONTROL, "no-store"))
                .finish());
        }
        Err(misfit) => misfit,
    };
    let fault = match misfit {
        Misfit::Length(length) => (t.wrong_length)(length),
        Misfit::Scratch => t.scratch.to_owned(),
        Misfit::Character(strange) => (t.strange_character)(strange),
    };
    let page = CheckPage { t, typed: typed.chars().take(LONGEST_CODE).collect(), fault: Some(fault), frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(fresh(&page.frame, StatusCode::UNPROCESSABLE_ENTITY, html))
}

/// A code in one part goes where stamps go; an address does not fit there.
fn old_address(old: &str) -> String {
    if old.contains('/') { format!("/legacy?address={}", escaped(old)) } else { format!("/t/{}", escaped(old)) }
}
