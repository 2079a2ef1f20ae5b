//! What a member sees of the own sheet.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::AgendaItemId;
use crate::base::{Digest, Moment, Points, Result};
use crate::criteria::marking::PartTotal;
use crate::criteria::{LeastOption, Mark, Marked, RaisedGate};
use crate::rating::scoring::OwnSheet;
use crate::rating::sheet::rules::State;
use crate::station::Shown;

/// One's own sheet. One that was not begun is an empty draft of version 0.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSheetView {
    agenda_item_id: AgendaItemId,
    attempt: i32,
    version: i32,
    state: State,
    marks: Vec<Mark>,
    gate: Option<RaisedGate>,
    /// What the marks add up to so far, by part and in all.
    parts: Vec<PartTotal>,
    total: Points,
    /// The criteria that still need an option.
    missing: Vec<String>,
    complete: bool,
    /// The least options that these marks alone do not meet.
    unmet_options: Vec<LeastOption>,
    submitted_at: Option<Moment>,
    /// What this version commits its member to, in hexadecimal digits; a receipt that the export opens after the conclusion.
    /// Null where nothing was written yet.
    commitment: Option<Digest>,
}

impl Shown for OwnSheet {
    type View = OwnSheetView;

    fn views(_: &mut Work, sheets: &[Self]) -> Result<Vec<OwnSheetView>> {
        let view = |own: &Self| {
            let Marked { parts, total, missing, complete, unmet_options } = own.marked(own.marks(), own.gate())?;
            let sheet = own.sheet.as_ref();
            Ok(OwnSheetView {
                agenda_item_id: own.session.item.id,
                attempt: own.session.item.attempt,
                version: sheet.map_or(0, |sheet| sheet.version),
                state: sheet.map_or(State::Draft, |sheet| sheet.state),
                marks: own.marks().to_vec(),
                gate: own.gate().cloned(),
                parts,
                total,
                missing,
                complete,
                unmet_options,
                submitted_at: sheet.and_then(|sheet| sheet.submitted_at),
                commitment: sheet.and_then(|sheet| sheet.commitment),
            })
        };
        sheets.iter().map(view).collect()
    }
}
