//! `/councils/{id}/minutes` and `/agenda-items/{id}/sheet-papers`: ready to be printed and signed.

use actix_web::{HttpResponse, get};

use crate::account::{Caller, Role, Work};
use crate::base::id::{AgendaItemId, CouncilId};
use crate::base::{Error, Result, say};
use crate::http::{At, Problem, Refusals};
use crate::paper::{self, Subject};
use crate::rating::agenda::Session;
use crate::rating::council::rules::is_office;
use crate::rating::council::{self, Council, Seat, SeatKind};
use crate::rating::papers::minutes::{self, Minutes};
use crate::rating::papers::sheets::{self, Share, Sheets};
use crate::rating::result;

/// The minutes of a council's session, as a page to be printed: what is concluded or deferred, and nothing else. For chair
/// and secretary, a vice-chair who presided, the office of the unit and its supervisors.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/councils/{id}/minutes")]
pub async fn print_minutes(caller: Caller, id: At<CouncilId>) -> Result<HttpResponse, Problem> {
    paper::print(caller, move |work| minutes_for(work, id.get()?), minutes::render).await
}

fn minutes_for(work: &mut Work, id: CouncilId) -> Result<(Subject, Minutes)> {
    let found = council::store::find(work.connection, id)?;
    let (council, people) = council::api::must_see(work, found)?;
    let seats = people.seats;
    if !may_have_minutes(work, &council, &seats)? {
        return Err(Error::forbidden(say(
            "Biên bản dành cho chủ tịch, thư ký hội đồng, cơ quan thường trực và người giám sát.",
            "The minutes are for chair and secretary, the office of the unit and its supervisors.",
        )));
    }
    minutes::of(work, &council, &seats)
}

fn may_have_minutes(work: &mut Work, council: &Council, seats: &[Seat]) -> Result<bool> {
    let watches = work.actor.is(&[Role::Supervisor]) && council::rules::sees(&work.actor, &council.unit_code);
    if watches || is_office(&work.actor, &council.unit_code) {
        return Ok(true);
    }
    match seats.iter().find(|seat| seat.account == work.actor.id).map(|seat| seat.kind) {
        Some(SeatKind::Chair | SeatKind::Secretary) => Ok(true),
        Some(SeatKind::ViceChair) => presides_somewhere(work, council, seats),
        Some(SeatKind::Member) | None => Ok(false),
    }
}

fn presides_somewhere(work: &mut Work, council: &Council, seats: &[Seat]) -> Result<bool> {
    for (item, _) in super::store::items(work.connection, council.id)? {
        let recusals = crate::rating::agenda::store::recusals(work.connection, item.id)?;
        let absences = crate::rating::agenda::store::absences(work.connection, item.id)?;
        let is_away = |account| {
            recusals.iter().any(|recusal| recusal.account_id == account)
                || absences.iter().any(|absence| absence.account_id == account)
        };
        if council::rules::presiding(seats, is_away).is_some_and(|seat| seat.account == work.actor.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The sheets from which an item was concluded, as pages to be printed: all with names for who led the session and the
/// office, the own one for a member, all without names for the producer.
#[utoipa::path(
    tag = "papers", responses((status = 200, body = String, content_type = "text/html"), Refusals)
)]
#[get("/agenda-items/{id}/sheet-papers")]
pub async fn print_sheets(caller: Caller, id: At<AgendaItemId>) -> Result<HttpResponse, Problem> {
    paper::print(caller, move |work| sheets_for(work, id.get()?), sheets::render).await
}

fn sheets_for(work: &mut Work, id: AgendaItemId) -> Result<(Subject, Sheets)> {
    let session = Session::visible(work, id)?;
    let share = if session.is_led_by(work) {
        Share::Named
    } else if session.seat(work.actor.id).is_some() {
        session.must_score(work)?;
        Share::Own
    } else if work.actor.is(&[Role::Producer]) {
        Share::Nameless
    } else {
        return Err(Error::forbidden(say(
            "Phiếu đánh giá dành cho hội đồng, cơ quan thường trực và chủ thể của sản phẩm.",
            "The sheets are for the council, its office and the product's producer.",
        )));
    };
    let result = result::api::concluded_result(work, &session)?;
    sheets::of(work, &session, &result, share)
}
