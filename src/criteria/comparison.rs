//! Two versions of a set held side by side: what was added, removed and changed, criterion by criterion.

use crate::base::Points;
use crate::criteria::tree::{Case, Choice, Criterion, Group, Part, Set};

/// Something of a set as it was and as it is; one of the two is missing where it was added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<T> {
    Added(T),
    Removed(T),
    Changed(T, T),
}

impl<T: Copy> Change<T> {
    pub fn before(self) -> Option<T> {
        match self {
            Self::Added(_) => None,
            Self::Removed(before) | Self::Changed(before, _) => Some(before),
        }
    }

    pub fn after(self) -> Option<T> {
        match self {
            Self::Removed(_) => None,
            Self::Added(after) | Self::Changed(_, after) => Some(after),
        }
    }
}

/// What differs between two versions.
#[derive(Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Whether what the set says of itself differs: titles, note, group of products, whether it is complete.
    pub is_headed_otherwise: bool,
    pub parts: Vec<Change<&'a Part>>,
    pub groups: Vec<Change<&'a Group>>,
    pub criteria: Vec<ComparedCriterion<'a>>,
    /// How many criteria stand in both as they are.
    pub unchanged: usize,
}

/// A criterion that differs, with its options.
#[derive(Debug, PartialEq, Eq)]
pub struct ComparedCriterion<'a> {
    pub criterion: Change<&'a Criterion>,
    pub options: Vec<OptionPair<'a>>,
}

/// An option as it was and as it is, with its place in the list.
#[derive(Debug, PartialEq, Eq)]
pub struct OptionPair<'a> {
    pub before: Option<(usize, &'a Choice)>,
    pub after: Option<(usize, &'a Choice)>,
}

impl OptionPair<'_> {
    /// Whether it is the same in both; its place is not looked at, for what stands before it may be new.
    pub fn is_same(&self) -> bool {
        self.before.zip(self.after).is_some_and(|((_, before), (_, after))| before == after)
    }
}

impl Comparison<'_> {
    pub fn is_empty(&self) -> bool {
        !self.is_headed_otherwise && self.parts.is_empty() && self.groups.is_empty() && self.criteria.is_empty()
    }

    /// How many criteria were added, removed and changed.
    pub fn counts(&self) -> [usize; 3] {
        let count =
            |is: fn(&Change<&Criterion>) -> bool| self.criteria.iter().filter(|found| is(&found.criterion)).count();
        [
            count(|change| matches!(change, Change::Added(_))),
            count(|change| matches!(change, Change::Removed(_))),
            count(|change| matches!(change, Change::Changed(..))),
        ]
    }
}

/// Holds two versions of a set against each other; parts, groups and criteria are known by their codes.
pub fn compare<'a>(before: &'a Set, after: &'a Set) -> Comparison<'a> {
    let heading = |set: &'a Set| (&set.title, &set.title_en, &set.note, set.sector, set.complete, &set.first_case);
    let groups = |set: &'a Set| set.parts.iter().flat_map(|part| &part.groups).collect::<Vec<&'a Group>>();
    let part = |part: &'a Part| (&part.title, &part.title_en, part.max);
    let group = |group: &'a Group| (&group.title, &group.title_en, group.max);
    let (known, now): (Vec<&Criterion>, Vec<&Criterion>) = (before.criteria().collect(), after.criteria().collect());
    let criteria = changes(&known, &now, |criterion| &criterion.code, |before, after| before == after);
    let kept = known.iter().filter(|criterion| now.contains(criterion)).count();
    Comparison {
        is_headed_otherwise: heading(before) != heading(after),
        parts: changes(
            &before.parts.iter().collect::<Vec<_>>(),
            &after.parts.iter().collect::<Vec<_>>(),
            |part| &part.code,
            |before, after| part(before) == part(after),
        ),
        groups: changes(
            &groups(before),
            &groups(after),
            |group| &group.code,
            |before, after| group(before) == group(after),
        ),
        criteria: criteria
            .into_iter()
            .map(|criterion| ComparedCriterion { criterion, options: options(criterion) })
            .collect(),
        unchanged: kept,
    }
}

/// What differs, in the order of what is there now; what is gone stands behind what it stood behind.
fn changes<'a, T>(
    before: &[&'a T],
    after: &[&'a T],
    code: fn(&T) -> &String,
    is_same: impl Fn(&'a T, &'a T) -> bool,
) -> Vec<Change<&'a T>> {
    let gone = |of: &T| after.iter().all(|now| code(now) != code(of));
    let mut changes = Vec::new();
    // Those that are gone and stood before everything that is left.
    changes.extend(before.iter().take_while(|of| gone(of)).map(|of| Change::Removed(*of)));
    for now in after {
        let place = before.iter().position(|of| code(of) == code(now));
        let Some((place, was)) = place.and_then(|place| Some((place, *before.get(place)?))) else {
            changes.push(Change::Added(*now));
            continue;
        };
        if !is_same(was, now) {
            changes.push(Change::Changed(was, *now));
        }
        let behind = before.iter().skip(place + 1).take_while(|of| gone(of));
        changes.extend(behind.map(|of| Change::Removed(*of)));
    }
    changes
}

