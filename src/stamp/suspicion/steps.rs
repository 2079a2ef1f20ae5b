//! The steps of suspicions: the provincial office decides them.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::base::{Faults, Result, text};
use crate::stamp::orders::{self, range_store};
use crate::stamp::rules::{Range, VoidForm};
use crate::stamp::suspicion::{Suspicion, store};
use crate::station::{By, Offer, Order, Reason, Taken, Verb, apply, label, plain_forms};

/// A confirmation, with the reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationForm {
    note: String,
    /// Also declares the stamp void.
    #[serde(default)]
    void: bool,
}

plain_forms!(ConfirmationForm);

const OFFICE: By = By::Roles(&[Role::ProvincialOfficer]);

/// Dismisses a suspicion, saying why. Visitors are counted anew after a week, and it takes more than what was dismissed.
pub static DISMISS: Verb<Suspicion, Reason> =
    Verb::new("dismiss", label("Bác nghi ngờ", "Dismiss the suspicion"), OFFICE, dismiss)
        .open(|_, suspicion| suspicion.row.state.dismiss().map(drop));

/// Confirms a suspicion, saying why: the stamp stays suspect whatever happens, or becomes void.
pub static CONFIRM: Verb<Suspicion, ConfirmationForm> =
    Verb::new("confirm", label("Xác nhận nghi ngờ", "Confirm the suspicion"), OFFICE, confirm)
        .open(|_, suspicion| suspicion.row.state.confirm().map(drop));

pub static VERBS: &[&dyn Offer<Suspicion>] = &[&DISMISS, &CONFIRM];

fn dismiss(work: &mut Work, suspicion: &Suspicion, reason: Reason) -> Result<Taken> {
    let state = suspicion.row.state.dismiss()?;
    store::clear(work.connection, suspicion.stamp(), suspicion.row.visitors, work.now)?;
    store::decide(work.connection, suspicion.row.id, state, reason.text(), work.actor.id, work.now)?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}

fn confirm(work: &mut Work, suspicion: &Suspicion, form: ConfirmationForm) -> Result<Taken> {
    let state = suspicion.row.state.confirm()?;
    let mut faults = Vec::new();
    text::check(&form.note, "/note", 2000, &mut faults);
    faults.into_result()?;
    if form.void {
        void(work, suspicion, &form.note)?;
    }
    store::decide(work.connection, suspicion.row.id, state, &form.note, work.actor.id, work.now)?;
    Ok(Taken::to(state).with_note(Some(form.note)))
}

/// Declares the one stamp void, unless it is already.
fn void(work: &mut Work, suspicion: &Suspicion, note: &str) -> Result<()> {
    let (order, serial) = suspicion.key();
    orders::store::take(work.connection, order)?;
    if !range_store::void_within(work.connection, order, Range { first: serial, last: serial })?.is_empty() {
        return Ok(());
    }
    let form = VoidForm { from: serial, to: serial, reason: note.to_owned() };
    apply(work, &orders::steps::VOID, &order, Order::given(form))
}
