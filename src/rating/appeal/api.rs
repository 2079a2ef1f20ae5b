//! `/appeals`: filed by the producer, answered by the council's unit.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{AccountId, AgendaItemId, AppealId, ProducerId};
use crate::base::{Error, Faults, Moment, Result, UnitCode, say, text};
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::rating::agenda::{self, Session};
use crate::rating::appeal::rules::{self, State};
use crate::rating::appeal::store::{self, Appeal, Filter};
use crate::rating::council;
use crate::rating::result;

#[derive(Debug, Serialize, ToSchema)]
pub struct AppealAnswer {
    id: AppealId,
    version: i32,
    agenda_item_id: AgendaItemId,
    unit_code: UnitCode,
    producer_id: ProducerId,
    state: State,
    grounds: String,
    answer: Option<String>,
    answered_by: Option<AccountId>,
    answered_at: Option<Moment>,
    filed_at: Moment,
}

impl From<Appeal> for AppealAnswer {
    fn from(appeal: Appeal) -> Self {
        Self {
            id: appeal.id,
            version: appeal.version,
            agenda_item_id: appeal.agenda_item_id,
            unit_code: appeal.unit_code,
            producer_id: appeal.producer_id,
            state: appeal.state,
            grounds: appeal.grounds,
            answer: appeal.answer,
            answered_by: appeal.answered_by,
            answered_at: appeal.answered_at,
            filed_at: appeal.filed_at,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealForm {
    /// Why the result is not right.
    grounds: String,
}

fn visible(work: &mut Work, appeal: Option<Appeal>) -> Result<Appeal> {
    let appeal = appeal.ok_or_else(Error::unknown)?;
    work.must_see(&appeal.home())?;
    Ok(appeal)
}

/// Files an appeal against a result (the producer), once and within the days that the council's rules give.
#[utoipa::path(tag = "appeals", request_body = AppealForm, responses((status = 201, body = AppealAnswer), Refusals))]
#[post("/agenda-items/{id}/appeals")]
pub async fn create(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let session = Session::taken(work, id.get()?)?;
            work.must_be(&[Role::Producer])?;
            work.begin()?;
            let concluded = match session.item.state {
                agenda::State::Concluded => result::store::find(work.connection, session.item.id)?,
                _ => None,
            };
            let concluded = concluded.ok_or_else(|| Error::wrong_state("appeal", session.item.state.as_ref()))?;
            if store::of_item(work.connection, session.item.id)?.is_some() {
                return Err(Error::conflict(
                    "already_appealed",
                    say("Kết quả này đã được khiếu nại.", "This result was appealed against already."),
                )
                .into());
            }
            let days = session.council.rules.0.appeal_days;
            rules::must_be_in_time(concluded.concluded_at.day(), days, work.now.day())?;
            let form: AppealForm = work.body()?;
            let mut faults = Vec::new();
            text::check(&form.grounds, "/grounds", 5000, &mut faults);
            faults.into_result()?;
            let (item, unit, home) = (session.item.id, &session.council.unit_code, session.dossier.home());
            let id = store::insert(work.connection, item, unit, home, &form.grounds, work.actor.id, work.now)?;
            work.record(Entry {
                resource: Resource::Appeal,
                id,
                version: 1,
                account: None,
                verb: "file",
                from: None,
                to: Some(State::Filed.as_ref()),
                note: Some(&form.grounds),
            })?;
            let appeal = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
            Ok(Answer::created(format!("/api/v1/appeals/{id}"), 1, AppealAnswer::from(appeal))?)
        })
        .await
}

/// Appeals of one's territory, the newest first.
#[utoipa::path(tag = "appeals", params(ListParameters), responses((status = 200, body = Page<AppealAnswer>), Refusals))]
#[get("/appeals")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                territory: work.actor.territory(),
                unit: query.take("unit_code"),
                state: query.take("state"),
                after: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let appeals = store::list(work.connection, &filter)?;
            let (appeals, next) = paging.cut(appeals, |appeal| appeal.id)?;
            Ok(Answer::page(appeals.into_iter().map(AppealAnswer::from).collect(), next)?)
        })
        .await
}

/// One appeal.
#[utoipa::path(tag = "appeals", responses((status = 200, body = AppealAnswer), Refusals))]
#[get("/appeals/{id}")]
pub async fn read(caller: Caller, id: At<AppealId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let found = store::find(work.connection, id.get()?)?;
            let appeal = visible(work, found)?;
            Ok(Answer::resource(appeal.version, AppealAnswer::from(appeal))?)
        })
        .await
}

/// Upholds an appeal, with the reason (office or signatory of the council's unit, without a seat in the council): the
/// product may stand again in a later round.
#[utoipa::path(tag = "appeals", request_body = Note, responses((status = 200, body = AppealAnswer), Refusals))]
#[post("/appeals/{id}/uphold")]
pub async fn uphold(caller: Caller, id: At<AppealId>) -> Result<Answer, Problem> {
    caller.write(|work| answered(work, id.get()?, "uphold", State::Upheld)).await
}

/// Dismisses an appeal, with the reason (as `uphold`).
#[utoipa::path(tag = "appeals", request_body = Note, responses((status = 200, body = AppealAnswer), Refusals))]
#[post("/appeals/{id}/dismiss")]
pub async fn dismiss(caller: Caller, id: At<AppealId>) -> Result<Answer, Problem> {
    caller.write(|work| answered(work, id.get()?, "dismiss", State::Dismissed)).await
}

fn answered(work: &mut Work, id: AppealId, verb: &str, answer: State) -> Result<Answer, Stop> {
    let taken = store::take(work.connection, id)?;
    let appeal = visible(work, taken)?;
    work.must_be(&[Role::DistrictOfficer, Role::ProvincialOfficer, Role::Signatory])?;
    must_be_impartial(work, &appeal)?;
    work.begin_at(appeal.version)?;
    let state = appeal.state.answer(answer, verb)?;
    let note = work.body::<Note>()?.demanded()?;
    store::answer(work.connection, id, state, &note, work.actor.id, work.now)?;
    work.record(Entry {
        resource: Resource::Appeal,
        id,
        version: appeal.version + 1,
        account: None,
        verb,
        from: Some(appeal.state.as_ref()),
        to: Some(state.as_ref()),
        note: Some(&note),
    })?;
    let appeal = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    Ok(Answer::resource(appeal.version, AppealAnswer::from(appeal))?)
}

/// 403 unless the asker acts for the unit that set the council up and has no scoring seat in it.
fn must_be_impartial(work: &mut Work, appeal: &Appeal) -> Result<()> {
    let session = Session::visible(work, appeal.agenda_item_id)?;
    let is_of_unit = work.actor.unit.as_ref() == Some(&appeal.unit_code);
    if is_of_unit && !session.seat(work.actor.id).is_some_and(|seat| seat.kind != council::SeatKind::Secretary) {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Khiếu nại do đơn vị thành lập hội đồng trả lời, không phải người đã chấm.",
        "The unit that set the council up answers an appeal, not who scored.",
    )))
}

/// What happened to an appeal.
#[utoipa::path(tag = "appeals", responses((status = 200, body = Page<History>), Refusals))]
#[get("/appeals/{id}/history")]
pub async fn history(caller: Caller, id: At<AppealId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let found = store::find(work.connection, id.get()?)?;
            let appeal = visible(work, found)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Appeal, appeal.id)?)
        })
        .await
}
