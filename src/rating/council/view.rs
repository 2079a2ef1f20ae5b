//! What is shown of a council.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{AccountId, CouncilId, CycleId};
use crate::base::{Result, UnitCode};
use crate::cycle::{Edition, Organisation};
use crate::place;
use crate::rating::council::Council;
use crate::rating::council::rules::{self, CouncilRules, Seat, SeatKind, State};
use crate::station::{Shown, Warning};

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
    /// The paper that delegated the chair.
    delegation: Option<String>,
    state: State,
    rules: CouncilRules,
    seats: Vec<SeatView>,
    /// Who checks dossiers before the session (tổ giúp việc).
    working_group: Vec<WorkingGroupMember>,
    /// Who is missing of those that the edition wants in a council.
    warnings: Vec<Warning>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SeatView {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    scores: bool,
    /// Whom it speaks for.
    organisation: Option<Organisation>,
}

impl From<&Seat> for SeatView {
    fn from(seat: &Seat) -> Self {
        Self {
            account_id: seat.account,
            name: seat.name.clone(),
            seat: seat.kind,
            scores: seat.scores,
            organisation: seat.organisation,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkingGroupMember {
    account_id: AccountId,
    name: String,
}

fn warnings(edition: &Edition, seats: &[Seat], delegation: Option<&str>) -> Vec<Warning> {
    let lacking = edition.composition.iter().flat_map(|composition| rules::lacking(composition, seats, delegation));
    lacking.map(|detail| Warning::new("composition_incomplete", detail)).collect()
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
        let view = |Self { row, cycle, seats, working_group, .. }: &Self| {
            Ok(CouncilView {
                id: row.id,
                version: row.version,
                cycle_id: row.cycle_id,
                year: cycle.year,
                unit_code: row.unit_code.clone(),
                unit_name: places.name(&row.unit_code, today),
                round: row.round,
                decision_number: row.decision_number.clone(),
                delegation: row.delegation.clone(),
                state: row.state,
                rules: row.rules.0.clone(),
                seats: seats.iter().map(SeatView::from).collect(),
                working_group: working_group.iter().map(member).collect(),
                warnings: warnings(&cycle.edition.edition()?, seats, row.delegation.as_deref()),
            })
        };
        councils.iter().map(view).collect()
    }
}
