//! A sheet's states, and how it counts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::DocumentId;
use crate::base::{self, Error, Fault, Points, say};
use crate::criteria::{Case, GateKind, Mark, Marked, RaisedGate, Set, mark, marking};

/// `draft` > `submitted`, and back until scoring closes.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = SheetState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Submitted,
}

impl State {
    pub fn submit(self) -> base::Result<Self> {
        match self {
            Self::Draft => Ok(Self::Submitted),
            Self::Submitted => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn withdraw(self) -> base::Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Draft),
            Self::Draft => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn must_be_draft(self) -> base::Result<()> {
        match self {
            Self::Draft => Ok(()),
            Self::Submitted => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// How far a member is with a sheet, as a list of one's own tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Progress {
    Unstarted,
    Draft,
    Submitted,
}

impl From<Option<State>> for Progress {
    fn from(state: Option<State>) -> Self {
        match state {
            None => Self::Unstarted,
            Some(State::Draft) => Self::Draft,
            Some(State::Submitted) => Self::Submitted,
        }
    }
}

/// One submitted sheet, as it counts: its total, or the kind of gate that it raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    Scored(Points),
    Gated(GateKind),
}

/// What a sheet still needs before it can be submitted: each missing criterion by name.
fn missing(marked: &Marked) -> Vec<Fault> {
    let fault = |code: &String| {
        Fault::new(
            "/marks",
            "missing_mark",
            say(format!("Chưa chấm tiêu chí {code}."), format!("The criterion {code} has no mark.")),
        )
    };
    marked.missing.iter().map(fault).collect()
}

/// How a sheet counts: only a complete one does, all criteria that apply marked or a gate raised. This is the one place
/// that decides it, at the submission and again when the sheets are counted.
pub fn vote(set: &Set, case: Case, marks: &[Mark], gate: Option<&RaisedGate>) -> Result<Vote, Vec<Fault>> {
    let marked = mark(set, case, marks, gate)?;
    if !marked.complete {
        return Err(missing(&marked));
    }
    let raised = gate.and_then(|gate| marking::gate(set, gate));
    Ok(raised.map_or(Vote::Scored(marked.total), |gate| Vote::Gated(gate.kind)))
}

/// Evidence that is no document of the dossier.
pub fn foreign_evidence(marks: &[Mark], documents: &[DocumentId]) -> Vec<Fault> {
    let text = || say("Không phải giấy tờ trong hồ sơ này.", "This is no document of the dossier.");
    let places = marking::foreign_evidence(marks, "/marks", documents);
    places.into_iter().map(|place| Fault::new(place, "unknown_document", text())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn only_a_draft_is_changed_and_submitted_and_only_a_submitted_sheet_is_withdrawn() {
        let allowed = |step: fn(State) -> bool| State::iter().filter(|state| step(*state)).collect::<Vec<_>>();
        assert_eq!(allowed(|state| state.submit().is_ok()), [State::Draft]);
        assert_eq!(allowed(|state| state.must_be_draft().is_ok()), [State::Draft]);
        assert_eq!(allowed(|state| state.withdraw().is_ok()), [State::Submitted]);
    }
}
