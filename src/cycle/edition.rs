//! Editions of the procedure: what an act sets, as data. Nothing of it is a constant elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Error, Level, Mean, Points, Result, Stars};

/// The editions that the service knows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
pub enum EditionCode {
    /// 1048/QĐ-TTg (2019), amended by 781/QĐ-TTg (2020).
    #[serde(rename = "1048-2019")]
    #[strum(serialize = "1048-2019")]
    Of2019,
    /// 148/QĐ-TTg (2023).
    #[serde(rename = "148-2023")]
    #[strum(serialize = "148-2023")]
    Of2023,
    /// 148/QĐ-TTg as amended by 1489/QĐ-TTg (2025), without districts.
    #[serde(rename = "1489-2025")]
    #[strum(serialize = "1489-2025")]
    Of2025,
}

/// What one edition of the procedure sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub code: EditionCode,
    /// The acts it comes from.
    pub act: String,
    /// The most points of each part (A, B, C) of a criteria set.
    #[schema(value_type = std::collections::HashMap<String, i32>)]
    pub weights: BTreeMap<String, Points>,
    /// Half-open bands of the mean, from the lowest up.
    pub bands: Vec<Band>,
    /// The councils that score, in their order.
    pub stages: Vec<Stage>,
    /// How long a certificate is valid, from its issue.
    pub certificate_months: u32,
}

/// Means from `from` up to the next band have these stars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub from: Points,
    pub stars: Stars,
}

/// A council's part (hội đồng cấp huyện, cấp tỉnh).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub level: Level,
    /// A mean from here on goes up to the next stage; after the last one it is proposed to the centre.
    pub sends_up_at: Points,
    /// The stars that this stage recognises itself.
    pub recognises: Vec<Stars>,
}

impl EditionCode {
    /// The edition's data.
    pub fn edition(self) -> Result<Edition> {
        let editions: Vec<Edition> = serde_json::from_str(include_str!("editions.json"))
            .map_err(|error| Error::internal(format!("cycle/editions.json: {error}")))?;
        editions
            .into_iter()
            .find(|edition| edition.code == self)
            .ok_or_else(|| Error::internal(format!("cycle/editions.json lacks {}", self.as_ref())))
    }
}

impl Edition {
    /// The stars of a mean: the highest band that it reaches.
    pub fn stars(&self, mean: Mean) -> Result<Stars> {
        self.bands
            .iter()
            .rev()
            .find(|band| mean.reaches(band.from))
            .map(|band| band.stars)
            .ok_or_else(|| Error::internal(format!("{} has no band for {mean}", self.code.as_ref())))
    }

    /// The stage of a level, if its councils score in this edition.
    pub fn stage(&self, level: Level) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.level == level)
    }

    /// Whether another council scores after this level.
    pub fn is_last(&self, level: Level) -> bool {
        self.stages.last().is_some_and(|stage| stage.level == level)
    }

    /// Whether this level's council is the first to score.
    pub fn is_first(&self, level: Level) -> bool {
        self.stages.first().is_some_and(|stage| stage.level == level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_edition_is_on_file_and_adds_up() {
        for code in EditionCode::iter() {
            let edition = code.edition().unwrap();
            assert_eq!(edition.weights.values().map(|points| points.get()).sum::<i32>(), 100);
            assert!(edition.bands.windows(2).all(|pair| pair[0].from < pair[1].from && pair[0].stars < pair[1].stars));
            assert_eq!(edition.bands[0].from, Points::ZERO);
            assert!(edition.is_last(Level::Province));
        }
    }

    #[test]
    fn bands_are_half_open_and_no_mean_is_rounded_up() {
        let edition = EditionCode::Of2019.edition().unwrap();
        let stars = |sum, sheets| edition.stars(Mean::new(sum, sheets).unwrap()).unwrap().get();
        assert_eq!(stars(0, 1), 1);
        assert_eq!(stars(2999, 100), 1);
        assert_eq!(stars(30, 1), 2);
        assert_eq!(stars(399, 8), 2);
        assert_eq!(stars(400, 8), 3);
        assert_eq!(stars(139, 2), 3);
        assert_eq!(stars(70, 1), 4);
        assert_eq!(stars(179, 2), 4);
        assert_eq!(stars(90, 1), 5);
        assert_eq!(stars(100, 1), 5);
    }
}
