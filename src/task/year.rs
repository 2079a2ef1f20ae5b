//! What waits on the way from a registration to the council.

use crate::account::{Role, Work};
use crate::base::id::{CycleId, IdeaId, ProducerId, ProductId};
use crate::base::{Level, Result};
use crate::cycle::store::CycleFilter;
use crate::cycle::{self, Cycle};
use crate::dossier::Dossier;
use crate::dossier::store::DossierFilter;
use crate::idea::Idea;
use crate::idea::store::IdeaFilter;
use crate::plan::Plan;
use crate::plan::store::PlanFilter;
use crate::producer::registration::Registration;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::registration::store::RegistrationFilter;
use crate::rating::agenda;
use crate::station::{Listed, Stretch};
use crate::task::gather::{MOST, Waits, offered};
use crate::task::rules::{self, Due, WaitingStep};
use crate::{account, dossier, idea, plan, product};

/// Steps that bring a thing on its way; others can be taken, but nothing waits for them.
const ONWARDS: &[&str] = &["submit", "forward", "select", "accept", "approve", "confirm", "carry-over"];

/// The cycles whose work is done now, which are one or two.
fn open_cycles(work: &mut Work) -> Result<Vec<Cycle>> {
    let filter = CycleFilter { state: Some(cycle::rules::State::Open), ..Default::default() };
    cycle::store::list(work.connection, &filter, &Stretch::first(MOST))
}

pub fn registrations(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if Registration::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let filter = RegistrationFilter { state: Some(RegistrationState::Pending), ..Default::default() };
    let found = Registration::list(work, &filter, &Stretch::first(MOST))?;
    let open = open_cycles(work)?;
    let mut tasks = Vec::new();
    for registration in &found {
        let Some(step) = offered(work, registration, ONWARDS)? else { continue };
        let due = rules::registration(registration.row.created_at, &open);
        let name = registration.row.producer.0.name.clone();
        tasks.push(Waits { name, step, due, returned: false }.for_thing(work, registration));
    }
    Ok(tasks)
}

pub fn ideas(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use idea::rules::State;
    let mut found = Vec::new();
    for cycle in open_cycles(work)? {
        for state in [State::Draft, State::Returned, State::Submitted, State::Forwarded, State::Selected] {
            let filter = IdeaFilter { state: Some(state), cycle_id: Some(cycle.id), ..Default::default() };
            found.extend(Idea::list(work, &filter, &Stretch::first(MOST))?);
        }
    }
    let mut tasks = Vec::new();
    for idea in &found {
        let Some(step) = offered(work, idea, ONWARDS)? else { continue };
        let due = match idea.row.state {
            State::Draft => Some(rules::idea_deadline(&idea.cycle)),
            State::Submitted => held(idea).or_else(|| rules::last_round(&idea.cycle, &idea.edition)),
            _ => rules::last_round(&idea.cycle, &idea.edition),
        };
        let (name, returned) = (idea.row.product_name.clone(), idea.row.state == State::Returned);
        tasks.push(Waits { name, step, due, returned }.for_thing(work, idea));
    }
    Ok(tasks)
}

/// How long the level that an idea was handed in to may hold it.
fn held(idea: &Idea) -> Option<Due> {
    rules::idea_held(idea.edition.steps.ideas.first()?, idea.row.submitted_at?)
}

/// Accepted ideas that have no plan yet: of one's own, and for a commune those of its producers who have no account.
pub fn unplanned(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use idea::rules::State;
    if !work.actor.is(&[Role::Producer, Role::CommuneOfficer]) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for cycle in open_cycles(work)? {
        let filter = IdeaFilter { state: Some(State::Accepted), cycle_id: Some(cycle.id), ..Default::default() };
        found.extend(Idea::list(work, &filter, &Stretch::first(MOST))?);
    }
    let ids: Vec<IdeaId> = found.iter().map(|idea| idea.row.id).collect();
    let planned = plan::store::planned(work.connection, &ids)?;
    found.retain(|idea| !planned.contains(&idea.row.id));
    if work.actor.is(&[Role::CommuneOfficer]) {
        let producers: Vec<ProducerId> = found.iter().map(|idea| idea.row.producer_id).collect();
        let signing_in = account::store::producers_with_accounts(work.connection, &producers)?;
        found.retain(|idea| !signing_in.contains(&idea.row.producer_id));
    }
    let task = |idea: &Idea| {
        let due = rules::last_round(&idea.cycle, &idea.edition);
        let step = ("create-plan", plan::steps::CREATE.label);
        Waits { name: idea.row.product_name.clone(), step, due, returned: false }.for_thing(work, idea)
    };
    Ok(found.iter().map(task).collect())
}

