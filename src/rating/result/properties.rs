//! What must hold of every result, whatever the sheets: tried on random legal sheets of every complete set, against
//! exact rational arithmetic that is not ours.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use num_rational::Ratio;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::base::{Day, Level, Points};
use crate::criteria::shipped::shipped;
use crate::criteria::{Case, Criterion, LeastOptionsRule, Mark, Set};
use crate::cycle::{Edition, EditionCode};
use crate::rating::council::CouncilRules;
use crate::rating::result::Outcome;
use crate::rating::result::conditions::{Known, apply};
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
            marks.push(Mark::new(&criterion.code, option));
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
    let meanwhile = stage.until_centre.map(|stars| stars.get());
    match (reaches(stage.sends_up_at), is_last) {
        (true, true) => (Outcome::ProposedToCentre, meanwhile),
        (true, false) => (Outcome::Forwarded, None),
        (false, _) if is_recognised => (Outcome::Rated, Some(stars)),
        (false, _) => (Outcome::BelowThreshold, None),
    }
}

/// Outcomes from the worst to the best.
fn rank(verdict: &Verdict) -> (i32, i32) {
    let outcome = match verdict.outcome {
        Outcome::Disqualified | Outcome::Stopped => 0,
        Outcome::BelowThreshold | Outcome::LeastOptionsUnmet => 1,
        Outcome::Rated => 2,
        Outcome::Forwarded => 3,
        Outcome::ProposedToCentre => 4,
    };
    (outcome, verdict.stars.map_or(0, |stars| stars.get()))
}

fn cases() -> impl Strategy<Value = Case> {
    prop_oneof![Just(Case::First), Just(Case::Second)]
}

fn stages() -> impl Strategy<Value = (EditionCode, Level)> {
    prop_oneof![
        Just((EditionCode::Of2019, Level::District)),
        Just((EditionCode::Of2019, Level::Province)),
        Just((EditionCode::Of2023, Level::District)),
        Just((EditionCode::Of2023, Level::Province)),
        Just((EditionCode::Of2025, Level::Province)),
        Just((EditionCode::Of2026, Level::Province)),
    ]
}

fn picks() -> impl Strategy<Value = Vec<Vec<Index>>> {
    prop::collection::vec(prop::collection::vec(any::<Index>(), 40), 1..12)
}

/// The complete sets that have least options.
static WITH_LEAST_OPTIONS: LazyLock<Vec<Set>> =
    LazyLock::new(|| COMPLETE.iter().filter(|set| set.edition == EditionCode::Of2026).cloned().collect());

fn rules() -> impl Strategy<Value = LeastOptionsRule> {
    prop_oneof![Just(LeastOptionsRule::Mean), Just(LeastOptionsRule::Majority), Just(LeastOptionsRule::All)]
}

/// What the council of 26/2026/QĐ-TTg comes to.
fn concluded(set: &Set, case: Case, rule: LeastOptionsRule, sheets: &[Vec<Mark>]) -> Verdict {
    let edition = EditionCode::Of2026.edition().unwrap();
    let verdict = conclude(&edition, Level::Province, &votes(set, case, sheets)).unwrap();
    let marks: Vec<&[Mark]> = sheets.iter().map(Vec::as_slice).collect();
    let unmet = set.unmet_options(case, rule, &marks);
    let known = Known { papers: &[], figures: &BTreeMap::new(), on: Day::new(2026, 9, 15).unwrap() };
    apply(&edition, Level::Province, verdict, &[], &known, &unmet).unwrap().0
}

/// The same, told anew from the sheets with fractions: every least option of a star and of those below must be met.
fn expected_with_least_options(
    set: &Set,
    case: Case,
    rule: LeastOptionsRule,
    sheets: &[Vec<Mark>],
) -> (Outcome, Option<i32>) {
    let count = i64::try_from(sheets.len()).unwrap();
    let mean = Ratio::new(sheets.iter().map(|marks| total(set, marks)).sum::<i64>(), count);
    let mut most = 5;
    for criterion in set.criteria() {
        let given: Vec<i64> = sheets
            .iter()
            .map(|marks| marks.iter().find(|mark| mark.criterion == criterion.code).map_or(0, |mark| points(set, mark)))
            .collect();
        for choice in criterion.options.iter().filter(|choice| choice.case.is_none_or(|own| own == case)) {
            let Some(stars) = choice.least_for_stars else { continue };
            let wanted = i64::from(choice.points.get());
            let reaching = given.iter().filter(|points| **points >= wanted).count();
            let is_met = match rule {
                LeastOptionsRule::Mean => Ratio::new(given.iter().sum(), count) >= Ratio::from_integer(wanted),
                LeastOptionsRule::Majority => 2 * reaching > given.len(),
                LeastOptionsRule::All => reaching == given.len(),
            };
            if !is_met {
                most = most.min(stars.get() - 1);
            }
        }
    }
    let earned = [(90, 5), (70, 4), (50, 3)].into_iter().find(|(from, _)| mean >= Ratio::from_integer(*from));
    match earned.map(|(_, stars)| (stars, stars.min(most))) {
        None => (Outcome::BelowThreshold, None),
        Some((_, left)) if left < 3 => (Outcome::LeastOptionsUnmet, None),
        Some((5, 5)) => (Outcome::ProposedToCentre, None),
        Some((_, left)) => (Outcome::Rated, Some(left)),
    }
}

