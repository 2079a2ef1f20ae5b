//! What the draft of a decision says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{AgendaItemId, CertificateId};
use crate::base::{Stars, UnitCode};
use crate::decision::rules::{Ground, Kind};
use crate::decision::store::RestsOn;

/// A decision as it is drafted: certificates for `revoke` and `centre_revoke`, else agenda items.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    pub kind: Kind,
    pub unit_code: UnitCode,
    #[serde(default)]
    pub agenda_item_ids: Vec<AgendaItemId>,
    #[serde(default)]
    pub certificate_ids: Vec<CertificateId>,
    /// Why, which a revocation must say.
    #[serde(default)]
    pub reason: Option<String>,
    /// What the centre gave (`centre_result`), none where it gave fewer than its own; and what the province recognises on such
    /// a result (`recognise`).
    #[serde(default)]
    pub stars: Option<Stars>,
    /// Why certificates are taken back, as the act in force lists it.
    #[serde(default)]
    pub ground: Option<Ground>,
    /// The conclusion that a revocation rests on, or the commune's confirmation that production ended.
    #[serde(default)]
    pub rests_on: Option<RestsOn>,
}

impl DecisionForm {
    /// A draft of nothing yet.
    pub fn blank(kind: Kind, unit_code: UnitCode) -> Self {
        Self {
            kind,
            unit_code,
            agenda_item_ids: Vec::new(),
            certificate_ids: Vec::new(),
            reason: None,
            stars: None,
            ground: None,
            rests_on: None,
        }
    }
}
