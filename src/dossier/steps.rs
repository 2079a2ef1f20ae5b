//! The steps of dossiers: filling, handing in, handing back, and the visits of who looks after the product.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::{Actor, Asker, Role, Work};
use crate::base::id::{AccountId, DocumentId, DossierId, VisitId};
use crate::base::{Day, Error, Fault, Faults, Level, Result, say, text};
use crate::db::types::Json;
use crate::dossier::Dossier;
use crate::dossier::commune_steps::{FORWARD, due_on};
use crate::dossier::ending_steps::{CARRY_OVER, WITHDRAW};
use crate::dossier::rules::{self, Returner, State, WRITERS};
use crate::dossier::sample_steps::{GIVE_BACK_SAMPLES, RECEIVE_SAMPLES};
use crate::dossier::set::criteria_set;
use crate::dossier::statements::{self, SelfReport, Statements, YearlyFigure};
use crate::dossier::store::{self, DossierRow, Submitted, Visit};
use crate::dossier::submission::{gather, lacking};
use crate::dossier::submission_store;
use crate::dossier::term;
use crate::dossier::turn_steps::TURN_DOCUMENT;
use crate::station::{By, Note, Offer, Reason, Taken, Verb, label, patch_forms, plain_forms};
use crate::{account, criteria};

/// What may change of a dossier; what is left out stays, null clears. The producer writes documents, figures and self-scoring; the
/// office that looks after products in the edition names who is responsible.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DossierChange {
    /// Documents of the product that are handed in with the dossier.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<DocumentId>>)]
    pub documents: Option<Option<Vec<DocumentId>>>,
    /// The producer's own marks, as on a sheet.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<criteria::marking::Mark>>)]
    pub self_marks: Option<Option<Vec<criteria::marking::Mark>>>,
    /// Whole numbers that the producer states, as `yearly_output`, for conditions per star; they replace those before.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<std::collections::HashMap<String, i64>>)]
    pub figures: Option<Option<BTreeMap<String, i64>>>,
    /// What changed since the recognition, by section, with evidence; for an upgrade. They replace those before.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<std::collections::HashMap<String, crate::dossier::statements::Statement>>)]
    pub changes: Option<Option<Statements>>,
    /// What is new since the recognition, by section, also that nothing is; where the product is rated again. They replace
    /// those before.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<std::collections::HashMap<String, crate::dossier::statements::Statement>>)]
    pub updates: Option<Option<Statements>>,
    /// Output and revenue of each year since the recognition; they replace those before.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<Vec<YearlyFigure>>)]
    pub yearly_figures: Option<Option<Vec<YearlyFigure>>>,
    /// What the producer tells of itself in form 02; it replaces what was told before.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<SelfReport>)]
    pub report: Option<Option<SelfReport>>,
    /// The officer who looks after the product.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<AccountId>)]
    pub responsible_account_id: Option<Option<AccountId>>,
}

impl DossierChange {
    fn is_producers(&self) -> bool {
        self.documents.is_some()
            || self.self_marks.is_some()
            || self.figures.is_some()
            || self.changes.is_some()
            || self.updates.is_some()
            || self.yearly_figures.is_some()
            || self.report.is_some()
    }
}

/// A visit as it is recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitForm {
    visited_on: Day,
    findings: String,
    #[serde(default)]
    advice: String,
}

plain_forms!(VisitForm);
patch_forms!(DossierChange);

/// Fills a dossier, or names who is responsible. The content only while the dossier is open, who is responsible at any
/// time of the cycle.
pub static CHANGE: Verb<Dossier, DossierChange> = Verb::new(
    "change",
    label("Cập nhật hồ sơ", "Update the dossier"),
    By::Some(
        &[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer],
        label(
            "chủ thể và xã lập hồ sơ; cấp phụ trách sản phẩm theo quy trình phân công cán bộ",
            "producer and commune fill it; who looks after products in the edition names who is responsible",
        ),
    ),
    change,
)
.right(|asker, dossier| {
    asker.actor.must_be(&[WRITERS, &[dossier.edition.steps.looks_after]].concat())?;
    dossier.must_be_in_territory(asker)
})
.open(|asker, dossier| {
    dossier.cycle.state.must_be_open()?;
    if asker.is(&[dossier.edition.steps.looks_after]) { Ok(()) } else { dossier.row.state.must_be_open_to_change() }
});

