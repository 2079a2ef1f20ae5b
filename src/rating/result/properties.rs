//! What must hold of every result, whatever the sheets: tried on random legal sheets of every complete set, against
//! exact rational arithmetic that is not ours.

use std::sync::LazyLock;

use num_rational::Ratio;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::base::{Level, Points};
use crate::criteria::shipped::shipped;
use crate::criteria::{Case, Criterion, Mark, Set};
use crate::cycle::{Edition, EditionCode};
use crate::rating::council::CouncilRules;
use crate::rating::result::Outcome;
use crate::rating::result::rules::{Tally, Verdict, conclude};
use crate::rating::sheet::Vote;
use crate::rating::sheet::rules::vote;

/// The complete sets as they ship, read once.
static COMPLETE: LazyLock<Vec<Set>> =
    LazyLock::new(|| shipped().unwrap().into_iter().filter(|set| set.complete).collect());

fn legal(criterion: &Criterion, case: Case) -> Vec<u16> {
    let places = 1..=u16::try_from(criterion.options.len()).unwrap();
    places.filter(|place| criterion.choice(*place).unwrap().case.is_none_or(|other| other == case)).collect()
}

fn points(set: &Set, mark: &Mark) -> i64 {
    i64::from(set.criterion(&mark.criterion).unwrap().choice(mark.option).unwrap().points.get())
}

/// A legal, complete sheet: the n-th pick tells the option of the n-th criterion.
fn sheet(set: &Set, case: Case, picks: &[Index]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (criterion, pick) in set.criteria().zip(picks) {
        let base = criterion.depends_on.as_ref();
        let applies = base.is_none_or(|base| marks.iter().any(|mark| mark.criterion == *base && points(set, mark) > 0));
        if applies {
            let option = *pick.get(&legal(criterion, case));
            marks.push(Mark { criterion: criterion.code.clone(), option, remark: None, evidence: None });
        }
    }
    marks
}

fn total(set: &Set, sheet: &[Mark]) -> i64 {
    sheet.iter().map(|mark| points(set, mark)).sum()
}

fn votes(set: &Set, case: Case, sheets: &[Vec<Mark>]) -> Vec<Vote> {
    sheets.iter().map(|sheet| vote(set, case, sheet, None).unwrap()).collect()
}

/// What an edition's stage makes of a mean, told anew with fractions from the edition's data.
fn expected(edition: &Edition, level: Level, mean: Ratio<i64>) -> (Outcome, Option<i32>) {
    let stage = edition.stages.iter().find(|stage| stage.level == level).unwrap();
    let is_last = edition.stages.last() == Some(stage);
    let reaches = |points: Points| mean >= Ratio::from_integer(i64::from(points.get()));
    let stars = edition.bands.iter().filter(|band| reaches(band.from)).map(|band| band.stars.get()).max().unwrap();
    // What a council gives, its own level or one below recognises.
    let upto = edition.stages.iter().take_while(|other| *other != stage).chain([stage]);
    let is_recognised = upto.flat_map(|stage| &stage.recognises).any(|own| own.get() == stars);
    let highest = stage.recognises.iter().map(|stars| stars.get()).max();
    match (reaches(stage.sends_up_at), is_last) {
        (true, true) => (Outcome::ProposedToCentre, highest),
        (true, false) => (Outcome::Forwarded, None),
        (false, _) if is_recognised => (Outcome::Rated, Some(stars)),
        (false, _) => (Outcome::BelowThreshold, None),
    }
}

/// Outcomes from the worst to the best.
fn rank(verdict: &Verdict) -> (i32, i32) {
    let outcome = match verdict.outcome {
        Outcome::Disqualified | Outcome::Stopped => 0,
        Outcome::BelowThreshold => 1,
        Outcome::Rated => 2,
        Outcome::Forwarded => 3,
        Outcome::ProposedToCentre => 4,
    };
    (outcome, verdict.stars.map_or(0, |stars| stars.get()))
}

fn cases() -> impl Strategy<Value = Case> {
    prop_oneof![Just(Case::Organisation), Just(Case::Household)]
}

