//! Which stars are left of a mean where conditions or least options are lacking: the highest whose own conditions and least
//! options and those of all lower stars are met.

use std::collections::BTreeMap;

use crate::base::{Day, Error, Level, Result, Stars};
use crate::criteria::LeastOption;
use crate::cycle::{Condition, Edition};
use crate::files::DocumentKind;
use crate::product::attachment_store::Document;
use crate::rating::result::rules::{Outcome, Verdict, mean, rated};

/// A document of the product, as far as a condition asks for it.
#[derive(Debug, Clone)]
pub struct Paper {
    pub kind: DocumentKind,
    pub issued_on: Option<Day>,
    pub valid_until: Option<Day>,
}

impl From<&Document> for Paper {
    fn from(document: &Document) -> Self {
        Self { kind: document.kind, issued_on: document.issued_on, valid_until: document.valid_until }
    }
}

/// What is known of a product on the day of the conclusion.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// Every document on record for the product.
    pub papers: &'a [Paper],
    pub figures: &'a BTreeMap<String, i64>,
    pub on: Day,
}

impl Known<'_> {
    pub fn meets(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Document { document, in_force, .. } => {
                self.papers.iter().any(|paper| paper.kind == *document && (!in_force || self.is_in_force(paper)))
            }
            Condition::Number { name, at_least, .. } => self.figures.get(name).is_some_and(|figure| figure >= at_least),
        }
    }

    fn is_in_force(&self, paper: &Paper) -> bool {
        paper.issued_on.is_none_or(|day| day <= self.on) && paper.valid_until.is_none_or(|day| self.on <= day)
    }
}

