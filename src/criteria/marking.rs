//! Marks and what they add up to: one option for each criterion that applies, or a gate that ends the evaluation.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::DocumentId;
use crate::base::{Fault, Points, say, text};
use crate::criteria::tree::{Case, Criterion, Gate, LeastOption, Set};

/// The option chosen for a criterion, by its place in the set's list, beginning with 1; 0 where not even the lowest is met,
/// which is 0 points and possible where the lowest is a least option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    pub criterion: String,
    pub option: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// The document of the dossier that the mark rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<DocumentId>,
    /// Further documents that it rests on, as photographs that were taken one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_evidence: Vec<DocumentId>,
}

impl Mark {
    /// An option with nothing beside it.
    pub fn new(criterion: impl Into<String>, option: u16) -> Self {
        Self { criterion: criterion.into(), option, remark: None, evidence: None, further_evidence: Vec::new() }
    }

    /// The same, resting on these documents alone.
    pub fn resting_on(self, documents: impl IntoIterator<Item = DocumentId>) -> Self {
        let mut documents = documents.into_iter();
        Self { evidence: documents.next(), further_evidence: documents.collect(), ..self }
    }

    /// All documents that it rests on.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> {
        self.evidence.into_iter().chain(self.further_evidence.iter().copied())
    }
}

/// Where marks that stand at a place rest on what is none of these documents.
pub fn foreign_evidence(marks: &[Mark], at: &str, own: &[DocumentId]) -> Vec<String> {
    let mut places = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        if mark.evidence.is_some_and(|evidence| !own.contains(&evidence)) {
            places.push(format!("{at}/{index}/evidence"));
        }
        let further = mark.further_evidence.iter().enumerate().filter(|(_, evidence)| !own.contains(evidence));
        places.extend(further.map(|(place, _)| format!("{at}/{index}/further_evidence/{place}")));
    }
    places
}

/// A gate that was raised, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaisedGate {
    pub criterion: String,
    pub reason: String,
}

/// What marks add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marked {
    pub parts: Vec<PartTotal>,
    pub total: Points,
    /// The criteria that still need an option; none once a gate was raised.
    pub missing: Vec<String>,
    pub complete: bool,
    /// The least options that these marks alone do not meet, among the criteria that were marked or do not apply.
    pub unmet_options: Vec<LeastOption>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartTotal {
    pub code: String,
    pub total: Points,
}

const MOST: usize = 2000;

/// So many documents a mark may rest on beside the first.
const MOST_FURTHER: usize = 20;

/// Adds up marks, or says what is wrong with each. The order of the marks means nothing.
pub fn mark(set: &Set, case: Case, marks: &[Mark], gate: Option<&RaisedGate>) -> Result<Marked, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut chosen: BTreeMap<&str, Points> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for (index, mark) in marks.iter().enumerate() {
        let place = format!("/marks/{index}");
        if let Some(remark) = &mark.remark {
            text::check(remark, &format!("{place}/remark"), MOST, &mut faults);
        }
        if mark.further_evidence.len() > MOST_FURTHER {
            let most = MOST_FURTHER + 1;
            let text = say(
                format!("Tối đa {most} giấy tờ cho một tiêu chí."),
                format!("At most {most} documents for a criterion."),
            );
            faults.push(Fault::new(format!("{place}/further_evidence"), "too_many", text));
        }
        let Some(criterion) = set.criterion(&mark.criterion) else {
            faults.push(unknown_criterion(format!("{place}/criterion"), &mark.criterion));
            continue;
        };
        if !named.insert(criterion.code.as_str()) {
            faults.push(Fault::new(
                format!("{place}/criterion"),
                "repeated",
                say(
                    format!("Tiêu chí {} được chấm hai lần.", criterion.code),
                    format!("The criterion {} is marked twice.", criterion.code),
                ),
            ));
            continue;
        }
        match points(criterion, case, mark.option) {
            Ok(points) => {
                chosen.insert(&criterion.code, points);
            }
            Err((code, detail)) => faults.push(Fault::new(format!("{place}/option"), code, detail)),
        }
    }
    for (index, mark) in marks.iter().enumerate() {
        let Some(criterion) = set.criterion(&mark.criterion) else { continue };
        if let Some(base) = criterion.depends_on.as_ref().filter(|_| !applies(set, criterion, &chosen)) {
            faults.push(Fault::new(
                format!("/marks/{index}/criterion"),
                "does_not_apply",
                say(
                    format!("Tiêu chí {} chỉ chấm khi tiêu chí {base} trên 0 điểm.", criterion.code),
                    format!("{} is marked only where {base} has more than 0 points.", criterion.code),
                ),
            ));
        }
    }
    if let Some(gate) = gate {
        check_gate(set, gate, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(added_up(set, case, &chosen, gate.is_some()))
}

/// The gate that a sheet raised, with its kind.
pub fn gate<'set>(set: &'set Set, raised: &RaisedGate) -> Option<&'set Gate> {
    set.criterion(&raised.criterion)?.gate.as_ref()
}

