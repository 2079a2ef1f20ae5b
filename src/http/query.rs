//! Query parameters, each known by name, and paging.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::base::{Day, Error, Fault, Faults, Moment, Result, say, text};
use crate::http::bounds::{self, Bounded};
use crate::http::faults::find_nul;

const LONGEST_SEARCH: usize = 2000;

/// A value that cannot be read.
pub fn malformed(name: &str, value: &str) -> Fault {
    Fault::new(
        name,
        "malformed_parameter",
        say(format!("Giá trị “{value}” không hợp lệ."), format!("\"{value}\" is not a valid value.")),
    )
}

/// A value that is no `T`; of days and moments people are told how they are written, for their own way is another one.
pub fn malformed_as<T: 'static>(name: &str, value: &str) -> Fault {
    let of = TypeId::of::<T>();
    let written = if of == TypeId::of::<Day>() {
        "2021-02-22"
    } else if of == TypeId::of::<Moment>() {
        "2021-02-22T08:00:00+07:00"
    } else {
        return malformed(name, value);
    };
    let detail = say(
        format!("Giá trị “{value}” không hợp lệ; ngày viết theo năm-tháng-ngày, ví dụ {written}."),
        format!("\"{value}\" is not a valid value; a day is written as year-month-day, for example {written}."),
    );
    Fault::new(name, "malformed_parameter", detail)
}

/// The parameters of a query. A handler takes those it knows; [`Query::finish`] refuses what is left.
pub struct Query {
    given: BTreeMap<String, String>,
    faults: Vec<Fault>,
    /// What a cursor belongs to: the list, and how it is narrowed.
    list: BTreeMap<String, String>,
}

/// Parameters by which a list stays the same one.
const NOT_NARROWING: [&str; 3] = ["count", "explain", "lang"];
/// Parameters by which messengers, networks and advertisers know who followed an address.
const TRACKING: [&str; 20] = [
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "_ga",
    "_gl",
    "zarsrc",
    "mc_cid",
    "mc_eid",
    "igsh",
    "igshid",
    "msclkid",
    "ttclid",
    "yclid",
    "mibextid",
    "twclid",
];
/// How those begin that name a campaign, `utm_source` and others.
const CAMPAIGN: &str = "utm_";
/// So many bytes of a digest tell lists apart.
const TAG_LENGTH: usize = 6;

impl Query {
    /// The parameters of an address.
    pub fn of(path: &str, query: &str) -> Self {
        let mut parsed = Self::parse(query);
        parsed.list.insert(String::new(), path.to_owned());
        parsed
    }

    /// As [`Query::of`], for an address that may have come by a messenger or an advertisement: what those add tells them who
    /// clicked, and nothing to us.
    pub fn of_visitor(path: &str, query: &str) -> Self {
        let added = |name: &str| name.starts_with(CAMPAIGN) || TRACKING.contains(&name);
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let own: Vec<(String, String)> =
            pairs.into_iter().filter(|(name, _)| !added(&name.to_ascii_lowercase())).collect();
        let mut read = Self::read(own);
        read.list.insert(String::new(), path.to_owned());
        read
    }

