//! A decision's states, and what a certificate is on a day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Role;
use crate::base::id::AnyId;
use crate::base::{Day, Error, Result, Stars, UnitCode};
pub use crate::cycle::{DecisionKind as Kind, RevocationGround as Ground};
use crate::idea;
use crate::place::rules::PROVINCE;

/// `draft` until another account promulgates it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[schema(as = DecisionState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Draft,
    Promulgated,
    /// A draft that was taken back; what it named is free for another.
    Withdrawn,
}

impl State {
    pub fn promulgate(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Promulgated),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn withdraw(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Withdrawn),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// What a certificate is worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    Valid,
    /// Kept on beyond its last day while the product is rated again (26/2026/QĐ-TTg, article 12.3): as good as valid.
    Extended,
    Expired,
    Revoked,
}

impl Standing {
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::Valid | Self::Extended)
    }
}

/// From when to when a certificate is in force: all that its standing depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The last day.
    pub valid_until: Day,
    /// The last day on which it is kept on, where it is: it lies behind `valid_until`.
    pub extended_until: Option<Day>,
    pub revoked_on: Option<Day>,
}

impl Term {
    /// Valid through its last day, then extended through that one's, unless it was revoked by then.
    pub fn standing(self, day: Day) -> Standing {
        if self.revoked_on.is_some_and(|revoked| revoked <= day) {
            Standing::Revoked
        } else if day <= self.valid_until {
            Standing::Valid
        } else if self.extended_until.is_some_and(|until| day <= until) {
            Standing::Extended
        } else {
            Standing::Expired
        }
    }

    pub fn is_in_force(self, day: Day) -> bool {
        self.standing(day).is_in_force()
    }

    /// The last day on which it is in force unless it is revoked.
    pub fn last_day(self) -> Day {
        self.extended_until.unwrap_or(self.valid_until)
    }
}

/// What everybody may know of a certificate, and all that its standing depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    pub number: String,
    pub stars: Stars,
    pub issued_on: Day,
    pub term: Term,
}

impl Certified {
    pub fn standing(&self, today: Day) -> Standing {
        self.term.standing(today)
    }

    pub fn is_in_force(&self, today: Day) -> bool {
        self.term.is_in_force(today)
    }

    /// Stars are shown only while the certificate is in force: afterwards the product may no longer boast of them.
    pub fn stars(&self, today: Day) -> Option<Stars> {
        self.is_in_force(today).then_some(self.stars)
    }
}

/// Whether a notice was given fewer days before a certificate's last day than it must be.
pub fn is_late_notice(given_on: Day, valid_until: Day, days: u32) -> bool {
    given_on.days_until(valid_until) < i64::from(days)
}

/// What the ministry may demand of the province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DemandKind {
    /// That the product is rated again as the act has it.
    RateAgain,
    /// That its recognition is withdrawn.
    Withdraw,
}

/// The last day on which certificates are taken back in time: `days` from the day of the paper that it rests on, which is
/// not counted.
pub fn revocation_due(dated: Day, days: u32) -> Day {
    dated.plus_days(i64::from(days))
}

/// A certificate's number, fit for an address: `42-2020-0087`, with the district where a district issues it.
pub fn number(unit: &UnitCode, year: i32, running: i64) -> String {
    if unit.as_str() == PROVINCE {
        format!("{PROVINCE}-{year}-{running:04}")
    } else {
        format!("{PROVINCE}-{unit}-{year}-{running:04}")
    }
}

/// Where everybody verifies the certificate with a number.
pub fn address_to_verify(public_url: &str, number: &str) -> String {
    format!("{public_url}/c/{number}")
}

/// What the letter does with each item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DispatchVerb {
    /// Ideas, from the commune to the district.
    Forward,
    /// Ideas, from the district to the province.
    Select,
    /// Ideas, by the province.
    Accept,
    /// Results, from the district to the province.
    #[serde(alias = "send-up")]
    SendUp,
    /// Results, by the province.
    Admit,
}

impl DispatchVerb {
    /// The step of each idea, where the letter is about ideas.
    pub fn of_ideas(self) -> Option<idea::rules::IdeaVerb> {
        match self {
            Self::Forward => Some(idea::rules::IdeaVerb::Forward),
            Self::Select => Some(idea::rules::IdeaVerb::Select),
            Self::Accept => Some(idea::rules::IdeaVerb::Accept),
            Self::SendUp | Self::Admit => None,
        }
    }

    /// Who sends such a letter in any edition; each item says whether it is theirs to send now.
    pub fn roles(self) -> Result<Vec<Role>> {
        match (self, self.of_ideas()) {
            (_, Some(verb)) => verb.takers(),
            (Self::Admit, None) => Ok(vec![Role::ProvincialOfficer]),
            (_, None) => Ok(vec![Role::DistrictOfficer]),
        }
    }
}

/// One item of a list, at the version that its sender saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub id: AnyId,
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_is_valid_through_its_last_day() {
        let term = Term { valid_until: day("2023-12-31"), extended_until: None, revoked_on: None };
        assert_eq!(term.standing(day("2023-12-31")), Standing::Valid);
        assert_eq!(term.standing(day("2024-01-01")), Standing::Expired);
        let revoked = Term { revoked_on: Some(day("2022-05-05")), ..term };
        assert_eq!(revoked.standing(day("2022-05-04")), Standing::Valid);
        assert_eq!(revoked.standing(day("2022-05-05")), Standing::Revoked);
        assert_eq!(revoked.standing(day("2024-01-01")), Standing::Revoked);
    }

    #[test]
    fn a_certificate_is_kept_on_through_a_last_day_too_unless_it_is_revoked() {
        let term = Term { valid_until: day("2026-09-18"), extended_until: Some(day("2027-03-17")), revoked_on: None };
        assert_eq!(term.standing(day("2026-09-18")), Standing::Valid);
        assert_eq!(term.standing(day("2026-09-19")), Standing::Extended);
        assert_eq!(term.standing(day("2027-03-17")), Standing::Extended);
        assert_eq!(term.standing(day("2027-03-18")), Standing::Expired);
        let revoked = Term { revoked_on: Some(day("2026-10-01")), ..term };
        assert_eq!(revoked.standing(day("2026-09-30")), Standing::Extended);
        assert_eq!(revoked.standing(day("2026-10-01")), Standing::Revoked);
        assert_eq!(revoked.standing(day("2027-03-18")), Standing::Revoked);
    }

    #[test]
    fn fifteen_days_run_from_the_day_after_the_conclusion() {
        assert_eq!(revocation_due(day("2026-09-01"), 15), day("2026-09-16"));
        assert_eq!(revocation_due(day("2027-02-20"), 15), day("2027-03-07"));
    }

    #[test]
    fn a_notice_is_late_with_fewer_than_thirty_days_left() {
        let until = day("2024-03-31");
        assert!(!is_late_notice(day("2024-03-01"), until, 30));
        assert!(is_late_notice(day("2024-03-02"), until, 30));
    }

    #[test]
    fn a_number_can_stand_in_an_address() {
        assert_eq!(number(&"42".parse().unwrap(), 2020, 87), "42-2020-0087");
        assert_eq!(number(&"439".parse().unwrap(), 2024, 3), "42-439-2024-0003");
    }

    #[test]
    fn a_decision_is_promulgated_once() {
        assert!(State::Draft.promulgate().unwrap().promulgate().is_err());
        assert!(State::Draft.withdraw().unwrap().promulgate().is_err());
        assert!(State::Promulgated.withdraw().is_err());
    }
}
