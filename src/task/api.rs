//! `/tasks`.

use actix_web::get;

use crate::account::Caller;
use crate::http::{Answer, Page, Problem, Refusals};
use crate::task::{self, WaitingStep};

/// What waits for oneself, the first due first: at most a hundred things of each state.
#[utoipa::path(tag = "tasks", responses((status = 200, body = Page<WaitingStep>), Refusals))]
#[get("/tasks")]
pub async fn mine(caller: Caller) -> Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(|work| {
            query.finish()?;
            Ok(Answer::page(task::waiting(work)?, None)?)
        })
        .await
}
