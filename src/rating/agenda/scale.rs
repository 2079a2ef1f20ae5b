//! What the sheets of agenda items are marked with: the set, and the scale of alternatives by the producer's kind.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::base::id::{CriteriaSetId, ProducerId};
use crate::base::{Error, Result};
use crate::criteria::{self, Case, Set};
use crate::dossier::DossierRow;
use crate::producer::{self, ProducerKind};

/// The sets and scales of some dossiers.
pub struct Scales {
    sets: BTreeMap<CriteriaSetId, Set>,
    /// Only of producers whose dossiers do not say as what they are scored.
    kinds: BTreeMap<ProducerId, ProducerKind>,
}

impl Scales {
    /// In at most two statements, however many dossiers there are.
    pub fn of<'a>(work: &mut Work, dossiers: impl Iterator<Item = &'a DossierRow> + Clone) -> Result<Self> {
        let ids: Vec<CriteriaSetId> = dossiers.clone().filter_map(|dossier| dossier.criteria_set_id).collect();
        let sets = criteria::store::of_ids(work.connection, &ids)?;
        let unsaid: Vec<ProducerId> =
            dossiers.filter(|dossier| dossier.scored_as.is_none()).map(|dossier| dossier.producer_id).collect();
        let kinds = match unsaid.is_empty() {
            true => BTreeMap::new(),
            false => producer::store::kinds(work.connection, &unsaid)?,
        };
        Ok(Self { sets: sets.into_iter().map(|(id, row)| (id, row.tree.0)).collect(), kinds })
    }

    /// What the sheets of one of the dossiers are marked with.
    pub fn get(&self, dossier: &DossierRow) -> Result<(&Set, Case)> {
        let id = dossier.criteria_set_id.ok_or_else(|| Error::internal("an agenda item without a criteria set"))?;
        let set = self.sets.get(&id).ok_or_else(|| Error::internal("a dossier's criteria set is gone"))?;
        let kind = dossier.scored_as.or_else(|| self.kinds.get(&dossier.producer_id).copied());
        Ok((set, set.case_of(kind.ok_or_else(|| Error::internal("a dossier without its producer"))?)))
    }
}