fn stages() -> impl Strategy<Value = (EditionCode, Level)> {
    prop_oneof![
        Just((EditionCode::Of2019, Level::District)),
        Just((EditionCode::Of2019, Level::Province)),
        Just((EditionCode::Of2023, Level::District)),
        Just((EditionCode::Of2023, Level::Province)),
        Just((EditionCode::Of2025, Level::Province)),
    ]
}

fn picks() -> impl Strategy<Value = Vec<Vec<Index>>> {
    prop::collection::vec(prop::collection::vec(any::<Index>(), 40), 1..12)
}

proptest! {
    #[test]
    fn mean_band_and_threshold_agree_with_exact_fractions_in_any_order(
        set in any::<Index>(), case in cases(), (code, level) in stages(), picks in picks(), turn in any::<Index>(),
    ) {
        let set = set.get(&COMPLETE);
        let edition = code.edition().unwrap();
        let sheets: Vec<Vec<Mark>> = picks.iter().map(|picks| sheet(set, case, picks)).collect();
        let totals: Vec<i64> = sheets.iter().map(|marks| total(set, marks)).collect();
        let mean = Ratio::new(totals.iter().sum(), i64::try_from(totals.len()).unwrap());
        let verdict = conclude(&edition, level, &votes(set, case, &sheets)).unwrap();
        let (outcome, stars) = expected(&edition, level, mean);
        prop_assert_eq!((verdict.outcome, verdict.stars.map(|stars| stars.get())), (outcome, stars));

        // The order of the members, and that of the criteria on each sheet, means nothing.
        let mut turned = sheets.clone();
        turned.rotate_left(turn.index(sheets.len()));
        for marks in &mut turned {
            let by = turn.index(marks.len());
            marks.rotate_left(by);
        }
        let turned = votes(set, case, &turned);
        prop_assert_eq!(conclude(&edition, level, &turned).unwrap(), verdict);
        let tally = |votes: &[Vote]| Tally::of(&CouncilRules::default(), sheets.len(), true, votes);
        prop_assert_eq!(tally(&turned), tally(&votes(set, case, &sheets)));
    }

    #[test]
    fn raising_one_mark_of_complete_sheets_never_lowers_the_outcome(
        set in any::<Index>(), case in cases(), (code, level) in stages(), picks in picks(),
        member in any::<Index>(), which in any::<Index>(),
    ) {
        let set = set.get(&COMPLETE);
        let edition = code.edition().unwrap();
        let sheets: Vec<Vec<Mark>> = picks.iter().map(|picks| sheet(set, case, picks)).collect();
        let before = rank(&conclude(&edition, level, &votes(set, case, &sheets)).unwrap());
        let member = member.index(sheets.len());
        let which = which.index(sheets[member].len());
        let mark = &sheets[member][which];
        let criterion = set.criterion(&mark.criterion).unwrap();
        let is_base = set.criteria().any(|other| other.depends_on.as_ref() == Some(&criterion.code));
        for option in legal(criterion, case) {
            let higher = criterion.choice(option).unwrap().points > criterion.choice(mark.option).unwrap().points;
            if is_base || !higher {
                continue;
            }
            let mut raised = sheets.clone();
            raised[member][which].option = option;
            let after = rank(&conclude(&edition, level, &votes(set, case, &raised)).unwrap());
            prop_assert!(after >= before, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn a_sheet_that_lacks_a_mark_never_counts(
        set in any::<Index>(), case in cases(), picks in prop::collection::vec(any::<Index>(), 40), which in any::<Index>(),
    ) {
        let set = set.get(&COMPLETE);
        let mut marks = sheet(set, case, &picks);
        prop_assert!(vote(set, case, &marks, None).is_ok());
        let gone = marks.remove(which.index(marks.len())).criterion;
        let faults = vote(set, case, &marks, None).unwrap_err();
        // What depended on it no longer applies, and is then named instead.
        let names = |code: &str| faults.iter().any(|fault| fault.detail.en.contains(code));
        prop_assert!(names(&gone), "{gone} is not named");
    }
}
