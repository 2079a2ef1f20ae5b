//! A step's form as a page shows it: filled with what is there, or with what was typed, and with what is wrong with it.

use askama::Template;
use serde_json::Value;

use crate::base::{Refusal, Result};
use crate::desk::field::{ShownField, Writing};
use crate::desk::input::{Alternative, Asks, Filler, Input, Marking};
use crate::desk::typed::{self, MORE, Meant, Typed, whole};
use crate::desk::words::{in_words, said};
use crate::http::Language;
use crate::http::request::shape::is_of_shape;
use crate::page::words::number;
use crate::station::{Label, label};

/// A field as it stands in a form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "desk/input.html")]
pub struct Blank {
    pub id: String,
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    /// Which element it is: `line`, `lines`, `select`, `radios`, `boxes`, `check`, `password`, `file`, `table`; in a table also
    /// `sum`.
    pub kind: &'static str,
    pub mode: Option<&'static str>,
    pub accept: Option<&'static str>,
    pub autocomplete: Option<&'static str>,
    pub value: String,
    /// How many lines are in sight.
    pub lines: u8,
    pub choices: Vec<(Option<String>, Vec<Entry>)>,
    pub faults: Vec<String>,
    /// What is there now, where that is something else than what was typed.
    pub present: Option<String>,
    /// What a button is called that reads a stamp with the camera, where the browser can.
    pub scan: Option<&'static str>,
    pub is_required: bool,
    pub is_money: bool,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Blank>>,
    pub sums: Option<Sums>,
    /// Within a table, where its column is its label.
    pub is_cell: bool,
    pub optional: &'static str,
    pub present_text: &'static str,
}

/// What the rows and the columns of a table add up to.
#[derive(Debug, Clone)]
pub struct Sums {
    pub head: &'static str,
    pub foot: &'static str,
    /// Of each column that is added up.
    pub of_columns: Vec<Option<String>>,
    pub total: String,
    pub more: &'static str,
    pub again: &'static str,
}

/// An entry to be chosen.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The name of its box, where any of them may be ticked.
    pub name: String,
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// A form that takes a step.
#[derive(Debug, Clone, Template)]
#[template(path = "desk/form.html")]
pub struct StepForm {
    pub verb: &'static str,
    pub label: &'static str,
    pub action: String,
    pub csrf: String,
    pub version: Option<i32>,
    pub key: String,
    pub inputs: Vec<Blank>,
    pub is_upload: bool,
    /// What is typed in it waits on the device while there is no connection.
    pub waits: bool,
    /// It has buttons that order nothing: the Enter key takes the step nevertheless.
    pub has_sums: bool,
    /// The only form of its page, whose heading is its own.
    pub is_alone: bool,
    /// What it ends or turns down is not taken up again by another press.
    pub is_grave: bool,
    /// The step that can be taken with the same press, and what that is called.
    pub and: Option<(&'static str, String)>,
    /// The page of the thing to which the step leads back, where it is not the thing's own.
    pub then: Option<&'static str>,
    /// Whose password it is, for who keeps passwords in the browser.
    pub username: Option<String>,
    /// Why the step cannot be taken now.
    pub refused: Option<String>,
    pub refused_text: &'static str,
    /// What was typed for a step that cannot be taken any more.
    pub typed: Vec<(String, String)>,
}

impl StepForm {
    /// Whether it only tells why it cannot be taken.
    pub fn is_shut(&self) -> bool {
        self.refused.is_some() && self.typed.is_empty()
    }
}

/// What was sent, and why it was refused.
#[derive(Debug, Clone)]
pub struct Refused {
    pub verb: String,
    pub typed: Typed,
    pub meant: Meant,
    pub refusal: Refusal,
}

/// A line of the list on top of a form that was refused: a text, and the field that it is about.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub text: String,
    pub field: Option<String>,
}

/// What forms are made of beside their inputs.
pub struct Surroundings<'a> {
    pub verb: &'a str,
    pub language: Language,
    /// The thing as it is, or what a new one is begun with.
    pub view: Option<&'a Value>,
    pub refused: Option<&'a Refused>,
    /// What was typed, where the form is asked for again.
    pub drafted: Option<&'a Typed>,
}