/// Whether somebody fills the dossier, and so sees the producer's own marks.
pub fn shows_own_marks(asker: Asker, dossier: &Dossier) -> bool {
    asker.is(WRITERS)
        && CHANGE.may(asker, dossier).is_ok()
        && dossier.standing.shows_self_marks(asker.actor, &dossier.row.home())
}

/// Hands a dossier in for scoring.
pub static SUBMIT: Verb<Dossier, Note> =
    Verb::new("submit", label("Nộp hồ sơ", "Hand the dossier in"), By::Roles(WRITERS), submit)
        .right(|asker, dossier| dossier.must_be_in_territory(asker))
        .open(|asker, dossier| {
            dossier.row.state.submit()?;
            dossier.cycle.state.must_be_open()?;
            term::must_run(dossier.term, asker.now.day())
        });

/// Hands a dossier back for correction, with a reason, unless a council scores it or is done with it. Where the commune has a
/// step, the office asks it for completion and the commune the producer.
pub static RETURN: Verb<Dossier, Reason> = Verb::new(
    "return",
    label("Trả lại để bổ sung", "Return for completion"),
    By::Seat(label(
        "cơ quan tổ chức đánh giá theo quy trình, tổ giúp việc kiểm tra hồ sơ cho hội đồng, và xã nơi quy trình có bước của xã",
        "the offices of the edition's councils, the working group that checks it for a council, and the commune where it has a step",
    )),
    send_back,
)
.right(|asker, dossier| {
    if dossier.is_checked_by_asker {
        return Ok(());
    }
    let mut takers = dossier.edition.offices();
    takers.extend(dossier.has_commune().then_some(Role::CommuneOfficer));
    asker.actor.must_be(&takers)?;
    dossier.must_be_in_territory(asker)
})
.open(|asker, dossier| {
    dossier.row.state.send_back(returner(asker.actor), dossier.has_commune())?;
    dossier.cycle.state.must_be_open()?;
    dossier.standing.must_not_be_scored()?;
    dossier.standing.must_not_be_settled()
});

fn returner(actor: &Actor) -> Returner {
    if actor.is(&[Role::CommuneOfficer]) { Returner::Commune } else { Returner::Office }
}

/// Records a visit at the producer's.
pub static RECORD_VISIT: Verb<Dossier, VisitForm, (DossierId, Visit)> = Verb::new(
    "record-visit",
    label("Ghi nhật ký thăm cơ sở", "Record a visit"),
    By::Some(
        &[Role::CommuneOfficer, Role::DistrictOfficer],
        label(
            "cán bộ được phân công, hoặc cấp phụ trách sản phẩm theo quy trình",
            "who is responsible, or who looks after products in the edition",
        ),
    ),
    record_visit,
)
.right(|asker, dossier| {
    let keeper = dossier.edition.steps.looks_after;
    asker.actor.must_be(&[Role::CommuneOfficer, keeper])?;
    dossier.must_be_in_territory(asker)?;
    if asker.is(&[keeper]) || dossier.row.responsible_account_id == Some(asker.actor.id) {
        return Ok(());
    }
    Err(Error::forbidden(say(
        "Chỉ cán bộ được phân công phụ trách ghi nhật ký.",
        "Only the officer who is responsible records visits.",
    )))
})
.at_any_version();

pub static VERBS: &[&dyn Offer<Dossier>] = &[
    &CHANGE,
    &SUBMIT,
    &FORWARD,
    &RETURN,
    &WITHDRAW,
    &CARRY_OVER,
    &RECEIVE_SAMPLES,
    &GIVE_BACK_SAMPLES,
    &RECORD_VISIT,
    &TURN_DOCUMENT,
];

/// 403 where somebody writes what is another's to write; 409 where content would change after the dossier was handed in.
fn may_change(work: &Work, dossier: &Dossier, change: &DossierChange) -> Result<()> {
    if change.is_producers() {
        work.must_be(WRITERS)?;
        dossier.row.state.must_be_open_to_change()?;
    }
    if change.responsible_account_id.is_some() {
        work.must_be(&[dossier.edition.steps.looks_after])?;
        dossier.standing.must_not_be_scored()?;
    }
    Ok(())
}

