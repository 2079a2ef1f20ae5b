//! How a thing becomes a task: where a step onwards is the asker's to take now.

use crate::account::Work;
use crate::base::Result;
use crate::http::Language;
use crate::station::{Label, Thing, offers};
use crate::task::rules::{Due, WaitingStep};

/// So many things of a state are looked at; what is more is found once these are done.
pub const MOST: i64 = 100;

/// What a thing waits for.
pub struct Waits {
    pub name: String,
    pub step: (&'static str, Label),
    pub due: Option<Due>,
    pub returned: bool,
}

impl Waits {
    /// The thing's task.
    pub fn for_thing<T: Thing>(self, work: &Work, thing: &T) -> WaitingStep {
        let Self { name, step: (verb, label), due, returned } = self;
        let overdue = due.as_ref().is_some_and(|due| due.is_over(work.now.day()));
        WaitingStep {
            kind: T::PATH,
            id: thing.id(),
            name,
            verb,
            label: match work.language {
                Language::Vietnamese => label.vi,
                Language::English => label.en,
            },
            returned,
            due: due.as_ref().map(|due| due.day),
            rule: due.map(|due| work.language.pick(&due.rule).to_owned()),
            overdue,
            reminded_at: None,
        }
    }
}

/// Of these steps, the first that the asker may take with the thing now.
pub fn offered<T: Thing>(work: &Work, thing: &T, onwards: &[&str]) -> Result<Option<(&'static str, Label)>> {
    let offers = offers(work.asker(), thing)?;
    let open = offers.into_iter().find(|(step, refusal)| refusal.is_none() && onwards.contains(&step.name()));
    Ok(open.map(|(step, _)| (step.name(), step.label())))
}
