//! Marks that a producer's own data already tell, as data of an edition.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::producer::rules::Sex;
use crate::producer::{Producer, ProducerKind};

/// An option that is known for some producers, as the kind of their organisation (criteria 3.1 and 3.2 of
/// 26/2026/QĐ-TTg, annex II). What the data do not tell, as the share of local capital or a disability, is left to who marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownMark {
    pub criterion: String,
    /// The place of the option in the criterion's list, beginning with 1.
    pub option: u16,
    pub of: KnownBy,
}

/// What makes it known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// The producer is of one of these kinds.
    Kinds(Vec<ProducerKind>),
    /// Its legal representative is a woman or of an ethnic minority.
    WomanOrMinority,
}

/// The majority people, in the spelling of forms and folded.
const MAJORITY: &str = "kinh";

impl KnownMark {
    pub fn is_of(&self, producer: &Producer) -> bool {
        match &self.of {
            KnownBy::Kinds(kinds) => kinds.contains(&producer.kind),
            KnownBy::WomanOrMinority => {
                let ethnicity = producer.representative_ethnicity.as_deref().map(crate::base::text::fold);
                producer.representative_sex == Some(Sex::Female)
                    || ethnicity.is_some_and(|ethnicity| !ethnicity.is_empty() && ethnicity != MAJORITY)
            }
        }
    }
}