/// What makes an option the one that it is, beside its words.
fn weight(choice: &Choice) -> (Option<Case>, Points) {
    (choice.case, choice.points)
}

/// The options of a criterion that changed, each beside what it was: by its words, and what is left by its points.
fn options<'a>(criterion: Change<&'a Criterion>) -> Vec<OptionPair<'a>> {
    let listed = |of: Option<&'a Criterion>| -> Vec<(usize, &'a Choice)> {
        of.into_iter().flat_map(|of| of.options.iter().enumerate().map(|(place, choice)| (place + 1, choice))).collect()
    };
    let mut left = listed(criterion.before());
    let mut pairs: Vec<OptionPair> =
        listed(criterion.after()).into_iter().map(|after| OptionPair { before: None, after: Some(after) }).collect();
    let same_words = |before: &Choice, after: &Choice| (before.case, &before.label) == (after.case, &after.label);
    for is_it in [same_words, |before: &Choice, after: &Choice| weight(before) == weight(after)] {
        for pair in pairs.iter_mut().filter(|pair| pair.before.is_none()) {
            let Some((_, after)) = pair.after else { continue };
            if let Some(place) = left.iter().position(|(_, before)| is_it(before, after)) {
                pair.before = Some(left.remove(place));
            }
        }
    }
    pairs.extend(left.into_iter().map(|before| OptionPair { before: Some(before), after: None }));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stars;
    use crate::criteria::shipped::shipped;

    fn honey() -> Set {
        shipped().unwrap().into_iter().find(|set| set.code == "mat-ong").unwrap()
    }

    fn codes(comparison: &Comparison) -> Vec<(char, String)> {
        let told = |change: Change<&Criterion>| match change {
            Change::Added(of) => ('+', of.code.clone()),
            Change::Removed(of) => ('-', of.code.clone()),
            Change::Changed(_, of) => ('~', of.code.clone()),
        };
        comparison.criteria.iter().map(|found| told(found.criterion)).collect()
    }

    #[test]
    fn a_set_is_as_it_is() {
        for set in shipped().unwrap() {
            let comparison = compare(&set, &set);
            assert!(comparison.is_empty());
            assert_eq!(comparison.unchanged, set.criteria().count());
        }
    }

    #[test]
    fn what_was_added_removed_and_changed_is_told_in_its_order() {
        let (before, mut after) = (honey(), honey());
        after.note = Some("Mới".into());
        let criteria = &mut after.parts[0].groups[0].criteria;
        let first = criteria[0].code.clone();
        let mut added = criteria[1].clone();
        criteria.remove(0);
        added.code = "9.9".into();
        criteria.insert(1, added);
        criteria[0].title = "Khác".into();
        let changed = criteria[0].code.clone();
        let comparison = compare(&before, &after);
        assert!(comparison.is_headed_otherwise && comparison.parts.is_empty() && comparison.groups.is_empty());
        let expected: Vec<(char, String)> = vec![('-', first), ('~', changed), ('+', "9.9".into())];
        assert_eq!(codes(&comparison), expected);
        assert_eq!(comparison.counts(), [1, 1, 1]);
        assert_eq!(comparison.unchanged, before.criteria().count() - 2);
        let back = compare(&after, &before);
        assert_eq!(back.counts(), [1, 1, 1]);
    }

    #[test]
    fn options_stand_beside_what_they_were() {
        let (before, mut after) = (honey(), honey());
        let options = &mut after.parts[0].groups[0].criteria[0].options;
        let gone = options.remove(0);
        options[0].label = "Nói cách khác".into();
        options[1].least_for_stars = Stars::new(5);
        options.push(Choice { label: "Mới".into(), ..gone.clone() });
        let comparison = compare(&before, &after);
        let pairs = &comparison.criteria[0].options;
        let places = |pair: &OptionPair| (pair.before.map(|of| of.0), pair.after.map(|of| of.0));
        assert_eq!(
            pairs.iter().map(places).collect::<Vec<_>>(),
            [(Some(2), Some(1)), (Some(3), Some(2)), (Some(1), Some(3))]
        );
        assert!(pairs.iter().all(|pair| !pair.is_same()));
    }
}
