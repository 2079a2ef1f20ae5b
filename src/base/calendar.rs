//! Working days (ngày làm việc).
//!
//! `holidays.csv` holds the working days on which Vietnam rests (Labour Code 2019, article 112, with the yearly days in
//! lieu); weekends are not in it. A year that is not in it yet has its weekends only, and who counts in it is told so.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike, Weekday};
use serde::Deserialize;

use crate::base::{Day, Error, Result};

/// The public holidays that fall on a day from Monday to Friday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Day>);

impl Holidays {
    /// Those of Vietnam, read once.
    pub fn official() -> Result<&'static Self> {
        static OFFICIAL: LazyLock<Result<Holidays>> = LazyLock::new(Holidays::read);
        OFFICIAL.as_ref().map_err(Error::clone)
    }

    fn read() -> Result<Self> {
        #[derive(Deserialize)]
        struct Row {
            day: Day,
        }
        let mut reader = csv::Reader::from_reader(include_str!("holidays.csv").as_bytes());
        let days: std::result::Result<_, _> = reader.deserialize::<Row>().map(|row| row.map(|row| row.day)).collect();
        Ok(Self(days.map_err(|error| Error::internal(format!("base/holidays.csv: {error}")))?))
    }

    pub fn is_working(&self, day: Day) -> bool {
        !matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun) && !self.0.contains(&day)
    }

    /// Whether so many working days lie from `sent` on, that day with them, to the eve of the session.
    pub fn has_working_days(&self, sent: Day, session: Day, needed: usize) -> bool {
        let mut days = std::iter::successors(Some(sent), |day| Some(day.plus_days(1))).take_while(|day| *day < session);
        needed == 0 || days.by_ref().filter(|day| self.is_working(*day)).nth(needed - 1).is_some()
    }

    /// The last day of a term of so many working days; the day of receipt is not counted.
    pub fn due(&self, received: Day, working_days: u32) -> Day {
        (0..working_days).fold(received, |day, _| self.next_working(day))
    }

    fn next_working(&self, day: Day) -> Day {
        let mut next = day.plus_days(1);
        while !self.is_working(next) {
            next = next.plus_days(1);
        }
        next
    }

    /// Whether the holidays of every year from one day to another are known.
    pub fn knows(&self, from: Day, until: Day) -> bool {
        let years: BTreeSet<i32> = self.0.iter().map(|day| day.year()).collect();
        (from.year()..=until.year()).all(|year| years.contains(&year))
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
    fn a_term_begins_on_the_day_after_receipt_and_ends_on_a_working_day() {
        let holidays = Holidays::official().unwrap();
        let due = |received| holidays.due(day(received), 15).to_string();
        // Monday 6 July 2026: three whole weeks.
        assert_eq!(due("2026-07-06"), "2026-07-27");
        // Received on a Saturday: the term begins on Monday.
        assert_eq!(due("2026-07-04"), "2026-07-24");
        // Friday 6 February 2026, over five days of Tết.
        assert_eq!(due("2026-02-06"), "2026-03-06");
        // Over the National Day of 2026 (1 and 2 September).
        assert_eq!(due("2026-08-24"), "2026-09-16");
        assert_eq!(holidays.due(day("2026-07-06"), 0), day("2026-07-06"));
    }

    #[test]
    fn a_term_into_a_year_without_holidays_is_told() {
        let holidays = Holidays::official().unwrap();
        let last = holidays.0.last().unwrap().year();
        let received = Day::new(last, 12, 20).unwrap();
        assert!(holidays.knows(received, received));
        assert!(!holidays.knows(received, holidays.due(received, 15)));
    }

    #[test]
    fn holidays_fall_on_working_days_only_and_each_year_has_them() {
        let holidays = Holidays::official().unwrap();
        assert!(holidays.0.iter().all(|day| !matches!(day.date().weekday(), Weekday::Sat | Weekday::Sun)));
        for year in 2019..=2026 {
            assert!(holidays.0.iter().filter(|day| day.year() == year).count() >= 9, "{year}");
        }
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

        #[test]
        fn a_term_has_its_working_days_and_ends_with_one(received in 0..3000i64, term in 1..40u32) {
            let holidays = Holidays::official().unwrap();
            let received = day("2019-01-01").plus_days(received);
            let due = holidays.due(received, term);
            prop_assert!(holidays.is_working(due));
            let days = received.days_until(due);
            let counted = (1..=days).filter(|passed| holidays.is_working(received.plus_days(*passed))).count();
            prop_assert_eq!(u32::try_from(counted).unwrap(), term);
        }
    }
}