/// The verdict after conditions and least options, and the conditions that were lacking. They bind where stars are given:
/// what goes up to the next council, and what failed, has none yet.
pub fn apply(
    edition: &Edition,
    level: Level,
    verdict: Verdict,
    conditions: &[Condition],
    known: &Known,
    unmet_options: &[LeastOption],
) -> Result<(Verdict, Vec<Condition>)> {
    if !matches!(verdict.outcome, Outcome::Rated | Outcome::ProposedToCentre) {
        return Ok((verdict, Vec::new()));
    }
    let mean = mean(verdict.sum, verdict.sheets).ok_or_else(|| Error::internal("stars without sheets"))?;
    let earned = edition.stars(mean)?;
    let asked = conditions.iter().filter(|condition| condition.stars() <= earned);
    let unmet: Vec<Condition> = asked.filter(|condition| !known.meets(condition)).cloned().collect();
    let by_options = unmet_options.iter().map(|least| least.stars).filter(|stars| *stars <= earned).min();
    let by_conditions = unmet.iter().map(Condition::stars).min();
    let Some(lowest) = by_options.into_iter().chain(by_conditions).min() else { return Ok((verdict, unmet)) };
    let left = Stars::new(lowest.get().saturating_sub(1));
    let (outcome, stars) = match left.map(|left| rated(edition, level, left)) {
        Some((Outcome::Rated, stars)) => (Outcome::Rated, stars),
        _ if by_options == Some(lowest) => (Outcome::LeastOptionsUnmet, None),
        _ => (Outcome::BelowThreshold, None),
    };
    Ok((Verdict { outcome, stars, ..verdict }, unmet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Points;
    use crate::cycle::EditionCode;
    use crate::rating::result::rules::conclude;
    use crate::rating::sheet::Vote;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn document(stars: i32, document: DocumentKind) -> Condition {
        Condition::Document { stars: Stars::new(stars).unwrap(), document, in_force: true }
    }

    fn output(stars: i32, at_least: i64) -> Condition {
        let stars = Stars::new(stars).unwrap();
        Condition::Number { stars, name: "yearly_output".into(), at_least, unit: "kg".into() }
    }

    fn paper(kind: DocumentKind, valid_until: Option<&str>) -> Paper {
        Paper { kind, issued_on: None, valid_until: valid_until.map(day) }
    }

    fn concluded(
        code: EditionCode,
        level: Level,
        total: i32,
        conditions: &[Condition],
        papers: &[Paper],
        figures: &[(&str, i64)],
    ) -> (Outcome, Option<i32>, usize) {
        let edition = code.edition().unwrap();
        let verdict = conclude(&edition, level, &[Vote::Scored(Points::new(total).unwrap()); 3]).unwrap();
        let figures = figures.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
        let known = Known { papers, figures: &figures, on: day("2021-06-01") };
        let (verdict, unmet) = apply(&edition, level, verdict, conditions, &known, &[]).unwrap();
        (verdict.outcome, verdict.stars.map(Stars::get), unmet.len())
    }

    #[test]
    fn a_product_gets_the_highest_stars_whose_conditions_it_meets() {
        use DocumentKind::{FoodSafetyCertificate, QualityManagement};
        use EditionCode::{Of2019, Of2023};
        let conditions = [document(3, FoodSafetyCertificate), document(4, QualityManagement), output(5, 1000)];
        let food = paper(FoodSafetyCertificate, Some("2021-06-01"));
        let quality = paper(QualityManagement, None);
        let all = [food.clone(), quality.clone()];
        let at = |code, total, papers: &[Paper], figures: &[(&str, i64)]| {
            concluded(code, Level::Province, total, &conditions, papers, figures)
        };
        assert_eq!(at(Of2019, 75, &all, &[]), (Outcome::Rated, Some(4), 0));
        assert_eq!(at(Of2019, 75, std::slice::from_ref(&food), &[]), (Outcome::Rated, Some(3), 1));
        // The third star's condition binds the fourth too.
        assert_eq!(at(Of2019, 75, &[quality], &[]), (Outcome::BelowThreshold, None, 1));
        assert_eq!(at(Of2019, 75, &[], &[]), (Outcome::BelowThreshold, None, 2));
        assert_eq!(at(Of2019, 55, std::slice::from_ref(&food), &[]), (Outcome::Rated, Some(3), 0));
        assert_eq!(at(Of2019, 95, &all, &[("yearly_output", 1000)]), (Outcome::ProposedToCentre, Some(4), 0));
        assert_eq!(at(Of2019, 95, &all, &[("yearly_output", 999)]), (Outcome::Rated, Some(4), 1));
        assert_eq!(at(Of2019, 95, std::slice::from_ref(&food), &[]), (Outcome::Rated, Some(3), 2));
        assert_eq!(at(Of2019, 45, &[], &[]), (Outcome::BelowThreshold, None, 0));
        // What the province leaves at 3 stars is the district's to recognise.
        assert_eq!(at(Of2023, 75, &[food], &[]), (Outcome::Rated, Some(3), 1));
        // What goes up has no stars yet.
        let up = concluded(Of2023, Level::District, 75, &conditions, &[], &[]);
        assert_eq!(up, (Outcome::Forwarded, None, 0));
    }

    #[test]
    fn a_product_falls_to_the_stars_whose_least_options_it_meets() {
        let edition = EditionCode::Of2026.edition().unwrap();
        let at = |total: i32, unmet: &[i32]| {
            let votes = [Vote::Scored(Points::new(total).unwrap()); 7];
            let verdict = conclude(&edition, Level::Province, &votes).unwrap();
            let unmet: Vec<LeastOption> = unmet
                .iter()
                .map(|stars| LeastOption {
                    criterion: "1.1".into(),
                    option: 1,
                    points: Points::new(1).unwrap(),
                    stars: Stars::new(*stars).unwrap(),
                })
                .collect();
            let known = Known { papers: &[], figures: &BTreeMap::new(), on: day("2026-09-15") };
            let (verdict, _) = apply(&edition, Level::Province, verdict, &[], &known, &unmet).unwrap();
            (verdict.outcome, verdict.stars.map(Stars::get))
        };
        assert_eq!(at(95, &[]), (Outcome::ProposedToCentre, None));
        assert_eq!(at(95, &[5]), (Outcome::Rated, Some(4)));
        assert_eq!(at(95, &[5, 4]), (Outcome::Rated, Some(3)));
        assert_eq!(at(95, &[4]), (Outcome::Rated, Some(3)));
        assert_eq!(at(72, &[3]), (Outcome::LeastOptionsUnmet, None));
        assert_eq!(at(72, &[5]), (Outcome::Rated, Some(4)));
        assert_eq!(at(49, &[3]), (Outcome::BelowThreshold, None));
    }

    #[test]
    fn a_document_counts_from_its_issue_through_its_last_day() {
        let kind = DocumentKind::Award;
        let met = |issued_on: Option<&str>, valid_until: Option<&str>| {
            let paper = Paper { issued_on: issued_on.map(day), ..paper(kind, valid_until) };
            let known = Known { papers: &[paper], figures: &BTreeMap::new(), on: day("2021-06-01") };
            (
                known.meets(&document(3, kind)),
                known.meets(&Condition::Document { stars: Stars::new(3).unwrap(), document: kind, in_force: false }),
            )
        };
        assert_eq!(met(None, None), (true, true));
        assert_eq!(met(None, Some("2021-06-01")), (true, true));
        assert_eq!(met(None, Some("2021-05-31")), (false, true));
        assert_eq!(met(Some("2021-06-02"), None), (false, true));
    }

    proptest! {
        #[test]
        fn adding_a_document_or_a_figure_never_lowers_the_stars(
            total in 0..=100i32,
            asked in prop::collection::vec((1..=5i32, 0..3usize, prop::bool::ANY, 1..100i64), 0..6),
            held in prop::collection::vec((0..3usize, 0..3usize), 0..4),
            more in (0..3usize, 0..3usize), output_before in 0..100i64, output_more in 0..100i64,
        ) {
            let kinds = [DocumentKind::Award, DocumentKind::Story, DocumentKind::Environment];
            let ends = [None, Some("2021-05-31"), Some("2021-06-01")];
            let conditions: Vec<Condition> = asked.iter().map(|(stars, kind, is_number, at_least)| {
                if *is_number { output(*stars, *at_least) } else { document(*stars, kinds[*kind]) }
            }).collect();
            let mut papers: Vec<Paper> = held.iter().map(|(kind, end)| paper(kinds[*kind], ends[*end])).collect();
            let rank = |papers: &[Paper], output: i64| {
                let figures = [("yearly_output", output)];
                match concluded(EditionCode::Of2019, Level::Province, total, &conditions, papers, &figures) {
                    (Outcome::BelowThreshold, ..) => 0,
                    (Outcome::Rated, stars, _) => stars.unwrap(),
                    (Outcome::ProposedToCentre, ..) => 5,
                    other => panic!("{other:?}"),
                }
            };
            let before = rank(&papers, output_before);
            papers.push(paper(kinds[more.0], ends[more.1]));
            prop_assert!(rank(&papers, output_before) >= before);
            prop_assert!(rank(&papers, output_before + output_more) >= before);
        }
    }
}