impl Surroundings<'_> {
    /// The fields of a form for whoever asks.
    pub fn blanks(&self, filler: &mut dyn Filler, inputs: &[Input]) -> Result<Vec<Blank>> {
        let asked: Vec<Input> =
            inputs.iter().filter(|input| filler.is_asked(input) && self.is_asked(input)).copied().collect();
        let refused = self.refused.map(|refused| refused.typed.compact(&asked));
        let typed = refused.or_else(|| self.drafted.cloned());
        let mut blanks = Vec::with_capacity(asked.len());
        for input in asked {
            let present = self.view.and_then(|view| view.pointer(&input.pointer()));
            let known = Known { present, choices: None };
            let blank = self.blank(filler, &input, input.name, typed.as_ref(), known)?;
            // Where nothing can be chosen, nothing is asked.
            let is_empty = matches!(blank.kind, "select" | "boxes") && blank.choices.is_empty();
            if !is_empty || input.is_required {
                blanks.push(blank);
            }
        }
        Ok(blanks)
    }

    fn is_asked(&self, input: &Input) -> bool {
        let is_so = |asked: Option<fn(&Value) -> bool>| asked.is_none_or(|asked| self.view.is_some_and(asked));
        is_so(input.when) && is_so(input.asked_if)
    }

    fn blank(
        &self,
        filler: &mut dyn Filler,
        input: &Input,
        name: &str,
        typed: Option<&Typed>,
        Known { present, choices: known }: Known,
    ) -> Result<Blank> {
        let language = self.language;
        let mut there = present.map(|value| written(input, value, language)).unwrap_or_default();
        if let Some(preset) = input.preset.filter(|_| there.is_empty() && typed.is_none()) {
            there = filler.choices(preset, self.view)?.into_iter().next().map(|first| first.value).unwrap_or_default();
        }
        let value = typed.map_or_else(|| there.clone(), |typed| typed.value(name).unwrap_or_default().to_owned());
        let differs = typed.is_some() && self.refused_as_stale() && value.trim() != there && !there.is_empty();
        let pointer = format!("/{}", name.replace('.', "/"));
        let mut blank = Blank {
            id: format!("{}-{}", self.verb, name.replace('.', "-")),
            name: name.to_owned(),
            label: said(language, input.label).to_owned(),
            hint: input.hint.map(|hint| said(language, hint).to_owned()),
            kind: "line",
            faults: self.faults_at(&pointer, input),
            present: differs.then_some(there),
            is_required: input.is_required,
            optional: said(language, label("không bắt buộc", "optional")),
            present_text: said(language, PRESENT),
            value,
            ..Blank::default()
        };
        match input.asks {
            // Another's user name: what the browser knows is one's own.
            Asks::Line if name.ends_with("username") => blank.autocomplete = Some("off"),
            Asks::Line => {}
            Asks::Code => {
                blank.autocomplete = Some("off");
                blank.scan = Some(said(language, label("Quét bằng máy ảnh", "Scan with the camera")));
            }
            Asks::Lines => (blank.kind, blank.lines) = ("lines", 3),
            Asks::Document => (blank.kind, blank.lines) = ("lines", 20),
            Asks::Money => {
                (blank.mode, blank.is_money) = (Some("numeric"), true);
                if let Some(sum) = typed::sum(&blank.value).filter(|_| self.drafted.is_some()) {
                    blank.value = number(language, sum);
                }
            }
            Asks::Whole => blank.mode = Some("numeric"),
            Asks::Day => {
                blank.mode = Some("numeric");
                blank.hint = blank
                    .hint
                    .or_else(|| Some(said(language, label("ví dụ 22/02/2021", "such as 22/02/2021")).to_owned()));
            }
            Asks::Moment => {
                let such_as = label("ví dụ 22/02/2021 08:30", "such as 22/02/2021 08:30");
                blank.hint = blank.hint.or_else(|| Some(said(language, such_as).to_owned()));
            }
            Asks::Phone => (blank.mode, blank.autocomplete) = (Some("tel"), Some("tel")),
            Asks::Password => {
                (blank.kind, blank.autocomplete) = ("password", Some("new-password"));
                blank.value = String::new();
                // What nobody may read over a shoulder is not given back.
                if typed.is_some() && blank.faults.is_empty() {
                    blank.faults.push(said(language, PASSWORD_AGAIN).to_owned());
                }
            }
            Asks::Check => blank.kind = "check",
            Asks::YesNo => {
                blank.kind = "radios";
                let entries = YES_NO.iter().map(|(value, label)| Entry {
                    name: name.to_owned(),
                    value: (*value).to_owned(),
                    label: said(language, *label).to_owned(),
                    is_chosen: *value == blank.value,
                });
                blank.choices = vec![(None, entries.collect())];
            }
            Asks::OneOf(known) | Asks::OneOfNumbers(known) => {
                blank.kind = "radios";
                let entries = known.iter().map(|(value, label)| Entry {
                    name: name.to_owned(),
                    value: (*value).to_owned(),
                    label: said(language, *label).to_owned(),
                    is_chosen: *value == blank.value,
                });
                blank.choices = vec![(None, entries.collect())];
            }
            Asks::From(_) | Asks::Commune => {
                blank.kind = "select";
                let choices = match (known, input.asks) {
                    (Some(known), _) => known.to_vec(),
                    (None, Asks::From(source)) => filler.choices(source, self.view)?,
                    (None, _) => filler.communes()?,
                };
                // Where there is nothing to choose among, it is chosen.
                if input.is_required
                    && blank.value.is_empty()
                    && let [only] = choices.as_slice()
                {
                    blank.value = only.value.clone();
                }
                blank.choices = grouped(name, choices, |value| value == blank.value);
            }
            Asks::AnyOf(source) => {
                blank.kind = "boxes";
                let chosen: Vec<String> = match typed {
                    Some(typed) => {
                        let within = |field: &str| field.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
                        typed.fields().filter(|(field, _)| within(field)).map(|(_, value)| value.to_owned()).collect()
                    }
                    None => {
                        let values = present.and_then(Value::as_array).into_iter().flatten();
                        // An address names one of them.
                        values.chain(present).filter_map(Value::as_str).map(str::to_owned).collect()
                    }
                };
                let is_chosen = |value: &str| chosen.iter().any(|known| known == value);
                let entries = filler.choices(source, self.view)?;
                let told = |place: usize| {
                    let value = chosen.get(place)?;
                    entries.iter().find(|entry| entry.value == *value).map(|entry| entry.label.clone())
                };
                self.name_faults(&pointer, &mut blank.faults, told);
                if entries.is_empty() {
                    let none = label("Hiện chưa có mục nào để chọn.", "There is nothing to choose at present.");
                    blank.hint = Some(said(language, none).to_owned());
                }
                blank.choices = grouped(name, entries, is_chosen);
            }
            Asks::Rows(columns, empty) => {
                blank.kind = "table";
                blank.heads = columns.iter().map(|column| said(language, column.label).to_owned()).collect();
                blank.rows = self.rows(filler, input, (columns, empty), present, typed)?;
            }
            Asks::Sums(columns) => {
                blank.kind = "table";
                blank.heads = columns.iter().map(|column| said(language, column.label).to_owned()).collect();
                blank.rows =
                    self.rows(filler, input, (columns, usize::from(self.drafted.is_none())), present, typed)?;
                blank.sums = Some(sums(columns, &mut blank.rows, language));
            }
            Asks::Kept | Asks::Said => blank.kind = "hidden",
            Asks::File(accept) => (blank.kind, blank.accept) = ("file", Some(accept)),
            Asks::Marks => blank.kind = "marks",
        }
        Ok(blank)
    }

    fn rows(
        &self,
        filler: &mut dyn Filler,
        input: &Input,
        (columns, empty): (&[Input], usize),
        present: Option<&Value>,
        typed: Option<&Typed>,
    ) -> Result<Vec<Vec<Blank>>> {
        let is_filled = |row: &&Value| {
            let member = input.unless.and_then(|member| row.get(member));
            member.is_none_or(Value::is_null)
        };
        let kept: Vec<&Value> = present.and_then(Value::as_array).into_iter().flatten().filter(is_filled).collect();
        // What can be chosen in a column is asked once, however many rows there are.
        let mut choices = Vec::with_capacity(columns.len());
        for column in columns {
            choices.push(match column.asks {
                Asks::From(source) => Some(filler.choices(source, self.view)?),
                _ => None,
            });
        }
        let in_use = match typed {
            Some(typed) => {
                let row = |(name, _): (&str, &str)| {
                    name.strip_prefix(input.name)?.strip_prefix('.')?.split('.').next()?.parse().ok()
                };
                typed.fields().filter_map(row).map(|row: usize| row + 1).max().unwrap_or(0)
            }
            None => kept.len(),
        };
        let mut rows: Vec<Vec<Blank>> = Vec::new();
        let is_asked_for = typed.is_some_and(|typed| typed.value(MORE) == Some(input.name));
        let counted = in_use.max(1);
        for row in 0..(counted + empty + usize::from(is_asked_for)).min(MOST_ROWS) {
            let mut cells = Vec::new();
            for (place, (column, choices)) in columns.iter().zip(&choices).enumerate() {
                let name = format!("{}.{row}.{}", input.name, column.name);
                let present = kept.get(row).and_then(|kept| kept.get(column.name)).filter(|_| typed.is_none());
                let known = Known { present, choices: choices.as_deref() };
                let mut cell = self.blank(filler, column, &name, typed, known)?;
                // Years go on being counted: a line of which nothing else is filled in is none.
                if (row >= counted || self.drafted.is_some()) && column.is_incidental && cell.value.trim().is_empty() {
                    let above = rows.last().and_then(|cells| whole(&cells.get(place)?.value));
                    cell.value = above.map(|above| above.saturating_add(1).to_string()).unwrap_or_default();
                }
                cell.label = format!("{} {}", cell.label, row + 1);
                cell.is_cell = true;
                cells.push(cell);
            }
            rows.push(cells);
        }
        Ok(rows)
    }

    /// For each criterion what was chosen, wherever its row stands in what was sent; `input` is the list of the marks.
    pub fn marks(&self, input: &Input, criteria: &[Marking]) -> Vec<Vec<Blank>> {
        let name = input.name;
        let typed = self.refused.map(|refused| refused.typed.compact(std::slice::from_ref(input)));
        // What the producer's data tell is chosen ahead where nothing is chosen yet.
        let of_view = |member: &str| self.view.and_then(|view| view.get(member)).and_then(Value::as_array);
        let kept: Vec<&Value> = [of_view(name), of_view("suggested_marks")].into_iter().flatten().flatten().collect();
        let marked = |criterion: &Marking, row: usize| {
            let named = |field: &str| format!("{name}.{row}.{field}");
            let sent = typed.as_ref().and_then(|typed| {
                let is_this = |(field, value): &(&str, &str)| field.ends_with(".criterion") && *value == criterion.code;
                let (field, _) = typed.fields().find(is_this)?;
                field.strip_suffix(".criterion").map(|row| (typed, row.to_owned()))
            });
            let there = kept.iter().find(|mark| mark.get("criterion").and_then(Value::as_str) == Some(&criterion.code));
            let there = there.and_then(|mark| mark.get("option")).map(plain).unwrap_or_default();
            let option = match (&typed, &sent) {
                (Some(_), Some((typed, row))) => typed.value(&format!("{row}.option")).unwrap_or_default().to_owned(),
                (Some(_), None) => String::new(),
                (None, _) => there.clone(),
            };
            let at = |field: &str| {
                let place = sent.as_ref().map(|(_, row)| format!("/{}/{field}", row.replace('.', "/")));
                place.map(|place| self.faults_at(&place, &NOTHING)).unwrap_or_default()
            };
            let told = |value: &str| criterion.options.iter().find(|known| known.value == value);
            let present = told(&there).filter(|_| self.refused_as_stale() && option != there);
            let hidden =
                Blank { name: named("criterion"), value: criterion.code.clone(), kind: "hidden", ..Blank::default() };
            let entries = grouped("", criterion.options.clone(), |value| value == option);
            let named_so = |entry: Entry| Entry { name: named("option"), ..entry };
            let options = Blank {
                id: format!("{}-{}-{row}-option", self.verb, name.replace('.', "-")),
                label: format!("{} {}", criterion.code, criterion.title),
                hint: criterion.hint.clone(),
                kind: "radios",
                choices: entries
                    .into_iter()
                    .map(|(heading, entries)| (heading, entries.into_iter().map(named_so).collect()))
                    .collect(),
                faults: ["option", "criterion"].into_iter().flat_map(at).collect(),
                present: present.map(|known| known.label.clone()),
                present_text: said(self.language, PRESENT),
                value: option,
                ..Blank::default()
            };
            vec![hidden, options]
        };
        criteria.iter().enumerate().map(|(row, criterion)| marked(criterion, row)).collect()
    }

    fn refused_as_stale(&self) -> bool {
        self.refused.is_some_and(|refused| refused.refusal.kind == crate::base::Kind::Stale)
    }

    /// What is wrong with a field.
    fn faults_at(&self, pointer: &str, input: &Input) -> Vec<String> {
        let Some(refused) = self.refused else { return Vec::new() };
        if let Some(text) = unread_at(refused, pointer) {
            return vec![said(self.language, asked_for(text)).to_owned()];
        }
        let of_one_field = ABOUT_ONE_FIELD.iter().find(|(code, _)| *code == refused.refusal.code);
        if let Some((_, field)) = of_one_field
            && pointer.rsplit('/').next() == Some(field)
        {
            return vec![self.language.pick(&refused.refusal.detail).to_owned()];
        }
        let is_list = matches!(input.asks, Asks::AnyOf(_) | Asks::Rows(..) | Asks::Sums(_) | Asks::Marks);
        let is_here = |at: &str| {
            at == pointer
                || input.also_at == Some(at)
                || is_list
                    && at
                        .strip_prefix(pointer)
                        .is_some_and(|rest| rest.starts_with('/') && !rest.trim_start_matches('/').contains('/'))
        };
        let faults = refused.refusal.faults.iter().filter(|fault| is_here(&fault.pointer));
        faults.map(|fault| self.language.pick(&fault.detail).to_owned()).collect()
    }

    /// Says of which of several chosen things each fault is; `told` names what was chosen at a place.
    fn name_faults(&self, pointer: &str, faults: &mut Vec<String>, told: impl Fn(usize) -> Option<String>) {
        let Some(refused) = self.refused else { return };
        let of_place = refused.refusal.faults.iter().filter_map(|fault| {
            let place = fault.pointer.strip_prefix(pointer)?.strip_prefix('/')?.parse().ok()?;
            Some((self.language.pick(&fault.detail), told(place)?))
        });
        for (text, name) in of_place {
            faults.retain(|fault| fault != text);
            faults.push(format!("{name}: {text}"));
        }
    }
}

