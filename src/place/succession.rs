//! What became of a commune: which communes of a later day stand on its ground.
//!
//! `successors.csv` names the communes of 1 July 2025 and what each was formed from (Nghị quyết 1665/NQ-UBTVQH15); "Xã Cổ
//! Đạm" there is the unit 18391, which the list of 2024 spells "Xã Cỗ Đạm". Of the reform of 1 January 2025 no list was
//! found: a code that is still a commune goes on, and what became of the seven that ended then is not known here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::base::{Day, Error, Level, Result, UnitCode};
use crate::place::rules::{Place, Unit};

const RECORDED: &str = include_str!("successors.csv");

/// One successor of a commune; a commune that was split has several.
#[derive(Debug, Clone, Deserialize)]
pub struct Succession {
    pub code: UnitCode,
    /// The last day on which `code` had its old meaning.
    pub until: Day,
    pub successor: UnitCode,
}

/// The shipped list.
pub fn recorded() -> Result<Vec<Succession>> {
    let rows = csv::Reader::from_reader(RECORDED.as_bytes()).into_deserialize();
    rows.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("place/successors.csv: {error}")))
}

/// The communes of all periods and how they follow one another.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    communes: BTreeMap<UnitCode, Vec<Unit>>,
    recorded: BTreeMap<(UnitCode, Day), Vec<UnitCode>>,
}

impl Lineage {
    pub fn new(units: Vec<Unit>, recorded: Vec<Succession>) -> Self {
        let mut lineage = Self::default();
        for unit in units.into_iter().filter(|unit| unit.level == Level::Commune) {
            lineage.communes.entry(unit.code.clone()).or_default().push(unit);
        }
        for Succession { code, until, successor } in recorded {
            lineage.recorded.entry((code, until)).or_default().push(successor);
        }
        lineage
    }

    /// The communes of `day` that stand where a place was; none where that is not known.
    pub fn became(&self, place: &Place, day: Day) -> BTreeSet<UnitCode> {
        let mut found = BTreeSet::new();
        let Some(start) = self.meant(place, day) else { return found };
        let mut waiting = vec![start];
        while let Some(unit) = waiting.pop() {
            let Some(until) = unit.valid_until.filter(|until| *until < day) else {
                found.insert(unit.code.clone());
                continue;
            };
            let own = [unit.code.clone()];
            let next = self.recorded.get(&(unit.code.clone(), until)).map_or(&own[..], Vec::as_slice);
            waiting.extend(next.iter().filter_map(|code| self.on(code, until.plus_days(1))));
        }
        found
    }

    /// The latest commune until `day` that had the place's code and lay in its district.
    fn meant(&self, place: &Place, day: Day) -> Option<&Unit> {
        let units = self.communes.get(&place.commune)?.iter();
        let district = |unit: &Unit| unit.parent_code.clone().filter(|parent| parent.level() == Level::District);
        units
            .filter(|unit| unit.valid_from <= day && district(unit) == place.district)
            .max_by_key(|unit| unit.valid_from)
    }

    fn on(&self, code: &UnitCode, day: Day) -> Option<&Unit> {
        let stands = |unit: &&Unit| unit.valid_from <= day && unit.valid_until.is_none_or(|until| day <= until);
        self.communes.get(code)?.iter().find(stands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::rules::official;

    fn lineage() -> Lineage {
        Lineage::new(official().unwrap(), recorded().unwrap())
    }

    fn became(commune: &str, district: &str, day: &str) -> Vec<String> {
        let place = Place { commune: commune.parse().unwrap(), district: Some(district.parse().unwrap()) };
        lineage().became(&place, day.parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_commune_of_june_2025_has_a_successor_that_stands_in_july() {
        let (before, after): (Day, Day) = ("2025-06-30".parse().unwrap(), "2025-07-01".parse().unwrap());
        let lineage = lineage();
        let codes: Vec<UnitCode> = lineage.communes.keys().cloned().collect();
        let old: BTreeSet<_> = codes.iter().filter(|code| lineage.on(code, before).is_some()).collect();
        let recorded = recorded().unwrap();
        assert!(recorded.iter().all(|row| row.until == before && lineage.on(&row.successor, after).is_some()));
        assert_eq!(recorded.iter().map(|row| &row.code).collect::<BTreeSet<_>>(), old);
        // All codes of 2025 existed before, and each stands on its own old ground among others.
        let new: BTreeSet<_> = codes.iter().filter(|code| lineage.on(code, after).is_some()).collect();
        assert_eq!(new.len(), 69);
        assert!(new.iter().all(|code| recorded.iter().any(|row| row.code == **code && row.successor == **code)));
    }

    #[test]
    fn a_place_is_followed_through_both_reforms() {
        assert_eq!(became("18196", "439", "2024-06-01"), ["18196"]);
        assert_eq!(became("18196", "439", "2025-08-01"), ["18196"]);
        // Thạch Khê lay in Thạch Hà, then in the city, and is a commune again.
        assert_eq!(became("18604", "445", "2025-03-01"), ["18604"]);
        assert_eq!(became("18604", "445", "2025-08-01"), ["18604"]);
        // The commune Thạch Hải, moved to the city, merged into Thạch Khê.
        assert_eq!(became("18571", "445", "2025-08-01"), ["18604"]);
        // Two were split.
        assert_eq!(became("18082", "436", "2025-08-01"), ["18073", "18652"]);
        assert_eq!(became("18796", "449", "2025-08-01").len(), 3);
        // What became of the ward Bắc Hà at the end of 2024 is in no list.
        assert_eq!(became("18076", "436", "2025-08-01"), Vec::<String>::new());
        // A place that never was.
        assert_eq!(became("18196", "440", "2025-08-01"), Vec::<String>::new());
    }
}