/// The place of "none of these".
pub const NONE: u16 = 0;

fn points(criterion: &Criterion, case: Case, option: u16) -> Result<Points, (&'static str, crate::base::Message)> {
    if option == NONE && criterion.may_be_unmet(case) {
        return Ok(Points::ZERO);
    }
    let Some(choice) = criterion.choice(option) else {
        let most = criterion.options.len();
        return Err((
            "unknown_option",
            say(
                format!("Tiêu chí {} có các phương án từ 1 đến {most}.", criterion.code),
                format!("{} has the options 1 to {most}.", criterion.code),
            ),
        ));
    };
    match choice.case {
        Some(other) if other != case => Err((
            "other_case",
            say(
                format!("Phương án {option} dành cho loại hình chủ thể khác.",),
                format!("The option {option} is for another kind of producer."),
            ),
        )),
        _ => Ok(choice.points),
    }
}

/// Whether a criterion applies: what it depends on was given more than 0 points, all the way down.
fn applies(set: &Set, criterion: &Criterion, chosen: &BTreeMap<&str, Points>) -> bool {
    let mut criterion = criterion;
    // A sound set has no cycle of dependencies; the bound keeps an unsound one from hanging the service.
    for _ in set.criteria() {
        let Some(base) = &criterion.depends_on else { return true };
        let Some(base) = set.criterion(base) else { return false };
        if chosen.get(base.code.as_str()).is_none_or(|points| *points == Points::ZERO) {
            return false;
        }
        criterion = base;
    }
    true
}

fn added_up(set: &Set, case: Case, chosen: &BTreeMap<&str, Points>, gated: bool) -> Marked {
    let sum = |criteria: &mut dyn Iterator<Item = &Criterion>| {
        let sum = criteria.filter_map(|criterion| chosen.get(criterion.code.as_str())).map(|points| points.get()).sum();
        // The maxima of a sound set add up to 100 at most.
        Points::new(sum).unwrap_or(Points::ZERO)
    };
    let parts = set.parts.iter().map(|part| PartTotal { code: part.code.clone(), total: sum(&mut part.criteria()) });
    let needs = |criterion: &&Criterion| {
        !gated && !chosen.contains_key(criterion.code.as_str()) && applies(set, criterion, chosen)
    };
    let missing: Vec<String> = set.criteria().filter(needs).map(|criterion| criterion.code.clone()).collect();
    let total = sum(&mut set.criteria());
    let mut unmet_options = if gated { Vec::new() } else { set.least_options(case) };
    unmet_options.retain(|least| {
        let given = chosen.get(least.criterion.as_str()).copied().unwrap_or(Points::ZERO);
        given < least.points && !missing.contains(&least.criterion)
    });
    Marked { parts: parts.collect(), total, complete: missing.is_empty(), missing, unmet_options }
}

fn unknown_criterion(pointer: String, code: &str) -> Fault {
    Fault::new(
        pointer,
        "unknown_criterion",
        say(format!("Bộ tiêu chí không có tiêu chí “{code}”."), format!("The set has no criterion \"{code}\".")),
    )
}

