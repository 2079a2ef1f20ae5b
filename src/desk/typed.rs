//! What was typed into a page's form, and the order that it means: names with dots become members of members, and money,
//! days and phone numbers are read as people write them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::base::text;
use crate::desk::input::{Asks, Empty, Input};

/// Fields of the page itself, which no step reads.
const OF_THE_PAGE: &[&str] = &["csrf", "version", "key", "next", "then", AND, MORE];

/// The step to be taken after the form's own.
pub const AND: &str = "and";

/// Asks for the form again as it was typed, with its sums: with another row of the list that it names.
pub const MORE: &str = "more";

/// The fields of a form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

/// What a form means.
#[derive(Debug, Clone)]
pub struct Meant {
    pub body: Value,
    /// The places whose texts are not what is asked for there.
    pub unread: Vec<(String, Input)>,
}

impl Typed {
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the form is asked for again, and nothing ordered.
    pub fn asks_for_more(&self) -> bool {
        self.value(MORE).is_some()
    }

    /// What the person typed, without what the page itself put there.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter().filter(|(name, _)| !OF_THE_PAGE.contains(&name.as_str()));
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.fields().next().is_none()
    }

    /// The same with rows in which nothing was typed left out, and the others counted from 0.
    pub fn compact(&self, inputs: &[Input]) -> Self {
        let mut fields = self.0.clone();
        for (list, columns) in inputs.iter().filter_map(|input| Some((input.name, input.columns()?))) {
            let counts = |name: &str, value: &str| {
                let (row, column) = row_of(list, name)?;
                let column = columns.iter().find(|known| known.name == column);
                let is_blank = text::is_blank(value) || column.is_some_and(|column| column.is_incidental);
                (!is_blank).then_some(row)
            };
            let kept: BTreeSet<u32> = fields.iter().filter_map(|(name, value)| counts(name, value)).collect();
            let places: BTreeMap<u32, usize> = kept.into_iter().enumerate().map(|(place, row)| (row, place)).collect();
            fields = fields
                .into_iter()
                .filter_map(|(name, value)| match row_of(list, &name) {
                    None => Some((name, value)),
                    Some((row, column)) => {
                        let place = places.get(&row)?;
                        Some((format!("{list}.{place}.{column}"), value))
                    }
                })
                .collect();
        }
        Self(fields)
    }

    /// Whether the form had a field for an input, whatever was typed there.
    fn has_field_of(&self, input: &Input) -> bool {
        let is_of =
            |name: &str| name.strip_prefix(input.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.0.iter().any(|(name, _)| is_of(name))
    }

    /// What the form means, where it asks for these inputs.
    pub fn meant(&self, inputs: &[Input]) -> Meant {
        let mut root = Node::default();
        let mut unread = Vec::new();
        let compact = self.compact(inputs);
        for (name, value) in compact.fields() {
            let asked = asked(inputs, name);
            let read = match asked {
                Some(input) => read(&input, value),
                None => Read::Is(Value::String(value.to_owned())),
            };
            match read {
                Read::Nothing => {}
                Read::Is(value) => root.put(name, value),
                Read::Unread => {
                    root.put(name, Value::String(value.to_owned()));
                    unread.extend(asked.map(|input| (format!("/{}", name.replace('.', "/")), input)));
                }
            }
        }
        // A list of which nothing is left is empty; a box that is not ticked says no.
        for input in inputs {
            match input.asks {
                Asks::Rows(..) | Asks::Sums(_) | Asks::Marks | Asks::AnyOf(_)
                    if input.empty != Empty::Omitted && !root.has(input.name) =>
                {
                    root.put(input.name, Value::Array(vec![]))
                }
                Asks::Check if !root.has(input.name) => root.put(input.name, Value::Bool(false)),
                _ => {}
            }
        }
        for input in inputs.iter().filter(|input| input.when.is_some() && self.has_field_of(input)) {
            let whole = input.name.split('.').next().unwrap_or(input.name);
            if !root.has(whole) {
                let nothing = if whole == input.name { Value::Array(vec![]) } else { Value::Object(Map::new()) };
                root.put(whole, nothing);
            }
        }
        let is_here = |input: &&Input| input.asked_if.is_none() || self.has_field_of(input);
        let is_typed = |input: &&Input| input.is_required && !matches!(input.asks, Asks::File(_)) && is_here(input);
        for input in inputs.iter().filter(is_typed) {
            let place = format!("/{}", input.name.replace('.', "/"));
            let is_blank = self.value(input.name).is_none_or(text::is_blank);
            let is_list = input.columns().is_some() || matches!(input.asks, Asks::AnyOf(_));
            if is_blank && !(is_list && root.has(input.name)) && unread.iter().all(|(known, _)| *known != place) {
                unread.push((place, *input));
            }
        }
        Meant { body: root.value(), unread }
    }
}

