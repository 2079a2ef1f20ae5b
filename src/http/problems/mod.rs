//! The catalogue of refusals: every code that a problem or one of its places can have, what it means, and what who meets it does
//! next. A test holds every refusal of all the tests against it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use actix_web::http::StatusCode;
use serde::Deserialize;

use crate::base::{Error, Kind, Message, Result, say};

/// Where the catalogue is served; a problem's `type` names its code below it.
pub const ADDRESS: &str = "/problems";

/// How a code is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldAs {
    /// By itself, with the status of its kind.
    Refused(Kind),
    MethodNotAllowed,
    /// The service failed.
    Internal,
    /// At one place of the input, among a problem's `errors`.
    Fault,
}

impl FromStr for ToldAs {
    type Err = strum::ParseError;

    fn from_str(name: &str) -> std::result::Result<Self, strum::ParseError> {
        Ok(match name {
            "method_not_allowed" => Self::MethodNotAllowed,
            "internal" => Self::Internal,
            "fault" => Self::Fault,
            kind => Self::Refused(kind.parse()?),
        })
    }
}

impl ToldAs {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Refused(kind) => status(kind),
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Fault => status(Kind::Invalid),
        }
    }
}

/// The one place where a kind of refusal gets its status.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unknown => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::ConditionMissing => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::AddressTooLong => StatusCode::URI_TOO_LONG,
        Kind::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Kind::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooSoon(_) => StatusCode::TOO_MANY_REQUESTS,
        Kind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
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
