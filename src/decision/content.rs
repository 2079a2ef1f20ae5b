//! What the steps of decisions and certificates vouch for in the history.

use crate::account::Work;
use crate::audit::StepTaken;
use crate::audit::check::Held;
use crate::base::id::{AnyId, DecisionId, of};
use crate::base::{Digest, Error, Result};
use crate::db::AnyConnection;
use crate::decision::certificate_store::{self, Certificate};
use crate::decision::store::{self, Decision, Item};

/// Of a decision: its row and everything that it is about, in its order.
pub fn of_decision(decision: &Decision, items: &[Item]) -> Result<Digest> {
    Digest::of("ocop-decision", &(decision, items))
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
    found
        .into_iter()
        .map(|decision| {
            let items = items.remove(&decision.id).unwrap_or_default();
            let content = Some(of_decision(&decision, &items)?);
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
