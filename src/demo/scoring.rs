//! Sheets with a wanted total: a legal option for each criterion, so that the whole adds up exactly.

use std::collections::BTreeSet;

use crate::base::{Error, Result, Stars};
use crate::criteria::{Case, Criterion, LeastOption, Mark, Set};
use crate::demo::chance::Chance;

/// A legal option: its place in the set's list, beginning with 1, and its points.
type Choice = (u16, i32);

/// What a sheet makes of its set's least options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// Whatever comes.
    Any,
    /// All of them up to these stars are met.
    MetThrough(Stars),
    /// The first of these stars is not met.
    Unmet(Stars),
}

impl Least {
    /// Whether a criterion may be given so many points; `options` are the least options of the set.
    fn allows(self, options: &[LeastOption], criterion: &Criterion, points: i32) -> bool {
        match self {
            Self::Any => true,
            Self::MetThrough(stars) => options
                .iter()
                .filter(|least| least.criterion == criterion.code && least.stars <= stars)
                .all(|least| points >= least.points.get()),
            Self::Unmet(stars) => options
                .iter()
                // Less than the lowest option of all cannot be chosen here.
                .find(|least| least.stars == stars && least.points.get() > 1)
                .is_none_or(|least| least.criterion != criterion.code || points < least.points.get()),
        }
    }
}

/// The options that may be taken. A story is always told (5.1 above 0 points), so that what depends on it applies.
fn choices(set: &Set, case: Case, criterion: &Criterion, least: Least) -> Vec<Choice> {
    let tells = set.criteria().any(|other| other.depends_on.as_deref() == Some(&criterion.code));
    let options = set.least_options(case);
    criterion
        .options
        .iter()
        .zip(1u16..)
        .filter(|(option, _)| option.case.is_none_or(|own| own == case))
        .filter(|(option, _)| !tells || option.points.get() > 0)
        .map(|(option, place)| (place, option.points.get()))
        .filter(|(_, points)| least.allows(&options, criterion, *points))
        .collect()
}

/// Marks that add up to `total`. Fails where the set cannot reach it.
pub fn sheet(set: &Set, case: Case, total: i32, least: Least, chance: &mut Chance) -> Result<Vec<Mark>> {
    let criteria: Vec<(&Criterion, Vec<Choice>)> =
        set.criteria().map(|criterion| (criterion, choices(set, case, criterion, least))).collect();
    // What the criteria from here to the end can add up to, for every place in the list.
    let mut reachable: Vec<BTreeSet<i32>> = vec![BTreeSet::from([0])];
    for (_, choices) in criteria.iter().rev() {
        let behind = reachable.last().cloned().unwrap_or_default();
        reachable.push(choices.iter().flat_map(|(_, points)| behind.iter().map(move |sum| sum + points)).collect());
    }
    reachable.pop();
    let mut left = total;
    let mut marks = Vec::new();
    for ((criterion, choices), behind) in criteria.iter().zip(reachable.iter().rev()) {
        let possible: Vec<Choice> =
            choices.iter().filter(|(_, points)| behind.contains(&(left - points))).copied().collect();
        if possible.is_empty() {
            return Err(Error::internal(format!("{} cannot be scored with {total}", set.code)));
        }
        let (option, points) = *chance.one_of(&possible)?;
        left -= points;
        marks.push(Mark::new(&criterion.code, option));
    }
    Ok(marks)
}

/// Totals of `sheets` members with this sum, no two more than `spread` apart.
pub fn totals(sum: i32, sheets: usize, spread: i32, chance: &mut Chance) -> Result<Vec<i32>> {
    let count = i32::try_from(sheets).map_err(Error::internal)?;
    let mut totals = vec![sum / count; sheets];
    totals.iter_mut().take(usize::try_from(sum % count).map_err(Error::internal)?).for_each(|total| *total += 1);
    // Members differ: what one gives more, another gives less.
    let half = i64::from((spread - 1) / 2);
    for pair in totals.chunks_exact_mut(2) {
        let shift = i32::try_from(chance.between(0, half)).map_err(Error::internal)?;
        if let [first, second] = pair {
            *first += shift;
            *second -= shift;
        }
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::marking::mark;
    use crate::criteria::shipped::shipped;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sheets_are_complete_and_add_up(total in 40..=95i32, seed in 0..1000u64) {
            for set in shipped().unwrap().iter().filter(|set| set.complete) {
                for case in [Case::First, Case::Second] {
                    let Ok(marks) = sheet(set, case, total, Least::Any, &mut Chance::new(seed)) else { continue };
                    let marked = mark(set, case, &marks, None).unwrap();
                    prop_assert!(marked.complete, "{}", set.code);
                    prop_assert_eq!(marked.total.get(), total);
                }
            }
        }

        #[test]
        fn sheets_meet_their_least_options(stars in 3..=5i32, seed in 0..1000u64) {
            let total = [60, 75, 93][usize::try_from(stars - 3).unwrap()];
            let stars = Stars::new(stars).unwrap();
            let chance = &mut Chance::new(seed);
            let with_least = |set: &&Set| !set.least_options(Case::First).is_empty();
            for set in shipped().unwrap().iter().filter(with_least) {
                let marks = sheet(set, Case::First, total, Least::MetThrough(stars), chance).unwrap();
                let unmet = mark(set, Case::First, &marks, None).unwrap().unmet_options;
                prop_assert!(unmet.iter().all(|least| least.stars > stars), "{}: {unmet:?}", set.code);
            }
        }

        #[test]
        fn members_agree_within_the_spread(sum in 200..500i32, seed in 0..1000u64) {
            let totals = totals(sum, 5, 10, &mut Chance::new(seed)).unwrap();
            prop_assert_eq!(totals.iter().sum::<i32>(), sum);
            prop_assert!(totals.iter().max().unwrap() - totals.iter().min().unwrap() <= 10);
        }
    }
}
