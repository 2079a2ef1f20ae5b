//! What people agree to when they give data of theirs: a text for each occasion, by version, each in force from a day on until
//! the next one is.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Fault, Message, Moment, Result, say};

/// On which occasion somebody agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    Registration,
    Doubt,
}

/// A text that people agree to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    pub kind: ConsentKind,
    pub version: i32,
    pub valid_from: Day,
    pub purpose: Message,
    pub text: Message,
}

/// That somebody agrees, and to which version of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub version: i32,
}

/// What somebody agreed to, and when.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ConsentGiven {
    version: i32,
    at: Moment,
}

impl ConsentGiven {
    /// It came with what it was given for, at that moment. None for what came before there were texts.
    pub fn with(version: Option<i32>, at: Moment) -> Option<Self> {
        version.map(|version| Self { version, at })
    }
}

static TEXTS: LazyLock<std::result::Result<Vec<ConsentText>, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("consents.json")).map_err(|error| error.to_string()));

/// All texts, each kind's by version.
pub fn texts() -> Result<&'static [ConsentText]> {
    let known = TEXTS.as_ref().map_err(|error| Error::internal(format!("the texts of consent: {error}")))?;
    Ok(known)
}

/// The text that is agreed to on a day.
pub fn in_force(kind: ConsentKind, day: Day) -> Result<&'static ConsentText> {
    latest(texts()?, kind, day).ok_or_else(|| Error::internal(format!("no text of consent is in force on {day}")))
}

fn latest(texts: &[ConsentText], kind: ConsentKind, day: Day) -> Option<&ConsentText> {
    let of_kind = texts.iter().filter(|text| text.kind == kind && text.valid_from <= day);
    of_kind.max_by_key(|text| (text.valid_from, text.version))
}

/// Collects what is wrong with a consent where one is needed. One that is given without need must be one nevertheless.
pub fn check(
    given: Option<Consent>,
    is_needed: bool,
    kind: ConsentKind,
    day: Day,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let current = in_force(kind, day)?.version;
    match given {
        None if is_needed => faults.push(Fault::new(
            "/consent",
            "required",
            say(
                "Cần bạn đồng ý thì dữ liệu của bạn mới được lưu.",
                "Your consent is needed before data of yours are kept.",
            ),
        )),
        Some(Consent { version }) if version != current => faults.push(Fault::new(
            "/consent/version",
            "consent_not_in_force",
            say(
                format!("Văn bản đồng ý đang áp dụng là bản {current}; xin đọc và đồng ý với bản đó."),
                format!("Version {current} of the text is in force; please read that one and agree to it."),
            ),
        )),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn texts_of_a_kind_have_versions_of_their_own_that_follow_one_another() {
        for kind in [ConsentKind::Registration, ConsentKind::Doubt] {
            let known: Vec<&ConsentText> = texts().unwrap().iter().filter(|text| text.kind == kind).collect();
            assert!(known.windows(2).all(|pair| pair[0].version < pair[1].version));
            assert!(known.windows(2).all(|pair| pair[0].valid_from < pair[1].valid_from));
            let told: BTreeSet<&str> = known.iter().map(|text| text.text.vi.as_ref()).collect();
            assert_eq!(told.len(), known.len(), "each version says something else");
            // The programme began on this day, and no database of it knows an earlier one.
            assert_eq!(in_force(kind, day("2018-05-07")).unwrap().version, 1);
        }
    }

    #[test]
    fn the_latest_text_of_a_day_is_in_force() {
        let first = in_force(ConsentKind::Doubt, day("2021-02-22")).unwrap().clone();
        let next = ConsentText { version: 2, valid_from: day("2027-01-01"), ..first.clone() };
        let both = [next, first];
        let version = |on: &str| latest(&both, ConsentKind::Doubt, day(on)).map(|text| text.version);
        assert_eq!(version("2018-05-06"), None);
        assert_eq!(version("2026-12-31"), Some(1));
        assert_eq!(version("2027-01-01"), Some(2));
    }

    #[test]
    fn a_consent_is_needed_or_not_and_is_to_the_text_in_force() {
        let wrong = |given: Option<i32>, is_needed| {
            let mut faults = Vec::new();
            let given = given.map(|version| Consent { version });
            check(given, is_needed, ConsentKind::Doubt, day("2021-02-22"), &mut faults).unwrap();
            faults.pop().map(|fault| (fault.pointer, fault.code))
        };
        assert_eq!(wrong(Some(1), true), None);
        assert_eq!(wrong(None, false), None);
        assert_eq!(wrong(None, true), Some(("/consent".to_owned(), "required")));
        for needed in [true, false] {
            assert_eq!(wrong(Some(7), needed), Some(("/consent/version".to_owned(), "consent_not_in_force")));
        }
    }

    #[test]
    fn the_text_names_the_term_by_which_contacts_are_forgotten() {
        let text = &in_force(ConsentKind::Doubt, day("2021-02-22")).unwrap().text;
        let days = crate::privacy::record::CONTACT_DAYS.to_string();
        assert!(text.vi.contains(&days) && text.en.contains(&days));
    }
}
