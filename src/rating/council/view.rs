//! What is shown of a council.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{AccountId, CouncilId, CycleId};
use crate::base::{Result, UnitCode};
use crate::place;
use crate::rating::council::Council;
use crate::rating::council::rules::{CouncilRules, Seat, SeatKind, State};
use crate::station::Shown;

/// A council, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CouncilView {
    id: CouncilId,
    version: i32,
    cycle_id: CycleId,
    /// The year of its cycle.
    year: i32,
    unit_code: UnitCode,
    unit_name: String,
    round: i32,
    decision_number: String,
    state: State,
    rules: CouncilRules,
    seats: Vec<SeatView>,
    /// Who checks dossiers before the session (tổ giúp việc).
    working_group: Vec<WorkingGroupMember>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SeatView {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    scores: bool,
}

impl From<&Seat> for SeatView {
    fn from(seat: &Seat) -> Self {
        Self { account_id: seat.account, name: seat.name.clone(), seat: seat.kind, scores: seat.scores }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkingGroupMember {
    account_id: AccountId,
    name: String,
}

impl Shown for Council {
    type View = CouncilView;

    fn views(work: &mut Work, councils: &[Self]) -> Result<Vec<CouncilView>> {
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let member = |(account_id, name): &(AccountId, String)| WorkingGroupMember {
            account_id: *account_id,
            name: name.clone(),
        };
        let view = |Self { row, cycle, seats, working_group, .. }: &Self| CouncilView {
            id: row.id,
            version: row.version,
            cycle_id: row.cycle_id,
            year: cycle.year,
            unit_code: row.unit_code.clone(),
            unit_name: places.name(&row.unit_code, today),
            round: row.round,
            decision_number: row.decision_number.clone(),
            state: row.state,
            rules: row.rules.0.clone(),
            seats: seats.iter().map(SeatView::from).collect(),
            working_group: working_group.iter().map(member).collect(),
        };
        Ok(councils.iter().map(view).collect())
    }
}