/// The row and the column of a field of a list, as in `finance.0.own`.
fn row_of<'a>(list: &str, name: &'a str) -> Option<(u32, &'a str)> {
    let (row, column) = name.strip_prefix(list)?.strip_prefix('.')?.split_once('.')?;
    Some((row.parse().ok()?, column))
}

/// What a field of this name asks for.
pub fn asked(inputs: &[Input], name: &str) -> Option<Input> {
    inputs.iter().find_map(|input| match input.asks {
        Asks::Rows(..) | Asks::Sums(_) | Asks::Marks => {
            let (_, column) = row_of(input.name, name)?;
            input.columns()?.iter().find(|known| known.name == column).copied()
        }
        Asks::AnyOf(_) => {
            let place = name.strip_prefix(input.name)?.strip_prefix('.')?;
            place.parse::<u32>().ok().map(|_| *input)
        }
        _ => (input.name == name).then_some(*input),
    })
}

enum Read {
    Nothing,
    Is(Value),
    /// Not what is asked for.
    Unread,
}

fn read(input: &Input, typed: &str) -> Read {
    if text::is_blank(typed) {
        return match input.empty {
            Empty::Omitted => Read::Nothing,
            Empty::Null => Read::Is(Value::Null),
            Empty::Zero => Read::Is(Value::from(0)),
            Empty::Text if matches!(input.asks, Asks::Line | Asks::Lines | Asks::Password | Asks::Phone) => {
                Read::Is(Value::String(String::new()))
            }
            Empty::Text => Read::Unread,
        };
    }
    let read = match input.asks {
        Asks::Money => sum(typed).map(Value::from),
        Asks::Whole | Asks::OneOfNumbers(_) => whole(typed).map(Value::from),
        Asks::Day => day(typed).map(Value::from),
        Asks::Moment => moment(typed).map(Value::from),
        Asks::Check => Some(Value::Bool(true)),
        Asks::YesNo => typed.trim().parse().ok().map(Value::Bool),
        Asks::Phone => Some(Value::String(phone(typed))),
        Asks::Kept => serde_json::from_str(typed).ok(),
        Asks::Password | Asks::Lines | Asks::Document => Some(Value::String(typed.replace("\r\n", "\n"))),
        _ => Some(Value::String(typed.trim().to_owned())),
    };
    read.map_or(Read::Unread, Read::Is)
}

/// What may stand behind a sum, folded, and how many dong one of it is; `templates/desk.js` reads the same.
const WORTHS: &[(&str, i64)] = &[
    ("", 1),
    ("d", 1),
    ("₫", 1),
    ("vnd", 1),
    ("dong", 1),
    ("k", 1_000),
    ("nghin", 1_000),
    ("ngan", 1_000),
    ("thousand", 1_000),
    ("tr", 1_000_000),
    ("trieu", 1_000_000),
    ("million", 1_000_000),
    ("ty", 1_000_000_000),
    ("ti", 1_000_000_000),
    ("billion", 1_000_000_000),
];

/// `600.000.000`, `600,000,000 đ`, `600 triệu`, `1,2 tỷ đồng`, in dong; None for what is no whole sum, and for what could be
/// one of two: `1,250 triệu`.
pub fn sum(typed: &str) -> Option<i64> {
    let folded = text::fold(typed);
    let is_of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' ');
    let end = folded.find(|letter| !is_of_number(letter)).unwrap_or(folded.len());
    let (number, words) = folded.split_at_checked(end)?;
    let (unit, rest) = words.split_once(' ').unwrap_or((words, ""));
    let worth_of = |unit: &str| WORTHS.iter().find(|(known, _)| *known == unit).map(|(_, worth)| *worth);
    let worth = worth_of(unit)?;
    if worth_of(rest)? != 1 {
        return None;
    }
    let number = number.trim();
    let Some((before, after)) = number.split_once([',', '.']).filter(|_| worth > 1) else {
        return whole(number)?.checked_mul(worth);
    };
    match after.len() {
        1 | 2 => {
            let parts = if after.len() == 1 { 10 } else { 100 };
            let hundredths = whole(before)?.checked_mul(parts)?.checked_add(whole(after)?)?;
            hundredths.checked_mul(worth / parts)
        }
        _ if number.contains(',') => None,
        _ => whole(number)?.checked_mul(worth),
    }
}

