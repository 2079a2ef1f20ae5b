//! What a dossier holds when it is handed in, as it is frozen then, and what its history vouches for.
//!
//! The digest is SHA-256 over `ocop-dossier`, a zero byte, and the content's canonical text ([`crate::base::digest::canonical`]):
//! JSON without spaces, the members of each object by name. Sex and ethnicity of the representative are not in it, so that
//! they can be erased; who may see them finds them on the printed forms, from the producer's data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{DocumentId, DossierId};
use crate::base::{Day, Digest, Result, UnitCode, Vnd};
use crate::criteria::Mark;
use crate::cycle::{DossierKind, EditionCode};
use crate::dossier::statements::{SelfReport, Statements, YearlyFigure};
use crate::files::DocumentKind;
use crate::producer::ProducerKind;

/// What was handed in. What is added later is left out while it is empty, so that older digests still hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SubmittedContent)]
pub struct Content {
    pub dossier_id: DossierId,
    pub year: i32,
    pub edition: EditionCode,
    /// None where the edition tells no kinds apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DossierKind>,
    pub producer: SubmittedProducer,
    pub product: SubmittedProduct,
    pub plan: SubmittedPlan,
    pub documents: Vec<SubmittedDocument>,
    /// The producer's own marks; left out for whom they would sway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_marks: Option<Vec<Mark>>,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    pub figures: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, crate::dossier::statements::Statement>)]
    pub changes: Statements,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, crate::dossier::statements::Statement>)]
    pub updates: Statements,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yearly_figures: Vec<YearlyFigure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<SelfReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmittedProducer {
    pub name: String,
    pub kind: ProducerKind,
    pub identity_number: String,
    pub commune_code: UnitCode,
    pub address: String,
    pub representative: String,
    pub phone: String,
    pub email: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmittedProduct {
    pub code: String,
    pub name: String,
    /// The code of its criteria set.
    pub criteria_set: String,
    pub criteria_set_version: i32,
    pub criteria_set_title: String,
    pub is_service: bool,
    pub description: String,
    pub packaging: String,
}

/// What the approved plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmittedPlan {
    pub capacity: String,
    pub market: String,
    pub materials: String,
    pub technology: String,
    /// The yearly value that the producer aimed at, in VND.
    pub target_value: Vnd,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmittedDocument {
    pub id: DocumentId,
    pub kind: DocumentKind,
    pub number: Option<String>,
    pub issued_by: Option<String>,
    pub issued_on: Option<Day>,
    pub valid_until: Option<Day>,
    pub file_name: String,
    /// Of the file, lower-case hexadecimal.
    pub sha256: String,
}

impl Content {
    pub fn digest(&self) -> Result<Digest> {
        Digest::of("ocop-dossier", self)
    }
}