pub fn plans(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use plan::rules::State;
    let mut found = Vec::new();
    for cycle in open_cycles(work)? {
        for state in [State::Draft, State::Returned, State::Submitted] {
            let filter = PlanFilter { state: Some(state), cycle_id: Some(cycle.id), ..Default::default() };
            found.extend(Plan::list(work, &filter, &Stretch::first(MOST))?);
        }
    }
    let ids: Vec<IdeaId> = found.iter().map(|plan| plan.row.idea_id).collect();
    let mut names = idea::store::product_names(work.connection, &ids)?;
    let mut tasks = Vec::new();
    for plan in &found {
        let Some(step) = offered(work, plan, ONWARDS)? else { continue };
        let (due, returned) = (rules::last_round(&plan.cycle, &plan.edition), plan.row.state == State::Returned);
        let name = names.remove(&plan.row.idea_id).unwrap_or_default();
        tasks.push(Waits { name, step, due, returned }.for_thing(work, plan));
    }
    Ok(tasks)
}

pub fn dossiers(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use dossier::rules::State;
    let mut found = Vec::new();
    for state in [State::Open, State::Submitted, State::Forwarded] {
        let filter = DossierFilter { state: Some(state), ..Default::default() };
        found.extend(Dossier::list(work, &filter, &Stretch::first(MOST))?);
    }
    let ids: Vec<ProductId> = found.iter().map(|dossier| dossier.row.product_id).collect();
    let names = product::store::names(work.connection, &ids)?;
    let mut tasks = Vec::new();
    for dossier in &found {
        let Some(step) = offered(work, dossier, ONWARDS)? else { continue };
        let name = names.get(&dossier.row.product_id).cloned().unwrap_or_default();
        let returned = dossier.row.state == State::Open && dossier.row.submitted_at.is_some();
        tasks.push(Waits { name, step, due: due(dossier), returned }.for_thing(work, dossier));
    }
    Ok(tasks)
}

fn due(dossier: &Dossier) -> Option<Due> {
    let Dossier { row, edition, .. } = dossier;
    if let Some(last_day) = dossier::term::rated_until(edition, row, dossier.term) {
        return Some(rules::rated_until(edition, dossier.term, last_day));
    }
    let at_commune = row.commune_due_on.filter(|_| row.state == dossier::rules::State::Submitted);
    at_commune
        .map(|last_day| rules::commune_term(edition, last_day))
        .or_else(|| rules::last_round(&dossier.cycle, edition))
}

/// What the office of the council that scores first has to put on an agenda, while no council has it.
pub fn unplaced(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if !work.actor.is(&[Role::DistrictOfficer, Role::ProvincialOfficer]) {
        return Ok(Vec::new());
    }
    let (open, territory) = (open_cycles(work)?, work.actor.territory());
    let open: Vec<CycleId> = open.iter().map(|cycle| cycle.id).collect();
    let ids = agenda::store::unplaced(work.connection, &territory, &open, MOST)?;
    let rows = dossier::store::of_ids(work.connection, &ids)?;
    let mut found = Dossier::around(work, rows.into_values().collect())?;
    found.retain(|dossier| goes_on_agenda(work, dossier));
    let ids: Vec<ProductId> = found.iter().map(|dossier| dossier.row.product_id).collect();
    let names = product::store::names(work.connection, &ids)?;
    let task = |dossier: &Dossier| {
        let name = names.get(&dossier.row.product_id).cloned().unwrap_or_default();
        let step = ("put-on-agenda", agenda::steps::CREATE.label);
        Waits { name, step, due: due(dossier), returned: false }.for_thing(work, dossier)
    };
    Ok(found.iter().map(task).collect())
}

fn goes_on_agenda(work: &Work, dossier: &Dossier) -> bool {
    let begins_in_districts = dossier.edition.is_first(Level::District);
    let office = if begins_in_districts { Role::DistrictOfficer } else { Role::ProvincialOfficer };
    work.actor.is(&[office])
        && dossier.row.state.is_with_councils(dossier.has_commune())
        && dossier::term::must_run(dossier.term, work.now.day()).is_ok()
}
