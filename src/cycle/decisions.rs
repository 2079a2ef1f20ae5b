//! What a People's Committee decides by an edition, and how it takes certificates back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Stars;

/// What a decision does. An edition names the kinds that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DecisionKind {
    /// Recognises products by the results of a council: makes certificates.
    Recognise,
    /// Ends certificates.
    Revoke,
    /// Approves the results of products that are proposed to the centre, and makes no certificate (26/2026/QĐ-TTg, article
    /// 7.3 e).
    ApproveResult,
    /// Records what the centre gave to products that were proposed to it.
    CentreResult,
    /// Records that the centre ended certificates which it alone ends (26/2026/QĐ-TTg, article 8.2 b).
    CentreRevoke,
}

impl DecisionKind {
    /// Whether it ends certificates.
    pub fn revokes(self) -> bool {
        matches!(self, Self::Revoke | Self::CentreRevoke)
    }

    /// Whether it is about the centre's part.
    pub fn is_of_centre(self) -> bool {
        matches!(self, Self::CentreResult | Self::CentreRevoke)
    }
}

/// Why a certificate is taken back: the first six by 26/2026/QĐ-TTg, article 8.1; the last two as decisions under the acts
/// before it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RevocationGround {
    /// Untrue or forged papers in the registration.
    UntrueDossier,
    /// Criteria are no longer met, by an inspection's conclusion.
    CriteriaNotMet,
    /// The law is broken, by an authority's conclusion: quality, food safety, environment, property, labels.
    LawBroken,
    /// The mark is used as it must not be, so that it misleads.
    MarkMisused,
    /// The producer makes it no more, as the commune confirms.
    ProductionEnded,
    /// Another authority concludes and asks for it.
    OtherConclusion,
    /// It was not rated again in time.
    NotRatedAgain,
    /// A mandatory criterion is no longer met.
    MandatoryCriterionFailed,
}

/// How certificates are taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    pub grounds: Vec<RevocationGround>,
    /// What the act demands of it; the acts before 2026 demand nothing that was found, so that a ground may be named and need
    /// not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demanded: Option<RevocationDemand>,
}

impl Revocation {
    /// Whether the centre alone takes back certificates of so many stars.
    pub fn is_centres(&self, stars: Stars) -> bool {
        self.demanded.as_ref().is_some_and(|demanded| demanded.by_centre.contains(&stars))
    }
}

/// What an act demands of a revocation: one of its grounds, the paper that it rests on, a term, and who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationDemand {
    /// Within so many days from the conclusion that it rests on, or from the commune's confirmation that production ended.
    pub within_days: u32,
    /// The stars whose certificates the centre alone takes back.
    pub by_centre: Vec<Stars>,
}
