//! Remarks (nhận xét của tổ giúp việc): what the working group found in a dossier, for the council that will score it.

use actix_web::{get, post};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::id::{AccountId, AgendaItemId, RemarkId};
use crate::base::{Error, Fault, Faults, Moment, Result, say, text};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, remarks};
use crate::http::{Answer, At, Page, Problem, Refusals};
use crate::rating::agenda::session::Session;

/// A remark, to those who take part in the session.
#[derive(Debug, Serialize, ToSchema, Queryable)]
pub struct RemarkAnswer {
    id: RemarkId,
    account_id: AccountId,
    name: String,
    criterion: Option<String>,
    text: String,
    at: Moment,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarkForm {
    /// The criterion that it is about, where it is about one.
    #[serde(default)]
    criterion: Option<String>,
    text: String,
}

fn insert(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    account: AccountId,
    form: RemarkForm,
    at: Moment,
) -> Result<RemarkId> {
    let id = RemarkId::new();
    diesel::insert_into(remarks::table)
        .values((
            remarks::id.eq(id),
            remarks::agenda_item_id.eq(item),
            remarks::account_id.eq(account),
            remarks::criterion.eq(form.criterion),
            remarks::text.eq(form.text),
            remarks::at.eq(at),
        ))
        .execute(connection)?;
    Ok(id)
}

fn of_item(
    connection: &mut AnyConnection,
    item: AgendaItemId,
    after: Option<RemarkId>,
    limit: i64,
) -> Result<Vec<RemarkAnswer>> {
    let mut query = remarks::table
        .inner_join(accounts::table.on(accounts::id.eq(remarks::account_id)))
        .filter(remarks::agenda_item_id.eq(item))
        .select((remarks::id, remarks::account_id, accounts::name, remarks::criterion, remarks::text, remarks::at))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(remarks::id.gt(after));
    }
    Ok(query.order(remarks::id).limit(limit).load(connection)?)
}

/// Leaves a remark on a dossier that is on the agenda (working group, office); the item's version stays.
#[utoipa::path(tag = "agenda items", request_body = RemarkForm, responses((status = 201, body = RemarkAnswer), Refusals))]
#[post("/agenda-items/{id}/remarks")]
pub async fn add(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .write(|work| {
            let session = Session::taken(work, id.get()?)?;
            session.must_check(work)?;
            work.begin()?;
            session.item.state.remark()?;
            let form: RemarkForm = work.body()?;
            let mut faults = Vec::new();
            text::check(&form.text, "/text", 5000, &mut faults);
            if let Some(code) = &form.criterion {
                let (set, _) = session.set(work)?;
                if set.criterion(code).is_none() {
                    faults.push(Fault::new(
                        "/criterion",
                        "unknown_criterion",
                        say(format!("Không có tiêu chí {code}."), format!("There is no criterion {code}.")),
                    ));
                }
            }
            faults.into_result()?;
            let item = session.item.id;
            let RemarkForm { criterion, text } = &form;
            let (criterion, text) = (criterion.clone(), text.clone());
            let id = insert(work.connection, item, work.actor.id, form, work.now)?;
            let (account_id, name, at) = (work.actor.id, work.actor.name.clone(), work.now);
            let answer = RemarkAnswer { id, account_id, name, criterion, text, at };
            Ok(Answer::made(format!("/api/v1/agenda-items/{item}/remarks"), answer)?)
        })
        .await
}

/// The remarks on an item, for its council, the working group and who oversees them; the producer is told by a return.
#[utoipa::path(
    tag = "agenda items",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<RemarkAnswer>), Refusals)
)]
#[get("/agenda-items/{id}/remarks")]
pub async fn list(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let session = Session::visible(work, id.get()?)?;
            if !session.is_of_the_council(work) {
                return Err(Error::forbidden(say(
                    "Nhận xét của tổ giúp việc dành cho hội đồng.",
                    "The working group's remarks are for the council.",
                ))
                .into());
            }
            let mut query = work.request.query();
            let paging = query.paging();
            query.finish()?;
            let remarks = of_item(work.connection, session.item.id, paging.after, paging.one_more())?;
            let (remarks, next) = paging.cut(remarks, |remark| remark.id)?;
            Ok(Answer::page(remarks, next)?)
        })
        .await
}
