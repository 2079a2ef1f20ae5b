//! What the working group says in its own words, and what it proposes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Faults, Result, text};

/// What the working group proposes to the council.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = GroupProposal)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Proposal {
    /// Đưa ra Hội đồng đánh giá, phân hạng.
    Score,
    /// Bổ sung, hoàn thiện trước khi đưa ra Hội đồng.
    CompleteFirst,
    /// Chưa đủ điều kiện đưa ra Hội đồng.
    LeaveOut,
}

impl Proposal {
    /// As the report words it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Score => "Đề nghị đưa sản phẩm ra Hội đồng đánh giá, phân hạng.",
            Self::CompleteFirst => {
                "Đề nghị bổ sung, hoàn thiện trước khi đưa sản phẩm ra Hội đồng đánh giá, phân hạng."
            }
            Self::LeaveOut => "Sản phẩm chưa đủ điều kiện đưa ra Hội đồng đánh giá, phân hạng.",
        }
    }
}

/// The report in the working group's own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupReportForm {
    /// Who leads the group and signs.
    pub leader: String,
    /// What was checked of the dossier, and what came of it.
    pub dossier_check: String,
    /// How the group sees the product as a whole.
    pub assessment: String,
    pub proposal: Proposal,
    /// What it proposes besides.
    #[serde(default)]
    pub proposal_text: Option<String>,
}

/// What may change of a draft; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroupReportChange {
    #[schema(nullable = false)]
    leader: Option<String>,
    #[schema(nullable = false)]
    dossier_check: Option<String>,
    #[schema(nullable = false)]
    assessment: Option<String>,
    #[schema(nullable = false)]
    proposal: Option<Proposal>,
    /// Null clears it.
    #[serde(deserialize_with = "crate::base::clearable")]
    #[schema(value_type = Option<String>)]
    proposal_text: Option<Option<String>>,
}

impl GroupReportChange {
    /// The report's words after the change.
    pub fn applied_to(self, old: GroupReportForm) -> GroupReportForm {
        GroupReportForm {
            leader: self.leader.unwrap_or(old.leader),
            dossier_check: self.dossier_check.unwrap_or(old.dossier_check),
            assessment: self.assessment.unwrap_or(old.assessment),
            proposal: self.proposal.unwrap_or(old.proposal),
            proposal_text: self.proposal_text.unwrap_or(old.proposal_text),
        }
    }
}

impl GroupReportForm {
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        text::check(&self.leader, "/leader", 200, &mut faults);
        text::check(&self.dossier_check, "/dossier_check", 10_000, &mut faults);
        text::check(&self.assessment, "/assessment", 10_000, &mut faults);
        if let Some(text) = &self.proposal_text {
            text::check(text, "/proposal_text", 5000, &mut faults);
        }
        faults.into_result()
    }
}
