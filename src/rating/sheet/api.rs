//! `/agenda-items/{id}/sheet`: one's own sheet of an item, and nobody else's.

use actix_web::{get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Work};
use crate::base::id::AgendaItemId;
use crate::base::{Digest, Error, Faults, Moment, Points, Result};
use crate::criteria::marking::PartTotal;
use crate::criteria::{Mark, Marked, RaisedGate, mark};
use crate::dossier;
use crate::http::{Answer, At, Note, Problem, Refusals, Stop};
use crate::rating::agenda::Session;
use crate::rating::sheet::commitment;
use crate::rating::sheet::rules::{self, State};
use crate::rating::sheet::store::{self, Sheet};

/// One's own sheet. One that was not begun is an empty draft of version 0.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetAnswer {
    agenda_item_id: AgendaItemId,
    attempt: i32,
    version: i32,
    state: State,
    pub marks: Vec<Mark>,
    pub gate: Option<RaisedGate>,
    /// What the marks add up to so far, by part and in all.
    parts: Vec<PartTotal>,
    total: Points,
    /// The criteria that still need an option.
    missing: Vec<String>,
    complete: bool,
    submitted_at: Option<Moment>,
    /// What this version commits its member to, in hexadecimal digits; a receipt that the export opens after the conclusion.
    /// Null where nothing was written yet.
    commitment: Option<Digest>,
}

/// A member's marks; those left out are not made yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetForm {
    pub marks: Vec<Mark>,
    #[serde(default)]
    pub gate: Option<RaisedGate>,
}

/// The sheet as the asker has it, and its version: 0 where it was not begun.
fn own(work: &mut Work, session: &Session) -> Result<(Option<Sheet>, i32)> {
    let sheet = store::own(work.connection, session.item.id, session.item.attempt, work.actor.id)?;
    let version = sheet.as_ref().map_or(0, |sheet| sheet.version);
    Ok((sheet, version))
}

fn marked(work: &mut Work, session: &Session, marks: &[Mark], gate: Option<&RaisedGate>) -> Result<Marked> {
    let (set, case) = session.set(work)?;
    mark(&set, case, marks, gate).map_err(Error::faults)
}

fn shown(work: &mut Work, session: &Session) -> Result<Answer, Stop> {
    let (sheet, version) = own(work, session)?;
    let (state, submitted_at) = sheet.as_ref().map_or((State::Draft, None), |sheet| (sheet.state, sheet.submitted_at));
    let commitment = sheet.as_ref().and_then(|sheet| sheet.commitment);
    let (marks, gate) = sheet.map_or((Vec::new(), None), |sheet| (sheet.marks.0, sheet.gate.map(|gate| gate.0)));
    let Marked { parts, total, missing, complete } = marked(work, session, &marks, gate.as_ref())?;
    let answer = SheetAnswer {
        agenda_item_id: session.item.id,
        attempt: session.item.attempt,
        version,
        state,
        marks,
        gate,
        parts,
        total,
        missing,
        complete,
        submitted_at,
        commitment,
    };
    Ok(Answer::resource(version, answer)?)
}

/// One's own sheet.
#[utoipa::path(tag = "sheets", responses((status = 200, body = SheetAnswer), Refusals))]
#[get("/agenda-items/{id}/sheet")]
pub async fn read(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let session = Session::visible(work, id.get()?)?;
            session.must_score(work)?;
            shown(work, &session)
        })
        .await
}

type Step = fn(&mut Work, &Session, Option<Sheet>) -> Result<()>;

/// Writes one's own sheet. The item's row is taken first, so that a sheet is either in before the scoring closes or not
/// at all.
fn step(work: &mut Work, id: AgendaItemId, verb: &str, step: Step) -> Result<Answer, Stop> {
    let session = Session::taken(work, id)?;
    session.must_score(work)?;
    let (sheet, version) = own(work, &session)?;
    work.begin_at(version)?;
    session.item.state.must_be_scoring(verb)?;
    session.must_be_held(work)?;
    step(work, &session, sheet)?;
    shown(work, &session)
}

/// Writes the marks made so far (a member whose seat scores); the whole sheet is given.
#[utoipa::path(tag = "sheets", request_body = SheetForm, responses((status = 200, body = SheetAnswer), Refusals))]
#[put("/agenda-items/{id}/sheet")]
pub async fn write(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "change", written)).await
}

/// Submits one's own sheet, which must be complete.
#[utoipa::path(tag = "sheets", request_body = Note, responses((status = 200, body = SheetAnswer), Refusals))]
#[post("/agenda-items/{id}/sheet/submit")]
pub async fn submit(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "submit", submitted)).await
}

/// Takes one's own sheet back, until the scoring closes.
#[utoipa::path(tag = "sheets", request_body = Note, responses((status = 200, body = SheetAnswer), Refusals))]
#[post("/agenda-items/{id}/sheet/withdraw")]
pub async fn withdraw(caller: Caller, id: At<AgendaItemId>) -> Result<Answer, Problem> {
    caller.write(|work| step(work, id.get()?, "withdraw", withdrawn)).await
}

fn written(work: &mut Work, session: &Session, sheet: Option<Sheet>) -> Result<()> {
    if let Some(sheet) = &sheet {
        sheet.state.must_be_draft()?;
    }
    let form: SheetForm = work.body()?;
    save(work, session, sheet, form)
}

/// Keeps the marks of a draft, if each of them is right.
pub fn save(work: &mut Work, session: &Session, sheet: Option<Sheet>, form: SheetForm) -> Result<()> {
    marked(work, session, &form.marks, form.gate.as_ref())?;
    let documents = dossier::store::document_ids(work.connection, session.dossier.id)?;
    rules::foreign_evidence(&form.marks, &documents).into_result()?;
    let SheetForm { marks, gate } = form;
    let from = sheet.as_ref().map(|sheet| sheet.state);
    match sheet {
        Some(sheet) => store::rewrite(work.connection, sheet.id, marks, gate)?,
        None => store::insert(work.connection, session.item.id, session.item.attempt, work.actor.id, marks, gate)?,
    }
    commitment::commit(work, session, if from.is_some() { "change" } else { "create" }, from)
}

fn submitted(work: &mut Work, session: &Session, sheet: Option<Sheet>) -> Result<()> {
    if let Some(sheet) = &sheet {
        sheet.state.submit()?;
    }
    work.body::<Note>()?.optional()?;
    hand_in(work, session, sheet)
}

/// Submits a draft, if it is complete.
pub fn hand_in(work: &mut Work, session: &Session, sheet: Option<Sheet>) -> Result<()> {
    let (set, case) = session.set(work)?;
    let marks = sheet.as_ref().map_or(&[][..], |sheet| sheet.marks.0.as_slice());
    let gate = sheet.as_ref().and_then(|sheet| sheet.gate.as_ref()).map(|gate| &gate.0);
    let vote = rules::vote(&set, case, marks, gate).map_err(Error::faults)?;
    let sheet = sheet.ok_or_else(|| Error::internal("a set without criteria"))?;
    store::submit(work.connection, sheet.id, vote, work.now)?;
    commitment::commit(work, session, "submit", Some(sheet.state))
}

fn withdrawn(work: &mut Work, session: &Session, sheet: Option<Sheet>) -> Result<()> {
    let sheet = sheet.ok_or_else(|| Error::wrong_state("withdraw", "unstarted"))?;
    sheet.state.withdraw()?;
    work.body::<Note>()?.optional()?;
    store::withdraw(work.connection, sheet.id)?;
    commitment::commit(work, session, "withdraw", Some(sheet.state))
}
