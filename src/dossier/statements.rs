//! What a producer states in a dossier beside its own marks: what changed, what is new, what was made and sold; and what of it
//! lacks for the dossier's kind (article 6.1 of 26/2026/QĐ-TTg).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::base::id::DocumentId;
use crate::base::{Day, Fault, Faults, Message, Result, Vnd, say, text};
use crate::cycle::dossiers::{DossierPart, LatestCertificate};

/// A section of what is stated since the recognition.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Section {
    /// Nguyên liệu.
    Material,
    /// Công nghệ sử dụng.
    Technology,
    /// Bao bì.
    Packaging,
    /// Nhãn mác.
    Label,
    /// Công bố chất lượng.
    Publication,
    /// Phiếu kiểm nghiệm định kỳ.
    Tests,
    /// Thị trường tiêu thụ.
    Market,
    /// Giấy tờ pháp lý có thời hạn.
    Papers,
}

impl Section {
    pub fn name(self) -> Message {
        match self {
            Self::Material => say("nguyên liệu", "material"),
            Self::Technology => say("công nghệ sử dụng", "technology"),
            Self::Packaging => say("bao bì", "packaging"),
            Self::Label => say("nhãn mác", "label"),
            Self::Publication => say("công bố chất lượng", "publication of quality"),
            Self::Tests => say("phiếu kiểm nghiệm định kỳ", "periodic tests"),
            Self::Market => say("thị trường tiêu thụ", "market"),
            Self::Papers => say("giấy tờ pháp lý có thời hạn", "papers with a term"),
        }
    }

    /// Whether an update of it is nothing without a paper.
    fn rests_on_papers(self) -> bool {
        matches!(self, Self::Tests | Self::Papers)
    }
}

/// What is stated of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub text: String,
    /// Documents of the product that show it.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

pub type Statements = BTreeMap<Section, Statement>;

/// What was made and sold in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearlyFigure {
    pub year: i32,
    /// In units of the kind that `unit` names.
    #[schema(minimum = 0, maximum = 1_000_000_000_000i64)]
    pub output: i64,
    pub unit: String,
    pub revenue: Vnd,
}

/// What the producer tells of itself in form 02, each part where it wants to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SelfReport {
    /// How it came about and grew (lịch sử hình thành).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
    /// How it is organised (cơ cấu tổ chức).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// What became of the business plan (kết quả thực hiện phương án).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// What it plans (kế hoạch sản xuất, kinh doanh).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plans: Option<String>,
}

const LONGEST: usize = 5000;
const MOST_EVIDENCE: usize = 50;
const MOST_YEARS: usize = 20;
const MOST_OUTPUT: i64 = 1_000_000_000_000;

/// Collects what is wrong with statements; whose the documents are is asked elsewhere.
pub fn check_statements(statements: &Statements, at: &str, faults: &mut Vec<Fault>) {
    for (section, statement) in statements {
        let place = format!("{at}/{}", section.as_ref());
        text::check(&statement.text, &format!("{place}/text"), LONGEST, faults);
        if statement.evidence.len() > MOST_EVIDENCE {
            let text = say(format!("Tối đa {MOST_EVIDENCE} giấy tờ."), format!("At most {MOST_EVIDENCE} documents."));
            faults.push(Fault::new(format!("{place}/evidence"), "too_many", text));
        }
    }
}

/// Collects what is wrong with yearly figures.
pub fn check_yearly(figures: &[YearlyFigure], today: Day, faults: &mut Vec<Fault>) {
    if figures.len() > MOST_YEARS {
        let text = say(format!("Tối đa {MOST_YEARS} năm."), format!("At most {MOST_YEARS} years."));
        faults.push(Fault::new("/yearly_figures", "too_many", text));
    }
    let mut years = BTreeSet::new();
    for (index, figure) in figures.iter().enumerate() {
        let place = format!("/yearly_figures/{index}");
        if !(2000..=today.year()).contains(&figure.year) {
            let text = say("Năm từ 2000 đến năm nay.", "A year from 2000 to this one.");
            faults.push(Fault::new(format!("{place}/year"), "out_of_range", text));
        } else if !years.insert(figure.year) {
            let text = say("Năm bị lặp.", "The year stands twice.");
            faults.push(Fault::new(format!("{place}/year"), "repeated", text));
        }
        if !(0..=MOST_OUTPUT).contains(&figure.output) {
            let text = say("Sản lượng là số nguyên không âm.", "The output is a whole number, 0 or more.");
            faults.push(Fault::new(format!("{place}/output"), "out_of_range", text));
        }
        text::check(&figure.unit, &format!("{place}/unit"), 50, faults);
    }
}

