//! How a field of a step's form is filled in on a page.

use serde_json::Value;

use crate::account::{Role, Work};
use crate::base::Result;
use crate::desk::words::Wording;
use crate::station::Label;

/// An entry of a select, under a heading where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub value: String,
    pub label: String,
    pub group: Option<String>,
}

impl Alternative {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), group: None }
    }

    pub fn under(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }
}

/// What may be chosen, for whoever asks, and with the thing at hand where there is one.
pub type Choices = fn(&mut Work, Option<&Value>) -> Result<Vec<Alternative>>;

/// Who fills a form in, with an account or without one: what they are asked, and among what they may choose.
pub trait Filler {
    fn is_asked(&self, input: &Input) -> bool;
    /// The communes that they may name, under their districts.
    fn communes(&mut self) -> Result<Vec<Alternative>>;
    fn choices(&mut self, source: Choices, view: Option<&Value>) -> Result<Vec<Alternative>>;
}

/// A criterion that is marked by choosing one of its options.
#[derive(Debug, Clone)]
pub struct Marking {
    pub code: String,
    pub title: String,
    /// What to know before one chooses.
    pub hint: Option<String>,
    pub options: Vec<Alternative>,
}

/// The name of what is searched for in the address of a form.
pub const FIND: &str = "find";

/// The fields of a mark.
pub const MARK: &[Input] = &[
    Input::new("criterion", crate::station::label("Tiêu chí", "Criterion"), Asks::Line).incidental(),
    Input::new("option", crate::station::label("Mức", "Option"), Asks::Whole),
];

/// What is typed or chosen.
#[derive(Debug, Clone, Copy)]
pub enum Asks {
    Line,
    /// The code of a stamp, typed or read by a camera.
    Code,
    /// Several lines.
    Lines,
    /// A text of hundreds of lines, kept as it is.
    Document,
    /// Dong, as `600.000.000`.
    Money,
    Whole,
    /// `22/02/2021`.
    Day,
    /// `22/02/2021 08:30`, in Vietnam; a day alone begins at midnight.
    Moment,
    Phone,
    Password,
    /// Yes or no.
    Check,
    /// Yes or no, one of which must be said.
    YesNo,
    /// One of few, as radio buttons.
    OneOf(&'static [Wording]),
    /// As [`Asks::OneOf`], of whole numbers.
    OneOfNumbers(&'static [Wording]),
    /// A commune of today.
    Commune,
    /// One of those that the database knows.
    From(Choices),
    /// Any of those that the database knows.
    AnyOf(Choices),
    /// Rows of a table, each with these fields; so many stand there empty.
    Rows(&'static [Input], usize),
    /// As [`Asks::Rows`] with one that stands empty, and with the sums of what is asked for in dong; another row can be asked for.
    Sums(&'static [Input]),
    File(&'static str),
    /// Nothing: what is there goes along as it is, for a step that reads its form whole.
    Kept,
    /// Nothing: what was said before the form goes along with it.
    Said,
    /// For each criterion of a set one of its options, on a page of its own.
    Marks,
}

/// What is sent where nothing was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// Nothing: the field is left out.
    Omitted,
    /// An empty text, for the step to say that it is needed.
    Text,
    /// What was there is cleared.
    Null,
    /// A sum of nothing.
    Zero,
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Its name in the step's form, with dots for what lies within: `producer.name`.
    pub name: &'static str,
    pub label: Label,
    pub hint: Option<Label>,
    pub asks: Asks,
    pub empty: Empty,
    pub is_required: bool,
    /// Where the view has its present value, where it has another name there.
    pub present: Option<&'static str>,
    /// Only who has one of these roles is asked.
    pub of: Option<&'static [Role]>,
    /// Only where the thing is so. What stands in forms of some things only is cleared as a whole where nothing is left of it.
    pub when: Option<fn(&Value) -> bool>,
    /// Only where the thing, or what a new one is begun with, is so; nothing is cleared where it is not asked.
    pub asked_if: Option<fn(&Value) -> bool>,
    /// With what it is filled in where there is nothing yet: the first of these.
    pub preset: Option<Choices>,
    /// A place of the form that has no field of its own: what is wrong there is told here.
    pub also_at: Option<&'static str>,
    /// A row that has nothing else is an empty row.
    pub is_incidental: bool,
    /// What is searched for where there is more than can be chosen among.
    pub searched: Option<Label>,
    /// Of a list's rows, those that have this member are not filled in again.
    pub unless: Option<&'static str>,
}

impl Input {
    pub const fn new(name: &'static str, label: Label, asks: Asks) -> Self {
        Self {
            name,
            label,
            hint: None,
            asks,
            empty: Empty::Omitted,
            is_required: false,
            present: None,
            of: None,
            when: None,
            asked_if: None,
            preset: None,
            also_at: None,
            is_incidental: false,
            unless: None,
            searched: None,
        }
    }

    pub const fn required(mut self) -> Self {
        (self.empty, self.is_required) = (Empty::Text, true);
        self
    }

    /// It must be filled in; where it is not, the step says so.
    pub const fn needed(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Nothing typed clears what was there.
    pub const fn clearing(mut self) -> Self {
        self.empty = Empty::Null;
        self
    }

    /// Nothing typed is an empty text.
    pub const fn or_empty(mut self) -> Self {
        self.empty = Empty::Text;
        self
    }

    pub const fn or_zero(mut self) -> Self {
        self.empty = Empty::Zero;
        self
    }

    pub const fn hint(mut self, hint: Label) -> Self {
        self.hint = Some(hint);
        self
    }

    pub const fn shown_at(mut self, pointer: &'static str) -> Self {
        self.present = Some(pointer);
        self
    }

    pub const fn only(mut self, roles: &'static [Role]) -> Self {
        self.of = Some(roles);
        self
    }

    pub const fn when(mut self, when: fn(&Value) -> bool) -> Self {
        self.when = Some(when);
        self
    }

    pub const fn asked_if(mut self, asked_if: fn(&Value) -> bool) -> Self {
        self.asked_if = Some(asked_if);
        self
    }

    pub const fn preset(mut self, preset: Choices) -> Self {
        self.preset = Some(preset);
        self
    }

    pub const fn also_at(mut self, place: &'static str) -> Self {
        self.also_at = Some(place);
        self
    }

    pub const fn incidental(mut self) -> Self {
        self.is_incidental = true;
        self
    }

    pub const fn searched(mut self, label: Label) -> Self {
        self.searched = Some(label);
        self
    }

    pub const fn unless(mut self, member: &'static str) -> Self {
        self.unless = Some(member);
        self
    }

    /// The fields of its rows, where it is a list of them.
    pub fn columns(&self) -> Option<&'static [Self]> {
        match self.asks {
            Asks::Rows(columns, _) | Asks::Sums(columns) => Some(columns),
            Asks::Marks => Some(MARK),
            _ => None,
        }
    }

    pub fn is_for(&self, role: Role) -> bool {
        self.of.is_none_or(|roles| roles.contains(&role))
    }

    /// Where a view has its present value.
    pub fn pointer(&self) -> String {
        self.present.map_or_else(|| format!("/{}", self.name.replace('.', "/")), str::to_owned)
    }
}

/// The words that many steps take or demand.
pub const NOTE: Input = Input::new("note", crate::station::label("Ghi chú", "Note"), Asks::Lines);
pub const REASON: Input = Input::new("note", crate::station::label("Lý do", "Reason"), Asks::Lines).required();
