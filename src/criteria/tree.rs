//! The tree of a criteria set: parts, groups, criteria and their options.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Points, Stars};
use crate::cycle::EditionCode;
use crate::page::texts::Sectors;
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
    /// The kinds of producers that are scored on the first of two alternative scales; without them all but households.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_case: Vec<ProducerKind>,
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
    Ornamental,
}

impl Sector {
    /// Whether its products are services: no samples go with their dossiers, and more kinds of producer may take part.
    pub fn is_service(self) -> bool {
        self == Self::Tourism
    }

    pub fn told(self, texts: &'static Sectors) -> &'static str {
        match self {
            Self::Food => texts.food,
            Self::Drink => texts.drink,
            Self::Herbal => texts.herbal,
            Self::Textile => texts.textile,
            Self::Craft => texts.craft,
            Self::Tourism => texts.tourism,
            Self::Ornamental => texts.ornamental,
        }
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
    /// A product that is given less than this option does not get so many stars, nor more (26/2026/QĐ-TTg, annex II).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>, minimum = 3, maximum = 5)]
    pub least_for_stars: Option<Stars>,
    /// Which of two alternative scales this option belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    pub case: Option<Case>,
}

/// An option below which a product does not get so many stars, nor more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeastOption {
    pub criterion: String,
    /// Its place in the set's list, beginning with 1.
    pub option: u16,
    pub points: Points,
    #[schema(value_type = i32)]
    pub stars: Stars,
}

/// One of two alternative scales: whom each is meant for, the set says (`first_case`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Case {
    First,
    Second,
}

impl TryFrom<u8> for Case {
    type Error = String;
    fn try_from(case: u8) -> std::result::Result<Self, String> {
        match case {
            1 => Ok(Self::First),
            2 => Ok(Self::Second),
            _ => Err(format!("expected the case 1 or 2, got {case}")),
        }
    }
}

impl From<Case> for u8 {
    fn from(case: Case) -> u8 {
        match case {
            Case::First => 1,
            Case::Second => 2,
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

    /// The least options of one scale, in the order of the set.
    pub fn least_options(&self, case: Case) -> Vec<LeastOption> {
        let of_criteria = self.criteria().flat_map(|criterion| {
            let own =
                (1u16..).zip(&criterion.options).filter(move |(_, choice)| choice.case.is_none_or(|own| own == case));
            own.filter_map(|(option, choice)| {
                let stars = choice.least_for_stars?;
                Some(LeastOption { criterion: criterion.code.clone(), option, points: choice.points, stars })
            })
        });
        of_criteria.collect()
    }

    /// Which scale of alternatives a producer is scored on.
    pub fn case_of(&self, kind: ProducerKind) -> Case {
        let is_first =
            if self.first_case.is_empty() { kind != ProducerKind::Household } else { self.first_case.contains(&kind) };
        if is_first { Case::First } else { Case::Second }
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
    /// Whether none of its options need be met on a scale: the lowest is a least option, so a product may fall short of it.
    pub fn may_be_unmet(&self, case: Case) -> bool {
        let own = self.options.iter().filter(|choice| choice.case.is_none_or(|own| own == case));
        own.min_by_key(|choice| choice.points)
            .is_some_and(|lowest| lowest.points > Points::ZERO && lowest.least_for_stars.is_some())
    }

    /// The option at a place, beginning with 1.
    pub fn choice(&self, place: u16) -> Option<&Choice> {
        self.options.get(usize::from(place).checked_sub(1)?)
    }
}
