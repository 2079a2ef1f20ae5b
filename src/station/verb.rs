//! The declaration of a step.

use crate::account::{Asker, Role, Work};
use crate::audit::{CREATE, StepName};
use crate::base::{Digest, Label, Result};
use crate::station::Thing;

/// Who may take a step (403 for everybody else who may see the thing).
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Accounts of these roles.
    Roles(&'static [Role]),
    /// Accounts of these roles, and of them whoever meets the condition in words, which the step's own `right` decides.
    Some(&'static [Role], Label),
    /// Whoever meets the condition in words, whatever the role, as who sits in a council.
    Seat(Label),
}

impl By {
    /// The roles that may take the step in some edition or place; none where the role does not matter.
    pub fn roles(self) -> Option<&'static [Role]> {
        match self {
            Self::Roles(roles) | Self::Some(roles, _) => Some(roles),
            Self::Seat(_) => None,
        }
    }

    pub fn condition(self) -> Option<Label> {
        match self {
            Self::Roles(_) => None,
            Self::Some(_, condition) | Self::Seat(condition) => Some(condition),
        }
    }

    pub(super) fn check(self, asker: Asker) -> Result<()> {
        match self.roles() {
            Some(roles) => asker.actor.must_be(roles),
            None => Ok(()),
        }
    }
}

/// What a step says of itself once it is taken; the path writes it into the history.
#[derive(Debug)]
pub struct Taken<R = ()> {
    /// The state that it led to; none where the state stays.
    pub(super) to: Option<String>,
    pub(super) note: Option<String>,
    pub(super) content: Option<Digest>,
    pub(super) recorded: bool,
    /// Under which name the step is recorded, where one step has several.
    pub(super) name: Option<StepName>,
    pub(super) result: R,
}

impl Taken {
    /// The thing changed, its state stayed.
    pub fn stayed() -> Self {
        Self { to: None, note: None, content: None, recorded: true, name: None, result: () }
    }

    /// The thing is in another state.
    pub fn to(state: impl AsRef<str>) -> Self {
        Self { to: Some(state.as_ref().to_owned()), ..Self::stayed() }
    }

    /// Nothing is other than it was: the thing keeps its version, and its history says nothing.
    pub fn unchanged() -> Self {
        Self { recorded: false, ..Self::stayed() }
    }

    /// Something was added beside the thing, whose own version stayed: the thing's history says nothing of it.
    pub fn beside() -> Self {
        Self { recorded: false, ..Self::stayed() }
    }
}

impl<R> Taken<R> {
    pub fn with_note(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// The digest of what the thing holds from this step on, which `ocop audit verify` recomputes.
    pub fn vouching(self, content: Option<Digest>) -> Self {
        Self { content, ..self }
    }

    /// Records the step under another name than its verb's, where the form says what happened.
    pub fn recorded_as(self, name: StepName) -> Self {
        Self { name: Some(name), ..self }
    }

    /// With what the step brought about, for an answer that is not the thing itself.
    pub fn giving<S>(self, result: S) -> Taken<S> {
        let Self { to, note, content, recorded, name, .. } = self;
        Taken { to, note, content, recorded, name, result }
    }
}

pub(super) type Check<T> = fn(Asker, &T) -> Result<()>;

/// A step that is taken with a thing. It reads a `B` and brings about an `R` beside the thing's change.
pub struct Verb<T: Thing, B, R = ()> {
    pub name: StepName,
    pub label: Label,
    pub by: By,
    pub(super) asks_version: bool,
    pub(super) is_replayed: bool,
    pub(super) right: Check<T>,
    pub(super) open: Check<T>,
    pub(super) take: fn(&mut Work, &T, B) -> Result<Taken<R>>,
    pub(super) then: fn(&mut Work, &T) -> Result<()>,
}

impl<T: Thing, B, R> Verb<T, B, R> {
    /// `take` holds the form against the rules (422, and 409 where the form decides) and writes.
    pub const fn new(name: &'static str, label: Label, by: By, take: fn(&mut Work, &T, B) -> Result<Taken<R>>) -> Self {
        Self::named(StepName::new(name), label, by, take)
    }

