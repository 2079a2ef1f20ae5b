//! What places are called: today, and by all names that people still know.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Day, Level, UnitCode};
use crate::place::rules::{PROVINCE, Unit};

/// Places by code, with what each code meant at some time.
#[derive(Debug, Clone, Default)]
pub struct Places {
    units: BTreeMap<UnitCode, Vec<Unit>>,
}

impl Places {
    /// Of the units of all periods.
    pub fn new(all: Vec<Unit>) -> Self {
        let mut units: BTreeMap<UnitCode, Vec<Unit>> = BTreeMap::new();
        for unit in all {
            units.entry(unit.code.clone()).or_default().push(unit);
        }
        units.values_mut().for_each(|named| named.sort_by_key(|unit| unit.valid_from));
        Self { units }
    }

    /// What the code means on the day; none where it means nothing then.
    pub fn unit(&self, code: &UnitCode, day: Day) -> Option<&Unit> {
        let on = |unit: &&Unit| unit.valid_from <= day && unit.valid_until.is_none_or(|until| day <= until);
        self.units.get(code)?.iter().find(on)
    }

    /// What the code meant last.
    pub fn last(&self, code: &UnitCode) -> Option<&Unit> {
        self.units.get(code)?.last()
    }

    /// What the code is called on the day, or was called last; the code itself where it never meant anything.
    pub fn name(&self, code: &UnitCode, day: Day) -> String {
        self.unit(code, day).or_else(|| self.last(code)).map_or_else(|| code.to_string(), |unit| unit.name.clone())
    }

    /// What the province is called on the day.
    pub fn province(&self, day: Day) -> String {
        let code = self.units.keys().find(|code| code.as_str() == PROVINCE);
        code.map_or_else(|| PROVINCE.to_owned(), |code| self.name(code, day))
    }

    /// The commune and its district, as an address has them.
    pub fn address(&self, commune: &UnitCode, district: Option<&UnitCode>, day: Day) -> String {
        let named = [Some(commune), district].into_iter().flatten().map(|code| self.name(code, day));
        named.collect::<Vec<_>>().join(", ")
    }

    /// All names that a commune and its district have or had, and those of the districts that it lay in.
    pub fn names(&self, commune: &UnitCode, district: Option<&UnitCode>) -> BTreeSet<&str> {
        let of = |code: &UnitCode| self.units.get(code).into_iter().flatten();
        let parents = of(commune).filter_map(|unit| unit.parent_code.as_ref());
        let districts = parents.chain(district).filter(|code| code.level() == Level::District);
        of(commune).chain(districts.flat_map(of)).map(|unit| unit.name.as_str()).collect()
    }

    /// The communes and districts of whose places one of the names is a wanted one.
    pub fn codes(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<UnitCode> {
        let names = |code: &UnitCode| self.names(code, (code.level() == Level::District).then_some(code));
        self.units.keys().filter(|code| names(code).into_iter().any(&is_wanted)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::rules::official;

    fn code(code: &str) -> UnitCode {
        code.parse().unwrap()
    }

    #[test]
    fn a_place_is_known_by_its_former_names_too() {
        let places = Places::new(official().unwrap());
        let day = |text: &str| -> Day { text.parse().unwrap() };
        assert_eq!(places.name(&code("440"), day("2021-01-01")), "Huyện Đức Thọ");
        // Districts ended; what they were called last is still what people call them.
        assert_eq!(places.name(&code("440"), day("2026-01-01")), "Huyện Đức Thọ");
        assert_eq!(places.name(&code("99999"), day("2026-01-01")), "99999");
        assert_eq!(places.province(day("2021-01-01")), "Tỉnh Hà Tĩnh");
        let names = places.names(&code("18235"), None);
        assert!(names.contains("Huyện Đức Thọ"), "{names:?}");
        let codes = places.codes(|name| name == "Huyện Đức Thọ");
        assert!(codes.contains(&code("440")) && codes.contains(&code("18235")), "{codes:?}");
        assert!(!codes.contains(&code("42")), "{codes:?}");
    }
}
