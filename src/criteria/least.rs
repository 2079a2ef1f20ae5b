//! Least options (phương án tối thiểu): what a product needs of a criterion for its stars, whatever its points
//! (26/2026/QĐ-TTg, annex II).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Mean, Points};
use crate::criteria::marking::{Mark, NONE};
use crate::criteria::tree::{Case, LeastOption, Set};

/// How a least option is judged where members differ: a rule of the council, for the act does not say.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LeastOptionsRule {
    /// The criterion's exact mean reaches the option's points.
    #[default]
    Mean,
    /// More than half of the sheets give the option's points or more.
    Majority,
    /// Every sheet does.
    All,
}

impl LeastOption {
    /// Whether sheets that give the criterion these points meet it; a sheet on which the criterion does not apply gives 0.
    pub fn is_met(&self, rule: LeastOptionsRule, given: &[Points]) -> bool {
        let reaching = given.iter().filter(|points| **points >= self.points).count();
        match rule {
            LeastOptionsRule::Mean => Mean::of(given).is_some_and(|mean| mean.reaches(self.points)),
            LeastOptionsRule::Majority => reaching * 2 > given.len(),
            LeastOptionsRule::All => !given.is_empty() && reaching == given.len(),
        }
    }
}

impl Set {
    /// The points that marks give to a criterion; none where it has no mark.
    pub fn points(&self, marks: &[Mark], criterion: &str) -> Option<Points> {
        match marks.iter().find(|mark| mark.criterion == criterion)?.option {
            NONE => Some(Points::ZERO),
            option => Some(self.criterion(criterion)?.choice(option)?.points),
        }
    }

    /// The least options that these sheets do not meet.
    pub fn unmet_options(&self, case: Case, rule: LeastOptionsRule, sheets: &[&[Mark]]) -> Vec<LeastOption> {
        let given = |criterion: &str| -> Vec<Points> {
            sheets.iter().map(|marks| self.points(marks, criterion).unwrap_or(Points::ZERO)).collect()
        };
        let mut options = self.least_options(case);
        options.retain(|least| !least.is_met(rule, &given(&least.criterion)));
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stars;
    use LeastOptionsRule::{All, Majority, Mean};
    use proptest::prelude::*;

    fn points(points: i32) -> Points {
        Points::new(points).unwrap()
    }

    fn least(at: i32) -> LeastOption {
        LeastOption { criterion: "1.1".into(), option: 2, points: points(at), stars: Stars::new(3).unwrap() }
    }

    #[test]
    fn each_rule_judges_members_that_differ_in_its_own_way() {
        let met = |given: &[i32]| {
            let given: Vec<Points> = given.iter().map(|given| points(*given)).collect();
            [Mean, Majority, All].map(|rule| least(2).is_met(rule, &given))
        };
        assert_eq!(met(&[2, 2, 2]), [true, true, true]);
        assert_eq!(met(&[2, 2, 1]), [false, true, false]);
        assert_eq!(met(&[1, 1, 5]), [true, false, false]);
        assert_eq!(met(&[2, 2, 1, 1]), [false, false, false]);
        assert_eq!(met(&[3, 3, 1, 1]), [true, false, false]);
        assert_eq!(met(&[]), [false, false, false]);
    }

    proptest! {
        #[test]
        fn who_meets_it_for_all_meets_it_by_every_rule_and_more_points_never_undo_it(
            given in prop::collection::vec(0..6i32, 1..9), at in 0..6i32, which in any::<prop::sample::Index>(), turn in 0..9usize,
        ) {
            let of = |given: &[i32]| -> Vec<Points> { given.iter().map(|given| points(*given)).collect() };
            let met = |given: &[i32], rule| least(at).is_met(rule, &of(given));
            if met(&given, All) {
                prop_assert!(met(&given, Majority) && met(&given, Mean));
            }
            let mut raised = given.clone();
            raised[which.index(given.len())] += 1;
            let mut turned = given.clone();
            turned.rotate_left(turn % given.len());
            for rule in [Mean, Majority, All] {
                prop_assert!(!met(&given, rule) || met(&raised, rule));
                prop_assert_eq!(met(&given, rule), met(&turned, rule));
            }
        }
    }
}
