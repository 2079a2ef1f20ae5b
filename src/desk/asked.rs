//! What a list is asked for, as it stands in an address.

use serde_json::Value;

use crate::desk::counter::{Counter, SORT};
use crate::desk::input::Asks;
use crate::desk::typed;
use crate::http::Query;

/// What a list is asked for: what it knows of an address, and is not empty.
#[derive(Debug, Clone)]
pub struct ListAsked {
    kept: Vec<(String, String)>,
    /// With all things of the page chosen.
    pub all_chosen: bool,
}

/// Asks for a list with all its things chosen.
const CHOSEN: &str = "chosen";

impl ListAsked {
    pub fn read(counter: &dyn Counter, query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let all_chosen = pairs.iter().any(|(name, value)| name == CHOSEN && value == "all");
        let is_known = |name: &str| {
            name == "after"
                || name == SORT && counter.is_sorted()
                || counter.filters().iter().any(|filter| filter.name == name)
        };
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            let is_day = |name: &str| {
                counter.filters().iter().any(|filter| filter.name == name && matches!(filter.asks, Asks::Day))
            };
            let value = if is_day(&name) { typed::day(&value).unwrap_or(value) } else { value };
            if is_known(&name) && !value.is_empty() && kept.iter().all(|(known, _)| *known != name) {
                kept.push((name, value));
            }
        }
        Self { kept, all_chosen }
    }

    /// As the list's filters read it; `limited` to so many items.
    pub fn query(&self, limited: u32) -> Query {
        let limit = ("limit".to_owned(), limited.to_string());
        Query::parse(&encoded(self.kept.iter().chain([&limit])))
    }

    /// What the filters hold.
    pub fn given(&self) -> Value {
        Value::Object(self.kept.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect())
    }

    /// The order that was asked for.
    pub fn sorting(&self) -> Option<&str> {
        self.kept.iter().find(|(name, _)| name == SORT).map(|(_, value)| value.as_str())
    }

    /// The same list from its beginning, in another order.
    pub fn sorted(&self, order: &str) -> Self {
        let mut kept = self.from_its_start().kept;
        kept.retain(|(name, _)| name != SORT);
        kept.push((SORT.to_owned(), order.to_owned()));
        Self { kept, ..self.clone() }
    }

    /// The same list from another place on.
    pub fn after(&self, place: String) -> Self {
        let mut kept = self.from_its_start().kept;
        kept.push(("after".to_owned(), place));
        Self { kept, ..self.clone() }
    }

    /// The same list from its beginning.
    pub fn from_its_start(&self) -> Self {
        let kept = self.kept.iter().filter(|(name, _)| name != "after").cloned().collect();
        Self { kept, ..self.clone() }
    }

    pub fn address(&self, counter: &dyn Counter, suffix: &str) -> String {
        with_query(format!("/desk/{}{suffix}", counter.path()), encoded(self.kept.iter()))
    }

    /// The same page with all of its things chosen.
    pub fn chosen(&self, counter: &dyn Counter) -> String {
        let chosen = (CHOSEN.to_owned(), "all".to_owned());
        let query = encoded(self.kept.iter().chain([&chosen]));
        with_query(format!("/desk/{}", counter.path()), query) + "#letter"
    }
}

fn with_query(path: String, query: String) -> String {
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn encoded<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let pairs: Vec<&(String, String)> = pairs.collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}
