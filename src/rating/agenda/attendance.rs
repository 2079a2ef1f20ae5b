//! Who is there for an item, and who takes the own seat back.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Work};
use crate::base::id::AccountId;
use crate::base::{Error, Fault, Faults, Result, say, text};
use crate::rating::agenda::Session;
use crate::rating::item::{seat_store, store};
use crate::station::{By, Taken, Verb, label, plain_forms};

/// Who is not there, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceForm {
    pub account_id: AccountId,
    pub reason: String,
}

/// Who is there after all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceForm {
    pub account_id: AccountId,
}

/// Why a seat does not score an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecusalForm {
    #[serde(alias = "note")]
    pub reason: String,
}

plain_forms!(AbsenceForm, PresenceForm, RecusalForm);

/// Who keeps the session's book.
const BOOKKEEPERS: By =
    By::Seat(label("thư ký hội đồng và cơ quan thường trực", "the council's secretary and its office"));

/// Records that a member is not there. An absent seat still counts for the quorum; where it is the chair's, the vice-chair
/// presides. A sheet that was submitted before counts.
pub static ABSENT: Verb<Session, AbsenceForm> =
    Verb::new("absent", label("Ghi vắng mặt", "Record an absence"), BOOKKEEPERS, absent)
        .right(Session::must_keep_the_book)
        .open(|_, session| session.item.state.record_attendance());

/// Records that a member who was absent is there.
pub static PRESENT: Verb<Session, PresenceForm> =
    Verb::new("present", label("Ghi có mặt", "Record a presence"), BOOKKEEPERS, present)
        .right(Session::must_keep_the_book)
        .open(|_, session| session.item.state.record_attendance());

/// Takes the own seat back for this item, with the reason; a sheet that was written does not count.
pub static RECUSE: Verb<Session, RecusalForm> = Verb::new(
    "recuse",
    label("Không tham gia chấm", "Take the own seat back"),
    By::Seat(label("thành viên chấm điểm của hội đồng", "members of the council who score")),
    recuse,
)
.right(Session::must_have_scoring_seat)
.open(may_recuse);

fn no_seat() -> Fault {
    Fault::new(
        "/account_id",
        "unknown_seat",
        say("Tài khoản này không có ghế trong hội đồng.", "This account has no seat in the council."),
    )
}

fn absent(work: &mut Work, session: &Session, form: AbsenceForm) -> Result<Taken> {
    let mut faults = Vec::new();
    text::check(&form.reason, "/reason", 2000, &mut faults);
    let seat = session.seat(form.account_id);
    if seat.is_none() {
        faults.push(no_seat());
    }
    faults.into_result()?;
    if session.is_absent(form.account_id) {
        return Err(Error::conflict(
            "already_absent",
            say("Người này đã được ghi vắng mặt.", "This person is recorded as absent already."),
        ));
    }
    let (item, now) = (session.item.id, work.now);
    seat_store::insert_absence(work.connection, item, form.account_id, &form.reason, work.actor.id, now)?;
    store::count_version(work.connection, item)?;
    Ok(Taken::stayed().with_note(seat.map(|seat| format!("{}: {}", seat.name, form.reason))))
}

fn present(work: &mut Work, session: &Session, form: PresenceForm) -> Result<Taken> {
    let seat = session.seat(form.account_id).ok_or_else(|| Error::faults(vec![no_seat()]))?;
    if !session.is_absent(seat.account) {
        return Err(Error::conflict(
            "not_absent",
            say("Người này không được ghi vắng mặt.", "This person is not recorded as absent."),
        ));
    }
    seat_store::delete_absence(work.connection, session.item.id, seat.account)?;
    store::count_version(work.connection, session.item.id)?;
    Ok(Taken::stayed().with_note(Some(seat.name.clone())))
}

fn may_recuse(asker: Asker, session: &Session) -> Result<()> {
    session.item.state.recuse()?;
    if session.is_recused(asker.actor.id) {
        return Err(Error::conflict(
            "already_recused",
            say("Bạn đã không tham gia chấm sản phẩm này.", "You are recused from this product already."),
        ));
    }
    Ok(())
}

fn recuse(work: &mut Work, session: &Session, form: RecusalForm) -> Result<Taken> {
    let mut faults = Vec::new();
    text::check(&form.reason, "/reason", 2000, &mut faults);
    faults.into_result()?;
    seat_store::insert_recusal(work.connection, session.item.id, work.actor.id, &form.reason, work.now)?;
    store::count_version(work.connection, session.item.id)?;
    Ok(Taken::stayed().with_note(Some(form.reason)))
}
