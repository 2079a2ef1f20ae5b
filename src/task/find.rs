//! Finds what waits for who asks: things in states that wait, of which a step onwards is theirs to take now.

use crate::account::Work;
use crate::base::Result;
use crate::base::id::{IdeaId, ProductId};
use crate::cycle::Cycle;
use crate::dossier::Dossier;
use crate::dossier::store::DossierFilter;
use crate::http::Language;
use crate::idea::Idea;
use crate::idea::store::IdeaFilter;
use crate::plan::Plan;
use crate::plan::store::PlanFilter;
use crate::producer::registration::Registration;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::registration::store::RegistrationFilter;
use crate::station::{Label, Listed, Stretch, Thing, label, offers};
use crate::task::rules::{Due, WaitingStep, in_order};
use crate::{dossier, idea, plan, product};

/// So many things of a state are looked at; what is more is found once these are done.
const MOST: i64 = 100;

/// Steps that bring a thing on its way; others can be taken, but nothing waits for them.
const ONWARDS: [&str; 7] = ["submit", "forward", "select", "accept", "approve", "confirm", "carry-over"];

/// What waits for who asks, the first due first. The number of statements does not depend on how much it is.
pub fn waiting(work: &mut Work) -> Result<Vec<WaitingStep>> {
    let mut tasks = registrations(work)?;
    tasks.extend(ideas(work)?);
    tasks.extend(plans(work)?);
    tasks.extend(dossiers(work)?);
    Ok(in_order(tasks))
}

fn registrations(work: &mut Work) -> Result<Vec<WaitingStep>> {
    if Registration::must_list(work.asker()).is_err() {
        return Ok(Vec::new());
    }
    let filter = RegistrationFilter { state: Some(RegistrationState::Pending), ..Default::default() };
    let found = Registration::list(work, &filter, &Stretch::first(MOST))?;
    tasks(work, &found, |registration, _| Some(registration.row.producer.0.name.clone()), |_| None)
}

fn ideas(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use idea::rules::State;
    let mut found = Vec::new();
    for state in [State::Draft, State::Returned, State::Submitted, State::Forwarded, State::Selected] {
        let filter = IdeaFilter { state: Some(state), ..Default::default() };
        found.extend(Idea::list(work, &filter, &Stretch::first(MOST))?);
    }
    let rule = label("hạn nộp ý tưởng của chu trình", "the cycle's deadline of ideas");
    let due = |idea: &Idea| {
        let is_unsent = matches!(idea.row.state, State::Draft | State::Returned);
        is_unsent.then_some(Due { day: idea.cycle.idea_deadline, rule })
    };
    tasks(work, &found, |idea, _| Some(idea.row.product_name.clone()), due)
}

fn plans(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use plan::rules::State;
    let mut found = Vec::new();
    for state in [State::Draft, State::Returned, State::Submitted] {
        let filter = PlanFilter { state: Some(state), ..Default::default() };
        found.extend(Plan::list(work, &filter, &Stretch::first(MOST))?);
    }
    let ids: Vec<IdeaId> = found.iter().map(|plan| plan.row.idea_id).collect();
    let names = idea::store::product_names(work.connection, &ids)?;
    tasks(work, &found, |plan, _| names.get(&plan.row.idea_id).cloned(), |_| None)
}

fn dossiers(work: &mut Work) -> Result<Vec<WaitingStep>> {
    use dossier::rules::State;
    let mut found = Vec::new();
    for state in [State::Open, State::Submitted, State::Forwarded] {
        let filter = DossierFilter { state: Some(state), ..Default::default() };
        found.extend(Dossier::list(work, &filter, &Stretch::first(MOST))?);
    }
    let ids: Vec<ProductId> = found.iter().map(|dossier| dossier.row.product_id).collect();
    let names = product::store::names(work.connection, &ids)?;
    let commune = label("số ngày làm việc của xã, từ khi nhận", "the commune's working days from receipt");
    let transition = label("quy định chuyển tiếp của văn bản mới", "the transition of the act in force");
    let due = |dossier: &Dossier| match (dossier.row.state, dossier.term) {
        (_, Some(term)) => term.last_day.map(|day| Due { day, rule: transition }),
        (State::Open, None) => last_round(&dossier.cycle, &dossier.edition),
        _ => dossier.row.commune_due_on.map(|day| Due { day, rule: commune }),
    };
    tasks(work, &found, |dossier, _| names.get(&dossier.row.product_id).cloned(), due)
}

/// When the council that scores first has to be done with its last round.
fn last_round(cycle: &Cycle, edition: &crate::cycle::Edition) -> Option<Due> {
    let begins_in_districts = edition.is_first(crate::base::Level::District);
    let days = cycle
        .rounds
        .0
        .iter()
        .map(|round| if begins_in_districts { round.district_deadline } else { round.province_deadline });
    let rule = label("hạn của đợt đánh giá cuối", "the deadline of the last round");
    days.max().map(|day| Due { day, rule })
}

fn tasks<T: Thing>(
    work: &Work,
    things: &[T],
    name: impl Fn(&T, &Work) -> Option<String>,
    due: impl Fn(&T) -> Option<Due>,
) -> Result<Vec<WaitingStep>> {
    let (language, today) = (work.language, work.now.day());
    let mut tasks = Vec::new();
    for thing in things {
        let offers = offers(work.asker(), thing)?;
        let onwards = offers.iter().find(|(step, refusal)| refusal.is_none() && ONWARDS.contains(&step.name()));
        let Some((step, _)) = onwards else { continue };
        let due = due(thing);
        tasks.push(WaitingStep {
            kind: T::PATH,
            id: thing.id(),
            name: name(thing, work).unwrap_or_default(),
            verb: step.name(),
            label: told(step.label(), language),
            due: due.map(|due| due.day),
            rule: due.map(|due| told(due.rule, language)),
            overdue: due.is_some_and(|due| due.day < today),
        });
    }
    Ok(tasks)
}

/// A label in a language.
fn told(label: Label, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => label.vi,
        Language::English => label.en,
    }
}
