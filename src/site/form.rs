//! The forms by which the public's lists are searched: what was asked, what may be chosen, and links that keep it.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::base::{Day, Error, Fault, Faults, Level, Result, UnitCode};
use crate::http::Query;
use crate::http::bounds::{Bounded, PAGE};
use crate::http::query::malformed;
use crate::page::Frame;
use crate::place::Places;

/// So much of a search is read; the field takes no more.
pub const LONGEST: usize = 200;

/// So many items stand on a page of a list.
const A_PAGE: usize = 24;

/// The parameters of a page. What it does not know is passed over: others add theirs to addresses.
pub struct Given {
    query: Query,
    faults: Vec<Fault>,
    /// The parameters that the page knows.
    known: Vec<&'static str>,
    /// What was given and understood, to be kept in links.
    kept: Vec<(&'static str, String)>,
}

impl Given {
    pub fn new(query: Query) -> Self {
        Self { query, faults: Vec::new(), known: Vec::new(), kept: Vec::new() }
    }

    /// A text, cut to what its field takes; empty where it was not given.
    pub fn text(&mut self, name: &'static str) -> String {
        self.known.push(name);
        let text: String = self.query.take::<String>(name).unwrap_or_default();
        let text: String = text.trim().chars().take(LONGEST).collect();
        if !text.is_empty() {
            self.kept.push((name, text.clone()));
        }
        text
    }

    /// A choice; a form sends an empty one where all is asked for.
    pub fn choice<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        let value = self.value(name)?;
        self.kept.push((name, value.clone()));
        self.read(name, &value)
    }

    /// A choice that is a number.
    pub fn number<T: TryFrom<i64>>(&mut self, bounded: Bounded) -> Option<T> {
        let value = self.value(bounded.name)?;
        self.kept.push((bounded.name, value.clone()));
        self.counted(bounded, &value)
    }

    /// The number of a page, 1 if none is given.
    pub fn page(&mut self) -> usize {
        self.value(PAGE.name).map_or(Some(1), |value| self.counted(PAGE, &value)).unwrap_or(1)
    }

    fn counted<T: TryFrom<i64>>(&mut self, bounded: Bounded, value: &str) -> Option<T> {
        let number = self.read(bounded.name, value)?;
        bounded.hold(number).map_err(|fault| self.faults.push(fault)).ok()
    }

