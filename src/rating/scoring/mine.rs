//! `/me/sheets`: what is mine to score, in the order of the agendas.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::Result;
use crate::base::id::{AgendaItemId, CouncilId};
use crate::http::{Answer, Page, Problem, Refusals};
use crate::rating::item;
use crate::rating::sheet::rules::Progress;
use crate::rating::sheet::store::{self, Task};

/// A product that is mine to score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskView {
    agenda_item_id: AgendaItemId,
    council_id: CouncilId,
    product_name: String,
    /// Its place on the agenda.
    order: i32,
    /// Whether its scoring is open.
    item_state: item::State,
    attempt: i32,
    /// How far my own sheet is.
    state: Progress,
    /// My sheet's version, 0 where it was not begun.
    version: i32,
    /// Whether this is the next one to score: the first open one that I have not submitted.
    next: bool,
}

/// What is mine to score in open councils, in the order of their agendas.
#[utoipa::path(
    tag = "sheets",
    params(("state" = Option<Progress>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<TaskView>), Refusals)
)]
#[get("/me/sheets")]
pub async fn mine(caller: Caller) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let paging = query.paging::<(CouncilId, i32)>();
            let state: Option<Progress> = query.take("state");
            query.finish()?;
            let tasks = store::tasks(work.connection, work.actor.id)?;
            let is_next = |task: &Task| {
                task.item_state == item::State::Scoring && Progress::from(task.state) != Progress::Submitted
            };
            let next_item = tasks.iter().find(|task| is_next(task)).map(|task| task.item);
            let answers = tasks.into_iter().map(|task| TaskView {
                agenda_item_id: task.item,
                council_id: task.council,
                product_name: task.product_name,
                order: task.order,
                item_state: task.item_state,
                attempt: task.attempt,
                state: task.state.into(),
                version: task.version.unwrap_or(0),
                next: Some(task.item) == next_item,
            });
            let shown = answers
                .filter(|task| state.is_none_or(|state| task.state == state))
                .filter(|task| paging.after.is_none_or(|after| after < (task.council_id, task.order)));
            let (items, next) = paging.cut(shown.collect(), |task: &TaskView| (task.council_id, task.order))?;
            Ok(Answer::page(items, next)?)
        })
        .await
}
