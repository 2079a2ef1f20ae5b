//! What the desk refuses as a whole, told within the desk: who is signed in keeps their way around.

use actix_web::ResponseError;
use askama::Template;

use crate::base::{Error, Kind, Refusal, Result};
use crate::desk::frame::{Desk, MINE};
use crate::desk::page::Rendered;
use crate::desk::words::said;
use crate::http::Problem;
use crate::page::{Frame, Mood};
use crate::station::label;

#[derive(Template)]
#[template(path = "desk/refusal.html")]
struct RefusalPage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: &'static str,
    mood: Mood,
    detail: String,
    faults: Vec<String>,
    home: &'static str,
}

/// Whether a page of the desk tells it; a sign-in that is missing, and a service that is busy, are told otherwise.
pub fn is_told_here(refusal: &Refusal) -> bool {
    matches!(
        refusal.kind,
        Kind::Forbidden
            | Kind::Unknown
            | Kind::Conflict
            | Kind::Invalid
            | Kind::ConditionMissing
            | Kind::UnsupportedMedia
    )
}

/// The page that tells it.
pub fn page(frame: Frame, desk: Desk, refusal: Refusal) -> Result<Rendered> {
    let language = frame.language;
    let status = Problem(Error::Refused(Box::new(refusal.clone()))).status_code();
    let title = match refusal.kind {
        Kind::Unknown => label("Không tìm thấy", "Not found"),
        Kind::Forbidden => label("Không có quyền", "Not allowed"),
        _ => label("Chưa thực hiện được", "This could not be done"),
    };
    let page = RefusalPage {
        frame: &frame,
        title: said(language, title),
        mood: Mood::Doubt,
        detail: language.pick(&refusal.detail).to_owned(),
        faults: refusal.faults.iter().map(|fault| language.pick(&fault.detail).to_owned()).collect(),
        home: said(language, MINE),
        desk,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status, html, frame })
}
