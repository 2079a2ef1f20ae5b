//! What is shown of a cycle.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::CycleId;
use crate::base::{Day, Result};
use crate::cycle::condition::Condition;
use crate::cycle::rules::{Round, StampsFrom, State, Targets};
use crate::cycle::{Cycle, EditionCode};
use crate::station::Shown;

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
}

impl From<Cycle> for CycleView {
    fn from(cycle: Cycle) -> Self {
        Self {
            id: cycle.id,
            version: cycle.version,
            year: cycle.year,
            edition: cycle.edition,
            state: cycle.state,
            idea_deadline: cycle.idea_deadline,
            rounds: cycle.rounds.0,
            targets: cycle.targets.0,
            stamps_from: cycle.stamps_from,
            conditions: cycle.conditions.0,
        }
    }
}

impl Shown for Cycle {
    type View = CycleView;

    fn views(_: &mut Work, cycles: &[Self]) -> Result<Vec<CycleView>> {
        Ok(cycles.iter().cloned().map(CycleView::from).collect())
    }
}
