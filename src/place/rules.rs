//! What a unit is, and the official list that ships with the service.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Level, Result, UnitCode};

/// The province of this service.
pub const PROVINCE: &str = "42";

/// The official units of the three periods: until 31 Dec 2024, until 30 Jun 2025, and since the districts ended.
const OFFICIAL: &str = include_str!("units.csv");

/// An administrative unit (đơn vị hành chính) with the meaning that its code has from `valid_from` to `valid_until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    pub code: UnitCode,
    pub valid_from: Day,
    /// The last day; null while it stands.
    pub valid_until: Option<Day>,
    pub level: Level,
    pub parent_code: Option<UnitCode>,
    pub name: String,
}

/// A commune and the district it lies in; since 1 Jul 2025 there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

/// The shipped list.
pub fn official() -> Result<Vec<Unit>> {
    let rows = csv::Reader::from_reader(OFFICIAL.as_bytes()).into_deserialize();
    rows.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("place/units.csv: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn on(day: &str, level: Level) -> Vec<Unit> {
        let day: Day = day.parse().unwrap();
        let valid = |unit: &Unit| unit.valid_from <= day && unit.valid_until.is_none_or(|until| day <= until);
        official().unwrap().into_iter().filter(|unit| unit.level == level && valid(unit)).collect()
    }

    #[test]
    fn the_three_periods_have_their_official_numbers() {
        for (day, districts, communes) in
            [("2024-12-31", 13, 216), ("2025-01-01", 12, 209), ("2025-06-30", 12, 209), ("2025-07-01", 0, 69)]
        {
            assert_eq!(on(day, Level::Province).len(), 1, "{day}");
            assert_eq!(on(day, Level::District).len(), districts, "{day}");
            assert_eq!(on(day, Level::Commune).len(), communes, "{day}");
        }
    }

    #[test]
    fn a_code_means_one_thing_on_a_day_and_its_parent_stands_on_that_day() {
        for day in ["2019-01-01", "2024-12-31", "2025-01-01", "2025-07-01", "2026-01-01"] {
            let units: Vec<Unit> = [Level::Province, Level::District, Level::Commune]
                .into_iter()
                .flat_map(|level| on(day, level))
                .collect();
            let codes: BTreeSet<_> = units.iter().map(|unit| &unit.code).collect();
            assert_eq!(codes.len(), units.len(), "{day}");
            for unit in &units {
                assert_eq!(unit.code.level(), unit.level);
                assert_eq!(unit.parent_code.is_none(), unit.level == Level::Province);
                assert!(unit.parent_code.iter().all(|parent| codes.contains(parent)), "{day} {}", unit.code);
            }
        }
    }
}