fn change(work: &mut Work, dossier: &Dossier, change: DossierChange) -> Result<Taken> {
    may_change(work, dossier, &change)?;
    let row = &dossier.row;
    let mut content = row.fields();
    if let Some(account) = change.responsible_account_id {
        if let Some(account) = account {
            must_be_officer_here(work, row, account)?;
        }
        content.responsible = account;
    }
    if let Some(marks) = &change.self_marks {
        content.self_marks = marks.as_ref().map(|marks| checked_marks(work, dossier, marks)).transpose()?;
    }
    if let Some(figures) = change.figures {
        let figures = figures.unwrap_or_default();
        rules::check_figures(&figures)?;
        content.figures = figures;
    }
    for (statements, at, kept) in
        [(change.changes, "/changes", &mut content.changes), (change.updates, "/updates", &mut content.updates)]
    {
        let Some(statements) = statements else { continue };
        if let Some(statements) = &statements {
            must_be_sound(work, row, statements, at)?;
        }
        *kept = statements.map(Json);
    }
    if let Some(figures) = change.yearly_figures {
        let mut faults = Vec::new();
        statements::check_yearly(figures.as_deref().unwrap_or_default(), work.now.day(), &mut faults);
        faults.into_result()?;
        content.yearly_figures = figures.map(Json);
    }
    if let Some(report) = change.report {
        if let Some(report) = &report {
            statements::check_report(report)?;
        }
        content.report = report.map(Json);
    }
    let mut hands_in_others = false;
    if let Some(documents) = change.documents {
        let mut documents = documents.unwrap_or_default();
        documents.sort_unstable();
        documents.dedup();
        hands_in_others = documents != store::document_ids(work.connection, row.id)?;
        if hands_in_others {
            must_be_own(work, row, &documents)?;
            store::set_documents(work.connection, row.id, &documents)?;
        }
    }
    if content == row.fields() && !hands_in_others {
        return Ok(Taken::unchanged());
    }
    store::rewrite(work.connection, row.id, content)?;
    Ok(Taken::stayed())
}

fn must_be_officer_here(work: &mut Work, dossier: &DossierRow, id: AccountId) -> Result<()> {
    let officer = account::store::actor(work.connection, id)?;
    let fits = officer.is_some_and(|officer| {
        officer.is(&[Role::CommuneOfficer, Role::DistrictOfficer]) && officer.must_see(&dossier.home()).is_ok()
    });
    if fits {
        return Ok(());
    }
    Err(Error::invalid(
        "/responsible_account_id",
        "unfit_account",
        say(
            "Cần một cán bộ xã hoặc huyện của địa bàn này.",
            "A commune or district officer of this territory is needed.",
        ),
    ))
}

/// The marks as they may be kept: of the set of the product's kind, on the scale of the producer's kind.
fn checked_marks(work: &mut Work, dossier: &Dossier, marks: &[criteria::marking::Mark]) -> Result<Value> {
    let row = &dossier.row;
    let (set, case) = criteria_set(work, dossier)?;
    criteria::marking::mark(&set.tree.0, case, marks, None)
        .map_err(|faults| Error::faults(under("/self_marks", faults)))?;
    let named: Vec<DocumentId> = marks.iter().flat_map(criteria::Mark::documents).collect();
    let own = store::documents_of(work.connection, row.product_id, &named)?;
    let foreign = criteria::marking::foreign_evidence(marks, "/self_marks", &own);
    foreign.into_iter().map(unknown_document).collect::<Vec<Fault>>().into_result()?;
    serde_json::to_value(marks).map_err(Error::internal)
}

/// Faults of a sheet's marks, where they stand in this body.
fn under(pointer: &str, faults: Vec<Fault>) -> Vec<Fault> {
    let moved = |fault: Fault| Fault { pointer: fault.pointer.replacen("/marks", pointer, 1), ..fault };
    faults.into_iter().map(moved).collect()
}

