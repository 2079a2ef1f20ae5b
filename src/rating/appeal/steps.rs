//! The steps of appeals: their one answer. An appeal is lodged with the agenda item, see `agenda::steps`.

use crate::account::{Asker, Role, Work};
use crate::base::{Error, Result, say};
use crate::rating::appeal::Appeal;
use crate::rating::appeal::rules::State;
use crate::rating::appeal::store;
use crate::rating::council::SeatKind;
use crate::station::{By, Offer, Reason, Taken, Verb, label};

const ANSWERERS: By = By::Some(
    &[Role::DistrictOfficer, Role::ProvincialOfficer, Role::Signatory],
    label(
        "của đơn vị lập hội đồng, không phải người đã chấm",
        "of the unit that set the council up, without a seat that scores in it",
    ),
);

/// Upholds an appeal, with the reason: the product may stand again in a later round.
pub static UPHOLD: Verb<Appeal, Reason> = Verb::new(
    "uphold",
    label("Chấp nhận khiếu nại", "Uphold the appeal"),
    ANSWERERS,
    |work, appeal, reason: Reason| answer(work, appeal, State::Upheld, reason),
)
.right(must_be_impartial)
.open(|_, appeal| appeal.row.state.must_be_unanswered());

/// Dismisses an appeal, with the reason.
pub static DISMISS: Verb<Appeal, Reason> = Verb::new(
    "dismiss",
    label("Bác khiếu nại", "Dismiss the appeal"),
    ANSWERERS,
    |work, appeal, reason: Reason| answer(work, appeal, State::Dismissed, reason),
)
.right(must_be_impartial)
.open(|_, appeal| appeal.row.state.must_be_unanswered());

pub static VERBS: &[&dyn Offer<Appeal>] = &[&UPHOLD, &DISMISS];

/// 403 unless the asker acts for the unit that set the council up and has no seat that scores in it.
fn must_be_impartial(asker: Asker, appeal: &Appeal) -> Result<()> {
    let is_of_unit = asker.actor.unit.as_ref() == Some(&appeal.row.unit_code);
    let has_scored = appeal.seats.iter().any(|seat| seat.account == asker.actor.id && seat.kind != SeatKind::Secretary);
    if is_of_unit && !has_scored {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Khiếu nại do đơn vị thành lập hội đồng trả lời, không phải người đã chấm.",
        "The unit that set the council up answers an appeal, not who scored.",
    )))
}

fn answer(work: &mut Work, appeal: &Appeal, state: State, reason: Reason) -> Result<Taken> {
    store::answer(work.connection, appeal.row.id, state, reason.text(), work.actor.id, work.now)?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}