/// 422 with what is wrong with the texts of form 02.
pub fn check_report(report: &SelfReport) -> Result<()> {
    let mut faults = Vec::new();
    let texts = [
        ("history", &report.history),
        ("organisation", &report.organisation),
        ("results", &report.results),
        ("plans", &report.plans),
    ];
    for (name, told) in texts {
        if let Some(told) = told {
            text::check(told, &format!("/report/{name}"), LONGEST, &mut faults);
        }
    }
    faults.into_result()
}

/// What a dossier holds, as far as its kind asks for it.
#[derive(Debug)]
pub struct Stated<'a> {
    pub has_self_marks: bool,
    /// The criteria that the producer's own marks leave out.
    pub unmarked: &'a [String],
    pub changes: &'a Statements,
    pub updates: &'a Statements,
    pub yearly: &'a [YearlyFigure],
    /// Until when the product's documents hold.
    pub terms: &'a BTreeMap<DocumentId, Option<Day>>,
}

/// Everything that a dossier lacks on the day on which it is handed in, one fault for each.
pub fn lacking(holds: &[DossierPart], stated: &Stated<'_>, latest: Option<LatestCertificate>, on: Day) -> Vec<Fault> {
    let mut faults = Vec::new();
    for part in holds {
        match part {
            DossierPart::SelfMarks => lacking_marks(stated, &mut faults),
            DossierPart::Changes => lacking_changes(stated.changes, &mut faults),
            DossierPart::Updates => lacking_updates(stated, on, &mut faults),
            DossierPart::YearlyFigures => lacking_years(stated.yearly, latest, on, &mut faults),
        }
    }
    faults
}

fn lacking_marks(stated: &Stated<'_>, faults: &mut Vec<Fault>) {
    if !stated.has_self_marks {
        let text = say("Chưa tự chấm điểm theo bộ tiêu chí (mẫu 02).", "The self-scoring (form 02) is missing.");
        faults.push(Fault::new("/self_marks", "required", text));
    }
    for criterion in stated.unmarked {
        let text =
            say(format!("Chưa tự chấm tiêu chí {criterion}."), format!("The criterion {criterion} is unmarked."));
        faults.push(Fault::new("/self_marks", "missing_mark", text));
    }
}

fn lacking_changes(changes: &Statements, faults: &mut Vec<Fault>) {
    if changes.is_empty() {
        let text = say(
            "Hồ sơ nâng hạng phải nêu những thay đổi so với khi được công nhận, kèm minh chứng.",
            "A dossier of an upgrade says what changed since the recognition, with evidence.",
        );
        faults.push(Fault::new("/changes", "required", text));
    }
    for (section, _) in changes.iter().filter(|(_, statement)| statement.evidence.is_empty()) {
        faults.push(without_evidence("/changes", *section));
    }
}

fn lacking_updates(stated: &Stated<'_>, on: Day, faults: &mut Vec<Fault>) {
    for section in Section::iter() {
        let Some(statement) = stated.updates.get(&section) else {
            let name = section.name();
            let text = say(format!("Chưa cập nhật: {}.", name.vi), format!("The update is missing: {}.", name.en));
            faults.push(Fault::new(format!("/updates/{}", section.as_ref()), "required", text));
            continue;
        };
        if section.rests_on_papers() && statement.evidence.is_empty() {
            faults.push(without_evidence("/updates", section));
        }
        if section != Section::Papers {
            continue;
        }
        for (index, document) in statement.evidence.iter().enumerate() {
            if stated.terms.get(document).is_some_and(|until| until.is_some_and(|until| until < on)) {
                let text = say("Giấy tờ đã hết thời hạn.", "The document's term has ended.");
                faults.push(Fault::new(format!("/updates/papers/evidence/{index}"), "document_expired", text));
            }
        }
    }
}

