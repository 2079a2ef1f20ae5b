//! What is shown of a cycle.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::CycleId;
use crate::base::{Day, Result};
use crate::cycle::condition::Condition;
use crate::cycle::rules::{self, Round, StampsFrom, State, Targets};
use crate::cycle::{Cycle, EditionCode};
use crate::station::{Shown, Warning};

/// A year of the programme.
#[derive(Debug, Serialize, ToSchema)]
pub struct CycleView {
    pub id: CycleId,
    pub version: i32,
    pub year: i32,
    pub edition: EditionCode,
    pub state: State,
    pub idea_deadline: Day,
    pub rounds: Vec<Round>,
    pub targets: Targets,
    pub stamps_from: StampsFrom,
    /// What products need for their stars beside the points and the edition's conditions.
    pub conditions: Vec<Condition>,
    /// Where it differs from what the act of its edition says.
    pub warnings: Vec<Warning>,
}

impl CycleView {
    fn of(cycle: &Cycle) -> Result<Self> {
        let differences = rules::differences(&cycle.edition.edition()?, cycle.year, &cycle.rounds.0);
        Ok(Self {
            id: cycle.id,
            version: cycle.version,
            year: cycle.year,
            edition: cycle.edition,
            state: cycle.state,
            idea_deadline: cycle.idea_deadline,
            rounds: cycle.rounds.0.clone(),
            targets: cycle.targets.0.clone(),
            stamps_from: cycle.stamps_from,
            conditions: cycle.conditions.0.clone(),
            warnings: differences.into_iter().map(|detail| Warning::new("rounds_differ", detail)).collect(),
        })
    }
}

impl Shown for Cycle {
    type View = CycleView;

    fn views(_: &mut Work, cycles: &[Self]) -> Result<Vec<CycleView>> {
        cycles.iter().map(CycleView::of).collect()
    }
}