    pub fn parse(query: &str) -> Self {
        Self::read(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    fn read(pairs: Vec<(String, String)>) -> Self {
        let mut faults = Vec::new();
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if value.contains('\0') {
                faults.push(Fault::new(&name, "nul_character", say("Chứa ký tự NUL.", "Holds a NUL character.")));
            } else if given.insert(name.clone(), text::compose(&value)).is_some() {
                faults.push(Fault::new(&name, "repeated", say("Tham số bị lặp.", "The parameter is given twice.")));
            }
        }
        let list = given.iter().filter(|(name, _)| !NOT_NARROWING.contains(&name.as_str()));
        Self { list: list.map(|(name, value)| (name.clone(), value.clone())).collect(), given, faults }
    }

    /// The value of `name`, where it was given and can be read.
    pub fn take<T: FromStr + 'static>(&mut self, name: &'static str) -> Option<T> {
        let value = self.given.remove(name)?;
        match value.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.faults.push(malformed_as::<T>(name, &value));
                None
            }
        }
    }

    /// The value of `name`, which must be one of these.
    pub fn take_one_of(&mut self, name: &'static str, known: &[&'static str]) -> Option<&'static str> {
        let value = self.given.remove(name)?;
        let found = known.iter().find(|known| **known == value).copied();
        if found.is_none() {
            self.faults.push(malformed(name, &value));
        }
        found
    }

    /// The whole number of this name, where it was given and lies between its bounds.
    pub fn number<T: TryFrom<i64>>(&mut self, bounded: Bounded) -> Option<T> {
        let number = self.take(bounded.name)?;
        bounded.hold(number).map_err(|fault| self.faults.push(fault)).ok()
    }

    /// As [`Query::number`], with what is usual where none is given.
    pub fn number_or_usual(&mut self, bounded: Bounded) -> i64 {
        self.number(bounded).or(bounded.usual).unwrap_or(bounded.least)
    }

    /// What to search for, folded.
    pub fn search(&mut self) -> Option<String> {
        let searched = text::fold(&self.searched()?);
        (!searched.is_empty()).then_some(searched)
    }

    /// What to search for, as it was written. Nothing searched has so long a name, and SQLite refuses patterns that are longer
    /// still.
    pub fn searched(&mut self) -> Option<String> {
        let searched = self.take::<String>("q")?;
        if searched.chars().count() <= LONGEST_SEARCH {
            return Some(searched);
        }
        let detail = say(
            format!("Chỉ tìm nhiều nhất {LONGEST_SEARCH} ký tự."),
            format!("At most {LONGEST_SEARCH} characters are searched for."),
        );
        self.faults.push(Fault::new("q", "too_long", detail));
        None
    }

    /// `limit` (1 to 100, 20 if not given) and `after`, where the list goes on behind a key of type `K`.
    pub fn paging<K: DeserializeOwned>(&mut self) -> Paging<K> {
        self.paging_by(bounds::LIMIT, "after")
    }

    /// As [`Query::paging`], where a standard has other names for the two.
    pub fn paging_by<K: DeserializeOwned>(&mut self, limited_by: Bounded, continued_by: &'static str) -> Paging<K> {
        let limit = self.number_or_usual(limited_by);
        let list = self.tag(&[limited_by.name, continued_by]);
        let after = self.given.remove(continued_by).and_then(|cursor| {
            let key = read_cursor(&cursor, &list);
            if key.is_none() {
                self.faults.push(Fault::new(
                    continued_by,
                    "malformed_cursor",
                    say(
                        format!("{continued_by} không phải con trỏ của danh sách này."),
                        format!("{continued_by} is no cursor of this list."),
                    ),
                ));
            }
            key
        });
        Paging { limit, after, list }
    }

    /// By what a cursor of this list is known.
    fn tag(&self, passed_over: &[&str]) -> String {
        let list = self.list.iter().filter(|(name, _)| !passed_over.contains(&name.as_str()));
        let digest = Sha256::digest(list.map(|(name, value)| format!("{name}\0{value}\0")).collect::<String>());
        URL_SAFE_NO_PAD.encode(digest.iter().copied().take(TAG_LENGTH).collect::<Vec<_>>())
    }

    /// What is wrong with these parameters; others are passed over.
    pub fn faults_of(self, names: &[&str]) -> impl Iterator<Item = Fault> {
        self.faults.into_iter().filter(|fault| names.contains(&fault.pointer.as_str()))
    }

    /// Refuses unreadable values and parameters that nobody took.
    pub fn finish(self) -> Result<()> {
        let mut faults = self.faults;
        faults.extend(self.given.into_keys().map(|name| {
            Fault::new(name, "unknown_parameter", say("Tham số không có ở đây.", "There is no such parameter here."))
        }));
        faults.into_result()
    }
}

/// The key in a cursor; none where the cursor is not one of ours, or of another list. A NUL, which no key of ours holds, would
/// be the database's to refuse.
fn read_cursor<K: DeserializeOwned>(cursor: &str, list: &str) -> Option<K> {
    let (of, key): (String, Value) = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    if of != list {
        return None;
    }
    let mut faults = Vec::new();
    find_nul(&key, "", &mut faults);
    faults.is_empty().then(|| serde_json::from_value(key).ok()).flatten()
}

