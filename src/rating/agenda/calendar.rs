//! Whether dossier and samples reached the members in time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Day;
use crate::base::calendar::Holidays;
use crate::rating::item::rules::Dates;

/// What the chair should know before the scoring is opened.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::AsRefStr,
    strum::EnumString,
)]
#[schema(as = SessionWarning)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Warning {
    /// The dates of session and dossier are not recorded.
    DatesMissing,
    /// The dossier or the samples reached the members too late: who presides must acknowledge it.
    ShortNotice,
}

impl Dates {
    pub fn warnings(self, holidays: &Holidays, working_days: usize) -> Vec<Warning> {
        let (Some(session), Some(dossier)) = (self.session_on, self.dossier_sent_on) else {
            return vec![Warning::DatesMissing];
        };
        let is_short = |sent: &Day| !holidays.has_working_days(*sent, session, working_days);
        let sent = [Some(dossier), self.samples_sent_on];
        if sent.iter().flatten().any(is_short) { vec![Warning::ShortNotice] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn what_went_out_late_is_warned_of() {
        let holidays = Holidays::official().unwrap();
        let dates = Dates {
            session_on: Some(day("2020-11-04")),
            dossier_sent_on: Some(day("2020-11-02")),
            samples_sent_on: None,
        };
        assert_eq!(dates.warnings(holidays, 2), []);
        let late = Dates { samples_sent_on: Some(day("2020-11-03")), ..dates };
        assert_eq!(late.warnings(holidays, 2), [Warning::ShortNotice]);
        assert_eq!(Dates::default().warnings(holidays, 2), [Warning::DatesMissing]);
    }
}
