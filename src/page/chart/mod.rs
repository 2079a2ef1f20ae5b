//! Charts (biểu đồ) with their numbers as tables: what a drawing shows, its table says.

pub mod drawing;

use crate::http::Language;
use crate::page::chart::drawing::{Drawing, Fill, Row, Series};
use crate::page::texts::Figures as Texts;
use crate::page::words;

/// A chart with its numbers as a table.
pub struct Chart {
    pub id: &'static str,
    pub title: String,
    /// Where there is nothing to draw.
    pub is_empty: bool,
    /// What who cannot see it is told.
    pub description: String,
    pub drawing: Drawing,
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
    pub total: Option<Vec<String>>,
    pub notes: Vec<String>,
}

impl Chart {
    pub fn fill(&self, fill: &Fill) -> String {
        match fill {
            Fill::Solid => "#11693a".to_owned(),
            patterned => format!("url(#{}-{})", self.id, patterned.as_ref()),
        }
    }
}

/// Writes charts in a language.
#[derive(Clone, Copy)]
pub struct ChartWriter {
    pub language: Language,
    pub t: &'static Texts,
}

impl ChartWriter {
    pub fn number(&self, number: usize) -> String {
        words::number(self.language, i64::try_from(number).unwrap_or(i64::MAX))
    }

    pub fn numbers(&self, numbers: &[usize]) -> Vec<String> {
        numbers.iter().map(|number| self.number(*number)).collect()
    }

    /// A chart whose rows are told by their numbers, and whose table has a sum in each row where there are several.
    pub fn chart(
        &self,
        id: &'static str,
        title: impl Into<String>,
        head: &'static str,
        series: &[Series],
        rows: &[Row],
    ) -> Chart {
        let sum = |parts: &[usize]| parts.iter().fold(0usize, |sum, part| sum.saturating_add(*part));
        let cells = |parts: &[usize]| {
            let all = (parts.len() > 1).then(|| sum(parts));
            self.numbers(&parts.iter().copied().chain(all).collect::<Vec<_>>())
        };
        let named = |row: &Row| {
            let parts = series.iter().zip(&row.parts);
            let parts: Vec<String> =
                parts.map(|(part, count)| format!("{} {}", part.name, self.number(*count))).collect();
            format!("{}: {}", row.label, parts.join(", "))
        };
        let all = (series.len() > 1).then(|| self.t.total.to_owned());
        Chart {
            id,
            title: title.into(),
            is_empty: rows.iter().all(|row| sum(&row.parts) == 0),
            description: rows.iter().map(named).collect::<Vec<_>>().join("; "),
            drawing: drawing::bars(series, rows),
            columns: [head.to_owned()]
                .into_iter()
                .chain(series.iter().map(|part| part.name.clone()))
                .chain(all)
                .collect(),
            rows: rows.iter().map(|row| (row.label.clone(), cells(&row.parts))).collect(),
            total: None,
            notes: Vec::new(),
        }
    }
}