fn check_gate(set: &Set, gate: &RaisedGate, faults: &mut Vec<Fault>) {
    text::check(&gate.reason, "/gate/reason", MOST, faults);
    match set.criterion(&gate.criterion) {
        None => faults.push(unknown_criterion("/gate/criterion".into(), &gate.criterion)),
        Some(criterion) if criterion.gate.is_none() => faults.push(Fault::new(
            "/gate/criterion",
            "no_gate",
            say(
                format!("Tiêu chí {} không có điều kiện loại hay dừng.", criterion.code),
                format!("The criterion {} has no gate.", criterion.code),
            ),
        )),
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped::shipped;
    use proptest::prelude::*;

    /// The places of a criterion's options that a producer's kind may be given.
    fn legal(criterion: &Criterion, case: Case) -> Vec<u16> {
        let places = 1..=u16::try_from(criterion.options.len()).unwrap();
        places.filter(|place| criterion.choice(*place).unwrap().case.is_none_or(|other| other == case)).collect()
    }

    /// A legal, complete sheet: the n-th pick tells the option of the n-th criterion.
    fn sheet(set: &Set, case: Case, picks: &[usize]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (criterion, pick) in set.criteria().zip(picks) {
            let base = criterion.depends_on.as_ref().and_then(|base| set.criterion(base));
            let told = base.is_some_and(|base| {
                let mark = marks.iter().find(|mark| mark.criterion == base.code);
                mark.is_none_or(|mark| base.choice(mark.option).unwrap().points == Points::ZERO)
            });
            if !told {
                let legal = legal(criterion, case);
                let option = legal[pick % legal.len()];
                marks.push(Mark::new(&criterion.code, option));
            }
        }
        marks
    }

    fn set(code: &str) -> Set {
        shipped().unwrap().into_iter().find(|set| set.code == code).unwrap()
    }

    fn faults(set: &Set, marks: &[(&str, u16)], gate: Option<(&str, &str)>) -> Vec<(String, &'static str)> {
        let marks: Vec<Mark> = marks.iter().map(|(criterion, option)| Mark::new(*criterion, *option)).collect();
        let gate = gate.map(|(criterion, reason)| RaisedGate { criterion: criterion.into(), reason: reason.into() });
        match mark(set, Case::First, &marks, gate.as_ref()) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        }
    }

    #[test]
    fn each_wrong_mark_is_named_with_its_place() {
        let honey = set("mat-ong");
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(faults(&honey, &[("1.1", 3), ("5.1", 2), ("5.2", 1)], None), []);
        assert_eq!(faults(&honey, &[("99.1", 1)], None), one("/marks/0/criterion", "unknown_criterion"));
        assert_eq!(faults(&honey, &[("1.1", 4)], None), one("/marks/0/option", "unknown_option"));
        assert_eq!(faults(&honey, &[("1.1", 0)], None), one("/marks/0/option", "unknown_option"));
        assert_eq!(faults(&honey, &[("3.2", 1), ("3.2", 2)], None), one("/marks/1/criterion", "repeated"));
        assert_eq!(faults(&honey, &[("3.2", 3)], None), one("/marks/0/option", "other_case"));
        assert_eq!(faults(&honey, &[("5.1", 1), ("5.2", 1)], None), one("/marks/1/criterion", "does_not_apply"));
        assert_eq!(faults(&honey, &[("5.3", 1)], None), one("/marks/0/criterion", "does_not_apply"));
        assert_eq!(faults(&honey, &[], Some(("1.1", " "))), one("/gate/reason", "required"));
        assert_eq!(faults(&honey, &[], Some(("1.2", "x"))), one("/gate/criterion", "no_gate"));
        assert_eq!(faults(&honey, &[], Some(("99", "x"))), one("/gate/criterion", "unknown_criterion"));
    }

    #[test]
    fn a_mark_rests_on_documents_of_its_own_only() {
        let (own, other) = (DocumentId::new(), DocumentId::new());
        let bare = Mark::new("1.1", 1);
        assert_eq!(serde_json::to_value(&bare).unwrap(), serde_json::json!({"criterion": "1.1", "option": 1}));
        let mark = bare.resting_on([own, other, own]);
        assert_eq!(mark.documents().collect::<Vec<_>>(), [own, other, own]);
        assert_eq!(foreign_evidence(&[mark], "/marks", &[own]), ["/marks/0/further_evidence/0"]);
        let many = Mark::new("1.1", 1).resting_on(std::iter::repeat_n(own, 22));
        let faults = mark_alone(&many);
        assert_eq!(faults, ["/marks/0/further_evidence"]);
    }

    fn mark_alone(alone: &Mark) -> Vec<String> {
        let faults = mark(&set("mat-ong"), Case::First, std::slice::from_ref(alone), None).unwrap_err();
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn a_sheet_is_complete_with_all_that_applies_or_with_a_gate() {
        let honey = set("mat-ong");
        let full = sheet(&honey, Case::First, &[0; 40]);
        assert!(mark(&honey, Case::First, &full, None).unwrap().complete);
        let missing = mark(&honey, Case::First, &full[1..], None).unwrap().missing;
        assert_eq!(missing, ["1.1"]);
        // Without a story nothing more is asked of it; with one, both of its criteria are.
        let mut told = full.clone();
        told.iter_mut().find(|mark| mark.criterion == "5.1").unwrap().option = 2;
        assert_eq!(mark(&honey, Case::First, &told, None).unwrap().missing, ["5.2", "5.3"]);
        let gate = RaisedGate { criterion: "1.1".into(), reason: "nhập khẩu".into() };
        let gated = mark(&honey, Case::First, &[], Some(&gate)).unwrap();
        assert!(gated.complete && gated.missing.is_empty());
    }

    fn cases() -> impl Strategy<Value = Case> {
        prop_oneof![Just(Case::First), Just(Case::Second)]
    }

    proptest! {
        #[test]
        fn totals_are_the_sum_of_the_chosen_points_in_any_order(
            index in 0..51usize, case in cases(), picks in prop::collection::vec(any::<usize>(), 40), turn in 0..40usize,
        ) {
            let set = shipped().unwrap().remove(index);
            let marks = sheet(&set, case, &picks);
            let marked = mark(&set, case, &marks, None).unwrap();
            prop_assert!(marked.complete);
            let sum: i32 = marks.iter().map(|mark| {
                set.criterion(&mark.criterion).unwrap().options[usize::from(mark.option) - 1].points.get()
            }).sum();
            prop_assert!((0..=100).contains(&sum));
            prop_assert_eq!(marked.total.get(), sum);
            prop_assert_eq!(marked.parts.iter().map(|part| part.total.get()).sum::<i32>(), sum);
            let mut turned = marks.clone();
            turned.rotate_left(turn % marks.len());
            prop_assert_eq!(mark(&set, case, &turned, None).unwrap(), marked);
        }

        #[test]
        fn raising_one_mark_never_lowers_the_total(
            index in 0..51usize, case in cases(), picks in prop::collection::vec(any::<usize>(), 40),
            which in 0..40usize,
        ) {
            let set = shipped().unwrap().remove(index);
            let marks = sheet(&set, case, &picks);
            let before = mark(&set, case, &marks, None).unwrap().total;
            let which = which % marks.len();
            let criterion = set.criterion(&marks[which].criterion).unwrap();
            let is_base = set.criteria().any(|other| other.depends_on.as_ref() == Some(&criterion.code));
            let now = criterion.choice(marks[which].option).unwrap().points;
            for option in legal(criterion, case) {
                if is_base || criterion.choice(option).unwrap().points <= now {
                    continue;
                }
                let mut raised = marks.clone();
                raised[which].option = option;
                prop_assert!(mark(&set, case, &raised, None).unwrap().total > before);
            }
        }
    }
}