/// `3.000`, `3 000`, `3,000`; None for what is no whole number.
pub fn whole(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let groups: Vec<&str> = typed.split(['.', ',', ' ', '\u{a0}']).collect();
    let is_number = |group: &&str| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit());
    // What stands behind a mark is a group of three; `1,5` is another number than 15.
    let is_grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    (groups.iter().all(is_number) && is_grouped).then(|| groups.concat().parse().ok()).flatten()
}

/// `22/02/2021`, `22-2-2021`, `22.2.2021` or `2021-02-22`, as `2021-02-22`.
pub fn day(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.parse::<crate::base::Day>().is_ok() {
        return Some(typed.to_owned());
    }
    let parts: Vec<&str> = typed.split(['/', '-', '.']).map(str::trim).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let day = crate::base::Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (year.len() == 4).then(|| day.to_string())
}

/// `22/02/2021 08:30` in Vietnam, as `2021-02-22T08:30:00+07:00`; a day alone begins at midnight.
pub fn moment(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.parse::<crate::base::Moment>().is_ok() {
        return Some(typed.to_owned());
    }
    let (on, time) = typed.split_once(' ').unwrap_or((typed, "00:00"));
    let (hour, minute) = time.trim().split_once([':', 'h'])?;
    let hour: u32 = hour.trim().parse().ok().filter(|hour| *hour < 24)?;
    let minute: u32 = match minute.trim() {
        "" => 0,
        minute => minute.parse().ok().filter(|minute| *minute < 60)?,
    };
    Some(format!("{}T{hour:02}:{minute:02}:00+07:00", day(on)?))
}

/// `0912 345 678` without what only makes it readable.
fn phone(typed: &str) -> String {
    typed.chars().filter(|letter| !matches!(letter, ' ' | '.' | '-' | '(' | ')' | '\u{a0}')).collect()
}

/// A member that has members of its own, or a value.
#[derive(Default)]
struct Node {
    value: Option<Value>,
    members: BTreeMap<String, Node>,
}

/// Deeper than any form of ours.
const DEEPEST: usize = 8;

impl Node {
    fn put(&mut self, name: &str, value: Value) {
        let mut node = self;
        for part in name.splitn(DEEPEST, '.') {
            node = node.members.entry(part.to_owned()).or_default();
        }
        node.value = Some(value);
    }

    fn has(&self, name: &str) -> bool {
        let mut node = self;
        for part in name.split('.') {
            let Some(next) = node.members.get(part) else { return false };
            node = next;
        }
        true
    }

