//! Rights as data: who may take which step.

use crate::account::Role;
use crate::audit::Resource;
use crate::station::verb::Described;
use crate::station::{By, Label, Thing};

/// One row of the table of rights.
#[derive(Debug, Clone, Copy)]
pub struct Right {
    pub resource: Resource,
    pub path: &'static str,
    pub verb: &'static str,
    pub label: Label,
    pub by: By,
}

impl Right {
    /// Whether an account of this role may take the step somewhere, under some edition.
    pub fn is_of(&self, role: Role) -> bool {
        self.by.roles().is_none_or(|roles| roles.contains(&role))
    }
}

/// The rights of a kind of thing: its creations, then its verbs.
pub fn of<T: Thing>(creations: &[&'static dyn Described]) -> Vec<Right> {
    let right = |verb: &'static str, label, by| Right { resource: T::RESOURCE, path: T::PATH, verb, label, by };
    let made = creations.iter().map(|step| right(step.name(), step.label(), step.by()));
    let taken = T::verbs().iter().map(|step| right(step.name(), step.label(), step.by()));
    made.chain(taken).collect()
}
