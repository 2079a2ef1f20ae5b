//! The steps of doubts, taken by the provincial office and the inspectors.

use crate::account::{Role, Work};
use crate::base::Result;
use crate::stamp::doubts::{Doubt, store};
use crate::station::{By, Note, Offer, Reason, Taken, Verb, label};

const KEEPERS: By = By::Roles(&[Role::ProvincialOfficer, Role::Inspector]);

/// Says that somebody looks into a doubt.
pub static SEE: Verb<Doubt, Note> = Verb::new("see", label("Đã xem phản ánh", "Look into the doubt"), KEEPERS, see)
    .open(|_, doubt| doubt.row.state.see().map(drop));

/// Closes a doubt, saying what was found.
pub static CLOSE: Verb<Doubt, Reason> = Verb::new("close", label("Khép phản ánh", "Close the doubt"), KEEPERS, close)
    .open(|_, doubt| doubt.row.state.close().map(drop));

pub static VERBS: &[&dyn Offer<Doubt>] = &[&SEE, &CLOSE];

fn see(work: &mut Work, doubt: &Doubt, Note { note }: Note) -> Result<Taken> {
    let state = doubt.row.state.see()?;
    store::set_state(work.connection, doubt.row.id, state, note.as_deref())?;
    Ok(Taken::to(state).with_note(note))
}

fn close(work: &mut Work, doubt: &Doubt, reason: Reason) -> Result<Taken> {
    let state = doubt.row.state.close()?;
    store::set_state(work.connection, doubt.row.id, state, Some(reason.text()))?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}