fn lacking_years(yearly: &[YearlyFigure], latest: Option<LatestCertificate>, on: Day, faults: &mut Vec<Fault>) {
    if yearly.is_empty() {
        let text = say("Chưa có sản lượng, doanh thu từng năm.", "Yearly output and revenue are missing.");
        faults.push(Fault::new("/yearly_figures", "required", text));
    }
    let Some(latest) = latest.filter(|_| !yearly.is_empty()) else { return };
    for year in latest.issued_on.year().saturating_add(1)..on.year() {
        if !yearly.iter().any(|figure| figure.year == year) {
            let text = say(
                format!("Chưa có sản lượng, doanh thu năm {year}."),
                format!("Output and revenue of {year} are missing."),
            );
            faults.push(Fault::new("/yearly_figures", "missing_year", text));
        }
    }
}

fn without_evidence(at: &str, section: Section) -> Fault {
    let name = section.name();
    let text = say(format!("Thiếu minh chứng: {}.", name.vi), format!("Evidence is missing: {}.", name.en));
    Fault::new(format!("{at}/{}/evidence", section.as_ref()), "required", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn told(evidence: &[DocumentId]) -> Statement {
        Statement { text: "Không thay đổi".into(), evidence: evidence.to_vec() }
    }

    fn figure(year: i32) -> YearlyFigure {
        YearlyFigure { year, output: 10, unit: "lít".into(), revenue: Vnd::ZERO }
    }

    #[test]
    fn each_missing_thing_is_named_once() {
        let latest =
            LatestCertificate { issued_on: day("2023-11-20"), valid_until: day("2026-11-20"), is_revoked: false };
        let (current, ended) = (DocumentId::new(), DocumentId::new());
        let terms = BTreeMap::from([(current, None), (ended, Some(day("2026-01-01")))]);
        let holds = [DossierPart::SelfMarks, DossierPart::Updates, DossierPart::YearlyFigures];
        let lacks = |updates: &Statements, yearly: &[YearlyFigure], unmarked: &[String]| {
            let stated =
                Stated { has_self_marks: true, unmarked, changes: &Statements::new(), updates, yearly, terms: &terms };
            let faults = lacking(&holds, &stated, Some(latest), day("2026-07-01"));
            faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let mut updates: Statements = Section::iter().map(|section| (section, told(&[current]))).collect();
        assert!(lacks(&updates, &[figure(2024), figure(2025)], &[]).is_empty());
        updates.remove(&Section::Market);
        updates.insert(Section::Tests, told(&[]));
        updates.insert(Section::Papers, told(&[current, ended]));
        assert_eq!(
            lacks(&updates, &[figure(2025)], &["3.1".into()]),
            [
                "/self_marks missing_mark",
                "/updates/tests/evidence required",
                "/updates/market required",
                "/updates/papers/evidence/1 document_expired",
                "/yearly_figures missing_year",
            ]
        );
    }

    #[test]
    fn an_upgrade_says_what_changed_and_shows_it() {
        let lacks = |changes: &Statements| {
            let stated = Stated {
                has_self_marks: false,
                unmarked: &[],
                changes,
                updates: &Statements::new(),
                yearly: &[],
                terms: &BTreeMap::new(),
            };
            let faults = lacking(&[DossierPart::Changes], &stated, None, day("2026-07-01"));
            faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(lacks(&Statements::new()), ["/changes"]);
        assert_eq!(lacks(&BTreeMap::from([(Section::Label, told(&[]))])), ["/changes/label/evidence"]);
        assert!(lacks(&BTreeMap::from([(Section::Label, told(&[DocumentId::new()]))])).is_empty());
    }

    #[test]
    fn years_stand_once_and_are_over_or_now() {
        let pointers = |figures: &[YearlyFigure]| {
            let mut faults = Vec::new();
            check_yearly(figures, day("2026-07-01"), &mut faults);
            faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        assert!(pointers(&[figure(2025), figure(2026)]).is_empty());
        assert_eq!(
            pointers(&[figure(2025), figure(2025), figure(2027), YearlyFigure { output: -1, ..figure(2024) }]),
            [
                "/yearly_figures/1/year repeated",
                "/yearly_figures/2/year out_of_range",
                "/yearly_figures/3/output out_of_range"
            ]
        );
    }
}
