//! Who leads a session reminds the members whose sheets are not in.

use crate::account::{Asker, Work};
use crate::base::{Error, Result, say};
use crate::rating::agenda::Session;
use crate::rating::reminder::rules;
use crate::rating::reminder::store::{self, Reminded};
use crate::rating::sheet;
use crate::station::{By, NoFields, Taken, Verb, label};

/// Reminds every member who scores the item, is there, and has not handed in; told to them on the desk, and by mail where they
/// have an address. The item's version stays, and its history says nothing
/// of it: the producer reads that too.
pub static REMIND: Verb<Session, NoFields> = Verb::new(
    "remind",
    label("Nhắc nộp phiếu", "Remind of the sheets"),
    By::Seat(label(
        "người chủ trì, thư ký hội đồng và cơ quan thường trực",
        "who presides, the council's secretary and its office",
    )),
    remind,
)
.right(must_lead)
.open(|_, session| session.item.state.must_be_scoring())
.at_any_version();

fn must_lead(asker: Asker, session: &Session) -> Result<()> {
    if session.is_led_by(asker.actor) {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Việc này dành cho người chủ trì, thư ký và cơ quan của hội đồng.",
        "Only who presides, the secretary and the council's office do this.",
    )))
}

fn remind(work: &mut Work, session: &Session, _: NoFields) -> Result<Taken> {
    let (item, attempt) = (session.item.id, session.item.attempt);
    let submitters = sheet::store::submitters(work.connection, item, attempt)?;
    let waited_for = |account| !session.is_absent(account) && !submitters.contains(&account);
    let accounts: Vec<_> =
        session.scoring_seats().map(|seat| seat.account).filter(|account| waited_for(*account)).collect();
    if accounts.is_empty() {
        return Err(Error::conflict(
            "nobody_to_remind",
            say("Mọi thành viên có mặt đã gửi phiếu.", "Every member who is there has handed in."),
        ));
    }
    let last = store::last(work.connection, item, attempt)?;
    rules::must_be_due(last.into_values().max(), work.now)?;
    for account in accounts {
        store::insert(work.connection, Reminded { item, attempt, account }, work.actor.id, work.now)?;
    }
    Ok(Taken::beside())
}
