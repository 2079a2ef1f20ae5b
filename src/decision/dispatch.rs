//! `/dispatches`: lists that go up under one letter (công văn), all of it or nothing.

use std::collections::BTreeSet;

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Territory, Work};
use crate::base::id::{AccountId, AgendaItemId, DispatchId, IdeaId};
use crate::base::{Day, Error, Fault, Faults, Moment, Result, UnitCode, say, text};
use crate::decision::dispatch_store::{self, Dispatch};
use crate::decision::rules::{DispatchVerb, Listed};
use crate::http::{Answer, ListParameters, Page, PathParam, Problem, Query, Refusals};
use crate::idea;
use crate::idea::rules::IdeaVerb;
use crate::idea::steps::Opinion;
use crate::paper::words::short_day;
use crate::rating::{self, agenda};
use crate::station::{Note, Order, Reason, apply, plain_forms};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchForm {
    pub verb: DispatchVerb,
    pub letter_number: String,
    pub letter_date: Day,
    pub items: Vec<Listed>,
}

plain_forms!(DispatchForm);

/// Who may send letters at all; each verb has its own senders among them.
const SENDERS: &[Role] = &[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer];

#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchAnswer {
    id: DispatchId,
    verb: DispatchVerb,
    letter_number: String,
    letter_date: Day,
    unit_code: UnitCode,
    account_id: AccountId,
    created_at: Moment,
    items: Vec<Listed>,
}

impl From<Dispatch> for DispatchAnswer {
    fn from(dispatch: Dispatch) -> Self {
        Self {
            id: dispatch.id,
            verb: dispatch.verb,
            letter_number: dispatch.letter_number,
            letter_date: dispatch.letter_date,
            unit_code: dispatch.unit_code,
            account_id: dispatch.account_id,
            created_at: dispatch.created_at,
            items: dispatch.items.0,
        }
    }
}

/// Sends a list: each item takes the verb's step, or none does. An item that cannot is named by its place.
#[utoipa::path(tag = "dispatches", request_body = DispatchForm, responses((status = 201, body = DispatchAnswer), Refusals))]
#[post("/dispatches")]
pub async fn create(caller: Caller) -> Result<Answer, Problem> {
    ordered(caller).await
}

/// What an order of a list is answered, whoever it comes from.
pub async fn ordered(caller: Caller) -> Result<Answer, Problem> {
    caller
        .order(|work, request| {
            work.actor.must_be(SENDERS)?;
            let form: DispatchForm = Order::sent(request).form(work)?;
            work.actor.must_be(&form.verb.roles()?)?;
            let dispatch = send(work, form)?;
            Ok(Answer::made(format!("/api/v1/dispatches/{}", dispatch.id), DispatchAnswer::from(dispatch))?)
        })
        .await
}

/// Checks a list and takes its steps.
pub fn send(work: &mut Work, form: DispatchForm) -> Result<Dispatch> {
    check(work, &form)?;
    take_all(work, &form)?;
    let note = format!("Công văn số {} ngày {}", form.letter_number, short_day(&form.letter_date));
    for (index, item) in form.items.iter().enumerate() {
        step(work, form.verb, item, &note).map_err(|error| error.of_item(index))?;
    }
    let dispatch = Dispatch {
        id: DispatchId::new(),
        verb: form.verb,
        letter_number: form.letter_number,
        letter_date: form.letter_date,
        unit_code: work.actor.unit()?.clone(),
        account_id: work.actor.id,
        created_at: work.now,
        items: crate::db::types::Json(form.items),
    };
    dispatch_store::insert(work.connection, &dispatch)?;
    Ok(dispatch)
}

fn check(work: &Work, form: &DispatchForm) -> Result<()> {
    let mut faults = Vec::new();
    text::check_code(&form.letter_number, "/letter_number", 100, &mut faults);
    if form.letter_date > work.now.day() {
        faults.push(Fault::new(
            "/letter_date",
            "in_future",
            say("Ngày công văn ở tương lai.", "The letter's day lies in the future."),
        ));
    }
    if form.items.is_empty() || form.items.len() > 500 {
        faults.push(Fault::new("/items", "wrong_count", say("Cần từ 1 đến 500 mục.", "One to 500 items are needed.")));
    }
    for (index, item) in form.items.iter().enumerate() {
        if form.items.iter().take(index).any(|earlier| earlier.id == item.id) {
            faults.push(Fault::new(
                format!("/items/{index}/id"),
                "repeated",
                say("Mục bị lặp.", "The item is named twice."),
            ));
        }
    }
    faults.into_result()
}

