//! What a producer states in a dossier beside its own marks: how a form asks for it, by the dossier's kind, and how it is shown.

use serde_json::Value;

use crate::account::Work;
use crate::base::Result;
use crate::desk::counter::Beside;
use crate::desk::field::{Writing, field};
use crate::desk::input::{Alternative, Asks, Input};
use crate::desk::kinds::sources::member;
use crate::desk::words::{Wording, said, word};
use crate::dossier::rules::WRITERS;
use crate::http::Language;
use crate::product::attachment_store;
use crate::station::{Label, label};

/// Sections of statements, in the spelling of [`crate::dossier::statements::Section`].
const SECTIONS: &[Wording] = &[
    ("material", label("Nguyên liệu", "Material")),
    ("technology", label("Công nghệ", "Technology")),
    ("packaging", label("Bao bì", "Packaging")),
    ("label", label("Nhãn mác", "Label")),
    ("publication", label("Công bố chất lượng", "Publication of quality")),
    ("tests", label("Kiểm nghiệm định kỳ", "Periodic tests")),
    ("market", label("Thị trường", "Market")),
    ("papers", label("Giấy tờ có thời hạn", "Papers with a term")),
];

/// The papers of the dossier's product.
pub(super) fn papers(work: &mut Work, view: Option<&Value>) -> Result<Vec<Alternative>> {
    let Some(product) = member(view, "product_id") else { return Ok(Vec::new()) };
    let documents = attachment_store::list_documents(work.connection, product, None, None, 100)?;
    let language = work.language;
    let told = documents.into_iter().map(|(document, file)| {
        Alternative::new(document.id.to_string(), format!("{}: {}", language.pick(&document.kind.name()), file.name))
    });
    Ok(told.collect())
}

fn is_of_kind(view: &Value, kind: &str) -> bool {
    view.get("kind").and_then(Value::as_str) == Some(kind)
}

/// Whether the product is to get more stars.
pub fn is_upgrade(view: &Value) -> bool {
    is_of_kind(view, "upgrade")
}

/// Whether the product is rated again.
pub fn is_again(view: &Value) -> bool {
    is_of_kind(view, "again")
}

/// Whether the dossier's edition tells kinds of dossiers apart, and with them asks for form 02.
pub fn has_kind(view: &Value) -> bool {
    view.get("kind").is_some_and(Value::is_string)
}

pub(super) const fn told(name: &'static str, label: Label) -> Input {
    Input::new(name, label, Asks::Lines).only(WRITERS)
}

/// A text, and the papers that show it.
pub(super) const fn shown_by(name: &'static str, label: Label) -> Input {
    Input::new(name, label, Asks::AnyOf(papers)).only(WRITERS)
}

/// The inputs before, and those of every section: what changed, and what is new.
macro_rules! with_sections {
    ([$($before:expr),* $(,)?] $(($section:literal, $vi:literal, $en:literal))*) => {
        &[
            $($before,)*
            $(
                told(
                    concat!("changes.", $section, ".text"),
                    label(concat!("Thay đổi từ khi công nhận: ", $vi), concat!("Changed since the recognition: ", $en)),
                )
                .when(is_upgrade),
                shown_by(
                    concat!("changes.", $section, ".evidence"),
                    label(concat!("Giấy tờ về thay đổi: ", $vi), concat!("Papers on the change: ", $en)),
                )
                .when(is_upgrade),
            )*
            $(
                told(
                    concat!("updates.", $section, ".text"),
                    label(concat!("Cập nhật từ khi công nhận: ", $vi), concat!("New since the recognition: ", $en)),
                )
                .when(is_again),
                shown_by(
                    concat!("updates.", $section, ".evidence"),
                    label(concat!("Giấy tờ cập nhật: ", $vi), concat!("Papers on it: ", $en)),
                )
                .when(is_again),
            )*
        ]
    };
}
pub(super) use with_sections;

