//! What the steps of decisions and certificates vouch for in the history.

use crate::account::Work;
use crate::audit::StepTaken;
use crate::audit::check::Held;
use crate::base::id::{AnyId, DecisionId, of};
use crate::base::{Digest, Error, Result};
use crate::db::AnyConnection;
use crate::decision::certificate_store::{self, Certificate};
use crate::decision::signature::store::{Original, originals_of};
use crate::decision::store::{self, Decision, Item};

/// Of a decision: its row, everything that it is about, in its order, and the signed originals with the digests of their
/// bytes, where some were handed in.
pub fn of_decision(decision: &Decision, items: &[Item], originals: &[Original]) -> Result<Digest> {
    if originals.is_empty() {
        return Digest::of("ocop-decision", &(decision, items));
    }
    Digest::of("ocop-decision", &(decision, items, originals))
}

/// Of a decision as it is now.
pub fn vouched(work: &mut Work, id: DecisionId) -> Result<Option<Digest>> {
    Ok(held_decisions(work.connection, &[id.any()])?.pop().and_then(|held| held.content))
}

/// Of a certificate: its row.
pub fn of_certificate(certificate: &Certificate) -> Result<Digest> {
    Digest::of("ocop-certificate", certificate)
}

/// Records a step of a certificate, with what it holds after it.
pub fn record_certificate(work: &mut Work, entry: StepTaken<'_, of::Certificate>) -> Result<()> {
    let held = held_certificates(work.connection, &[entry.id.any()])?;
    let content = held.into_iter().next().and_then(|held| held.content);
    work.record_with(entry, Some(content.ok_or_else(Error::unknown)?))
}

/// Decisions as `ocop audit verify` holds them against their steps.
pub fn held_decisions(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let found = store::of_ids(connection, ids)?;
    let ids: Vec<DecisionId> = found.iter().map(|decision| decision.id).collect();
    let mut items = store::items_of(connection, &ids)?;
    let mut originals = originals_of(connection, &ids)?;
    found
        .into_iter()
        .map(|decision| {
            let items = items.remove(&decision.id).unwrap_or_default();
            let originals = originals.remove(&decision.id).unwrap_or_default();
            let content = Some(of_decision(&decision, &items, &originals)?);
            Ok(Held { id: decision.id.any(), version: decision.version, content, wrong: None })
        })
        .collect()
}

/// Certificates as `ocop audit verify` holds them against their steps.
pub fn held_certificates(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let found = certificate_store::of_ids(connection, ids)?;
    found
        .into_iter()
        .map(|certificate| {
            let content = Some(of_certificate(&certificate)?);
            Ok(Held { id: certificate.id.any(), version: certificate.version, content, wrong: None })
        })
        .collect()
}