    fn value(self) -> Value {
        let Self { value, members } = self;
        if members.is_empty() {
            return value.unwrap_or_else(|| Value::Object(Map::new()));
        }
        if !members.keys().all(|name| name.parse::<u32>().is_ok()) {
            return Value::Object(members.into_iter().map(|(name, node)| (name, node.value())).collect());
        }
        let rows: BTreeMap<u32, Self> =
            members.into_iter().filter_map(|(name, node)| Some((name.parse().ok()?, node))).collect();
        Value::Array(rows.into_values().map(Self::value).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::station::label;

    const NAMELESS: crate::station::Label = label("", "");
    const YEARS: &[Input] = &[
        Input::new("year", NAMELESS, Asks::Whole).required().incidental(),
        Input::new("own", NAMELESS, Asks::Money).or_zero(),
        Input::new("loan", NAMELESS, Asks::Money).or_zero(),
    ];
    const INPUTS: &[Input] = &[
        Input::new("name", NAMELESS, Asks::Line).required(),
        Input::new("value", NAMELESS, Asks::Money).required(),
        Input::new("since", NAMELESS, Asks::Day),
        Input::new("producer.phone", NAMELESS, Asks::Phone),
        Input::new("finance", NAMELESS, Asks::Rows(YEARS, 3)),
    ];

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed::new(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_people_type_becomes_what_programs_send() {
        let meant = typed(&[
            ("csrf", "x"),
            ("name", " Mật ong "),
            ("value", "600.000.000 đ"),
            ("since", "22/2/2021"),
            ("producer.phone", "0912 345 678"),
            ("finance.0.year", "2021"),
            ("finance.0.own", ""),
            ("finance.0.loan", " "),
            ("finance.3.year", "2022"),
            ("finance.3.own", "1 000 000"),
            ("finance.3.loan", ""),
        ])
        .meant(INPUTS);
        let expected = json!({
            "name": "Mật ong", "value": 600_000_000, "since": "2021-02-22", "producer": {"phone": "0912345678"},
            "finance": [{"year": 2022, "own": 1_000_000, "loan": 0}],
        });
        assert_eq!((meant.body, meant.unread.len()), (expected, 0));
    }

    #[test]
    fn what_some_things_have_only_is_cleared_as_a_whole_and_left_alone_where_it_was_not_asked() {
        const SOME: &[Input] = &[
            Input::new("changes.label.text", NAMELESS, Asks::Lines).when(|_| true),
            Input::new("changes.market.text", NAMELESS, Asks::Lines).when(|_| true),
            Input::new("years", NAMELESS, Asks::Rows(YEARS, 1)).when(|_| true),
        ];
        let meant = |fields| typed(fields).meant(SOME).body;
        assert_eq!(meant(&[]), json!({}));
        let none = [("changes.label.text", ""), ("changes.market.text", ""), ("years.0.year", "")];
        assert_eq!(meant(&none), json!({"changes": {}, "years": []}));
        let one = [("changes.label.text", ""), ("changes.market.text", "Huế")];
        assert_eq!(meant(&one), json!({"changes": {"market": {"text": "Huế"}}}));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_sent_as_it_is() {
        let meant =
            typed(&[("name", ""), ("value", "nhiều"), ("finance.1.year", "x"), ("finance.1.own", "1,5")]).meant(INPUTS);
        let places: Vec<&str> = meant.unread.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["/value", "/finance/0/year", "/finance/0/own", "/name"]);
        assert_eq!(meant.body["value"], "nhiều");
        assert_eq!(typed(&[]).meant(INPUTS).unread.len(), 2);
    }

    #[test]
    fn a_name_that_nobody_declared_goes_on_for_the_step_to_refuse() {
        assert_eq!(typed(&[("state", "accepted")]).meant(&[]).body, json!({"state": "accepted"}));
    }

    #[test]
    fn days_and_numbers() {
        for (text, read) in [
            ("22/02/2021", Some("2021-02-22")),
            ("2.2.2021", Some("2021-02-02")),
            ("2021-02-22", Some("2021-02-22")),
            ("30/02/2021", None),
            ("22/02/21", None),
            ("", None),
        ] {
            assert_eq!(day(text).as_deref(), read, "{text}");
        }
        for (text, read) in [
            ("22/02/2021 08:30", Some("2021-02-22T08:30:00+07:00")),
            ("2/2/2021 8h", Some("2021-02-02T08:00:00+07:00")),
            ("22/02/2021", Some("2021-02-22T00:00:00+07:00")),
            ("2021-02-22T01:30:00Z", Some("2021-02-22T01:30:00Z")),
            ("22/02/2021 25:00", None),
            ("08:30", None),
        ] {
            assert_eq!(moment(text).as_deref(), read, "{text}");
        }
        for (text, read) in [("1.234.567", Some(1_234_567)), ("12", Some(12)), ("1,5", None), ("", None), ("-1", None)]
        {
            assert_eq!(whole(text), read, "{text}");
        }
        for (text, read) in [
            ("600.000.000", Some(600_000_000)),
            ("600,000,000 đ", Some(600_000_000)),
            ("600.000.000 VNĐ", Some(600_000_000)),
            ("120 triệu", Some(120_000_000)),
            ("120tr", Some(120_000_000)),
            ("1.200 triệu đồng", Some(1_200_000_000)),
            ("1,2 tỷ", Some(1_200_000_000)),
            ("1.25 Tỉ đồng", Some(1_250_000_000)),
            ("600 million", Some(600_000_000)),
            ("500 nghìn", Some(500_000)),
            ("1,250 triệu", None),
            ("1,5", None),
            ("khoảng 600 triệu", None),
            ("120 lọ", None),
            ("120 triệu lọ", None),
            ("9999999999 tỷ", None),
            ("triệu", None),
        ] {
            assert_eq!(sum(text), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_breaks_the_reader(fields in proptest::collection::vec(("[a-z0-9.]{0,12}", ".{0,8}"), 0..12)) {
            let _ = Typed::new(fields).meant(INPUTS);
        }

        #[test]
        fn sums_are_read_as_they_are_shown(sum in 0i64..1_000_000_000_000) {
            for language in [crate::http::Language::Vietnamese, crate::http::Language::English] {
                let shown = crate::page::words::number(language, sum);
                prop_assert_eq!((whole(&shown), super::sum(&shown)), (Some(sum), Some(sum)));
            }
        }
    }
}