/// Which stretch of a list is asked for: at most `limit` items behind the key `after`.
#[derive(Debug, Clone)]
pub struct Paging<K> {
    pub limit: i64,
    pub after: Option<K>,
    /// The list that is cut, for the next cursor.
    list: String,
}

impl<K> Paging<K> {
    /// One more than the limit, so that the store's answer tells whether the list goes on.
    pub fn one_more(&self) -> i64 {
        self.limit + 1
    }
}

impl<K: Serialize> Paging<K> {
    /// Cuts the extra item off and makes the cursor of the last one that is shown.
    pub fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Result<(Vec<T>, Option<String>)> {
        let limit = usize::try_from(self.limit).map_err(Error::internal)?;
        if items.len() <= limit {
            return Ok((items, None));
        }
        items.truncate(limit);
        let next = match items.last() {
            Some(last) => {
                let cursor = serde_json::to_vec(&(&self.list, key(last))).map_err(Error::internal)?;
                Some(URL_SAFE_NO_PAD.encode(cursor))
            }
            None => None,
        };
        Ok((items, next))
    }
}

/// The parameters of a list that is not narrowed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the OpenAPI document only")]
pub struct ListParameters {
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults that an address with the cursor of another one meets.
    fn told(first: (&str, &str), then: (&str, &str)) -> Vec<&'static str> {
        let paging: Paging<i32> = Query::of(first.0, first.1).paging();
        let (_, next) = Paging { limit: 1, ..paging }.cut(vec![1, 2], |item| *item).unwrap();
        let mut query = Query::of(then.0, &format!("{}&after={}", then.1, next.unwrap()));
        let paging: Paging<i32> = query.paging();
        assert_eq!(paging.after.is_none(), !query.faults.is_empty());
        query.faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn what_messengers_add_is_passed_over_for_visitors_only() {
        let added = "fbclid=1&UTM_Source=a&utm_source=b&utm_source=c&zarsrc=30&_ga=2.1&gclid=x&mc_eid=y&wbraid=z";
        let mut query = Query::of_visitor("/shops", &format!("q=mat&{added}"));
        assert_eq!(query.take::<String>("q").as_deref(), Some("mat"));
        assert!(query.finish().is_ok());
        let codes = |query: Query| {
            let refused = query.finish().unwrap_err();
            refused.refusal().unwrap().faults.iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(Query::of_visitor("/shops", "fbclid=1&colour=red")), ["unknown_parameter"]);
        assert_eq!(codes(Query::of("/shops", "fbclid=1")), ["unknown_parameter"]);
        let tag = |query: &str| Query::of_visitor("/shops", query).tag(&[]);
        assert_eq!(tag("q=mat&fbclid=1"), tag("q=mat"), "a list stays the same one");
    }

    #[test]
    fn who_writes_a_day_in_another_way_is_told_how() {
        let told = |query: &str| {
            let mut read = Query::parse(query);
            let (_, _): (Option<Day>, Option<Moment>) = (read.take("on"), read.take("since"));
            let fault = read.faults.pop().unwrap();
            (fault.code, format!("{:?}", fault.detail))
        };
        for query in ["on=22/02/2021", "on=22.02.2021", "on=2021-2-22", "on=today", "since=22/02/2021"] {
            let (code, detail) = told(query);
            assert_eq!(code, "malformed_parameter", "{query}");
            assert!(detail.contains("năm-tháng-ngày") && detail.contains("for example 2021-02-22"), "{detail}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_its_list_and_how_that_is_narrowed() {
        let ideas = ("/ideas", "state=draft&q=mat");
        assert!(told(ideas, ideas).is_empty());
        assert!(told(ideas, ("/ideas", "q=mat&limit=5&state=draft&count=true")).is_empty());
        for other in [("/plans", "state=draft&q=mat"), ("/ideas", "state=draft"), ("/ideas", "state=draftq=&mat")] {
            assert_eq!(told(ideas, other), ["malformed_cursor"], "{other:?}");
        }
    }
}
