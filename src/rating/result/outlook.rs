//! What lacks for more stars by a producer's own marks: told to who fills a dossier, while no council has seen it.

use std::collections::BTreeMap;

use crate::base::{Points, Stars};
use crate::criteria::{Case, LeastOption, LeastOptionsRule, Mark, Set};
use crate::cycle::{Condition, Edition};
use crate::rating::result::conditions::Known;

/// What lacks for so many stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    pub stars: Stars,
    /// So many points are needed, and so many of them lack.
    pub from: Points,
    pub points: i32,
    /// The least options that are not reached, of each criterion the highest.
    pub options: Vec<LeastOption>,
    pub conditions: Vec<Condition>,
}

impl Outlook {
    pub fn lacks_nothing(&self) -> bool {
        self.points == 0 && self.options.is_empty() && self.conditions.is_empty()
    }
}

/// For each number of stars for which certificates are given, and all above: as one sheet with these marks would do.
pub fn outlooks(
    edition: &Edition,
    (set, case): (&Set, Case),
    (marks, total): (&[Mark], Points),
    conditions: &[Condition],
    known: &Known,
) -> Vec<Outlook> {
    let unmet = set.unmet_options(case, LeastOptionsRule::default(), &[marks]);
    let recognised = edition.lowest_recognised();
    let bands = edition.bands.iter().filter(|band| recognised.is_some_and(|lowest| lowest <= band.stars));
    let ahead = bands.map(|band| {
        let asked = |stars: Stars| stars <= band.stars;
        let mut options: BTreeMap<&str, &LeastOption> = BTreeMap::new();
        for least in unmet.iter().filter(|least| asked(least.stars)) {
            let highest = options.entry(&least.criterion).or_insert(least);
            if highest.points < least.points {
                *highest = least;
            }
        }
        let in_order = set.criteria().filter_map(|criterion| options.get(criterion.code.as_str()).copied().cloned());
        let lacking = conditions.iter().filter(|condition| asked(condition.stars()) && !known.meets(condition));
        Outlook {
            stars: band.stars,
            from: band.from,
            points: (band.from.get() - total.get()).max(0),
            options: in_order.collect(),
            conditions: lacking.cloned().collect(),
        }
    });
    ahead.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Day, Level};
    use crate::criteria::mark;
    use crate::criteria::shipped::shipped;
    use crate::files::DocumentKind;
    use crate::rating::result::conditions::{Paper, apply};
    use crate::rating::result::rules::{Outcome, conclude};
    use crate::rating::sheet::Vote;
    use proptest::prelude::*;

    proptest! {
        /// The outlook and the council that would count this one sheet say the same.
        #[test]
        fn what_lacks_nothing_is_what_a_council_with_the_same_marks_would_give(
            index in 0..51usize, picks in prop::collection::vec(0..8usize, 60), holds in any::<bool>(),
        ) {
            let set = shipped().unwrap().remove(index);
            let (edition, case) = (set.edition.edition().unwrap(), Case::First);
            let mut marks: Vec<Mark> = Vec::new();
            for (criterion, pick) in set.criteria().zip(picks) {
                let own: Vec<u16> = (1..).zip(&criterion.options)
                    .filter(|(_, choice)| choice.case.is_none_or(|own| own == case)).map(|(place, _)| place).collect();
                let option = own[pick.min(own.len() - 1)];
                let marked = Mark::new(&criterion.code, option);
                if mark(&set, case, &[marks.as_slice(), std::slice::from_ref(&marked)].concat(), None).is_ok() {
                    marks.push(marked);
                }
            }
            let marked = mark(&set, case, &marks, None).unwrap();
            let quality = Condition::Document {
                stars: Stars::new(4).unwrap(), document: DocumentKind::QualityManagement, in_force: true,
            };
            let held = Paper { kind: DocumentKind::QualityManagement, issued_on: None, valid_until: None };
            let papers = if holds { vec![held] } else { Vec::new() };
            let (figures, on) = (BTreeMap::new(), Day::new(2026, 9, 15).unwrap());
            let known = Known { papers: &papers, figures: &figures, on };
            let conditions = [quality];
            let ahead = outlooks(&edition, (&set, case), (&marks, marked.total), &conditions, &known);
            prop_assert_eq!(ahead.iter().map(|ahead| ahead.stars.get()).collect::<Vec<_>>(), [3, 4, 5]);
            let votes = [Vote::Scored(marked.total)];
            let verdict = conclude(&edition, Level::Province, &votes).unwrap();
            let unmet = set.unmet_options(case, LeastOptionsRule::default(), &[&marks]);
            let (verdict, _) = apply(&edition, Level::Province, verdict, &conditions, &known, &unmet).unwrap();
            let reached = ahead.iter().take_while(|ahead| ahead.lacks_nothing()).last().map(|ahead| ahead.stars.get());
            let given = match verdict.outcome {
                Outcome::ProposedToCentre => Some(5),
                Outcome::Rated => verdict.stars.map(Stars::get),
                _ => None,
            };
            prop_assert_eq!(reached, given);
        }
    }
}
