//! Puts dossiers on a council's agenda: all that are named, or none.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::error::Refusal;
use crate::base::id::{AgendaItemId, CouncilId, CriteriaSetId, DossierId};
use crate::base::{Error, Fault, Faults, Kind, Level, Message, Result, say};
use crate::cycle::{Cycle, Edition};
use crate::dossier::{self, DossierRow};
use crate::rating::agenda::Session;
use crate::rating::agenda::recusal::recuse_by_rule;
use crate::rating::agenda::rules::against_standing;
use crate::rating::agenda::store;
use crate::rating::council::steps::OFFICES;
use crate::rating::council::{self, Council};
use crate::rating::item::State;
use crate::rating::item::store::{self as items, NewItem};
use crate::station::{Access, CreationOfMany, Taken, Thing, label, plain_forms};
use crate::{criteria, producer};

/// Which dossiers to put on which agenda, in this order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaForm {
    pub council_id: CouncilId,
    pub dossier_ids: Vec<DossierId>,
}

plain_forms!(AgendaForm);

/// Puts dossiers on an agenda, all or none.
pub static CREATE: CreationOfMany<Session, AgendaForm> =
    CreationOfMany::new(label("Đưa hồ sơ vào chương trình", "Put dossiers on an agenda"), OFFICES, make);

const MOST: usize = 200;

/// A dossier that nothing stands against.
struct Fit {
    dossier: DossierRow,
    set: CriteriaSetId,
    sent_from: Option<AgendaItemId>,
}