/// What is known of a field before it is asked: its present value, and what can be chosen where others ask the same.
struct Known<'a> {
    present: Option<&'a Value>,
    choices: Option<&'a [Alternative]>,
}

const YES_NO: &[(&str, Label)] = &[("true", label("Có", "Yes")), ("false", label("Không", "No"))];

/// Conflicts that are about what stands in one field.
const ABOUT_ONE_FIELD: &[(&str, &str)] = &[
    ("username_taken", "username"),
    ("already_registered", "identity_number"),
    ("number_taken", "number"),
    ("already_notified", "agenda_item_id"),
    ("lot_code_taken", "code"),
    ("lot_recalled", "lot_id"),
    ("beyond_lot_quantity", "lot_id"),
    ("plan_not_approved", "quantity"),
    ("not_certified", "quantity"),
    ("over_limit", "quantity"),
];

/// More rows than any list of ours may have.
const MOST_ROWS: usize = 60;

/// What a table adds up to, as far as its cells can be read.
fn sums(columns: &[Input], rows: &mut [Vec<Blank>], language: Language) -> Sums {
    let is_added = |place: usize| columns.get(place).is_some_and(|column| matches!(column.asks, Asks::Money));
    let read = |cell: &Blank| typed::sum(&cell.value).unwrap_or(0);
    let of_row = |cells: &Vec<Blank>| -> i64 {
        let added = cells.iter().enumerate().filter(|(place, _)| is_added(*place));
        added.fold(0, |sum, (_, cell)| sum.saturating_add(read(cell)))
    };
    let of_column = |place: usize| {
        let sum =
            rows.iter().filter_map(|cells| cells.get(place)).fold(0i64, |sum, cell| sum.saturating_add(read(cell)));
        is_added(place).then(|| number(language, sum))
    };
    let of_columns = (0..columns.len()).map(of_column).collect();
    let mut total = 0i64;
    for cells in rows.iter_mut() {
        let sum = of_row(cells);
        total = total.saturating_add(sum);
        cells.push(Blank { kind: "sum", value: number(language, sum), is_cell: true, ..Blank::default() });
    }
    Sums {
        head: said(language, label("Cộng", "Sum")),
        foot: said(language, label("Tổng", "Total")),
        of_columns,
        total: number(language, total),
        more: said(language, label("Thêm một dòng", "Add a line")),
        again: said(language, label("Tính tổng", "Add up")),
    }
}

