//! What a task is, and in which order tasks are done.

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Day;
use crate::base::id::AnyId;
use crate::station::Label;

/// Something that waits for somebody's step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingStep {
    /// What kind of thing it is, as its address names it.
    #[schema(value_type = String)]
    pub kind: &'static str,
    #[schema(value_type = String, format = Uuid)]
    pub id: AnyId,
    /// What the thing is called.
    pub name: String,
    /// The step that it waits for; `create-plan` where it is an accepted idea without a plan.
    #[schema(value_type = String)]
    pub verb: &'static str,
    /// What the step is called.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// By when, where something says so; the day itself is in time.
    pub due: Option<Day>,
    /// What says so.
    #[schema(value_type = Option<String>)]
    pub rule: Option<&'static str>,
    /// Whether the day has passed.
    pub overdue: bool,
}

/// Until when a thing waits, and by which rule.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    pub day: Day,
    pub rule: Label,
}

/// Overdue first, then by day, then what has none.
pub fn in_order(mut tasks: Vec<WaitingStep>) -> Vec<WaitingStep> {
    tasks.sort_by_key(|task| (task.due.is_none(), task.due));
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_first_stands_first_and_what_is_never_due_last() {
        let task = |due: Option<&str>| WaitingStep {
            kind: "ideas",
            id: AnyId::random(),
            name: String::new(),
            verb: "submit",
            label: "",
            due: due.map(|day| day.parse().unwrap()),
            rule: None,
            overdue: false,
        };
        let ordered = in_order(vec![task(None), task(Some("2021-03-31")), task(Some("2021-02-01"))]);
        let days: Vec<Option<String>> = ordered.iter().map(|task| task.due.map(|day| day.to_string())).collect();
        assert_eq!(days, [Some("2021-02-01".into()), Some("2021-03-31".into()), None]);
    }
}