/// A sheet of a generous member: each pick takes one of the best options, now and then a lower one.
fn generous(set: &Set, case: Case, picks: &[Index]) -> Vec<Mark> {
    let mut marks = sheet(set, case, picks);
    for (mark, pick) in marks.iter_mut().zip(picks) {
        let criterion = set.criterion(&mark.criterion).unwrap();
        let best = legal(criterion, case).into_iter().max_by_key(|place| criterion.choice(*place).unwrap().points);
        if pick.index(8) > 0 {
            mark.option = best.unwrap();
        }
    }
    let has_base = |criterion: &Criterion| criterion.depends_on.is_some();
    // What a lowered base no longer carries is left out.
    let given = marks.clone();
    marks.retain(|mark| {
        let criterion = set.criterion(&mark.criterion).unwrap();
        let base = criterion.depends_on.as_ref().and_then(|base| given.iter().find(|mark| mark.criterion == *base));
        !has_base(criterion) || base.is_some_and(|base| points(set, base) > 0)
    });
    // What a raised base carries is marked.
    for criterion in set.criteria() {
        let Some(base) = &criterion.depends_on else { continue };
        let is_carried = marks.iter().any(|mark| mark.criterion == *base && points(set, mark) > 0);
        if is_carried && !marks.iter().any(|mark| mark.criterion == criterion.code) {
            let option = *legal(criterion, case).last().unwrap();
            marks.push(Mark::new(&criterion.code, option));
        }
    }
    marks
}

proptest! {
    #[test]
    fn least_options_agree_with_fractions_in_any_order_by_each_rule(
        set in any::<Index>(), case in cases(), rule in rules(), picks in picks(), is_generous in any::<bool>(), turn in any::<Index>(),
    ) {
        let set = set.get(&WITH_LEAST_OPTIONS);
        let sheets: Vec<Vec<Mark>> = picks.iter().map(|picks| match is_generous {
            true => generous(set, case, picks),
            false => sheet(set, case, picks),
        }).collect();
        let verdict = concluded(set, case, rule, &sheets);
        let told = (verdict.outcome, verdict.stars.map(|stars| stars.get()));
        prop_assert_eq!(told, expected_with_least_options(set, case, rule, &sheets));
        let mut turned = sheets.clone();
        turned.rotate_left(turn.index(sheets.len()));
        prop_assert_eq!(concluded(set, case, rule, &turned), verdict);
    }

    #[test]
    fn raising_one_mark_never_lowers_what_least_options_leave(
        set in any::<Index>(), case in cases(), rule in rules(), picks in picks(), member in any::<Index>(), which in any::<Index>(),
    ) {
        let set = set.get(&WITH_LEAST_OPTIONS);
        let sheets: Vec<Vec<Mark>> = picks.iter().map(|picks| generous(set, case, picks)).collect();
        let before = rank(&concluded(set, case, rule, &sheets));
        let member = member.index(sheets.len());
        let which = which.index(sheets[member].len());
        let mark = &sheets[member][which];
        let criterion = set.criterion(&mark.criterion).unwrap();
        let is_base = set.criteria().any(|other| other.depends_on.as_ref() == Some(&criterion.code));
        for option in legal(criterion, case) {
            if is_base || criterion.choice(option).unwrap().points <= criterion.choice(mark.option).unwrap().points {
                continue;
            }
            let mut raised = sheets.clone();
            raised[member][which].option = option;
            let after = rank(&concluded(set, case, rule, &raised));
            prop_assert!(after >= before, "{before:?} became {after:?}");
        }
    }

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