const PRESENT: Label = label("Hiện nay đang là:", "It is now:");

const PASSWORD_AGAIN: Label = label(
    "Xin ghi lại mật khẩu: trang không giữ mật khẩu.",
    "Please type the password again: a page does not keep it.",
);

/// What a mark's field is held against: it has no name of its own.
const NOTHING: Input = Input::new("", label("", ""), Asks::Line);

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unread_at<'a>(refused: &'a Refused, pointer: &str) -> Option<&'a Input> {
    let unread = refused.meant.unread.iter().filter(|_| refused.refusal.faults.iter().any(is_of_shape));
    unread.into_iter().find(|(place, _)| place == pointer).map(|(_, input)| input)
}

/// What a field wants that did not get it.
fn asked_for(input: &Input) -> Label {
    match input.asks {
        Asks::Money => {
            label("Xin ghi số tiền bằng đồng, ví dụ 600.000.000.", "Please give a sum in VND, such as 600.000.000.")
        }
        Asks::Whole => label("Xin ghi một số nguyên.", "Please give a whole number."),
        Asks::Day => label("Xin ghi ngày, ví dụ 22/02/2021.", "Please give a day, such as 22/02/2021."),
        Asks::Moment => label(
            "Xin ghi ngày và giờ, ví dụ 22/02/2021 08:30.",
            "Please give a day and a time, such as 22/02/2021 08:30.",
        ),
        Asks::OneOf(_) | Asks::OneOfNumbers(_) | Asks::YesNo | Asks::Commune | Asks::From(_) | Asks::AnyOf(_) => {
            label("Xin chọn một mục.", "Please choose one.")
        }
        _ => label("Mục này cần được điền.", "This needs to be filled in."),
    }
}

