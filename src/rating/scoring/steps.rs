//! The steps of one's own sheet: writing it, handing it in, taking it back until the scoring closes.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::{Asker, Work};
use crate::audit::{CREATE, StepName};
use crate::base::{Error, Faults, Result, say};
use crate::criteria::{Mark, RaisedGate};
use crate::dossier;
use crate::rating::scoring::OwnSheet;
use crate::rating::sheet::rules::{self, State};
use crate::rating::sheet::store::{self, NewSheet};
use crate::rating::sheet::{Sheet, commitment};
use crate::station::{By, Note, Offer, Taken, Verb, label, plain_forms};

/// A member's marks; those left out are not made yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetForm {
    pub marks: Vec<Mark>,
    #[serde(default)]
    pub gate: Option<RaisedGate>,
}

plain_forms!(SheetForm);

/// Whose sheet it is; who has none is told so before, where the sheet is loaded.
const MEMBERS: By =
    By::Seat(label("thành viên chấm sản phẩm, phiếu của chính mình", "members who score the item, each the own sheet"));

/// Writes the marks made so far; the whole sheet is given.
pub static WRITE: Verb<OwnSheet, SheetForm> = Verb::new("write", label("Ghi phiếu", "Write the sheet"), MEMBERS, write)
    .open(|asker, own| {
        must_be_scoring(asker, own)?;
        own.sheet.as_ref().map_or(Ok(()), |sheet| sheet.state.must_be_draft())
    });

/// Submits the sheet, which must be complete.
pub static SUBMIT: Verb<OwnSheet, Note> =
    Verb::new("submit", label("Nộp phiếu", "Submit the sheet"), MEMBERS, |work, own, _| submit(work, own)).open(
        |asker, own| {
            must_be_scoring(asker, own)?;
            own.sheet.as_ref().map_or(Ok(()), |sheet| sheet.state.submit().map(drop))
        },
    );

/// Takes the sheet back, until the scoring closes.
pub static WITHDRAW: Verb<OwnSheet, Note> =
    Verb::new("withdraw", label("Rút phiếu", "Withdraw the sheet"), MEMBERS, |work, own, _| withdraw(work, own)).open(
        |asker, own| {
            must_be_scoring(asker, own)?;
            begun(own)?.state.withdraw().map(drop)
        },
    );

/// A sheet that was written before is written again.
const CHANGE: StepName = StepName::new("change");

pub static VERBS: &[&dyn Offer<OwnSheet>] = &[&WRITE, &SUBMIT, &WITHDRAW];

fn must_be_scoring(asker: Asker, own: &OwnSheet) -> Result<()> {
    let item = &own.session.item;
    item.state.must_be_scoring()?;
    own.session.must_be_held()?;
    match item.written_round().filter(|until| *until < asker.now.day()) {
        None => Ok(()),
        Some(until) => Err(Error::conflict(
            "written_round_over",
            say(
                format!("Đã hết hạn gửi phiếu lấy ý kiến bằng văn bản: {until}."),
                format!("Opinions in writing were to be handed in by {until}."),
            ),
        )),
    }
}

fn begun(own: &OwnSheet) -> Result<&Sheet> {
    own.sheet.as_ref().ok_or_else(|| Error::wrong_state("unstarted"))
}

/// Keeps the marks of a draft, if each of them is right.
fn write(work: &mut Work, own: &OwnSheet, form: SheetForm) -> Result<Taken> {
    own.marked(&form.marks, form.gate.as_ref())?;
    let documents = dossier::store::document_ids(work.connection, own.session.dossier.id)?;
    rules::foreign_evidence(&form.marks, &documents).into_result()?;
    let SheetForm { marks, gate } = form;
    let name = if own.sheet.is_some() {
        store::rewrite(work.connection, own.id, marks, gate)?;
        CHANGE
    } else {
        let (item, attempt, account) = (own.session.item.id, own.session.item.attempt, work.actor.id);
        store::insert(work.connection, NewSheet { id: own.id, item, attempt, account, marks, gate })?;
        CREATE
    };
    Ok(committed(work, own, State::Draft)?.recorded_as(name))
}

/// Hands in a draft, if it is complete.
fn submit(work: &mut Work, own: &OwnSheet) -> Result<Taken> {
    let vote = rules::vote(&own.set, own.case, own.marks(), own.gate()).map_err(Error::faults)?;
    if own.sheet.is_none() {
        return Err(Error::internal("a set without criteria"));
    }
    store::submit(work.connection, own.id, vote, work.now)?;
    committed(work, own, State::Submitted)
}

fn withdraw(work: &mut Work, own: &OwnSheet) -> Result<Taken> {
    store::withdraw(work.connection, begun(own)?.id)?;
    committed(work, own, State::Draft)
}

/// The step, with what the member is committed to by what was just written.
fn committed(work: &mut Work, own: &OwnSheet, state: State) -> Result<Taken> {
    let commitment = commitment::renew(work.connection, own.id)?;
    Ok(Taken::to(state).vouching(Some(commitment)))
}
