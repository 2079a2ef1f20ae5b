//! When a summary is due, what becomes of it, and what it counts.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::calendar::Holidays;
use crate::base::{Day, Moment};
use crate::task::WaitingStep;

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::AsRefStr, strum::EnumString)]
#[schema(as = SummaryState)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Nothing waited, so nothing was sent.
    Empty,
    /// It is being sent.
    Sending,
    /// The server took it.
    Sent,
    /// The server did not take it; it is tried again.
    Waiting,
    /// The server did not take it, and it is tried no more.
    Failed,
    /// Nobody knows whether the server took it, so it is not sent again.
    Unknown,
}

/// Why a server did not take a letter. Its own words are not kept: they may name the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No session with the server came about; of this letter it knows nothing.
    Unreachable(Option<u16>),
    /// It refused the letter for now, with this code.
    RefusedForNow(u16),
    /// It refused the letter for good.
    Refused(u16),
    /// The session broke off while the letter was under way.
    BrokenOff,
}

impl Failure {
    /// How it is kept.
    pub fn told(self) -> String {
        match self {
            Self::Unreachable(None) => "unreachable".to_owned(),
            Self::Unreachable(Some(code)) => format!("unreachable {code}"),
            Self::RefusedForNow(code) | Self::Refused(code) => format!("refused {code}"),
            Self::BrokenOff => "broken_off".to_owned(),
        }
    }
}

/// What came of a letter that was being sent.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub state: State,
    pub next_at: Option<Moment>,
    pub failure: Option<String>,
}

/// How often a letter is tried.
pub const ATTEMPTS: i32 = 3;

/// After so long a letter that is still being sent was left behind by a program that ended. It is longer than any sending.
pub const LEFT_BEHIND_MINUTES: i64 = 10;

/// What follows from a failure of the attempt of this number: the state, and when it is tried again.
pub fn after(failure: Failure, attempt: i32, now: Moment) -> (State, Option<Moment>) {
    match failure {
        Failure::BrokenOff => (State::Unknown, None),
        Failure::Refused(_) => (State::Failed, None),
        Failure::Unreachable(_) | Failure::RefusedForNow(_) if attempt >= ATTEMPTS => (State::Failed, None),
        Failure::Unreachable(_) | Failure::RefusedForNow(_) => {
            let minutes = if attempt <= 1 { 5 } else { 30 };
            (State::Waiting, Some(now.plus(Duration::minutes(minutes))))
        }
    }
}

/// The working day whose summaries are due at a moment: from the hour on, in Vietnam.
pub fn due_day(now: Moment, hour: u8, holidays: &Holidays) -> Option<Day> {
    let day = now.day();
    let begins = day.starts().plus(Duration::hours(i64::from(hour)));
    (holidays.is_working(day) && begins <= now).then_some(day)
}

/// Tasks of one kind that rest on the same rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub label: &'static str,
    pub rule: Option<String>,
    pub tasks: usize,
    pub overdue: usize,
    pub first_due: Option<Day>,
}

/// Counts tasks by what is to be done and by which rule, in the order of the first of each.
pub fn lines(tasks: &[WaitingStep]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut places: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for task in tasks {
        let place = *places.entry((task.label, task.rule.as_deref())).or_insert(lines.len());
        match lines.get_mut(place) {
            Some(line) => {
                line.tasks += 1;
                line.overdue += usize::from(task.overdue);
                line.first_due = line.first_due.into_iter().chain(task.due).min();
            }
            None => lines.push(Line {
                label: task.label,
                rule: task.rule.clone(),
                tasks: 1,
                overdue: usize::from(task.overdue),
                first_due: task.due,
            }),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::AnyId;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn summaries_are_due_on_working_days_from_the_hour_on_in_vietnam() {
        let holidays = Holidays::official().unwrap();
        let due = |moment: &str| due_day(at(moment), 7, holidays).map(|day| day.to_string());
        // Wednesday 15 July 2026 begins at 17:00 UTC of the day before; seven o'clock is midnight UTC.
        assert_eq!(due("2026-07-14T17:00:00Z"), None);
        assert_eq!(due("2026-07-14T23:59:59Z"), None);
        assert_eq!(due("2026-07-15T00:00:00Z"), Some("2026-07-15".into()));
        assert_eq!(due("2026-07-15T16:59:59Z"), Some("2026-07-15".into()));
        assert_eq!(due("2026-07-15T17:00:00Z"), None);
        // A Saturday, and the National Day.
        assert_eq!(due("2026-07-18T03:00:00Z"), None);
        assert_eq!(due("2026-09-02T03:00:00Z"), None);
    }

    #[test]
    fn what_certainly_did_not_arrive_is_tried_three_times_and_nothing_else_twice() {
        let now = at("2026-07-15T00:00:00Z");
        let minutes = |minutes| Some(now.plus(Duration::minutes(minutes)));
        for failure in [Failure::Unreachable(None), Failure::RefusedForNow(451)] {
            let after: Vec<_> = (1..=3).map(|attempt| after(failure, attempt, now)).collect();
            assert_eq!(after, [(State::Waiting, minutes(5)), (State::Waiting, minutes(30)), (State::Failed, None)]);
        }
        assert_eq!(after(Failure::Refused(550), 1, now), (State::Failed, None));
        assert_eq!(after(Failure::BrokenOff, 1, now), (State::Unknown, None));
    }

    #[test]
    fn tasks_are_counted_by_rule_and_nothing_is_named() {
        let task = |label, rule: Option<&str>, due: Option<&str>, overdue| WaitingStep {
            kind: "ideas",
            id: AnyId::random(),
            name: "Mật ong Cường Nga".into(),
            verb: "submit",
            label,
            returned: false,
            due: due.map(|due| due.parse().unwrap()),
            rule: rule.map(str::to_owned),
            overdue,
            reminded_at: None,
        };
        let tasks = [
            task("Nộp ý tưởng", Some("hạn"), Some("2021-03-30"), true),
            task("Nộp ý tưởng", Some("hạn"), Some("2021-03-31"), false),
            task("Nộp ý tưởng", Some("hạn"), None, false),
            task("Xác nhận đăng ký", None, None, false),
        ];
        let lines = lines(&tasks);
        let counts: Vec<_> = lines.iter().map(|line| (line.label, line.tasks, line.overdue)).collect();
        assert_eq!(counts, [("Nộp ý tưởng", 3, 1), ("Xác nhận đăng ký", 1, 0)]);
        assert_eq!(lines[0].first_due.unwrap().to_string(), "2021-03-30");
        assert!(!format!("{lines:?}").contains("Cường"));
    }
}