impl Refused {
    /// As a page tells it of a thing in this state.
    pub fn in_words(self, state: Option<&str>) -> Self {
        Self { refusal: in_words(self.refusal, state), ..self }
    }

    /// The list on top of the form: what is wrong, and with which field.
    pub fn summary(&self, language: Language, form: &[Blank]) -> Vec<Wrong> {
        let all: Vec<&Blank> =
            form.iter().flat_map(|blank| std::iter::once(blank).chain(blank.rows.iter().flatten())).collect();
        let mut wrong: Vec<Wrong> = Vec::new();
        for blank in &all {
            let of_field =
                |text: &String| Wrong { text: format!("{}: {text}", blank.label), field: Some(blank.id.clone()) };
            wrong.extend(blank.faults.iter().map(of_field));
        }
        // What is about no field of the form stands without one.
        let is_shown = |text: &str| all.iter().any(|blank| blank.faults.iter().any(|fault| fault.ends_with(text)));
        for fault in &self.refusal.faults {
            let text = language.pick(&fault.detail);
            let is_told_better = is_of_shape(fault) && !wrong.is_empty();
            if !is_shown(text) && !is_told_better {
                wrong.push(Wrong { text: text.to_owned(), field: None });
            }
        }
        let detail = language.pick(&self.refusal.detail);
        if wrong.is_empty() || self.refusal.faults.is_empty() && !is_shown(detail) {
            wrong.insert(0, Wrong { text: detail.to_owned(), field: None });
        }
        wrong
    }
}

