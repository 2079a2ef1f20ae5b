//! What a decision of a kind may be about now, for whoever drafts it: results that wait for one, and certificates that can be
//! taken back.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::base::id::{AgendaItemId, CycleId, ProductId};
use crate::base::{Mean, Result, Stars};
use crate::cycle::EditionCode;
use crate::decision::certificate_store::Certificate;
use crate::decision::form::DecisionForm;
use crate::decision::rules::Kind;
use crate::decision::{candidate_store, fitness};
use crate::rating;
use crate::rating::item::store::Names;
use crate::rating::rules::Outcome;

/// So many are looked through: what is more is found by its cycle.
pub const MOST: i64 = 150;

/// A result that is fit for a decision.
#[derive(Debug, Clone)]
pub struct FitResult {
    pub item: AgendaItemId,
    pub names: Names,
    pub mean: Option<Mean>,
    pub stars: Option<Stars>,
}

/// The results that a decision of this kind by the asker's unit may name, by the name of their products.
pub fn results(work: &mut Work, kind: Kind, cycle: Option<CycleId>) -> Result<Vec<FitResult>> {
    let unit = work.actor.unit()?.clone();
    let outcomes: &[Outcome] = match kind {
        Kind::Recognise => &[Outcome::Rated, Outcome::ProposedToCentre],
        Kind::ApproveResult | Kind::CentreResult => &[Outcome::ProposedToCentre],
        Kind::Revoke | Kind::CentreRevoke => return Ok(Vec::new()),
    };
    let waiting = candidate_store::undecided(work.connection, kind, outcomes, (&unit, cycle), MOST)?;
    let names = rating::item::store::names(work.connection, &waiting)?;
    let mut concluded = rating::result::store::last_of_items(work.connection, &waiting)?;
    let form = DecisionForm::blank(kind, unit);
    let mut fit = Vec::new();
    for item in waiting {
        // The stars are still to be named.
        let is_fit = fitness::to_decide(work, &form, item)?.map_or_else(|(code, _)| code == "stars_required", |_| true);
        if let Some((names, result)) = names.get(&item).cloned().zip(concluded.remove(&item)).filter(|_| is_fit) {
            let mean = rating::rules::mean(result.sum, result.sheets);
            fit.push(FitResult { item, names, mean, stars: result.stars });
        }
    }
    fit.sort_by_cached_key(|result| crate::base::text::fold(&result.names.product_name));
    Ok(fit)
}

/// The certificates of the asker's unit that a decision of this kind may take back, with the names of their products.
pub fn certificates(
    work: &mut Work,
    kind: Kind,
    narrowed: (Option<CycleId>, Option<ProductId>),
) -> Result<(Vec<Certificate>, BTreeMap<ProductId, String>)> {
    let unit = work.actor.unit()?.clone();
    let mut found = candidate_store::not_taken_back(work.connection, &unit, narrowed, MOST)?;
    found.retain(|certificate| fitness::must_be_theirs(work, kind, certificate.stars).is_ok());
    let products: Vec<ProductId> = found.iter().map(|certificate| certificate.product_id).collect();
    let names = crate::product::store::names(work.connection, &products)?;
    Ok((found, names))
}

/// The kinds of decisions that the unit of the asker drafts: those of the editions by which this province works, where the
/// act in force still knows them.
pub fn kinds(work: &mut Work) -> Result<Vec<Kind>> {
    let in_force = EditionCode::in_force_on(work.now.day())?;
    let mut editions = vec![in_force];
    for edition in crate::cycle::store::editions(work.connection)? {
        if !editions.contains(&edition) {
            editions.push(edition);
        }
    }
    let is_district = work.actor.is(&[crate::account::Role::DistrictOfficer]);
    let centre_revokes = in_force.edition()?.revocation.demanded.is_some();
    let mut kinds = Vec::new();
    for edition in editions {
        for kind in edition.edition()?.decisions {
            let is_theirs = !is_district || matches!(kind, Kind::Recognise | Kind::Revoke);
            if !kinds.contains(&kind) && is_theirs && (kind != Kind::CentreRevoke || centre_revokes) {
                kinds.push(kind);
            }
        }
    }
    Ok(kinds)
}
