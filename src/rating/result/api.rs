//! `/agenda-items/{id}/result` and `/sheets`: what came out, once it came out.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{AccountId, AgendaItemId};
use crate::base::{Error, Kind, Moment, Points, Result, Stars, say};
use crate::criteria::{GateKind, Mark, RaisedGate};
use crate::cycle::Condition;
use crate::http::{Answer, At, Page, Problem, Refusals};
use crate::rating::agenda::{Session, State};
use crate::rating::council::SeatKind;
use crate::rating::result::rules::{Outcome, mean};
use crate::rating::result::store::{self, Concluded};
use crate::rating::sheet;

#[derive(Debug, Serialize, ToSchema)]
pub struct ResultAnswer {
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
    gate: Option<GateAnswer>,
    /// The conditions that the product lacked on that day for the stars of its mean.
    unmet: Vec<Condition>,
    concluded_at: Moment,
}

/// The gate that ended an evaluation, without who raised it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateAnswer {
    criterion: String,
    reason: String,
}

impl From<Concluded> for ResultAnswer {
    fn from(result: Concluded) -> Self {
        let gate = result.gate_criterion.zip(result.gate_reason);
        let has_mean = !matches!(result.outcome, Outcome::Disqualified | Outcome::Stopped);
        Self {
            attempt: result.attempt,
            outcome: result.outcome,
            stars: result.stars,
            sum: result.sum,
            sheets: result.sheets,
            mean: mean(result.sum, result.sheets).filter(|_| has_mean).map(|mean| mean.to_string()),
            gate: gate.map(|(criterion, reason)| GateAnswer { criterion, reason }),
            unmet: result.unmet.0,
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

/// The session, once it is concluded; before that there is no result, for anybody.
pub fn concluded(work: &mut Work, id: AgendaItemId) -> Result<(Session, Concluded)> {
    let session = Session::visible(work, id)?;
    let result = concluded_result(work, &session)?;
    Ok((session, result))
}

/// What a session came to; 404 before its conclusion.
pub fn concluded_result(work: &mut Work, session: &Session) -> Result<Concluded> {
    let result = match session.item.state {
        State::Concluded => store::find(work.connection, session.item.id)?,
        _ => None,
    };
    result.ok_or_else(|| {
        Error::refused(
            Kind::Unknown,
            "not_concluded",
            say("Hội đồng chưa kết luận sản phẩm này.", "The council has not concluded this product."),
        )
    })
}

/// The result of an item, once it is concluded.
#[utoipa::path(tag = "results", responses((status = 200, body = ResultAnswer), Refusals))]
#[get("/agenda-items/{id}/result")]
pub async fn read(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let (_, result) = concluded(work, id.get()?)?;
            Ok(Answer::ok(ResultAnswer::from(result))?)
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
pub async fn sheets(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let id = id.get()?;
            let (session, result) = concluded(work, id)?;
            let mut query = work.request.query();
            let paging = query.paging::<usize>();
            let attempt = query.take("attempt").unwrap_or(result.attempt);
            query.finish()?;
            // The store's order is random and stays the same, so a place in the list tells nothing of who wrote it.
            let sheets = sheet::store::submitted(work.connection, id, attempt)?;
            let is_named = session.is_led_by(work);
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