pub const YEARLY: &[Input] = &[
    Input::new("year", label("Năm", "Year"), Asks::Whole).required(),
    Input::new("output", label("Sản lượng", "Output"), Asks::Whole).or_zero(),
    Input::new("unit", label("Đơn vị tính", "Unit"), Asks::Line).or_empty(),
    Input::new("revenue", label("Doanh thu (đồng)", "Revenue (dong)"), Asks::Money).or_zero(),
];

/// Statements, yearly figures and what the producer tells of itself, as far as they are there.
pub fn beside(work: &Work, view: &Value) -> Result<Vec<Beside>> {
    let language = work.language;
    let mut beside = Vec::new();
    for (member, title) in [
        ("changes", label("Thay đổi từ khi công nhận", "Changed since the recognition")),
        ("updates", label("Cập nhật từ khi công nhận", "New since the recognition")),
    ] {
        let stated = view.get(member).and_then(Value::as_object).into_iter().flatten();
        let row = |(section, statement): (&String, &Value)| {
            let text = statement.get("text").and_then(Value::as_str).unwrap_or_default();
            vec![word(SECTIONS, section, language), text.to_owned()]
        };
        let heads = [label("Nội dung", "Section"), label("Chủ thể ghi", "The producer states")];
        beside.extend(table(title, &heads, stated.map(row).collect(), language));
    }
    let years = view.get("yearly_figures").and_then(Value::as_array).into_iter().flatten();
    let columns = [
        field("/year", label("Năm", "Year"), Writing::Text),
        field("/output", label("Sản lượng", "Output"), Writing::Whole),
        field("/unit", label("Đơn vị tính", "Unit"), Writing::Text),
        field("/revenue", label("Doanh thu", "Revenue"), Writing::Money),
    ];
    let cell = |year: &Value, column: &crate::desk::field::ShownField| {
        column.cell(year, language).map(|cell| cell.text).unwrap_or_default()
    };
    let rows = years.map(|year| columns.iter().map(|column| cell(year, column)).collect()).collect();
    let heads = columns.map(|column| column.label);
    beside.extend(table(label("Sản lượng, doanh thu từng năm", "Output and revenue by year"), &heads, rows, language));
    let told = REPORT.iter().filter_map(|(member, label)| {
        let text = view.pointer(&format!("/report/{member}"))?.as_str()?;
        Some(vec![said(language, *label).to_owned(), text.to_owned()])
    });
    let heads = [label("Nội dung", "Section"), label("Chủ thể ghi", "The producer states")];
    beside.extend(table(
        label("Chủ thể tự giới thiệu (mẫu 02)", "Of itself (form 02)"),
        &heads,
        told.collect(),
        language,
    ));
    Ok(beside)
}

const REPORT: &[Wording] = &[
    ("history", label("Lịch sử hình thành", "How it came about")),
    ("organisation", label("Cơ cấu tổ chức", "How it is organised")),
    ("results", label("Kết quả thực hiện phương án", "What became of the plan")),
    ("plans", label("Kế hoạch sản xuất, kinh doanh", "What it plans")),
];

fn table(title: Label, heads: &[Label], rows: Vec<Vec<String>>, language: Language) -> Option<Beside> {
    let heads = heads.iter().map(|head| said(language, *head).to_owned()).collect();
    (!rows.is_empty()).then(|| Beside { table: Some((heads, rows)), ..Beside::new(title) })
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::dossier::statements::Section;

    #[test]
    fn every_section_is_asked_for_and_named() {
        let known: Vec<String> = Section::iter().map(|section| section.as_ref().to_owned()).collect();
        let named: Vec<&str> = SECTIONS.iter().map(|(section, _)| *section).collect();
        assert_eq!(named, known);
        let asked = crate::desk::kinds::find("dossiers").unwrap().inputs("change").unwrap();
        for section in known {
            for name in ["changes", "updates"] {
                assert!(asked.iter().any(|input| input.name == format!("{name}.{section}.text")), "{name} {section}");
            }
        }
    }
}
