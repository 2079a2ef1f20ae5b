//! `/agenda-items/{id}/result` and `/sheets`: what came out, once it came out.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Moment, Points, Result, Stars};
use crate::criteria::{GateKind, LeastOption, Mark, RaisedGate};
use crate::cycle::Condition;
use crate::http::{Answer, Page, PathParam, Problem, Refusals, bounds};
use crate::rating::agenda::Session;
use crate::rating::council::SeatKind;
use crate::rating::result::Concluded;
use crate::rating::result::rules::{Outcome, mean};
use crate::rating::sheet;
use crate::station::find;

#[derive(Debug, Serialize, ToSchema)]
pub struct ResultView {
    /// How often the council scored; what it concluded from is the last.
    attempt: i32,
    outcome: Outcome,
    #[schema(value_type = Option<i32>)]
    stars: Option<Stars>,
    /// The sum of the members' totals; 0 where a gate ended the evaluation.
    sum: i32,
    sheets: i32,
    /// The exact mean, truncated to two decimals; null where a gate ended the evaluation.
    #[schema(examples("49.87"))]
    mean: Option<String>,
    gate: Option<GateView>,
    /// The conditions that the product lacked on that day for the stars of its mean.
    unmet: Vec<Condition>,
    /// The least options that the sheets did not meet, by the council's rule: those of the stars of its mean, and of more.
    unmet_options: Vec<LeastOption>,
    concluded_at: Moment,
}

/// The gate that ended an evaluation, without who raised it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateView {
    criterion: String,
    reason: String,
}

impl From<&Concluded> for ResultView {
    fn from(result: &Concluded) -> Self {
        let gate = result.gate_criterion.clone().zip(result.gate_reason.clone());
        let has_mean = !matches!(result.outcome, Outcome::Disqualified | Outcome::Stopped);
        Self {
            attempt: result.attempt,
            outcome: result.outcome,
            stars: result.stars,
            sum: result.sum,
            sheets: result.sheets,
            mean: mean(result.sum, result.sheets).filter(|_| has_mean).map(|mean| mean.to_string()),
            gate: gate.map(|(criterion, reason)| GateView { criterion, reason }),
            unmet: result.unmet.0.clone(),
            unmet_options: result.unmet_options.0.clone(),
            concluded_at: result.concluded_at,
        }
    }
}

/// A submitted sheet, with its member's name for who led the session and without for everybody else.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSheet {
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Member>,
    attempt: i32,
    marks: Vec<Mark>,
    gate: Option<RaisedGate>,
    gate_kind: Option<GateKind>,
    total: Option<Points>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SheetMember)]
pub struct Member {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    submitted_at: Option<Moment>,
}

/// The result of an item, once it is concluded.
#[utoipa::path(tag = "results", responses((status = 200, body = ResultView), Refusals))]
#[get("/agenda-items/{id}/result")]
pub async fn read(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let session = find::<Session>(work, &id.get()?)?;
            Ok(Answer::ok(ResultView::from(session.result()?))?)
        })
        .await
}

/// The sheets of the attempt that was concluded, or of an earlier one: with names for who led the session, else shuffled
/// and nameless.
#[utoipa::path(
    tag = "results",
    params(("attempt" = Option<i32>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<OpenSheet>), Refusals)
)]
#[get("/agenda-items/{id}/sheets")]
pub async fn sheets(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let session = find::<Session>(work, &id.get()?)?;
            let result = session.result()?;
            let paging = query.paging::<usize>();
            let attempt = query.number(bounds::ATTEMPT).unwrap_or(result.attempt);
            query.finish()?;
            // The store's order is random and stays the same, so a place in the list tells nothing of who wrote it.
            let sheets = sheet::store::submitted(work.connection, session.item.id, attempt)?;
            let is_named = session.is_led_by(&work.actor);
            let open = |(place, sheet): (usize, sheet::Sheet)| {
                let seat = session.seat(sheet.account_id).filter(|_| is_named);
                let member = seat.map(|seat| Member {
                    account_id: seat.account,
                    name: seat.name.clone(),
                    seat: seat.kind,
                    submitted_at: sheet.submitted_at,
                });
                let answer = OpenSheet {
                    member,
                    attempt,
                    marks: sheet.marks.0,
                    gate: sheet.gate.map(|gate| gate.0),
                    gate_kind: sheet.gate_kind,
                    total: sheet.total,
                };
                (place, answer)
            };
            let shown = sheets.into_iter().enumerate().map(open);
            let shown = shown.filter(|(place, _)| paging.after.is_none_or(|after| after < *place));
            let (items, next) = paging.cut(shown.collect(), |(place, _)| *place)?;
            Ok(Answer::page(items.into_iter().map(|(_, sheet)| sheet).collect(), next)?)
        })
        .await
}
