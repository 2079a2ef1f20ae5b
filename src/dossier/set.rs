//! With which criteria set a dossier is scored.

use crate::account::Work;
use crate::base::{Error, Result};
use crate::dossier::DossierRow;
use crate::{idea, plan};

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