    fn value(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.query.take::<String>(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn read<T: FromStr>(&mut self, name: &'static str, value: &str) -> Option<T> {
        let read = value.parse().ok();
        if read.is_none() {
            let shown: String = value.chars().take(LONGEST).collect();
            self.faults.push(malformed(name, &shown));
        }
        read
    }

    /// What was given, unless some of it cannot be read.
    pub fn finish(mut self) -> Result<Vec<(&'static str, String)>> {
        self.faults.extend(self.query.faults_of(&self.known));
        self.faults.into_result()?;
        Ok(self.kept)
    }
}

/// What every list is asked for, and so in which stretch of it.
pub struct Asked {
    path: &'static str,
    pub text: String,
    pub unit: Option<UnitCode>,
    pub page: usize,
    kept: Vec<(&'static str, String)>,
}

impl Asked {
    /// With what only this list is asked for.
    pub fn read<T>(path: &'static str, query: Query, own: impl FnOnce(&mut Given) -> T) -> Result<(Self, T)> {
        let mut given = Given::new(query);
        let (text, unit) = (given.text("q"), given.choice("unit_code"));
        let own = own(&mut given);
        let page = given.page();
        Ok((Self { path, text, unit, page, kept: given.finish()? }, own))
    }

    /// Whether something was asked for that could be left out.
    pub fn is_narrowed(&self) -> bool {
        !self.kept.is_empty()
    }

    /// The frame of the list; search engines know the pages of the whole list only.
    pub fn framed(&self, frame: Frame) -> Frame {
        if self.is_narrowed() { frame } else { frame.canonical(&address(self.path, &[], self.page)) }
    }

    /// The page of so many items that was asked for.
    pub fn cut(&self, items: usize) -> Result<Cut> {
        Cut::new(self.page, items, A_PAGE).ok_or_else(Error::unknown)
    }

    pub fn pages(&self, cut: Cut) -> Option<Pages> {
        Pages::new(self.path, &self.kept, cut)
    }
}

/// One entry of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: Option<&str>) -> Self {
        let value = value.into();
        Self { is_chosen: chosen == Some(value.as_str()), label: label.into(), value }
    }
}

/// Entries of a select under a heading.
#[derive(Debug, PartialEq, Eq)]
pub struct ChoiceGroup {
    pub label: String,
    pub choices: Vec<Choice>,
}

/// Districts with their communes, by name; communes without a district stand under `others`. `whole` says the choice of a
/// whole district.
pub fn unit_choices(
    used: &[(UnitCode, Option<UnitCode>)],
    chosen: Option<&UnitCode>,
    places: &Places,
    today: Day,
    whole: impl Fn(&str) -> String,
    others: &str,
) -> Vec<ChoiceGroup> {
    let mut communes: BTreeMap<Option<&UnitCode>, Vec<&UnitCode>> = BTreeMap::new();
    for (commune, district) in used {
        communes.entry(district.as_ref()).or_default().push(commune);
    }
    let is_listed = |code: &UnitCode| used.iter().any(|(commune, of)| commune == code || of.as_ref() == Some(code));
    // What was chosen stays chosen, even where nothing comes from there.
    match chosen.filter(|code| !is_listed(code)) {
        Some(code) if code.level() == Level::District => drop(communes.entry(Some(code)).or_default()),
        Some(code) if code.level() == Level::Commune => communes.entry(None).or_default().push(code),
        _ => {}
    }
    let chosen = chosen.map(UnitCode::as_str);
    let mut groups: Vec<ChoiceGroup> = Vec::new();
    for (district, mut inside) in communes {
        inside.sort();
        inside.dedup();
        let named = |code: &&UnitCode| Choice::new(code.as_str(), places.name(code, today), chosen);
        let mut choices: Vec<Choice> = inside.iter().map(named).collect();
        choices.sort_by_cached_key(|choice| crate::base::text::fold(&choice.label));
        let label = district.map_or_else(|| others.to_owned(), |code| places.name(code, today));
        if let Some(code) = district {
            choices.insert(0, Choice::new(code.as_str(), whole(&label), chosen));
        }
        groups.push(ChoiceGroup { label, choices });
    }
    groups.sort_by_cached_key(|group| (group.label == others, crate::base::text::fold(&group.label)));
    groups
}

/// One page of a list of known length, by its number, which begins with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    pub number: usize,
    /// How many pages there are, at least one.
    pub last: usize,
    pub size: usize,
}

impl Cut {
    /// None where there is no such page.
    pub fn new(number: usize, items: usize, size: usize) -> Option<Self> {
        let last = items.div_ceil(size).max(1);
        (1..=last).contains(&number).then_some(Self { number, last, size })
    }

    pub fn of<T>(self, items: &[T]) -> &[T] {
        items.chunks(self.size).nth(self.number - 1).unwrap_or(&[])
    }

    /// The numbers to show: the ends and those around this one; None where some are left out.
    pub fn shown(self) -> Vec<Option<usize>> {
        let near = |number: &usize| *number == 1 || *number == self.last || number.abs_diff(self.number) <= 2;
        let mut shown: Vec<Option<usize>> = Vec::new();
        for number in (1..=self.last).map(|number| Some(number).filter(near)) {
            if number.is_some() || shown.last().is_some_and(Option::is_some) {
                shown.push(number);
            }
        }
        shown
    }
}

/// Links to the pages of a list.
#[derive(Debug)]
pub struct Pages {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// None where numbers are left out.
    pub numbers: Vec<Option<PageLink>>,
}

#[derive(Debug)]
pub struct PageLink {
    pub number: usize,
    pub address: String,
    pub is_current: bool,
}

