//! The states of an item on an agenda.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Result};

/// `waiting` > `scoring` > `scored` > `concluded`; or `deferred` to a later round.
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
#[schema(as = AgendaItemState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Waiting,
    Scoring,
    Scored,
    Concluded,
    Deferred,
}

impl State {
    fn only(self, from: Self, to: Self) -> Result<Self> {
        if self == from { Ok(to) } else { Err(Error::wrong_state(self.as_ref())) }
    }

    pub fn open_scoring(self) -> Result<Self> {
        self.only(Self::Waiting, Self::Scoring)
    }

    pub fn close_scoring(self) -> Result<Self> {
        self.only(Self::Scoring, Self::Scored)
    }

    pub fn conclude(self) -> Result<Self> {
        self.only(Self::Scored, Self::Concluded)
    }

    pub fn rescore(self) -> Result<Self> {
        self.only(Self::Scored, Self::Scoring)
    }

    /// The provincial office takes an item in before it is scored.
    pub fn admit(self) -> Result<()> {
        self.only(Self::Waiting, Self::Waiting).map(|_| ())
    }

    /// Before scoring; later only where the council can no longer conclude the item (`stranded`).
    pub fn defer(self, stranded: bool) -> Result<Self> {
        match self {
            Self::Waiting => Ok(Self::Deferred),
            Self::Scoring | Self::Scored if stranded => Ok(Self::Deferred),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Dates are planned until the scoring is opened.
    pub fn plan(self) -> Result<()> {
        self.only(Self::Waiting, Self::Waiting).map(|_| ())
    }

    /// Dossiers are checked beforehand: once members score, each scores alone.
    pub fn remark(self) -> Result<()> {
        self.only(Self::Waiting, Self::Waiting).map(|_| ())
    }

    /// The working group surveys and reports before members score; also while a deferred item waits for results of tests.
    pub fn prepare(self) -> Result<()> {
        match self {
            Self::Waiting | Self::Deferred => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Who is there is recorded until the council concluded.
    pub fn record_attendance(self) -> Result<()> {
        match self {
            Self::Waiting | Self::Scoring | Self::Scored => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    pub fn recuse(self) -> Result<()> {
        match self {
            Self::Waiting | Self::Scoring => Ok(()),
            _ => Err(Error::wrong_state(self.as_ref())),
        }
    }

    /// Sheets are written while the item is being scored.
    pub fn must_be_scoring(self) -> Result<()> {
        self.only(Self::Scoring, Self::Scoring).map(|_| ())
    }
}

/// What the office of the last council said of an item before its scoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Admission {
    Admitted,
    Deferred,
}

/// How far a survey or the report of the working group is; from `finished` on it is fixed, and a `draft` may be `discarded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Readiness {
    Draft,
    Finished,
    Discarded,
}

impl Readiness {
    /// 409 once it is finished or given up.
    pub fn must_be_draft(self) -> Result<()> {
        match self {
            Self::Draft => Ok(()),
            Self::Finished | Self::Discarded => Err(Error::wrong_state(self.as_ref())),
        }
    }
}

/// A recorded vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ballot {
    pub votes_for: i32,
    pub votes_against: i32,
}

/// When the session is, and when dossier and samples went to the members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    pub session_on: Option<Day>,
    pub dossier_sent_on: Option<Day>,
    pub samples_sent_on: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn each_verb_has_its_states() {
        use State::*;
        let allowed = |step: &dyn Fn(State) -> bool| State::iter().filter(|state| step(*state)).collect::<Vec<_>>();
        assert_eq!(allowed(&|state| state.open_scoring().is_ok()), [Waiting]);
        assert_eq!(allowed(&|state| state.close_scoring().is_ok()), [Scoring]);
        assert_eq!(allowed(&|state| state.conclude().is_ok()), [Scored]);
        assert_eq!(allowed(&|state| state.rescore().is_ok()), [Scored]);
        assert_eq!(allowed(&|state| state.admit().is_ok()), [Waiting]);
        assert_eq!(allowed(&|state| state.defer(false).is_ok()), [Waiting]);
        assert_eq!(allowed(&|state| state.defer(true).is_ok()), [Waiting, Scoring, Scored]);
        assert_eq!(allowed(&|state| state.recuse().is_ok()), [Waiting, Scoring]);
        assert_eq!(allowed(&|state| state.must_be_scoring().is_ok()), [Scoring]);
        assert_eq!(allowed(&|state| state.prepare().is_ok()), [Waiting, Deferred]);
    }
}
