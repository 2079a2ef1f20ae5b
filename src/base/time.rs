//! Moments in UTC with microseconds, and Vietnamese days (+07:00).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Duration, FixedOffset, Months, NaiveDate, SecondsFormat, SubsecRound, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A point in time, UTC, microseconds: what both databases keep without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// The computer's time. Business time comes from [`Clock::now`].
    pub fn real_now() -> Self {
        Self::new(Utc::now())
    }

    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(microseconds).map(Self)
    }

    pub fn microseconds(self) -> i64 {
        self.0.timestamp_micros()
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The Vietnamese day of this moment.
    pub fn day(self) -> Day {
        Day(vietnam().map_or_else(|| self.0.date_naive(), |zone| self.0.with_timezone(&zone).date_naive()))
    }

    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }

    /// The same moment, or the end of what is told here, from 1900 to 2200, that lies nearer: years of more digits compare
    /// otherwise as texts, and whoever asks for all that was before the year 9999 means all of it.
    pub fn held_in_range(self) -> Self {
        let end = match self.0.year() {
            ..1900 => Day::new(1900, 1, 1),
            1900..=2200 => None,
            2201.. => Day::new(2201, 1, 1),
        };
        end.map_or(self, Day::starts)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Moment {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|at| Self::new(at.with_timezone(&Utc)))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let moment: Self = String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)?;
        if (1900..=2200).contains(&moment.0.year()) {
            Ok(moment)
        } else {
            Err(serde::de::Error::custom("a year between 1900 and 2200 is expected"))
        }
    }
}

fn vietnam() -> Option<FixedOffset> {
    FixedOffset::east_opt(7 * 3600)
}

/// A Vietnamese calendar day. Periods that end on a day include it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct Day(NaiveDate);

impl Day {
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }

    pub fn from_date(date: NaiveDate) -> Self {
        Self(date)
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The last day of a year.
    pub fn end_of(year: i32) -> Option<Self> {
        Self::new(year, 12, 31)
    }

    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0 + Duration::days(days))
    }

    /// How many days `other` lies after this one; below 0 where it lies before.
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).num_days()
    }

    pub fn plus_months(self, months: u32) -> Option<Self> {
        self.0.checked_add_months(Months::new(months)).map(Self)
    }

    /// The first moment of this day in Vietnam.
    pub fn starts(self) -> Moment {
        let midnight = self.0.and_time(chrono::NaiveTime::MIN);
        let start = vietnam().and_then(|zone| zone.from_local_datetime(&midnight).single());
        Moment::new(start.map_or_else(|| midnight.and_utc(), |start| start.with_timezone(&Utc)))
    }

    /// The first moment that no longer belongs to this day in Vietnam.
    pub fn ends(self) -> Moment {
        self.plus_days(1).starts()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl AsRef<NaiveDate> for Day {
    fn as_ref(&self) -> &NaiveDate {
        &self.0
    }
}

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let known = date.filter(|date| text.len() == 10 && (1900..=2200).contains(&date.year()));
        known.map(Self).ok_or_else(|| "a date YYYY-MM-DD between 1900 and 2200 is expected".into())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The service's clock: real time plus an offset that the database keeps, so that a demo lives in its own year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    offset_microseconds: i64,
}

impl Clock {
    pub fn with_offset(offset_microseconds: i64) -> Self {
        Self { offset_microseconds }
    }

    /// The clock that shows `business` at this very moment.
    pub fn set_to(business: Moment) -> Self {
        Self { offset_microseconds: business.microseconds() - Moment::real_now().microseconds() }
    }

    pub fn offset_microseconds(self) -> i64 {
        self.offset_microseconds
    }

    /// Business time: what forms, deadlines, certificates and scans are dated with.
    pub fn now(self) -> Moment {
        Moment::real_now().plus(Duration::microseconds(self.offset_microseconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_beyond_what_is_told_are_held_at_its_ends() {
        let held = |text: &str| text.parse::<Moment>().unwrap().held_in_range().to_string();
        for (text, expected) in [
            ("9999-12-31T23:59:59Z", "2200-12-31T17:00:00Z"),
            ("9999-12-31T23:59:59+14:00", "2200-12-31T17:00:00Z"),
            ("2201-01-01T00:00:00Z", "2200-12-31T17:00:00Z"),
            ("2200-12-31T23:59:59Z", "2200-12-31T23:59:59Z"),
            ("2021-03-01T12:00:00Z", "2021-03-01T12:00:00Z"),
            ("0001-01-01T00:00:00Z", "1899-12-31T17:00:00Z"),
            ("1899-12-31T23:59:59Z", "1899-12-31T17:00:00Z"),
        ] {
            assert_eq!(held(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        let day = Day::new(2020, 12, 31).unwrap();
        assert_eq!(day.starts().to_string(), "2020-12-30T17:00:00Z");
        assert_eq!(day.starts().day(), day);
        assert_eq!(day.ends().day(), Day::new(2021, 1, 1).unwrap());
    }

    #[test]
    fn thirty_six_months_end_on_the_last_day_that_exists() {
        assert_eq!(Day::new(2020, 2, 29).unwrap().plus_months(36), Day::new(2023, 2, 28));
    }

    #[test]
    fn days_out_of_range_or_shape_are_refused() {
        for text in ["2020-2-1", "2020-02-30", "0020-01-01", "9999-01-01", "", "2020-01-01T00:00:00Z"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
