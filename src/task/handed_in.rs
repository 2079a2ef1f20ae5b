//! What a producer has handed in and somebody else now has.

use crate::account::{Role, Work};
use crate::base::Result;
use crate::base::id::{AnyId, IdeaId, ProductId};
use crate::dossier::Dossier;
use crate::dossier::store::DossierFilter;
use crate::idea::Idea;
use crate::idea::store::IdeaFilter;
use crate::plan::Plan;
use crate::plan::store::PlanFilter;
use crate::station::{Listed, Stretch, Thing};
use crate::task::gather::MOST;
use crate::{dossier, idea, plan, product};

/// Something on its way.
#[derive(Debug, Clone)]
pub struct OnItsWay {
    /// What kind of thing it is, as its address names it.
    pub kind: &'static str,
    pub id: AnyId,
    pub name: String,
    /// Where it is.
    pub state: String,
}

impl OnItsWay {
    fn of<T: Thing>(thing: &T, name: Option<&String>) -> Self {
        let state = thing.state().unwrap_or_default().to_owned();
        Self { kind: T::PATH, id: thing.id(), name: name.cloned().unwrap_or_default(), state }
    }
}

/// What waits for others, of a producer's own in cycles that are open. The number of statements does not depend on how much
/// it is.
pub fn handed_in(work: &mut Work) -> Result<Vec<OnItsWay>> {
    let mut found = Vec::new();
    if !work.actor.is(&[Role::Producer]) {
        return Ok(found);
    }
    for state in [idea::rules::State::Submitted, idea::rules::State::Forwarded, idea::rules::State::Selected] {
        let filter = IdeaFilter { state: Some(state), ..Default::default() };
        let mut ideas = Idea::list(work, &filter, &Stretch::first(MOST))?;
        ideas.retain(|idea| idea.cycle.state.must_be_open().is_ok());
        found.extend(ideas.iter().map(|idea| OnItsWay::of(idea, Some(&idea.row.product_name))));
    }
    let filter = PlanFilter { state: Some(plan::rules::State::Submitted), ..Default::default() };
    let mut plans = Plan::list(work, &filter, &Stretch::first(MOST))?;
    plans.retain(|plan| plan.cycle.state.must_be_open().is_ok());
    let ids: Vec<IdeaId> = plans.iter().map(|plan| plan.row.idea_id).collect();
    let names = idea::store::product_names(work.connection, &ids)?;
    found.extend(plans.iter().map(|plan| OnItsWay::of(plan, names.get(&plan.row.idea_id))));
    let mut dossiers = Vec::new();
    for state in [dossier::rules::State::Submitted, dossier::rules::State::Forwarded] {
        let filter = DossierFilter { state: Some(state), ..Default::default() };
        dossiers.extend(Dossier::list(work, &filter, &Stretch::first(MOST))?);
    }
    dossiers
        .retain(|dossier| dossier.cycle.state.must_be_open().is_ok() && dossier.standing.must_not_be_settled().is_ok());
    let ids: Vec<ProductId> = dossiers.iter().map(|dossier| dossier.row.product_id).collect();
    let names = product::store::names(work.connection, &ids)?;
    found.extend(dossiers.iter().map(|dossier| OnItsWay::of(dossier, names.get(&dossier.row.product_id))));
    Ok(found)
}
