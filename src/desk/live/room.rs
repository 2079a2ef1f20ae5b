//! The room of who leads a session: attendance, sheets handed in, the count after the close, and the steps of the session.

use actix_web::http::StatusCode;
use askama::Template;
use serde_json::Value;

use crate::account::Work;
use crate::base::id::AgendaItemId;
use crate::base::{Error, Result, say};
use crate::desk::counter::Beside;
use crate::desk::form::StepForm;
use crate::desk::frame::Desk;
use crate::desk::kinds;
use crate::desk::kinds::session_sides::{attendance, count, told};
use crate::desk::page::{AroundPage, DONE, Rendered, step_form, warnings};
use crate::desk::words::{STATES, said, word};
use crate::http::Language;
use crate::page::Frame;
use crate::page::tag::short_digest;
use crate::rating::Session;
use crate::rating::agenda::attendance::{ABSENT, PRESENT, RECUSE};
use crate::rating::agenda::conclusion::{CONCLUDE, RESCORE};
use crate::rating::agenda::reminding::REMIND;
use crate::rating::agenda::steps::{CLOSE_SCORING, OPEN_SCORING};
use crate::station::{Described, Shown, Thing, find, label, offers};

/// The page of an item that is its room.
pub const LIVE: &str = "live";

/// What a session's leaders do in the room, in its order.
const STEPS: [&dyn Described; 8] =
    [&OPEN_SCORING, &REMIND, &CLOSE_SCORING, &CONCLUDE, &RESCORE, &ABSENT, &PRESENT, &RECUSE];

#[derive(Template)]
#[template(path = "desk/live.html")]
struct LivePage<'a> {
    frame: &'a Frame,
    desk: Desk,
    title: String,
    item: (String, &'static str),
    done: Option<String>,
    room: Room,
    /// What the events tell as long as it is still the same.
    seen: String,
    events: String,
    forms: Vec<StepForm>,
    hall: (String, &'static str),
    cut: &'static str,
}

/// What is told anew while the session goes on.
#[derive(Template)]
#[template(path = "desk/room.html")]
pub struct Room {
    state: (String, String),
    attempt: String,
    handed_in: String,
    warnings: Vec<String>,
    beside: Vec<(&'static str, Beside)>,
}

impl Room {
    fn of(view: &Value, language: Language) -> Self {
        let say = |vi, en| said(language, label(vi, en));
        let state = view.get("state").and_then(Value::as_str).unwrap_or_default();
        let is = |seat: &Value, member: &str| seat.get(member) == Some(&Value::Bool(true));
        let is_away = |seat: &Value, member: &str| seat.get(member).is_some_and(Value::is_string);
        let scoring = told(view, "/attendance")
            .filter(|seat| is(seat, "scores") && !is_away(seat, "recused") && !is_away(seat, "absent"));
        let (mut seats, mut submitted) = (0u32, 0u32);
        for seat in scoring {
            seats = seats.saturating_add(1);
            submitted = submitted.saturating_add(u32::from(is(seat, "submitted")));
        }
        let attempt = view.get("attempt").and_then(Value::as_i64).unwrap_or(1);
        let beside = [attendance(view, language), count(view, language)].into_iter().flatten();
        Self {
            state: (state.to_owned(), word(STATES, state, language)),
            attempt: format!("{} {attempt}", say("Lần chấm", "Scoring")),
            handed_in: format!("{} {submitted} / {seats}", say("Phiếu đã nộp:", "Sheets handed in:")),
            warnings: warnings(view, language),
            beside: beside.map(|side| (said(language, side.title), side)).collect(),
        }
    }

    /// What tells whether it is still the same: of what its reader may see, and of nothing else.
    pub fn seen(&self) -> Result<String> {
        Ok(short_digest(self.render().map_err(Error::internal)?.as_bytes()))
    }
}

/// 404 if the caller may not see the item, 403 if they do not lead its session.
fn led(work: &mut Work, id: AgendaItemId) -> Result<(Session, Value)> {
    let session: Session = find(work, &id)?;
    if !session.is_led_by(&work.actor) {
        let detail = say(
            "Phòng điều hành dành cho người chủ trì, thư ký và cơ quan của hội đồng.",
            "The room is for who presides, the secretary and the council's office.",
        );
        return Err(Error::forbidden(detail));
    }
    let view = serde_json::to_value(Session::view(work, &session)?).map_err(Error::internal)?;
    Ok((session, view))
}

/// What the room tells now.
pub fn room(work: &mut Work, id: AgendaItemId) -> Result<Room> {
    let (_, view) = led(work, id)?;
    Ok(Room::of(&view, work.language))
}

pub fn page(work: &mut Work, around: AroundPage, id: AgendaItemId, done: Option<String>) -> Result<Rendered> {
    let language = around.language();
    let (session, view) = led(work, id)?;
    let counter = kinds::find(Session::PATH).ok_or_else(|| Error::internal("no agenda items on the desk"))?;
    let key = id.to_string();
    let offers = offers(work.asker(), &session)?;
    let mut forms = Vec::new();
    for step in STEPS {
        let is_offered = offers.iter().any(|(offer, refusal)| offer.name() == step.name() && refusal.is_none());
        if is_offered {
            let thing = (key.as_str(), session.version(), Some(&view));
            let form = step_form(work, counter, thing, step.name(), (&around.desk.csrf, language))?;
            forms.extend(form.map(|form| StepForm { then: Some(LIVE), ..form }));
        }
    }
    let address = format!("/desk/agenda-items/{id}");
    let product = counter.name(&view, language).unwrap_or_default();
    let done = done.and_then(|verb| counter.label_of(&verb));
    let room = Room::of(&view, language);
    let AroundPage { frame, desk } = around;
    let page = LivePage {
        frame: &frame,
        desk,
        title: format!("{}: {product}", said(language, label("Phòng điều hành", "The session's room"))),
        item: (address.clone(), said(language, label("Trang của sản phẩm trong chương trình", "The item's page"))),
        done: done.map(|label| format!("{}: {}", said(language, label), said(language, DONE))),
        events: format!("{address}/live/events"),
        hall: (format!("{address}/hall"), said(language, label("Màn hình hội trường", "The hall's screen"))),
        cut: said(
            language,
            label(
                "Mất kết nối; đang thử lại. Số liệu dưới đây có thể đã cũ.",
                "The line is cut; what stands below may be old.",
            ),
        ),
        seen: room.seen()?,
        room,
        forms,
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(Rendered { status: StatusCode::OK, html, frame })
}
