//! Remarks (nhận xét của tổ giúp việc): what the working group found in a dossier, for the council that will score it.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::{AccountId, AgendaItemId, RemarkId};
use crate::base::{Error, Fault, Faults, Moment, Result, say, text};
use crate::http::{Answer, Page, PathParam, PathParts, Problem, Refusals};
use crate::rating::agenda::Session;
use crate::rating::agenda::store::{self, Remark};
use crate::station::{By, Stretch, Taken, Verb, find, label, plain_forms};

/// A remark, to those who take part in the session.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemarkView {
    id: RemarkId,
    account_id: AccountId,
    name: String,
    criterion: Option<String>,
    text: String,
    at: Moment,
}

impl From<Remark> for RemarkView {
    fn from(remark: Remark) -> Self {
        let Remark { id, account_id, account_name: name, criterion, text, at } = remark;
        Self { id, account_id, name, criterion, text, at }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarkForm {
    /// The criterion that it is about, where it is about one.
    #[serde(default)]
    criterion: Option<String>,
    text: String,
}

plain_forms!(RemarkForm);

/// Leaves a remark on a dossier that is on the agenda; the item's version stays.
pub static REMARK: Verb<Session, RemarkForm, (AgendaItemId, Remark)> = Verb::new(
    "remark",
    label("Ghi nhận xét", "Leave a remark"),
    By::Seat(label("tổ giúp việc và cơ quan thường trực của hội đồng", "the council's working group and its office")),
    remark,
)
.right(Session::must_check)
.open(|_, session| session.item.state.remark())
.at_any_version();

fn remark(work: &mut Work, session: &Session, form: RemarkForm) -> Result<Taken<(AgendaItemId, Remark)>> {
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
    let RemarkForm { criterion, text } = form;
    let (account_id, account_name, at) = (work.actor.id, work.actor.name.clone(), work.now);
    let remark = Remark { id: RemarkId::new(), account_id, account_name, criterion, text, at };
    store::insert_remark(work.connection, session.item.id, &remark)?;
    Ok(Taken::beside().giving((session.item.id, remark)))
}

/// Leaves a remark on a dossier that is on the agenda (working group, office); the item's version stays.
#[utoipa::path(tag = "agenda items", request_body = RemarkForm, responses((status = 201, body = RemarkView), Refusals))]
#[post("/agenda-items/{id}/remarks")]
pub async fn add(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    let answer = |_: &mut Work, (item, remark): (AgendaItemId, Remark)| {
        Answer::made(format!("/api/v1/agenda-items/{item}/remarks/{}", remark.id), RemarkView::from(remark))
    };
    caller.take_for(&REMARK, id, answer).await
}

/// 403 for who is not of the council.
fn must_read(work: &Work, session: &Session) -> Result<()> {
    if session.is_of_the_council(&work.actor) {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Nhận xét của tổ giúp việc dành cho hội đồng.",
        "The working group's remarks are for the council.",
    )))
}

/// What names a remark.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RemarkPath {
    id: AgendaItemId,
    remark: RemarkId,
}

/// One remark on an item.
#[utoipa::path(
    tag = "agenda items",
    params(
        ("id" = AgendaItemId, Path, description = "The agenda item."),
        ("remark" = RemarkId, Path, description = "The remark."),
    ),
    responses((status = 200, body = RemarkView), Refusals)
)]
#[get("/agenda-items/{id}/remarks/{remark}")]
pub async fn read(caller: Caller, path: PathParts<RemarkPath>) -> Result<Answer, Problem> {
    caller
        .read(move |work| {
            let RemarkPath { id, remark } = path.get()?;
            let session = find::<Session>(work, &id)?;
            must_read(work, &session)?;
            let found = store::remark(work.connection, session.item.id, remark)?.ok_or_else(Error::unknown)?;
            Ok(Answer::ok(RemarkView::from(found))?)
        })
        .await
}

/// The remarks on an item, for its council, the working group and who oversees them; the producer is told by a return.
#[utoipa::path(
    tag = "agenda items",
    params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = Page<RemarkView>), Refusals)
)]
#[get("/agenda-items/{id}/remarks")]
pub async fn list(caller: Caller, id: PathParam<AgendaItemId>) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            let session = find::<Session>(work, &id.get()?)?;
            must_read(work, &session)?;
            let paging = query.paging();
            query.finish()?;
            let remarks = store::remarks(work.connection, session.item.id, &Stretch::of(&paging))?;
            let (remarks, next) = paging.cut(remarks, |remark| remark.id)?;
            Ok(Answer::page(remarks.into_iter().map(RemarkView::from).collect(), next)?)
        })
        .await
}