fn must_be_own(work: &mut Work, dossier: &DossierRow, documents: &[DocumentId]) -> Result<()> {
    let own = store::documents_of(work.connection, dossier.product_id, documents)?;
    let faults: Vec<Fault> = documents
        .iter()
        .enumerate()
        .filter(|(_, document)| !own.contains(document))
        .map(|(index, _)| unknown_document(format!("/documents/{index}")))
        .collect();
    faults.into_result()
}

/// 422 with what is wrong with statements; what they rest on are documents of the product.
fn must_be_sound(work: &mut Work, dossier: &DossierRow, statements: &Statements, at: &str) -> Result<()> {
    let mut faults = Vec::new();
    statements::check_statements(statements, at, &mut faults);
    let named: Vec<DocumentId> = statements.values().flat_map(|statement| statement.evidence.clone()).collect();
    let own = store::documents_of(work.connection, dossier.product_id, &named)?;
    for (section, statement) in statements {
        let foreign = statement.evidence.iter().enumerate().filter(|(_, document)| !own.contains(document));
        faults
            .extend(foreign.map(|(index, _)| unknown_document(format!("{at}/{}/evidence/{index}", section.as_ref()))));
    }
    faults.into_result()
}

fn unknown_document(pointer: String) -> Fault {
    let text = say("Không phải giấy tờ của sản phẩm này.", "This is no document of the product.");
    Fault::new(pointer, "unknown_document", text)
}

/// Hands the dossier in, as it stands: what lacks for its kind is refused, what is there is kept as it was with a receipt.
/// After the last round's deadline of the council that scores first it is late, which is marked, not refused.
fn submit(work: &mut Work, dossier: &Dossier, note: Note) -> Result<Taken> {
    let (state, today) = (dossier.row.state.submit()?, work.now.day());
    let gathered = gather(work, dossier, today)?;
    lacking(work, dossier, &gathered, today)?.into_result()?;
    let begins_in_districts = dossier.edition.is_first(Level::District);
    let late = dossier.cycle.rounds.0.iter().all(|round| {
        let deadline = if begins_in_districts { round.district_deadline } else { round.province_deadline };
        deadline < today
    });
    let content = gathered.content;
    let submitted = Submitted {
        at: work.now,
        late,
        kind: content.kind,
        commune_due_on: due_on(dossier, work.now)?,
        samples_needed: dossier.edition.dossiers.samples.filter(|_| !content.product.is_service),
    };
    let digest = content.digest()?;
    submission_store::insert(work.connection, content, digest, work.actor.id, work.now)?;
    store::submit(work.connection, dossier.row.id, submitted)?;
    Ok(Taken::to(state).with_note(note.note).vouching(Some(digest)))
}

/// The commune's term begins anew with what comes back to it.
fn send_back(work: &mut Work, dossier: &Dossier, reason: Reason) -> Result<Taken> {
    let state = dossier.row.state.send_back(returner(&work.actor), dossier.has_commune())?;
    let due_on = if state == State::Open { None } else { due_on(dossier, work.now)? };
    store::send_back(work.connection, dossier.row.id, state, due_on.map(|due_on| (work.now, due_on)))?;
    Ok(Taken::to(state).with_note(Some(reason.into_text())))
}

fn record_visit(work: &mut Work, dossier: &Dossier, form: VisitForm) -> Result<Taken<(DossierId, Visit)>> {
    let mut faults = Vec::new();
    text::check(&form.findings, "/findings", 5000, &mut faults);
    text::check_length(&form.advice, "/advice", 5000, &mut faults);
    if form.visited_on > work.now.day() {
        let text = say("Ngày thăm không thể ở tương lai.", "A visit cannot lie in the future.");
        faults.push(Fault::new("/visited_on", "in_future", text));
    }
    faults.into_result()?;
    let VisitForm { visited_on, findings, advice } = form;
    let (account_id, created_at) = (work.actor.id, work.now);
    let visit = Visit { id: VisitId::new(), account_id, visited_on, findings, advice, created_at };
    store::insert_visit(work.connection, dossier.row.id, &visit)?;
    Ok(Taken::beside().giving((dossier.row.id, visit)))
}
