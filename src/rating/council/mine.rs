//! `/me`: oneself, and the councils that one has to do with.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Caller, Work, second_factor_demand};
use crate::base::id::{AccountId, CouncilId, CycleId};
use crate::base::{Result, SecondFactorDemand, UnitCode};
use crate::http::{Answer, Kept, Problem, Refusals};
use crate::people::Person;
use crate::people::view::{AccountView, WholeAccount};
use crate::place;
use crate::rating::council::rules::{SeatKind, State};
use crate::rating::council::store;
use crate::station::{Offered, find, seen};

/// Oneself: the account, and where one sits.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAccount {
    #[serde(flatten)]
    #[schema(value_type = Offered<WholeAccount>)]
    account: Offered<AccountView>,
    /// The councils in which one sits or for which one checks, the newest first.
    seats: Vec<OwnSeatView>,
    second_factor: OwnSecondFactor,
}

/// One's own second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSecondFactor {
    /// Whether a code is asked for at sign-in.
    set_up: bool,
    /// Whether the service asks one's account for it. Where it is required nothing else is answered before (403
    /// `second_factor_not_set_up`).
    demand: SecondFactorDemand,
}

/// A council in which one sits or for which one checks.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSeatView {
    council_id: CouncilId,
    cycle_id: CycleId,
    unit_code: UnitCode,
    unit_name: String,
    round: i32,
    council_state: State,
    /// Null for who only belongs to the working group.
    seat: Option<SeatKind>,
    scores: bool,
    /// Whether one belongs to its working group.
    working_group: bool,
}

/// Oneself, with one's unit, producer and seats.
#[utoipa::path(tag = "accounts", responses((status = 200, body = OwnAccount, headers(("ETag" = String, description = "Tells this answer apart, for `If-None-Match`."))), Refusals))]
#[get("/me")]
pub async fn me(caller: Caller) -> std::result::Result<Answer, Problem> {
    caller
        .read(|work| {
            let own = work.actor.id;
            let person = find::<Person>(work, &own)?;
            let account = seen(work, &person)?;
            let seats = seats(work, own)?;
            // Neither a seat nor a setting is a change of the account.
            let second_factor = OwnSecondFactor {
                set_up: account::store::has_second_factor(work.connection, own)?,
                demand: second_factor_demand::of(work.connection, work.app.second_factors, &work.actor)?,
            };
            Ok(Answer::ok(OwnAccount { account, seats, second_factor })?.kept(Kept::Privately(0)))
        })
        .await
}

fn seats(work: &mut Work, account: AccountId) -> Result<Vec<OwnSeatView>> {
    let councils = store::of_account(work.connection, account)?;
    if councils.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CouncilId> = councils.iter().map(|council| council.id).collect();
    let seats = store::seats_of(work.connection, &ids)?;
    let groups = store::working_groups(work.connection, &ids)?;
    let places = place::store::places(work.connection)?;
    let today = work.now.day();
    let view = |council: store::CouncilRow| {
        let seat = seats.get(&council.id).into_iter().flatten().find(|seat| seat.account == account);
        OwnSeatView {
            council_id: council.id,
            cycle_id: council.cycle_id,
            unit_name: places.name(&council.unit_code, today),
            unit_code: council.unit_code,
            round: council.round,
            council_state: council.state,
            seat: seat.map(|seat| seat.kind),
            scores: seat.is_some_and(|seat| seat.scores),
            working_group: groups.get(&council.id).into_iter().flatten().any(|(checks, _)| *checks == account),
        }
    };
    Ok(councils.into_iter().map(view).collect())
}
