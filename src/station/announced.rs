//! Steps that an earlier room knows and a later one takes.

use crate::account::{Asker, Work};
use crate::audit::StepName;
use crate::base::Result;
use crate::station::verb::Check;
use crate::station::{By, Described, Label, Offer, Taken, Thing, Verb};

/// What is known of a step before it is taken: its thing offers it, and says who may take it and when. What it writes lies
/// in rooms below its thing's, where [`Announced::taken`] completes it; without that nobody can take it.
pub struct Announced<T: Thing> {
    name: StepName,
    label: Label,
    by: By,
    right: Check<T>,
    open: Check<T>,
}

impl<T: Thing> Announced<T> {
    pub const fn new(name: &'static str, label: Label, by: By) -> Self {
        Self { name: StepName::new(name), label, by, right: |_, _| Ok(()), open: |_, _| Ok(()) }
    }

    /// 403 beyond the roles.
    pub const fn right(mut self, right: Check<T>) -> Self {
        self.right = right;
        self
    }

    /// 409 where the state of the thing, or another thing, stands against the step whatever the form says.
    pub const fn open(mut self, open: Check<T>) -> Self {
        self.open = open;
        self
    }

    /// How the history calls it.
    pub const fn step_name(&self) -> StepName {
        self.name
    }

    /// The step itself, as [`Verb::new`].
    pub const fn taken<B, R>(&self, take: fn(&mut Work, &T, B) -> Result<Taken<R>>) -> Verb<T, B, R> {
        Verb::named(self.name, self.label, self.by, take).right(self.right).open(self.open)
    }
}

impl<T: Thing> Described for Announced<T> {
    fn name(&self) -> &'static str {
        self.name.text()
    }
    fn label(&self) -> Label {
        self.label
    }
    fn by(&self) -> By {
        self.by
    }
}

impl<T: Thing> Offer<T> for Announced<T> {
    fn may(&self, asker: Asker, thing: &T) -> Result<()> {
        self.by.check(asker)?;
        (self.right)(asker, thing)
    }

    fn is_open(&self, asker: Asker, thing: &T) -> Result<()> {
        (self.open)(asker, thing)
    }
}
