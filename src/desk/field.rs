//! What a page shows of a thing: the members of its view, each with what it is called and how it is written.

use serde_json::Value;

use crate::base::{Day, Moment};
use crate::desk::words::{self, STATES, Wording};
use crate::http::Language;
use crate::page::words::{day, moment, number};
use crate::station::Label;

/// How a member is written.
#[derive(Debug, Clone, Copy)]
pub enum Writing {
    Text,
    /// Several lines.
    Long,
    Money,
    Whole,
    Day,
    Moment,
    /// One of these values.
    Wording(&'static [Wording]),
    YesNo,
    /// The title of a criteria set, with its code beside it.
    CriteriaSet,
    /// The name of a thing, and where its id stands: the part of its address, the pointer of the id.
    Link(&'static str, &'static str),
}

/// A member of a view.
#[derive(Debug, Clone, Copy)]
pub struct ShownField {
    /// Where it stands in the view, as `/product_name`.
    pub pointer: &'static str,
    pub label: Label,
    pub shape: Writing,
}

/// A member as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub label: &'static str,
    pub text: String,
    pub address: Option<String>,
    pub is_long: bool,
    pub is_number: bool,
    /// The name of a state, for its look.
    pub state: Option<String>,
}

/// A member as another program takes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Nothing,
    Text(String),
    /// A count or a year, whose digits stand together.
    Number(f64),
    /// Dong, in groups of three digits.
    Sum(f64),
    Day(Day),
}

pub const fn field(pointer: &'static str, label: Label, shape: Writing) -> ShownField {
    ShownField { pointer, label, shape }
}

/// Where a thing is.
pub const STATE: ShownField = field("/state", crate::station::label("Trạng thái", "State"), Writing::Wording(STATES));

impl ShownField {
    /// The member of a view; none where the view lacks it.
    pub fn cell(&self, view: &Value, language: Language) -> Option<Cell> {
        let value = member(view, self.pointer, language)?;
        let text = self.told(view, value, language);
        if text.is_empty() {
            return None;
        }
        let address = match self.shape {
            Writing::Link(path, id) => {
                let id = view.pointer(id).and_then(Value::as_str);
                id.map(|id| format!("/desk/{path}/{id}"))
            }
            Writing::CriteriaSet => set_address(view),
            _ => None,
        };
        let is_state = self.pointer == STATE.pointer;
        Some(Cell {
            label: words::said(language, self.label),
            text,
            address,
            is_long: matches!(self.shape, Writing::Long),
            is_number: self.is_number(),
            state: is_state.then(|| value.as_str().unwrap_or_default().to_owned()),
        })
    }

    /// A cell without anything in it, where the view lacks the member.
    pub fn nothing(&self) -> Cell {
        let is_number = self.is_number();
        Cell { label: "", text: String::new(), address: None, is_long: false, is_number, state: None }
    }

    pub fn is_number(&self) -> bool {
        matches!(self.shape, Writing::Money | Writing::Whole)
    }

    /// As a table of another program takes it: sums as numbers, days as days, and everything else as a text.
    pub fn datum(&self, view: &Value, language: Language) -> Datum {
        let Some(value) = member(view, self.pointer, language) else { return Datum::Nothing };
        let text = || Datum::Text(self.told(view, value, language));
        match self.shape {
            Writing::Money => value.as_f64().map_or_else(text, Datum::Sum),
            Writing::Whole => value.as_f64().map_or_else(text, Datum::Number),
            Writing::Day => as_day(value).map_or_else(text, Datum::Day),
            _ => text(),
        }
    }

    /// What is written, with what stands elsewhere in the view.
    fn told(&self, view: &Value, value: &Value, language: Language) -> String {
        let text = self.text(value, language);
        match (self.shape, code_of_set(view)) {
            (Writing::CriteriaSet, Some(code)) => format!("{text} ({code})"),
            _ => text,
        }
    }

    fn text(&self, value: &Value, language: Language) -> String {
        let plain = || match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        };
        match self.shape {
            Writing::Text | Writing::Long | Writing::Link(..) | Writing::CriteriaSet => plain(),
            Writing::Money => value.as_i64().map_or_else(plain, |sum| format!("{} ₫", number(language, sum))),
            Writing::Whole => value.as_i64().map_or_else(plain, |count| count.to_string()),
            Writing::Day => as_day(value).map_or_else(plain, |at| day(language, at)),
            Writing::Moment => as_moment(value).map_or_else(plain, |at| moment(language, at)),
            Writing::Wording(known) => words::word(known, &plain(), language),
            Writing::YesNo => match (value.as_bool(), language) {
                (Some(true), Language::Vietnamese) => "Có".to_owned(),
                (Some(true), Language::English) => "Yes".to_owned(),
                (Some(false), Language::Vietnamese) => "Không".to_owned(),
                (Some(false), Language::English) => "No".to_owned(),
                (None, _) => plain(),
            },
        }
    }
}

/// A member of a view; in English its English text, where the view has one beside it.
pub fn member<'a>(view: &'a Value, pointer: &str, language: Language) -> Option<&'a Value> {
    let is_there = |value: &&Value| !value.is_null();
    let english = match language {
        Language::Vietnamese => None,
        Language::English => view.pointer(&format!("{pointer}_en")).filter(is_there),
    };
    english.or_else(|| view.pointer(pointer).filter(is_there))
}

fn code_of_set(view: &Value) -> Option<&str> {
    view.get("criteria_set")?.as_str()
}

fn set_address(view: &Value) -> Option<String> {
    let code = code_of_set(view)?;
    let edition = view.get("criteria_set_edition").and_then(Value::as_str);
    Some(format!(
        "/desk/criteria-sets/{code}{}",
        edition.map(|edition| format!("?edition={edition}")).unwrap_or_default()
    ))
}

fn as_day(value: &Value) -> Option<Day> {
    value.as_str()?.parse().ok()
}

fn as_moment(value: &Value) -> Option<Moment> {
    value.as_str()?.parse().ok()
}