/// The present value of a field, as somebody would type it.
fn written(input: &Input, value: &Value, language: Language) -> String {
    let shape = match input.asks {
        Asks::Money => return value.as_i64().map(|sum| number(language, sum)).unwrap_or_default(),
        Asks::Whole => Writing::Whole,
        Asks::Day => {
            let day = value.as_str().and_then(|day| day.parse::<crate::base::Day>().ok());
            return day.map(|day| day.date().format("%d/%m/%Y").to_string()).unwrap_or_default();
        }
        Asks::Kept => return value.to_string(),
        Asks::YesNo => return value.as_bool().map(|is_so| is_so.to_string()).unwrap_or_default(),
        Asks::Check => return if value == &Value::Bool(true) { "true".to_owned() } else { String::new() },
        Asks::Rows(..) | Asks::Sums(_) | Asks::AnyOf(_) | Asks::Marks => return String::new(),
        _ => Writing::Text,
    };
    ShownField { pointer: "", label: input.label, shape }
        .cell(value, language)
        .map(|cell| cell.text)
        .unwrap_or_default()
}

/// Entries under their headings, in the order in which they come.
fn grouped(
    name: &str,
    choices: Vec<Alternative>,
    is_chosen: impl Fn(&str) -> bool,
) -> Vec<(Option<String>, Vec<Entry>)> {
    let mut groups: Vec<(Option<String>, Vec<Entry>)> = Vec::new();
    for (place, Alternative { value, label, group }) in choices.into_iter().enumerate() {
        let entry = Entry { name: format!("{name}.{place}"), is_chosen: is_chosen(&value), value, label };
        match groups.last_mut() {
            Some((last, entries)) if *last == group => entries.push(entry),
            _ => groups.push((group, vec![entry])),
        }
    }
    groups
}
