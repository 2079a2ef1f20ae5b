//! What a sheet's form means. Papers are named by their places in the dossier's list, which does not change while its product
//! is on an agenda.

use serde_json::{Map, Value, json};

use crate::base::id::DocumentId;
use crate::desk::typed::Typed;

/// What was sent for one criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its place in the form.
    pub place: usize,
    pub criterion: String,
    pub option: String,
    pub remark: String,
    /// The places of papers, counted from 1, as they were ticked or written.
    pub papers: Vec<String>,
}

impl Row {
    fn says_something(&self) -> bool {
        !(self.option.is_empty() && self.remark.is_empty() && self.papers.is_empty())
    }
}

/// What was sent of a sheet.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    pub rows: Vec<Row>,
    pub gate_criterion: String,
    pub gate_reason: String,
    /// Whether the form had criteria at all: the one that hands a sheet in can be sent alone.
    pub has_marks: bool,
}

/// Texts come over the network with both signs of a line's end.
fn lines(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

impl Sent {
    pub fn read(typed: &Typed) -> Self {
        let mut sent = Self::default();
        for (name, value) in typed.fields() {
            match name {
                "gate.criterion" => sent.gate_criterion = value.trim().to_owned(),
                "gate.reason" => sent.gate_reason = lines(value),
                _ => sent.take(name, value),
            }
        }
        sent.has_marks = !sent.rows.is_empty();
        sent.rows.retain(Row::says_something);
        sent
    }

    fn take(&mut self, name: &str, value: &str) {
        let Some((place, field)) = name.strip_prefix("marks.").and_then(|rest| rest.split_once('.')) else { return };
        let Ok(place) = place.parse() else { return };
        let known = self.rows.iter().position(|row| row.place == place);
        let at = known.unwrap_or_else(|| {
            self.rows.push(Row { place, ..Row::default() });
            self.rows.len().saturating_sub(1)
        });
        let Some(row) = self.rows.get_mut(at) else { return };
        match field {
            "criterion" => row.criterion = value.trim().to_owned(),
            "option" => row.option = value.trim().to_owned(),
            "remark" => row.remark = lines(value),
            "evidence" => {
                let named = value.split(|letter: char| !letter.is_alphanumeric()).filter(|place| !place.is_empty());
                row.papers.extend(named.map(str::to_owned));
            }
            _ => {}
        }
    }

    /// The body of the order, in which the marks stand as the rows do.
    pub fn body(&self, documents: &[DocumentId]) -> Value {
        let marks: Vec<Value> = self.rows.iter().map(|row| mark(row, documents)).collect();
        let gate = match (self.gate_criterion.as_str(), self.gate_reason.as_str()) {
            ("", "") => Value::Null,
            (criterion, reason) => json!({"criterion": criterion, "reason": reason}),
        };
        json!({"marks": marks, "gate": gate})
    }
}

fn mark(row: &Row, documents: &[DocumentId]) -> Value {
    let mut mark = Map::new();
    mark.insert("criterion".to_owned(), Value::String(row.criterion.clone()));
    let option = row.option.parse::<u16>().map_or_else(|_| Value::String(row.option.clone()), Value::from);
    if !row.option.is_empty() {
        mark.insert("option".to_owned(), option);
    }
    if !row.remark.is_empty() {
        mark.insert("remark".to_owned(), Value::String(row.remark.clone()));
    }
    let named = |place: &String| {
        let known = place.parse::<usize>().ok().and_then(|place| documents.get(place.checked_sub(1)?));
        Value::String(known.map_or_else(|| place.clone(), ToString::to_string))
    };
    let mut papers = row.papers.iter().map(named);
    mark.extend(papers.next().map(|first| ("evidence".to_owned(), first)));
    let further: Vec<Value> = papers.collect();
    if !further.is_empty() {
        mark.insert("further_evidence".to_owned(), Value::Array(further));
    }
    Value::Object(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Sent::read(&Typed::new(fields.collect()))
    }

    #[test]
    fn a_form_means_the_marks_of_the_rows_in_which_something_is_said() {
        let papers = [DocumentId::new(), DocumentId::new(), DocumentId::new()];
        let read = sent(&[
            ("csrf", "x"),
            ("marks.0.criterion", "1.1"),
            ("marks.0.option", "3"),
            ("marks.0.remark", " Tốt\r\nlắm "),
            ("marks.0.evidence", "2"),
            ("marks.0.evidence", "3"),
            ("marks.1.criterion", "1.2"),
            ("marks.1.option", ""),
            ("marks.1.remark", ""),
            ("marks.2.criterion", "1.3"),
            ("marks.2.option", ""),
            ("marks.2.remark", "x"),
            ("gate.criterion", ""),
            ("gate.reason", ""),
        ]);
        let expected = json!({"marks": [
            {"criterion": "1.1", "option": 3, "remark": "Tốt\nlắm", "evidence": papers[1], "further_evidence": [papers[2]]},
            {"criterion": "1.3", "remark": "x"},
        ], "gate": null});
        assert_eq!(read.body(&papers), expected);
        assert_eq!((read.rows[1].place, read.has_marks), (2, true));
    }

    #[test]
    fn numbers_are_read_as_people_write_them_and_what_is_none_stays_as_it_is() {
        let papers = [DocumentId::new(), DocumentId::new()];
        let read = sent(&[("marks.4.criterion", "1.1"), ("marks.4.option", "x"), ("marks.4.evidence", "2, 1; 9")]);
        let expected =
            json!({"criterion": "1.1", "option": "x", "evidence": papers[1], "further_evidence": [papers[0], "9"]});
        assert_eq!(read.body(&papers)["marks"][0], expected);
        let gated = sent(&[("gate.criterion", "1.1"), ("gate.reason", "")]);
        assert_eq!(gated.body(&[])["gate"], json!({"criterion": "1.1", "reason": ""}));
        assert!(!gated.has_marks);
    }
}