    pub(super) const fn named(
        name: StepName,
        label: Label,
        by: By,
        take: fn(&mut Work, &T, B) -> Result<Taken<R>>,
    ) -> Self {
        Self {
            name,
            label,
            by,
            asks_version: true,
            is_replayed: true,
            right: |_, _| Ok(()),
            open: |_, _| Ok(()),
            take,
            then: |_, _| Ok(()),
        }
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

    /// What follows from the step once it is recorded, as when a recall reaches what was made of a lot.
    pub const fn then(mut self, then: fn(&mut Work, &T) -> Result<()>) -> Self {
        self.then = then;
        self
    }

    /// For what is only ever added, so that nobody needs to have seen the latest version.
    pub const fn at_any_version(mut self) -> Self {
        self.asks_version = false;
        self
    }

    /// For an answer that holds a secret, which must not be kept: an idempotency key is not heeded.
    pub const fn never_replayed(mut self) -> Self {
        self.is_replayed = false;
        self
    }
}

/// What can be asked of a step without a form.
pub trait Offer<T>: Described {
    /// 403 for who may see the thing and not do this.
    fn may(&self, asker: Asker, thing: &T) -> Result<()>;
    /// 409 where this cannot be done now.
    fn is_open(&self, asker: Asker, thing: &T) -> Result<()>;
}

/// What a step is, for whoever lists steps.
pub trait Described: Sync {
    fn name(&self) -> &'static str;
    fn label(&self) -> Label;
    fn by(&self) -> By;
}

impl<T: Thing, B, R> Described for Verb<T, B, R> {
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

impl<T: Thing, B, R> Offer<T> for Verb<T, B, R> {
    fn may(&self, asker: Asker, thing: &T) -> Result<()> {
        self.by.check(asker)?;
        (self.right)(asker, thing)
    }

    fn is_open(&self, asker: Asker, thing: &T) -> Result<()> {
        (self.open)(asker, thing).map_err(|error| error.of_step(self.label))
    }
}

/// Makes a thing and gives its key.
type Make<T, B> = fn(&mut Work, B) -> Result<(<T as Thing>::Key, Taken)>;

/// The step that makes a thing. It reads a `B`.
pub struct Creation<T: Thing, B> {
    pub label: Label,
    pub by: By,
    pub(super) right: fn(Asker) -> Result<()>,
    pub(super) make: Make<T, B>,
    pub(super) then: fn(&mut Work, &T) -> Result<()>,
}

impl<T: Thing, B> Creation<T, B> {
    /// `make` holds the form against the rules and writes; it gives the key of what was made. The state in [`Taken`] is the
    /// first one.
    pub const fn new(label: Label, by: By, make: Make<T, B>) -> Self {
        Self { label, by, right: |_| Ok(()), make, then: |_, _| Ok(()) }
    }

    /// 403 beyond the roles.
    pub const fn right(mut self, right: fn(Asker) -> Result<()>) -> Self {
        self.right = right;
        self
    }

    /// What follows from the making once it is recorded.
    pub const fn then(mut self, then: fn(&mut Work, &T) -> Result<()>) -> Self {
        self.then = then;
        self
    }

    /// 403 for whoever makes no such thing.
    pub fn may(&self, asker: Asker) -> Result<()> {
        self.by.check(asker)?;
        (self.right)(asker)
    }

    /// The address of a thing that was made.
    pub fn address(&self, key: &T::Key) -> String {
        format!("/api/v1/{}/{key}", T::PATH)
    }
}

impl<T: Thing, B> Described for Creation<T, B> {
    fn name(&self) -> &'static str {
        CREATE.text()
    }
    fn label(&self) -> Label {
        self.label
    }
    fn by(&self) -> By {
        self.by
    }
}

/// Makes several things, each with what it says of itself.
type MakeMany<T, B> = fn(&mut Work, B) -> Result<Vec<(T, Taken)>>;

/// The step that makes several things at once: all of them, or none. It reads a `B`.
pub struct CreationOfMany<T: Thing, B> {
    pub label: Label,
    pub by: By,
    pub(super) make: MakeMany<T, B>,
}

impl<T: Thing, B> CreationOfMany<T, B> {
    /// `make` holds the form against the rules, writes, and gives what was made.
    pub const fn new(label: Label, by: By, make: MakeMany<T, B>) -> Self {
        Self { label, by, make }
    }

    /// 403 for whoever makes no such things.
    pub fn may(&self, asker: Asker) -> Result<()> {
        self.by.check(asker)
    }
}

impl<T: Thing, B> Described for CreationOfMany<T, B> {
    fn name(&self) -> &'static str {
        CREATE.text()
    }
    fn label(&self) -> Label {
        self.label
    }
    fn by(&self) -> By {
        self.by
    }
}
