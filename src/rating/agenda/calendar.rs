//! Working days (ngày làm việc), and whether dossier and samples reached the members in time.
//!
//! `holidays.csv` holds the working days on which Vietnam rests (Labour Code 2019, article 112, with the yearly days in
//! lieu); weekends are not in it. A year that is not in it yet has its weekends only.

use std::collections::BTreeSet;

use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Day, Error, Result};
use crate::rating::item::rules::Dates;

/// The public holidays that fall on a day from Monday to Friday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Day>);

impl Holidays {
    pub fn official() -> Result<Self> {
        #[derive(Deserialize)]
        struct Row {
            day: Day,
        }
        let mut reader = csv::Reader::from_reader(include_str!("holidays.csv").as_bytes());
        let days: std::result::Result<_, _> = reader.deserialize::<Row>().map(|row| row.map(|row| row.day)).collect();
        Ok(Self(days.map_err(|error| Error::internal(format!("rating/agenda/holidays.csv: {error}")))?))
    }

    fn is_working(&self, day: Day) -> bool {
        !matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun) && !self.0.contains(&day)
    }

    /// Whether so many working days lie from `sent` on, that day with them, to the eve of the session.
    pub fn has_working_days(&self, sent: Day, session: Day, needed: usize) -> bool {
        let mut days = std::iter::successors(Some(sent), |day| Some(day.plus_days(1))).take_while(|day| *day < session);
        needed == 0 || days.by_ref().filter(|day| self.is_working(*day)).nth(needed - 1).is_some()
    }
}

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
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let holidays = Holidays::official().unwrap();
        let two = |sent, session| holidays.has_working_days(day(sent), day(session), 2);
        // Monday 2 November 2020 to Wednesday.
        assert!(two("2020-11-02", "2020-11-04"));
        assert!(!two("2020-11-03", "2020-11-04"));
        // From Friday over a weekend to Monday is one working day, to Tuesday two.
        assert!(!two("2020-11-06", "2020-11-09"));
        assert!(two("2020-11-06", "2020-11-10"));
        // 30 April and 3 May 2021 are holidays, 1 and 2 May a weekend.
        assert!(!two("2021-04-29", "2021-05-04"));
        assert!(two("2021-04-29", "2021-05-05"));
        assert!(!two("2020-11-04", "2020-11-04"));
        assert!(!two("2020-11-05", "2020-11-04"));
    }

    #[test]
    fn holidays_fall_on_working_days_only_and_each_year_has_them() {
        let holidays = Holidays::official().unwrap();
        assert!(holidays.0.iter().all(|day| !matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun)));
        for year in 2019..=2026 {
            assert!(holidays.0.iter().filter(|day| day.year() == year).count() >= 9, "{year}");
        }
    }

    #[test]
    fn what_went_out_late_is_warned_of() {
        let holidays = Holidays::official().unwrap();
        let dates = Dates {
            session_on: Some(day("2020-11-04")),
            dossier_sent_on: Some(day("2020-11-02")),
            samples_sent_on: None,
        };
        assert_eq!(dates.warnings(&holidays, 2), []);
        let late = Dates { samples_sent_on: Some(day("2020-11-03")), ..dates };
        assert_eq!(late.warnings(&holidays, 2), [Warning::ShortNotice]);
        assert_eq!(Dates::default().warnings(&holidays, 2), [Warning::DatesMissing]);
    }

    proptest! {
        #[test]
        fn sending_earlier_is_never_shorter(session in 0..3000i64, before in 0..20i64, earlier in 0..20i64, needed in 0..5usize) {
            let holidays = Holidays::official().unwrap();
            let session = day("2019-01-01").plus_days(session);
            let sent = session.plus_days(-before);
            if holidays.has_working_days(sent, session, needed) {
                prop_assert!(holidays.has_working_days(sent.plus_days(-earlier), session, needed));
            }
        }
    }
}
