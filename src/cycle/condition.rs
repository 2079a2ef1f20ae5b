//! What a product must have for its stars beside the points (điều kiện bắt buộc theo hạng sao), as data of an edition or of
//! a cycle.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Fault, Stars, say, text};
use crate::files::DocumentKind;

/// One condition. It holds for its stars and for all above them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// A document of a kind is on record for the product.
    Document {
        #[schema(value_type = i32)]
        stars: Stars,
        document: DocumentKind,
        /// It must hold on the day of the conclusion.
        #[serde(default = "yes")]
        in_force: bool,
    },
    /// A figure that the dossier states, as in `yearly_output`.
    Number {
        #[schema(value_type = i32)]
        stars: Stars,
        name: String,
        at_least: i64,
        unit: String,
    },
}

/// A document that a product should have for its stars by an act of which only an excerpt was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Excerpted {
    pub act: String,
    /// The act's own day: what was handed in before is not told of it.
    pub from: Day,
    #[schema(value_type = i32)]
    pub stars: Stars,
    pub document: DocumentKind,
}

fn yes() -> bool {
    true
}

/// The largest figure: whole numbers up to here are exact in every client.
pub const LARGEST_FIGURE: i64 = 1_000_000_000_000_000;

const MOST: usize = 50;

impl Condition {
    /// The lowest stars that it is asked for.
    pub fn stars(&self) -> Stars {
        match self {
            Self::Document { stars, .. } | Self::Number { stars, .. } => *stars,
        }
    }
}

/// Collects what is wrong with a cycle's conditions.
pub fn check(conditions: &[Condition], faults: &mut Vec<Fault>) {
    if conditions.len() > MOST {
        let text = say(format!("Tối đa {MOST} điều kiện."), format!("At most {MOST} conditions."));
        faults.push(Fault::new("/conditions", "too_many", text));
    }
    for (index, condition) in conditions.iter().enumerate() {
        let Condition::Number { name, at_least, unit, .. } = condition else { continue };
        let place = format!("/conditions/{index}");
        check_figure_name(name, format!("{place}/name"), faults);
        if !(1..=LARGEST_FIGURE).contains(at_least) {
            let text = say("Cần một số nguyên dương.", "A positive whole number is needed.");
            faults.push(Fault::new(format!("{place}/at_least"), "out_of_range", text));
        }
        text::check(unit, &format!("{place}/unit"), 50, faults);
    }
}

/// Collects a fault unless `name` can name a figure: a-z, digits and `_`, a letter first, at most 40 characters.
pub fn check_figure_name(name: &str, pointer: String, faults: &mut Vec<Fault>) {
    let fits = name.len() <= 40
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !fits {
        let text = say(
            "Tên số liệu gồm a-z, chữ số, gạch dưới, bắt đầu bằng chữ, tối đa 40 ký tự.",
            "A figure's name has a-z, digits and _, a letter first, at most 40 characters.",
        );
        faults.push(Fault::new(pointer, "malformed_name", text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_read_by_its_kind() {
        let read = |text: &str| serde_json::from_str::<Condition>(text);
        let document = read(r#"{"stars": 4, "kind": "document", "document": "quality_management"}"#).unwrap();
        assert!(matches!(&document, Condition::Document { in_force: true, .. }));
        assert_eq!(document.stars().get(), 4);
        assert!(
            read(r#"{"stars": 3, "kind": "number", "name": "yearly_output", "at_least": 5, "unit": "kg"}"#).is_ok()
        );
        for wrong in [
            r#"{"stars": 6, "kind": "document", "document": "award"}"#,
            r#"{"stars": 4, "kind": "document", "document": "unheard_of"}"#,
            r#"{"stars": 4, "kind": "document", "document": "award", "name": "x"}"#,
            r#"{"stars": 4, "kind": "number", "name": "x"}"#,
            r#"{"stars": 4, "kind": "wish"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_and_bounds_are_held() {
        let number = |name: &str, at_least, unit: &str| Condition::Number {
            stars: Stars::new(4).unwrap(),
            name: name.into(),
            at_least,
            unit: unit.into(),
        };
        let pointers = |condition| {
            let mut faults = Vec::new();
            check(&[condition], &mut faults);
            faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(number("yearly_output", 1, "kg")), Vec::<String>::new());
        assert_eq!(pointers(number("Yearly", 1, "kg")), ["/conditions/0/name"]);
        assert_eq!(pointers(number("", 0, "")), ["/conditions/0/name", "/conditions/0/at_least", "/conditions/0/unit"]);
    }
}
