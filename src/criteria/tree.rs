//! The tree of a criteria set: parts, groups, criteria and their options.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Points;
use crate::cycle::EditionCode;
use crate::producer::rules::ProducerKind;

/// A criteria set (bộ tiêu chí): the parts A, B and C of one kind of product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Lower case letters, digits and hyphens: `mat-ong`.
    pub code: String,
    pub edition: EditionCode,
    /// Counted by the service; an import gets the next one, whatever its file says.
    #[serde(default)]
    pub version: i32,
    /// Whether it has all points of its edition; an incomplete set cannot be scored with.
    pub complete: bool,
    pub title: String,
    pub title_en: String,
    pub sector: Sector,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub parts: Vec<Part>,
}

/// A group of products (nhóm sản phẩm).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sector {
    Food,
    Drink,
    Herbal,
    Textile,
    Craft,
    Tourism,
}

impl Sector {
    /// Whether its products are services: no samples go with their dossiers, and more kinds of producer may take part.
    pub fn is_service(self) -> bool {
        self == Self::Tourism
    }
}

/// A part (phần): A product and community, B marketing, C quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    pub groups: Vec<Group>,
}

/// A numbered group of criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    pub criteria: Vec<Criterion>,
}

/// A criterion (tiêu chí): exactly one of its options is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub max: Points,
    /// The heading that this criterion stands under; a heading has no points of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_title: Option<String>,
    /// Applies only where that criterion was given more than 0 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<String>,
    /// Whether the options are two scales, of which the producer's kind tells one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alternatives: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<JudgedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// An option is named by its place in this list, beginning with 1: points may repeat.
    pub options: Vec<Choice>,
}

/// One option of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub points: Points,
    pub label: String,
    /// Which of two alternative scales this option belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    pub case: Option<Case>,
}

/// For whom an alternative scale is meant: 1 for organisations, 2 for a household or single owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Case {
    Organisation,
    Household,
}

/// Which scale of alternatives a producer is scored on.
impl From<ProducerKind> for Case {
    fn from(kind: ProducerKind) -> Self {
        match kind {
            ProducerKind::Enterprise
            | ProducerKind::Cooperative
            | ProducerKind::CooperativeGroup
            | ProducerKind::Association
            | ProducerKind::OperatingCentre => Self::Organisation,
            ProducerKind::Household | ProducerKind::Farm => Self::Household,
        }
    }
}

impl TryFrom<u8> for Case {
    type Error = String;
    fn try_from(case: u8) -> std::result::Result<Self, String> {
        match case {
            1 => Ok(Self::Organisation),
            2 => Ok(Self::Household),
            _ => Err(format!("expected the case 1 or 2, got {case}")),
        }
    }
}

impl From<Case> for u8 {
    fn from(case: Case) -> u8 {
        match case {
            Case::Organisation => 1,
            Case::Household => 2,
        }
    }
}

/// What ends an evaluation, which is not the same as 0 points (điều kiện loại).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub kind: GateKind,
    pub ground: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GateKind {
    /// The product is disqualified (bị loại).
    Reject,
    /// Nothing after it is scored (dừng đánh giá).
    Stop,
}

/// What a mark rests on: a paper of the dossier, or what the members see and taste at the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    Document,
    Session,
}

impl Set {
    /// The criteria in the order of the set.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.parts.iter().flat_map(Part::criteria)
    }

    pub fn criterion(&self, code: &str) -> Option<&Criterion> {
        self.criteria().find(|criterion| criterion.code == code)
    }
}

impl Part {
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.groups.iter().flat_map(|group| group.criteria.iter())
    }
}

impl Criterion {
    /// The option at a place, beginning with 1.
    pub fn choice(&self, place: u16) -> Option<&Choice> {
        self.options.get(usize::from(place).checked_sub(1)?)
    }
}
