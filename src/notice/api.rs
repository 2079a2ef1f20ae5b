//! `/summaries`: what became of the daily summaries of tasks, for the administrator.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Caller, Role};
use crate::base::id::AccountId;
use crate::base::{Day, Moment};
use crate::http::{Answer, Page, Problem, Refusals};
use crate::notice::rules::State;
use crate::notice::store::{self, Summary};

/// What became of an account's daily summary; where it went and what it said is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryView {
    account_id: AccountId,
    account_name: String,
    day: Day,
    state: State,
    /// How many tasks waited when it was begun.
    tasks: i32,
    /// How often it was tried.
    attempts: i32,
    changed_at: Moment,
    /// When it is tried again.
    next_at: Option<Moment>,
    /// Why it was not sent: `unreachable`, `refused` with the server's code, `broken_off` while it was under way, or
    /// `left_behind` by a program that ended.
    failure: Option<String>,
}

impl From<Summary> for SummaryView {
    fn from(summary: Summary) -> Self {
        let Summary { account_id, account_name, day, state, tasks, attempts, changed_at, next_at, failure } = summary;
        Self { account_id, account_name, day, state, tasks, attempts, changed_at, next_at, failure }
    }
}

/// The daily summaries of the last months, the newest days first (administrator).
#[utoipa::path(
    tag = "tasks",
    params(("state" = Option<State>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<SummaryView>), Refusals)
)]
#[get("/summaries")]
pub async fn summaries(caller: Caller) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            work.must_be(&[Role::Administrator])?;
            let paging = query.paging::<(Day, AccountId)>();
            let state = query.take("state");
            query.finish()?;
            let found = store::list(work.connection, state, paging.after, paging.one_more())?;
            let (items, next) = paging.cut(found, |summary| (summary.day, summary.account_id))?;
            Ok(Answer::page(items.into_iter().map(SummaryView::from).collect(), next)?)
        })
        .await
}
