//! What is done with dossiers, below HTTP, each with its history.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::{Role, Work};
use crate::audit::{Entry, Resource};
use crate::base::id::{AccountId, DocumentId};
use crate::base::{Error, Fault, Faults, Level, Result, say};
use crate::cycle::{self, Cycle};
use crate::dossier::rules::{self, State};
use crate::dossier::store::{self, Content, Dossier};
use crate::{account, criteria, idea, plan, producer};

/// What may change of a dossier; what is left out stays. The producer writes documents, figures and self-scoring; the
/// office that looks after products in the edition names who is responsible.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DossierChange {
    /// Documents of the product that are handed in with the dossier.
    pub documents: Option<Vec<DocumentId>>,
    /// The producer's own marks, as on a sheet.
    #[schema(value_type = Option<Vec<criteria::marking::Mark>>)]
    pub self_marks: Option<Vec<criteria::marking::Mark>>,
    /// Whole numbers that the producer states, as `yearly_output`, for conditions per star; they replace those before.
    #[schema(value_type = Option<std::collections::HashMap<String, i64>>)]
    pub figures: Option<BTreeMap<String, i64>>,
    /// The officer who looks after the product.
    pub responsible_account_id: Option<AccountId>,
}

impl DossierChange {
    fn is_producers(&self) -> bool {
        self.documents.is_some() || self.self_marks.is_some() || self.figures.is_some()
    }
}

/// Who fills a dossier: the producer, and the commune on behalf.
pub const WRITERS: &[Role] = &[Role::Producer, Role::CommuneOfficer];

/// Who looks after products in the dossier's edition: names who is responsible, records visits.
pub fn looks_after(work: &mut Work, dossier: &Dossier) -> Result<Role> {
    Ok(cycle_of(work, dossier)?.edition.edition()?.steps.looks_after)
}

/// The offices whose working groups check dossiers in the dossier's edition.
pub fn offices(work: &mut Work, dossier: &Dossier) -> Result<Vec<Role>> {
    Ok(cycle_of(work, dossier)?.edition.edition()?.offices())
}

/// 403 for who changes nothing of the dossier.
pub fn must_be_changer(work: &mut Work, dossier: &Dossier) -> Result<()> {
    let keeper = looks_after(work, dossier)?;
    work.must_be(&[WRITERS, &[keeper]].concat())
}

/// 403 where somebody writes what is another's to write; 409 where content would change after the dossier was handed in.
pub fn may_change(work: &mut Work, dossier: &Dossier, change: &DossierChange) -> Result<()> {
    if change.is_producers() {
        work.must_be(WRITERS)?;
        dossier.state.must_be_open_to_change()?;
    }
    if change.responsible_account_id.is_some() {
        let keeper = looks_after(work, dossier)?;
        work.must_be(&[keeper])?;
    }
    Ok(())
}

/// Whether the asker may change anything now; 409 where not. The content only while the dossier is open, who is
/// responsible at any time of the cycle.
pub fn must_be_open_to(work: &mut Work, dossier: &Dossier) -> Result<()> {
    cycle_of(work, dossier)?.state.must_be_open()?;
    let keeper = looks_after(work, dossier)?;
    if work.actor.is(&[keeper]) { Ok(()) } else { dossier.state.must_be_open_to_change() }
}

/// Changes a dossier for which that was found possible.
pub fn change(work: &mut Work, dossier: &Dossier, change: DossierChange) -> Result<()> {
    let mut content = Content {
        responsible: dossier.responsible_account_id,
        self_marks: dossier.self_marks.as_ref().map(|marks| marks.0.clone()),
        figures: dossier.figures.0.clone(),
    };
    if let Some(account) = change.responsible_account_id {
        if store::is_being_scored(work.connection, dossier.id)? {
            return Err(Error::conflict(
                "being_scored",
                say("Hồ sơ đang được hội đồng chấm điểm.", "A council is scoring the dossier."),
            ));
        }
        must_be_officer_here(work, dossier, account)?;
        content.responsible = Some(account);
    }
    if let Some(marks) = &change.self_marks {
        content.self_marks = Some(checked_marks(work, dossier, marks)?);
    }
    if let Some(figures) = change.figures {
        rules::check_figures(&figures)?;
        content.figures = figures;
    }
    if let Some(mut documents) = change.documents {
        documents.sort_unstable();
        documents.dedup();
        must_be_own(work, dossier, &documents)?;
        store::set_documents(work.connection, dossier.id, &documents)?;
    }
    store::rewrite(work.connection, dossier.id, content)?;
    record(work, dossier, "change", dossier.state, None)
}

