//! Points (điểm) and the exact mean of a council.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whole points of a criterion or of a sheet, 0 to 100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i32", into = "i32")]
#[schema(value_type = i32, minimum = 0, maximum = 100)]
pub struct Points(i32);

impl Points {
    pub const ZERO: Self = Self(0);

    pub fn new(points: i32) -> Option<Self> {
        (0..=100).contains(&points).then_some(Self(points))
    }

    pub fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i32> for Points {
    type Error = String;
    fn try_from(points: i32) -> Result<Self, String> {
        Self::new(points).ok_or_else(|| format!("expected 0 to 100 points, got {points}"))
    }
}

impl AsRef<i32> for Points {
    fn as_ref(&self) -> &i32 {
        &self.0
    }
}

impl From<Points> for i32 {
    fn from(points: Points) -> i32 {
        points.get()
    }
}

/// Stars (sao), one to five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i32", into = "i32")]
#[schema(value_type = i32, minimum = 1, maximum = 5)]
pub struct Stars(i32);

impl Stars {
    pub fn new(stars: i32) -> Option<Self> {
        (1..=5).contains(&stars).then_some(Self(stars))
    }

    pub fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i32> for Stars {
    type Error = String;
    fn try_from(stars: i32) -> Result<Self, String> {
        Self::new(stars).ok_or_else(|| format!("expected 1 to 5 stars, got {stars}"))
    }
}

impl std::str::FromStr for Stars {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let stars: i32 = text.parse().map_err(|_| format!("expected 1 to 5 stars, got {text:?}"))?;
        Self::try_from(stars)
    }
}

impl From<Stars> for i32 {
    fn from(stars: Stars) -> i32 {
        stars.0
    }
}

impl AsRef<i32> for Stars {
    fn as_ref(&self) -> &i32 {
        &self.0
    }
}

/// The mean of a council: the exact fraction `sum / sheets`, never rounded when compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean {
    sum: i64,
    sheets: i64,
}

impl Mean {
    /// None where there is no sheet, which has no mean.
    pub fn new(sum: i64, sheets: i64) -> Option<Self> {
        (sheets > 0 && sum >= 0).then_some(Self { sum, sheets })
    }

    pub fn of(totals: &[Points]) -> Option<Self> {
        let sheets = i64::try_from(totals.len()).ok()?;
        Self::new(totals.iter().map(|points| i64::from(points.get())).sum(), sheets)
    }

    /// Whether the mean is at least `points`, as fractions.
    pub fn reaches(self, points: Points) -> bool {
        self.compare(points) != Ordering::Less
    }

    /// What the mean lacks to `points`, rounded up to two decimals; None where it reaches them.
    pub fn lacking(self, points: Points) -> Option<String> {
        let missing = i64::from(points.get()) * self.sheets - self.sum;
        let hundredths = (missing * 100 + self.sheets - 1) / self.sheets;
        (missing > 0).then(|| format!("{}.{:02}", hundredths / 100, hundredths % 100))
    }

    pub fn compare(self, points: Points) -> Ordering {
        self.sum.cmp(&(i64::from(points.get()) * self.sheets))
    }
}

/// Truncated to two decimals, so that no mean is shown above what it is: 399 over 8 shows 49.87.
impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.sum * 100 / self.sheets;
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(points: i32) -> Points {
        Points::new(points).unwrap()
    }

    #[test]
    fn a_mean_just_below_the_threshold_stays_below_and_is_shown_below() {
        let mean = Mean::new(399, 8).unwrap();
        assert!(!mean.reaches(points(50)));
        assert_eq!(mean.to_string(), "49.87");
        assert!(Mean::new(400, 8).unwrap().reaches(points(50)));
        let close = Mean::new(9999, 200).unwrap();
        assert!(!close.reaches(points(50)));
        assert_eq!(close.to_string(), "49.99");
    }

    #[test]
    fn no_sheets_have_no_mean() {
        assert_eq!(Mean::of(&[]), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_never_exceeds_what_is(totals in prop::collection::vec(0..=100i32, 1..40), threshold in 0..=100i32) {
            let totals: Vec<Points> = totals.into_iter().map(points).collect();
            let mean = Mean::of(&totals).unwrap();
            let sum: i64 = totals.iter().map(|total| i64::from(total.get())).sum();
            let sheets = i64::try_from(totals.len()).unwrap();
            prop_assert_eq!(mean.reaches(points(threshold)), sum >= i64::from(threshold) * sheets);
            let shown: Vec<i64> = mean.to_string().split('.').map(|part| part.parse().unwrap()).collect();
            let hundredths = shown[0] * 100 + shown[1];
            prop_assert!(hundredths * sheets <= sum * 100 && sum * 100 < (hundredths + 1) * sheets);
        }
    }
}