/// Why a dossier cannot be put on the agenda.
enum Trouble {
    /// Its state stands against it.
    Standing(&'static str, Message),
    /// It does not belong there.
    Wrong(&'static str, Message),
    Error(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// A refusal that names one dossier among others.
fn against(error: Error) -> Trouble {
    match error.refusal() {
        Some(refusal) => Trouble::Standing(refusal.code, refusal.detail.clone()),
        None => Trouble::Error(error),
    }
}

/// What the dossiers are held against.
struct Agenda {
    council: Council,
    edition: Edition,
}

/// Puts the dossiers on the agenda, fixes what they are scored with, and recuses who had to do with them.
fn make(work: &mut Work, form: AgendaForm) -> Result<Vec<(Session, Taken)>> {
    let agenda = open(work, form.council_id)?;
    let fits = fits(work, &agenda, &form.dossier_ids)?;
    let last = items::last_position(work.connection, agenda.council.row.id)?;
    let mut placed = Vec::new();
    for (fit, position) in fits.into_iter().zip(last.saturating_add(1)..) {
        let Fit { dossier, set, sent_from } = fit;
        if dossier.criteria_set_id.is_none() {
            let producer = producer::store::find(work.connection, dossier.producer_id)?
                .ok_or_else(|| Error::internal("a dossier without its producer"))?;
            dossier::store::set_criteria(work.connection, dossier.id, set, producer.kind)?;
        }
        let item = NewItem { council: agenda.council.row.id, dossier: dossier.id, sent_from, position };
        let id = items::insert(work.connection, item, work.now)?;
        placed.push((id, dossier));
    }
    let items: Vec<(AgendaItemId, &DossierRow)> = placed.iter().map(|(id, dossier)| (*id, dossier)).collect();
    recuse_by_rule(work, &items, &agenda.council.seats)?;
    let ids: Vec<AgendaItemId> = placed.iter().map(|(id, _)| *id).collect();
    let mut made = items::of_ids(work.connection, &ids)?;
    made.sort_by_key(|item| item.position);
    let sessions = Session::around(work, made)?;
    Ok(sessions.into_iter().map(|session| (session, Taken::to(State::Waiting))).collect())
}

/// The council whose agenda it is, with its row taken: agendas grow one request after another, and not while it closes.
fn open(work: &mut Work, id: CouncilId) -> Result<Agenda> {
    let council = Council::load(work, &id, Access::Taken)?.ok_or_else(|| {
        Error::invalid("/council_id", "unknown_council", say("Không có hội đồng này.", "There is no such council."))
    })?;
    council::rules::must_be_office(&work.actor, &council.row.unit_code)?;
    council.row.state.must_take_items()?;
    council.cycle.state.must_be_open()?;
    let edition = council.cycle.edition.edition()?;
    Ok(Agenda { council, edition })
}

/// Holds each dossier against the agenda; 409 names those whose state stands against it, else 422 those that are wrong.
fn fits(work: &mut Work, agenda: &Agenda, ids: &[DossierId]) -> Result<Vec<Fit>> {
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::invalid(
            "/dossier_ids",
            "wrong_count",
            say(format!("Cần từ 1 đến {MOST} hồ sơ."), format!("One to {MOST} dossiers are needed.")),
        ));
    }
    // Rows are taken in one order by everybody, so that two requests cannot wait for each other.
    let mut dossiers = Vec::new();
    for id in ids.iter().copied().collect::<BTreeSet<DossierId>>() {
        dossiers.extend(dossier::store::take(work.connection, id)?);
    }
    let (mut fits, mut standing, mut wrong, mut seen) = (Vec::new(), Vec::new(), Vec::new(), BTreeSet::new());
    for (index, id) in ids.iter().enumerate() {
        let pointer = format!("/dossier_ids/{index}");
        if !seen.insert(*id) {
            wrong.push(Fault::new(pointer, "repeated", say("Hồ sơ bị lặp.", "The dossier is named twice.")));
            continue;
        }
        match fit(work, agenda, dossiers.iter().find(|dossier| dossier.id == *id)) {
            Ok(fit) => fits.push(fit),
            Err(Trouble::Standing(code, detail)) => standing.push(Fault::new(pointer, code, detail)),
            Err(Trouble::Wrong(code, detail)) => wrong.push(Fault::new(pointer, code, detail)),
            Err(Trouble::Error(error)) => return Err(error),
        }
    }
    if let Some(first) = standing.first() {
        let (code, detail) = (first.code, first.detail.clone());
        return Err(Error::Refused(Box::new(Refusal { kind: Kind::Conflict, code, detail, faults: standing })));
    }
    wrong.into_result()?;
    Ok(fits)
}

fn fit(work: &mut Work, agenda: &Agenda, dossier: Option<&DossierRow>) -> Result<Fit, Trouble> {
    let Agenda { council: Council { row: council, cycle, .. }, edition } = agenda;
    let level = council.unit_code.level();
    let known = dossier.filter(|dossier| work.actor.sees(&dossier.home()));
    let Some(dossier) = known else {
        return Err(Trouble::Wrong("unknown_dossier", say("Không có hồ sơ này.", "There is no such dossier.")));
    };
    if dossier.cycle_id != cycle.id {
        return Err(Trouble::Wrong(
            "other_cycle",
            say("Hồ sơ thuộc chu trình của năm khác.", "The dossier is of another year's cycle."),
        ));
    }
    if level == Level::District && dossier.district_code.as_ref() != Some(&council.unit_code) {
        return Err(Trouble::Wrong(
            "other_district",
            say("Hồ sơ thuộc huyện khác.", "The dossier is of another district."),
        ));
    }
    let has_commune = edition.dossiers.has_commune();
    if has_commune && dossier.state == dossier::rules::State::Submitted {
        return Err(Trouble::Standing(
            "not_forwarded",
            say("Xã chưa đánh giá và chuyển hồ sơ.", "The commune has not sent the dossier on yet."),
        ));
    }
    if !dossier.state.is_with_councils(has_commune) {
        return Err(Trouble::Standing("not_submitted", say("Hồ sơ chưa được nộp.", "The dossier was not submitted.")));
    }
    let terms = dossier::term::terms(work.connection, &[(dossier, cycle.edition)], work.now.day())?;
    dossier::term::must_run(terms.get(&dossier.id).copied(), work.now.day()).map_err(against)?;
    let before = store::before(work.connection, dossier.id, &council.unit_code)?;
    if let Some((code, detail)) = against_standing(before, council.round) {
        return Err(Trouble::Standing(code, detail));
    }
    let mut sent_from = None;
    if !edition.is_first(level) {
        match store::below(work.connection, dossier.id, &council.unit_code)? {
            Some((item, Some(_))) => sent_from = Some(item),
            _ => {
                return Err(Trouble::Standing(
                    "not_sent_up",
                    say("Hồ sơ chưa được cấp dưới chuyển lên.", "The dossier was not sent up by the council before."),
                ));
            }
        }
    }
    let set = match dossier.criteria_set_id {
        Some(set) => set,
        None => complete_set(work, cycle, dossier)?,
    };
    Ok(Fit { dossier: dossier.clone(), set, sent_from })
}

/// The newest version of the set of the product's kind; one that lacks points cannot be scored with.
fn complete_set(work: &mut Work, cycle: &Cycle, dossier: &DossierRow) -> Result<CriteriaSetId, Trouble> {
    let code = dossier::set::criteria_code(work, dossier)?;
    match criteria::store::latest(work.connection, &code, cycle.edition)? {
        Some(set) if set.complete => Ok(set.id),
        _ => Err(Trouble::Wrong(
            "criteria_set_incomplete",
            say(
                format!("Bộ tiêu chí “{code}” của quy trình này chưa đủ điểm để chấm."),
                format!("This procedure's criteria set \"{code}\" is not complete."),
            ),
        )),
    }
}
