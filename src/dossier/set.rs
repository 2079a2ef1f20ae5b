//! With which criteria set a dossier is scored.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::base::id::{DossierId, IdeaId, PlanId};
use crate::base::{Error, Result};
use crate::criteria::{self, Case, SetRow};
use crate::dossier::{Dossier, DossierRow};
use crate::{idea, plan, producer};

/// The code of the criteria set that the product is scored with: what its idea of this cycle named, or who carried it over.
/// An upgrade may come under another edition than the product's first, whose sets have other codes.
pub fn criteria_code(work: &mut Work, dossier: &DossierRow) -> Result<String> {
    if let Some(code) = &dossier.criteria_set_code {
        return Ok(code.clone());
    }
    let plan = plan::store::find(work.connection, dossier.plan_id)?
        .ok_or_else(|| Error::internal("a dossier without its plan"))?;
    let idea =
        idea::store::find(work.connection, plan.idea_id)?.ok_or_else(|| Error::internal("a plan without its idea"))?;
    Ok(idea.criteria_set)
}

/// The set and version that a dossier is marked by, and the scale of its producer: those that a council took up, else the
/// newest of its code.
pub fn criteria_set(work: &mut Work, dossier: &Dossier) -> Result<(SetRow, Case)> {
    let row = &dossier.row;
    let set = match row.criteria_set_id {
        Some(id) => criteria::store::find(work.connection, id)?,
        None => {
            let code = criteria_code(work, row)?;
            criteria::store::latest(work.connection, &code, dossier.cycle.edition)?
        }
    };
    let set = set.ok_or_else(|| Error::internal("a dossier without its criteria set"))?;
    let producer = producer::store::find(work.connection, row.producer_id)?
        .ok_or_else(|| Error::internal("a dossier without its producer"))?;
    let case = set.tree.0.case_of(row.scored_as.unwrap_or(producer.kind));
    Ok((set, case))
}

/// The same of many, in two statements.
pub fn codes<'a>(
    work: &mut Work,
    dossiers: impl Iterator<Item = &'a DossierRow> + Clone,
) -> Result<BTreeMap<DossierId, String>> {
    let plans: Vec<PlanId> = dossiers.clone().map(|dossier| dossier.plan_id).collect();
    let ideas = plan::store::ideas(work.connection, &plans)?;
    let of_ideas: Vec<IdeaId> = ideas.values().copied().collect();
    let of_ideas = idea::store::criteria_sets(work.connection, &of_ideas)?;
    let code = |dossier: &DossierRow| {
        let of_idea = || of_ideas.get(ideas.get(&dossier.plan_id)?).cloned();
        Some((dossier.id, dossier.criteria_set_code.clone().or_else(of_idea)?))
    };
    Ok(dossiers.filter_map(code).collect())
}