/// Takes the rows of all items in one order, whatever the list's, so that two lists at once cannot block each other.
fn take_all(work: &mut Work, form: &DispatchForm) -> Result<()> {
    for id in form.items.iter().map(|item| item.id.uuid()).collect::<BTreeSet<_>>() {
        match form.verb {
            DispatchVerb::Forward | DispatchVerb::Select | DispatchVerb::Accept => {
                idea::store::take(work.connection, IdeaId::from_uuid(id)).map(drop)?;
            }
            DispatchVerb::SendUp | DispatchVerb::Admit => {
                rating::item::store::take(work.connection, AgendaItemId::from_uuid(id))?;
            }
        }
    }
    Ok(())
}

fn step(work: &mut Work, verb: DispatchVerb, item: &Listed, note: &str) -> Result<()> {
    let Some(idea_verb) = verb.of_ideas() else { return step_of_result(work, verb, item, note) };
    let (id, version, note) = (IdeaId::from_uuid(item.id.uuid()), item.version, Some(note.to_owned()));
    match idea_verb {
        IdeaVerb::Forward => apply(work, &idea::steps::FORWARD, &id, Order::at(version, Opinion(Reason::new(note)?))),
        IdeaVerb::Select => apply(work, &idea::steps::SELECT, &id, Order::at(version, Note { note })),
        _ => apply(work, &idea::steps::ACCEPT, &id, Order::at(version, Note { note })),
    }
}

/// Takes the step of a result on its council's agenda.
fn step_of_result(work: &mut Work, verb: DispatchVerb, item: &Listed, note: &str) -> Result<()> {
    let step = if verb == DispatchVerb::SendUp { &agenda::steps::SEND_UP } else { &agenda::steps::ADMIT };
    let note = Note { note: Some(note.to_owned()) };
    apply(work, step, &AgendaItemId::from_uuid(item.id.uuid()), Order::at(item.version, note))
}

/// Who may know of letters.
pub const READERS: &[Role] = &[
    Role::CommuneOfficer,
    Role::DistrictOfficer,
    Role::ProvincialOfficer,
    Role::Supervisor,
    Role::Signatory,
    Role::Inspector,
];

/// One list, for the unit that sent it and for the province.
#[utoipa::path(tag = "dispatches", responses((status = 200, body = DispatchAnswer), Refusals))]
#[get("/dispatches/{id}")]
pub async fn read(caller: Caller, id: PathParam<DispatchId>) -> Result<Answer, Problem> {
    caller.read(|work| Ok(Answer::ok(DispatchAnswer::from(found(work, id.get()?)?))?)).await
}

/// A list for who may know of it.
pub fn found(work: &mut Work, id: DispatchId) -> Result<Dispatch> {
    let dispatch = dispatch_store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let is_own = work.actor.unit.as_ref() == Some(&dispatch.unit_code);
    if !work.actor.is(READERS) || !(is_own || work.actor.territory() == Territory::Province) {
        return Err(Error::unknown());
    }
    Ok(dispatch)
}

/// The lists that one's unit sent, the newest first.
#[utoipa::path(tag = "dispatches", params(ListParameters), responses((status = 200, body = Page<DispatchAnswer>), Refusals))]
#[get("/dispatches")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    let query = caller.request.query();
    caller
        .read(move |work| {
            let (found, next) = readable(work, query)?;
            Ok(Answer::page(found.into_iter().map(DispatchAnswer::from).collect(), next)?)
        })
        .await
}

/// A stretch of the lists that one may read, and where the next begins.
pub fn readable(work: &mut Work, mut query: Query) -> Result<(Vec<Dispatch>, Option<String>)> {
    work.actor.must_be(READERS)?;
    let paging = query.paging();
    let named = query.take::<UnitCode>("unit_code");
    query.finish()?;
    let unit = match work.actor.territory() {
        Territory::Province => named,
        _ => Some(work.actor.unit()?.clone()),
    };
    let found = dispatch_store::list(work.connection, unit.as_ref(), paging.after, paging.one_more())?;
    paging.cut(found, |dispatch| dispatch.id)
}