impl Pages {
    /// None where one page holds all.
    pub fn new(path: &str, kept: &[(&'static str, String)], cut: Cut) -> Option<Self> {
        let at = |number: usize| address(path, kept, number);
        let link = |number| PageLink { number, address: at(number), is_current: number == cut.number };
        (cut.last > 1).then(|| Self {
            previous: (cut.number > 1).then(|| at(cut.number - 1)),
            next: (cut.number < cut.last).then(|| at(cut.number + 1)),
            numbers: cut.shown().into_iter().map(|number| number.map(link)).collect(),
        })
    }
}

/// The address of a page of a list.
pub fn address(path: &str, kept: &[(&'static str, String)], page: usize) -> String {
    let number = page.to_string();
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if page > 1 {
        pairs.push(("page", &number));
    }
    // Pairs of texts can always be written.
    match serde_urlencoded::to_string(pairs).unwrap_or_default() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::rules::official;
    use proptest::prelude::*;

    fn given(query: &str) -> Given {
        Given::new(Query::parse(query))
    }

    #[test]
    fn what_is_empty_or_unknown_is_passed_over_and_the_rest_is_kept() {
        let mut asked = given("q=+m%E1%BA%ADt+&stars=&state=4&fbclid=x&page=3");
        assert_eq!(
            (asked.text("q"), asked.choice::<i32>("stars"), asked.choice("state")),
            ("mật".into(), None, Some(4))
        );
        assert_eq!(asked.page(), 3);
        let kept = asked.finish().unwrap();
        assert_eq!(address("/products", &kept, 2), "/products?q=m%E1%BA%ADt&state=4&page=2");
        assert_eq!(address("/products", &[], 1), "/products");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for query in ["page=x", "page=-1", "page=99999999999999999999999"] {
            let mut asked = given(query);
            asked.page();
            assert_eq!(asked.finish().unwrap_err().refusal().unwrap().faults.len(), 1, "{query}");
        }
        let mut asked = given(&format!("q={}", "a".repeat(10_000)));
        assert_eq!(asked.text("q").len(), LONGEST);
        assert!(asked.finish().is_ok());
    }

    #[test]
    fn units_stand_under_their_districts_and_what_was_chosen_stays() {
        let code = |code: &str| -> UnitCode { code.parse().unwrap() };
        let places = Places::new(official().unwrap());
        let used = [(code("18196"), Some(code("439"))), (code("18235"), Some(code("440"))), (code("18073"), None)];
        let today = "2021-02-22".parse().unwrap();
        let choices = |chosen: Option<&UnitCode>| {
            unit_choices(&used, chosen, &places, today, |name| format!("all of {name}"), "others")
        };
        let groups = choices(Some(&code("440")));
        let labels: Vec<&str> = groups.iter().map(|group| group.label.as_str()).collect();
        assert_eq!(labels, ["Huyện Đức Thọ", "Huyện Hương Sơn", "others"]);
        let whole = Choice { value: "440".into(), label: "all of Huyện Đức Thọ".into(), is_chosen: true };
        assert_eq!(groups[0].choices[0], whole);
        assert_eq!(groups.iter().map(|group| group.choices.len()).collect::<Vec<_>>(), [2, 2, 1]);
        for elsewhere in [code("449"), code("18199")] {
            let chosen: Vec<String> = choices(Some(&elsewhere))
                .into_iter()
                .flat_map(|group| group.choices)
                .filter(|choice| choice.is_chosen)
                .map(|choice| choice.value)
                .collect();
            assert_eq!(chosen, [elsewhere.as_str()]);
        }
    }

    #[test]
    fn pages_show_their_ends_and_their_neighbours() {
        let shown = |number, items| Cut::new(number, items, 10).unwrap().shown();
        assert_eq!(shown(1, 0), [Some(1)]);
        assert_eq!(shown(2, 30), [Some(1), Some(2), Some(3)]);
        assert_eq!(shown(10, 200), [Some(1), None, Some(8), Some(9), Some(10), Some(11), Some(12), None, Some(20)]);
        for (number, items) in [(0, 10), (2, 10), (2, 0)] {
            assert_eq!(Cut::new(number, items, 10), None);
        }
    }

    proptest! {
        #[test]
        fn pages_hold_every_item_once(items in 0usize..100, size in 1usize..20) {
            let all: Vec<usize> = (0..items).collect();
            let last = Cut::new(1, items, size).unwrap().last;
            let joined: Vec<usize> =
                (1..=last).flat_map(|number| Cut::new(number, items, size).unwrap().of(&all).to_vec()).collect();
            prop_assert_eq!(joined, all);
        }
    }
}