fn must_be_officer_here(work: &mut Work, dossier: &Dossier, id: AccountId) -> Result<()> {
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
    let cycle = cycle_of(work, dossier)?;
    let code = criteria_code(work, dossier)?;
    let producer = producer::store::find(work.connection, dossier.producer_id)?
        .ok_or_else(|| Error::internal("a dossier without its producer"))?;
    let set = criteria::store::latest(work.connection, &code, cycle.edition)?
        .ok_or_else(|| Error::internal("a product without its criteria set"))?;
    let case = criteria::rules::Case::from(dossier.scored_as.unwrap_or(producer.kind));
    criteria::marking::mark(&set.tree.0, case, marks, None)
        .map_err(|faults| Error::faults(under("/self_marks", faults)))?;
    let named: Vec<DocumentId> = marks.iter().filter_map(|mark| mark.evidence).collect();
    let own = store::documents_of(work.connection, dossier.product_id, &named)?;
    let foreign = marks.iter().enumerate().filter(|(_, mark)| mark.evidence.is_some_and(|id| !own.contains(&id)));
    let faults: Vec<Fault> =
        foreign.map(|(index, _)| unknown_document(format!("/self_marks/{index}/evidence"))).collect();
    faults.into_result()?;
    serde_json::to_value(marks).map_err(Error::internal)
}

/// The code of the criteria set that the product is scored with: what its idea of this cycle named. An upgrade may come
/// under another edition than the product's first, whose sets have other codes.
pub fn criteria_code(work: &mut Work, dossier: &Dossier) -> Result<String> {
    let plan = plan::store::find(work.connection, dossier.plan_id)?
        .ok_or_else(|| Error::internal("a dossier without its plan"))?;
    let idea =
        idea::store::find(work.connection, plan.idea_id)?.ok_or_else(|| Error::internal("a plan without its idea"))?;
    Ok(idea.criteria_set)
}

/// Faults of a sheet's marks, where they stand in this body.
fn under(pointer: &str, faults: Vec<Fault>) -> Vec<Fault> {
    let moved = |fault: Fault| Fault { pointer: fault.pointer.replacen("/marks", pointer, 1), ..fault };
    faults.into_iter().map(moved).collect()
}

fn must_be_own(work: &mut Work, dossier: &Dossier, documents: &[DocumentId]) -> Result<()> {
    let own = store::documents_of(work.connection, dossier.product_id, documents)?;
    let faults: Vec<Fault> = documents
        .iter()
        .enumerate()
        .filter(|(_, document)| !own.contains(document))
        .map(|(index, _)| unknown_document(format!("/documents/{index}")))
        .collect();
    faults.into_result()
}

fn unknown_document(pointer: String) -> Fault {
    let text = say("Không phải giấy tờ của sản phẩm này.", "This is no document of the product.");
    Fault::new(pointer, "unknown_document", text)
}

fn cycle_of(work: &mut Work, dossier: &Dossier) -> Result<Cycle> {
    cycle::store::find(work.connection, dossier.cycle_id)?.ok_or_else(|| Error::internal("a dossier without its cycle"))
}

/// Whether the dossier can be handed in; 409 where it cannot.
pub fn may_submit(work: &mut Work, dossier: &Dossier) -> Result<State> {
    let state = dossier.state.submit()?;
    cycle_of(work, dossier)?.state.must_be_open()?;
    Ok(state)
}

/// Hands the dossier in. After the last round's deadline of the council that scores first it is late, which is marked, not
/// refused.
pub fn submit(work: &mut Work, dossier: &Dossier, note: Option<&str>) -> Result<()> {
    let cycle = cycle_of(work, dossier)?;
    let begins_in_districts = cycle.edition.edition()?.is_first(Level::District);
    let late = cycle.rounds.0.iter().all(|round| {
        let deadline = if begins_in_districts { round.district_deadline } else { round.province_deadline };
        deadline < work.now.day()
    });
    store::submit(work.connection, dossier.id, work.now, late)?;
    record(work, dossier, "submit", State::Submitted, note)
}

/// Whether the dossier can be handed back; 409 once a council scores it.
pub fn may_send_back(work: &mut Work, dossier: &Dossier) -> Result<State> {
    let state = dossier.state.send_back()?;
    cycle_of(work, dossier)?.state.must_be_open()?;
    if store::is_being_scored(work.connection, dossier.id)? {
        return Err(Error::conflict(
            "being_scored",
            say("Hồ sơ đang được hội đồng chấm điểm.", "A council is scoring the dossier."),
        ));
    }
    if store::is_settled(work.connection, dossier.id)? {
        return Err(Error::conflict(
            "already_concluded",
            say("Hội đồng đã kết luận về hồ sơ này.", "A council has concluded on this dossier."),
        ));
    }
    Ok(state)
}

/// Hands the dossier back to the producer, with the reason.
pub fn send_back(work: &mut Work, dossier: &Dossier, state: State, note: &str) -> Result<()> {
    store::set_state(work.connection, dossier.id, state)?;
    record(work, dossier, "return", state, Some(note))
}

fn record(work: &mut Work, dossier: &Dossier, verb: &str, to: State, note: Option<&str>) -> Result<()> {
    work.record(Entry {
        resource: Resource::Dossier,
        id: dossier.id,
        version: dossier.version + 1,
        account: None,
        verb,
        from: Some(dossier.state.as_ref()),
        to: Some(to.as_ref()),
        note,
    })
}
