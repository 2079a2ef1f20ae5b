//! What a sheet's page shows of each criterion: what is marked or was typed, and in which words.

use crate::criteria::{Criterion, Mark, RaisedGate};
use crate::desk::by_criterion::filled::{KnownPaper, options};
use crate::desk::by_criterion::overview::picked;
use crate::desk::by_criterion::texts::Texts as CriterionTexts;
use crate::desk::input::Alternative;
use crate::desk::sheet::sent::Row;
use crate::desk::sheet::texts::Texts;
use crate::http::Language;
use crate::rating::OwnSheet;

/// More boxes than these would make the page heavy: papers are then named by their numbers.
const MOST_BOXES: usize = 300;

/// What stands, or is to stand, in one criterion's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pub option: String,
    pub remark: String,
    /// The places of papers, counted from 1.
    pub papers: Vec<String>,
}

impl Fields {
    pub fn of_mark(mark: &Mark, papers: &[KnownPaper]) -> Self {
        let place = |id| papers.iter().position(|paper| paper.id == id).map(|place| (place + 1).to_string());
        Self {
            option: mark.option.to_string(),
            remark: mark.remark.clone().unwrap_or_default(),
            papers: mark.documents().filter_map(place).collect(),
        }
    }

    pub fn of_row(row: &Row) -> Self {
        Self { option: row.option.clone(), remark: row.remark.clone(), papers: row.papers.clone() }
    }

    /// In words, as one line.
    pub fn told(&self, options: &[Alternative], texts: &Texts) -> String {
        let option = options.iter().find(|known| known.value == self.option).map(|known| known.label.clone());
        let papers = (!self.papers.is_empty()).then(|| format!("{} {}", texts.papers, self.papers.join(", ")));
        let remark = (!self.remark.is_empty()).then(|| format!("“{}”", self.remark));
        let told: Vec<String> = [option, remark, papers].into_iter().flatten().collect();
        told.join("; ")
    }
}

/// One of a criterion's options.
pub struct OptionShown {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
    /// It gives no points, so that what depends on the criterion does not apply.
    pub is_nothing: bool,
}

/// A criterion of the sheet.
pub struct CriterionShown {
    pub place: usize,
    pub code: String,
    pub title: String,
    pub most: String,
    pub hint: Option<String>,
    pub depends_on: Option<String>,
    pub options: Vec<OptionShown>,
    pub remark: String,
    /// A box for each paper, where there are not too many: its number, and whether it is ticked.
    pub boxes: Vec<(usize, bool)>,
    pub numbers: String,
    /// The papers that the mark rests on: number, address.
    pub rests_on: Vec<(String, String)>,
    pub faults: Vec<String>,
    /// What is saved now, where something else was typed.
    pub present: Option<String>,
    pub has_more: bool,
    pub told: String,
}

/// What pages of a sheet are made of.
pub struct Surroundings<'a> {
    pub own: &'a OwnSheet,
    pub papers: &'a [KnownPaper],
    pub language: Language,
}

impl Surroundings<'_> {
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.language)
    }

    /// What may be chosen for a criterion on the scale of this sheet.
    pub fn options(&self, criterion: &Criterion) -> Vec<Alternative> {
        let first = Alternative::new("", self.texts().unmarked);
        std::iter::once(first).chain(options(criterion, self.own.case, CriterionTexts::of(self.language))).collect()
    }

    /// What is saved of a criterion.
    pub fn saved(&self, code: &str) -> Fields {
        let mark = self.own.marks().iter().find(|mark| mark.criterion == code);
        mark.map(|mark| Fields::of_mark(mark, self.papers)).unwrap_or_default()
    }

    pub fn criterion(
        &self,
        (place, criterion): (usize, &Criterion),
        fields: &Fields,
        (faults, present): (Vec<String>, Option<String>),
    ) -> CriterionShown {
        let texts = CriterionTexts::of(self.language);
        let mut hints: Vec<String> = Vec::new();
        hints.extend(criterion.depends_on.as_ref().map(|base| (texts.depends)(base)));
        hints.extend(criterion.gate.as_ref().map(|gate| format!("{} {}", texts.gate, gate.ground)));
        hints.extend(criterion.note.clone());
        let options = self.options(criterion);
        let points = |value: &str| {
            let place = value.parse().ok()?;
            Some(criterion.choice(place).map_or(0, |choice| choice.points.get()))
        };
        let shown = |option: &Alternative| OptionShown {
            is_chosen: option.value == fields.option,
            is_nothing: points(&option.value).unwrap_or(0) == 0,
            value: option.value.clone(),
            label: option.label.clone(),
        };
        let has_boxes = self.papers.len() * self.own.set.criteria().count() <= MOST_BOXES;
        let is_named = |number: usize| fields.papers.iter().any(|named| *named == number.to_string());
        let boxes = (1..=self.papers.len()).filter(|_| has_boxes).map(|number| (number, is_named(number)));
        let address = |named: &String| {
            let paper = self.papers.get(named.parse::<usize>().ok()?.checked_sub(1)?)?;
            Some((named.clone(), view_address(paper)))
        };
        CriterionShown {
            place,
            code: criterion.code.clone(),
            title: format!("{} {}", criterion.code, picked(self.language, &criterion.title, &criterion.title_en)),
            most: (self.texts().at_most)(criterion.max.get()),
            hint: (!hints.is_empty()).then(|| hints.join(" ")),
            depends_on: criterion.depends_on.clone(),
            options: options.iter().map(shown).collect(),
            remark: fields.remark.clone(),
            boxes: boxes.collect(),
            numbers: fields.papers.join(", "),
            rests_on: fields.papers.iter().filter_map(address).collect(),
            faults,
            present,
            has_more: !fields.remark.is_empty() || !fields.papers.is_empty(),
            told: fields.told(&options, self.texts()),
        }
    }

    /// What can be raised: criterion, what it is called.
    pub fn gates(&self) -> Vec<(String, String)> {
        let gated = self.own.set.criteria().filter_map(|criterion| Some((criterion, criterion.gate.as_ref()?)));
        let told =
            gated.map(|(criterion, gate)| (criterion.code.clone(), format!("{} {}", criterion.code, gate.ground)));
        told.collect()
    }

    /// A gate in words.
    pub fn told_gate(&self, criterion: &str, reason: &str) -> String {
        let gate = self.gates().into_iter().find(|(code, _)| code == criterion).map(|(_, told)| told);
        match gate {
            Some(told) => format!("{told}: “{reason}”"),
            None => self.texts().no_gate.to_owned(),
        }
    }
}

/// The gate that is saved: criterion and reason.
pub fn saved_gate(gate: Option<&RaisedGate>) -> (String, String) {
    gate.map(|gate| (gate.criterion.clone(), gate.reason.clone())).unwrap_or_default()
}

/// Where a paper is shown within a page.
pub fn view_address(paper: &KnownPaper) -> String {
    format!("/desk/documents/{}/view", paper.id)
}
