//! `/councils/{id}/minutes` and `/agenda-items/{id}/sheet-papers`: ready to be printed and signed.

use actix_web::{HttpResponse, get};

use crate::account::{Actor, Asker, Caller, Role, Work};
use crate::base::id::{AgendaItemId, CouncilId};
use crate::base::{Error, Result, say};
use crate::http::{PathParam, Problem, Refusals};
use crate::paper::{self, Subject};
use crate::rating::agenda::Session;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::council::rules::{is_office, sees};
use crate::rating::council::{Council, SeatKind};
use crate::rating::papers::minutes::{self, Minutes};
use crate::rating::papers::sheets::{self, Share, Sheets};
use crate::station::{Listed, Stretch, find};

/// The minutes of a council's session, as a page to be printed: what is concluded or deferred, and nothing else. For chair
/// and secretary, a vice-chair who presided, the office of the unit and its supervisors.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/councils/{id}/minutes")]
pub async fn print_minutes(caller: Caller, id: PathParam<CouncilId>) -> Result<HttpResponse, Problem> {
    printed_minutes(caller, id).await
}

/// The minutes of a council, for whoever may have them.
pub async fn printed_minutes(caller: Caller, id: PathParam<CouncilId>) -> Result<HttpResponse, Problem> {
    paper::print(caller, move |work| minutes_for(work, id.get()?), minutes::render).await
}

/// What the minutes of a council say, where the asker may have them.
pub fn minutes_for(work: &mut Work, id: CouncilId) -> Result<(Subject, Minutes)> {
    let council = find::<Council>(work, &id)?;
    let filter = AgendaItemFilter { council_id: Some(id), ..AgendaItemFilter::default() };
    let mut sessions = Session::list(work, &filter, &Stretch::first(i64::MAX))?;
    sessions.sort_by_key(|session| session.item.position);
    if !may_have_minutes(&work.actor, &council, &sessions) {
        return Err(Error::forbidden(say(
            "Biên bản dành cho chủ tịch, thư ký hội đồng, cơ quan thường trực và người giám sát.",
            "The minutes are for chair and secretary, the office of the unit and its supervisors.",
        )));
    }
    minutes::of(work, &council, &sessions)
}

/// Who sees the council sees all of its agenda, so a vice-chair who presided anywhere is found.
pub fn may_have_minutes(actor: &Actor, council: &Council, sessions: &[Session]) -> bool {
    let unit = &council.row.unit_code;
    let watches = actor.is(&[Role::Supervisor]) && sees(actor, unit);
    if watches || is_office(actor, unit) {
        return true;
    }
    match council.seats.iter().find(|seat| seat.account == actor.id).map(|seat| seat.kind) {
        Some(SeatKind::Chair | SeatKind::Secretary) => true,
        Some(SeatKind::ViceChair) => sessions.iter().any(|session| session.presides(actor.id)),
        Some(SeatKind::Member) | None => false,
    }
}

/// The sheets from which an item was concluded, as pages to be printed: all with names for who led the session and the
/// office, the own one for a member, all without names for the producer.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/agenda-items/{id}/sheet-papers")]
pub async fn print_sheets(caller: Caller, id: PathParam<AgendaItemId>) -> Result<HttpResponse, Problem> {
    printed_sheets(caller, id).await
}

/// The sheets of an item, as far as the caller may have them.
pub async fn printed_sheets(caller: Caller, id: PathParam<AgendaItemId>) -> Result<HttpResponse, Problem> {
    paper::print(caller, move |work| sheets_for(work, id.get()?), sheets::render).await
}

fn sheets_for(work: &mut Work, id: AgendaItemId) -> Result<(Subject, Sheets)> {
    let session = find::<Session>(work, &id)?;
    let share = share(work.asker(), &session)?;
    sheets::of(work, &session, session.result()?, share)
}

/// Which sheets of a session the asker may have; 403 for who may have none.
pub fn share(asker: Asker, session: &Session) -> Result<Share> {
    if session.is_led_by(asker.actor) {
        return Ok(Share::Named);
    }
    if session.seat(asker.actor.id).is_some() {
        Session::must_score(asker, session)?;
        return Ok(Share::Own);
    }
    if asker.actor.is(&[Role::Producer]) {
        return Ok(Share::Nameless);
    }
    Err(Error::forbidden(say(
        "Phiếu đánh giá dành cho hội đồng, cơ quan thường trực và chủ thể của sản phẩm.",
        "The sheets are for the council, its office and the product's producer.",
    )))
}
