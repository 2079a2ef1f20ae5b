//! The catalogue of refusals: every code that a problem or one of its places can have, what it means, and what who meets it does
//! next. A test holds every refusal of all the tests against it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use actix_web::http::StatusCode;
use serde::Deserialize;

use crate::base::{Error, Message, Result, say};

/// Where the catalogue is served; a problem's `type` names its code below it.
pub const ADDRESS: &str = "/problems";

/// How a code is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum ToldAs {
    Malformed,
    Unauthenticated,
    Forbidden,
    Unknown,
    MethodNotAllowed,
    Conflict,
    Stale,
    ConditionMissing,
    TooLarge,
    UnsupportedMedia,
    Invalid,
    TooSoon,
    Unavailable,
    /// The service failed; 500.
    Internal,
    /// At one place of the input, among a problem's `errors`.
    Fault,
}

impl ToldAs {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::ConditionMissing => StatusCode::PRECONDITION_REQUIRED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid | Self::Fault => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooSoon => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A code, in words.
#[derive(Debug, Clone)]
pub struct Entry {
    pub code: String,
    pub told_as: Vec<ToldAs>,
    pub meaning: Message,
    /// What who meets it does next.
    pub remedy: Message,
}

impl Entry {
    /// The statuses of the problems in which it stands, without doublets.
    pub fn statuses(&self) -> Vec<u16> {
        let mut statuses: Vec<u16> = self.told_as.iter().map(|told_as| told_as.status().as_u16()).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }
}

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    code: String,
    told_as: String,
    meaning_vi: String,
    meaning_en: String,
    remedy_vi: String,
    remedy_en: String,
}

static CODES: LazyLock<Result<BTreeMap<String, Entry>>> = LazyLock::new(|| read(include_str!("codes.csv")));

fn read(file: &str) -> Result<BTreeMap<String, Entry>> {
    let mut codes = BTreeMap::new();
    for line in csv::Reader::from_reader(file.as_bytes()).deserialize() {
        let line: Line = line.map_err(Error::internal)?;
        let told_as = line.told_as.split_whitespace().map(ToldAs::from_str);
        let told_as = told_as.collect::<std::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
        let entry = Entry {
            code: line.code.clone(),
            told_as,
            meaning: say(line.meaning_vi, line.meaning_en),
            remedy: say(line.remedy_vi, line.remedy_en),
        };
        if codes.insert(line.code.clone(), entry).is_some() {
            return Err(Error::internal(format!("{} stands twice in the catalogue of refusals", line.code)));
        }
    }
    Ok(codes)
}

/// All codes, by their names.
pub fn all() -> Result<&'static BTreeMap<String, Entry>> {
    CODES.as_ref().map_err(Clone::clone)
}

/// Where a code is told of.
pub fn address(code: &str) -> String {
    format!("{ADDRESS}/{code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        let codes = all().unwrap();
        assert!(codes.len() > 150, "{}", codes.len());
        for entry in codes.values() {
            assert!(!entry.told_as.is_empty(), "{}", entry.code);
            for text in [&entry.meaning, &entry.remedy].into_iter().flat_map(|text| [&text.vi, &text.en]) {
                assert!(text.ends_with('.') && !text.contains("  ") && !text.contains('{'), "{}: {text}", entry.code);
            }
        }
    }
}
