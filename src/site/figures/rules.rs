//! Which of a report's figures the public is shown, and in which order.

use std::collections::BTreeSet;

use crate::base::{Level, Stars, UnitCode, text};
use crate::cycle::Edition;
use crate::report::figures::{ByStars, Figures, UnitFigures};
use crate::report::years::YearFigures;

/// More bars than these are not read by anybody: the last one stands for the rest.
pub const MOST_UNITS: usize = 15;

/// Whether there is anything to show of a cycle.
pub fn has_figures(figures: &Figures) -> bool {
    figures.ideas.registered > 0 || figures.plans.approved > 0 || figures.products.certified > 0
}

/// What a unit's producers made that was ever certified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Still valid on the day.
    pub valid: usize,
    /// Expired or revoked.
    pub ended: usize,
}

impl Share {
    pub fn certified(self) -> usize {
        self.valid.saturating_add(self.ended)
    }

    fn and(self, other: Self) -> Self {
        Self { valid: self.valid.saturating_add(other.valid), ended: self.ended.saturating_add(other.ended) }
    }
}

/// The units of a report, most valid products first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    pub named: Vec<(String, Share)>,
    /// How many more there are, and what they have together.
    pub others: Option<(usize, Share)>,
}

impl Units {
    pub fn total(&self) -> Share {
        let named = self.named.iter().fold(Share::default(), |sum, (_, share)| sum.and(*share));
        self.others.map_or(named, |(_, others)| named.and(others))
    }
}

/// The shares by unit. Districts are few and are told also where they have nothing; communes, which stand for themselves
/// where there is no district, only with something.
pub fn units(by_unit: &[UnitFigures], name: impl Fn(&UnitCode) -> String) -> Units {
    let share = |unit: &UnitFigures| {
        let cumulative = &unit.figures.cumulative;
        Share { valid: cumulative.valid, ended: cumulative.certified.saturating_sub(cumulative.valid) }
    };
    let mut named: Vec<(String, Share)> = by_unit
        .iter()
        .map(|unit| (unit, share(unit)))
        .filter(|(unit, share)| unit.unit_code.level() != Level::Commune || share.certified() > 0)
        .map(|(unit, share)| (name(&unit.unit_code), share))
        .collect();
    named.sort_by_cached_key(|(name, share)| {
        (std::cmp::Reverse((share.valid, share.certified())), text::fold(name), name.clone())
    });
    if named.len() <= MOST_UNITS {
        return Units { named, others: None };
    }
    let rest = named.split_off(MOST_UNITS - 1);
    let sum = rest.iter().fold(Share::default(), |sum, (_, share)| sum.and(*share));
    Units { named, others: Some((rest.len(), sum)) }
}

/// The stars that certificates can have under these editions, the fewest first.
pub fn awarded(editions: &[Edition]) -> Vec<Stars> {
    let of = |edition: &Edition| {
        let lowest = edition.lowest_recognised();
        let stars = edition.bands.iter().map(|band| band.stars);
        stars.filter(|stars| lowest.is_some_and(|lowest| lowest <= *stars)).collect::<Vec<_>>()
    };
    editions.iter().flat_map(of).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A count for each number of stars.
pub fn by_stars(counts: &ByStars, awarded: &[Stars]) -> Vec<usize> {
    awarded.iter().map(|stars| counts.get(&stars.get().to_string()).copied().unwrap_or(0)).collect()
}

/// The years from the first one on in which anything was certified, so that years in between without any are seen.
pub fn years(figures: Vec<YearFigures>) -> Vec<YearFigures> {
    let is_empty = |year: &YearFigures| year.by_stars.is_empty() && year.later == 0;
    let mut figures = figures;
    figures.sort_by_key(|figures| figures.year);
    let first = figures.iter().position(|year| !is_empty(year)).unwrap_or(figures.len());
    figures.split_off(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use crate::cycle::EditionCode;
    use crate::report::facts::Facts;
    use crate::report::rules::report;
    use proptest::prelude::*;

    fn unit(code: &str, valid: usize, certified: usize) -> UnitFigures {
        let edition = EditionCode::Of2019.edition().unwrap();
        let none = report(Facts::default(), &edition, 2020, "2020-12-31".parse().unwrap(), &[1], &[]).unwrap();
        let mut figures = none.figures;
        (figures.cumulative.valid, figures.cumulative.certified) = (valid, certified);
        UnitFigures { unit_code: code.parse().unwrap(), figures }
    }

    fn names(units: &Units) -> Vec<&str> {
        units.named.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn districts_are_told_with_nothing_and_communes_are_not() {
        let known: BTreeMap<UnitCode, String> = BTreeMap::from([
            ("439".parse().unwrap(), "Huyện Hương Sơn".to_owned()),
            ("440".parse().unwrap(), "Huyện Đức Thọ".to_owned()),
            ("18196".parse().unwrap(), "Xã Sơn Kim 1".to_owned()),
        ]);
        let figures = [unit("439", 0, 0), unit("440", 2, 3), unit("18196", 0, 0), unit("18199", 2, 2)];
        let told = units(&figures, |code| known.get(code).cloned().unwrap_or_else(|| code.to_string()));
        assert_eq!(names(&told), ["Huyện Đức Thọ", "18199", "Huyện Hương Sơn"]);
        assert_eq!(told.named[0].1, Share { valid: 2, ended: 1 });
        assert_eq!(told.others, None);
        assert_eq!(units(&[], UnitCode::to_string), Units::default());
    }

    #[test]
    fn a_count_stands_for_each_number_of_stars_that_can_be_had() {
        let editions = [EditionCode::Of2019.edition().unwrap(), EditionCode::Of2025.edition().unwrap()];
        let awarded = awarded(&editions);
        assert_eq!(awarded.iter().map(|stars| stars.get()).collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!(by_stars(&ByStars::from([("4".into(), 7)]), &awarded), [0, 7, 0]);
    }

    #[test]
    fn years_begin_with_the_first_that_certified_and_keep_the_gaps() {
        let year = |year, count| YearFigures {
            year,
            by_stars: (count > 0).then(|| ("3".to_owned(), count)).into_iter().collect(),
            later: 0,
        };
        let told = years(vec![year(2022, 4), year(2021, 0), year(2020, 2), year(2019, 0)]);
        assert_eq!(told.iter().map(|figures| figures.year).collect::<Vec<_>>(), [2020, 2021, 2022]);
        assert!(years(vec![year(2019, 0)]).is_empty());
        assert!(years(Vec::new()).is_empty());
    }

    proptest! {
        /// However many units there are, nothing is lost and no more bars are drawn than are read.
        #[test]
        fn the_rest_is_one_bar_and_nothing_is_lost(counts in prop::collection::vec((0usize..5, 0usize..3), 0..40)) {
            let figures: Vec<UnitFigures> = counts
                .iter()
                .enumerate()
                .map(|(place, (valid, ended))| unit(&format!("{}", 18000 + place), *valid, valid + ended))
                .collect();
            let told = units(&figures, UnitCode::to_string);
            let rows = told.named.len() + usize::from(told.others.is_some());
            prop_assert!(rows <= MOST_UNITS);
            let sum = |part: fn(&(usize, usize)) -> usize| counts.iter().map(part).sum::<usize>();
            prop_assert_eq!(told.total(), Share { valid: sum(|count| count.0), ended: sum(|count| count.1) });
            prop_assert!(told.named.iter().is_sorted_by(|a, b| a.1.valid >= b.1.valid));
            if let Some((count, others)) = told.others {
                prop_assert!(count > 1);
                prop_assert!(others.valid <= count * told.named.last().unwrap().1.valid);
            }
        }
    }
}
