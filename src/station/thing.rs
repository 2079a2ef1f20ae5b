//! A thing that steps are taken with: an idea, a council, an order of stamps.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{Actor, Asker, Work};
use crate::audit::{PastStep, Resource, StepName};
use crate::base::id::AnyId;
use crate::base::{Error, Moment, Result};
use crate::station::Offer;

/// Whether the row is to be this transaction's until its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Another transaction that takes the row waits.
    Taken,
    /// Only read.
    Seen,
}

/// A thing as it is loaded for a step: its row, and whatever its rights and states depend on.
pub trait Thing: Sized + Send + 'static {
    /// What names it in an address; mostly its id.
    type Key: FromStr + Display + Clone + Send + 'static;
    /// Under which name its history is kept.
    const RESOURCE: Resource;
    /// The part of its address, as in `/api/v1/ideas`.
    const PATH: &'static str;

    /// The thing with its surroundings; none where there is none, or where the caller may not see it.
    fn load(work: &mut Work, key: &Self::Key, access: Access) -> Result<Option<Self>>;
    /// 403 for whoever reads nothing of this kind although the thing lies in the own territory.
    fn must_read(_: Asker) -> Result<()> {
        Ok(())
    }
    /// 507 where no more may be stored with it: asked before a file is read.
    fn must_take_files(&self, _: &mut Work) -> Result<()> {
        Ok(())
    }
    /// What names it in an address: its id, where nothing else does.
    fn in_address(&self) -> String {
        self.id().to_string()
    }
    /// Its key in the history.
    fn id(&self) -> AnyId;
    /// 0 where it is not begun yet.
    fn version(&self) -> i32;
    /// When it was made, where the history does not tell: what ships with the service.
    fn shipped_at(&self) -> Option<Moment> {
        None
    }
    /// None where things of this kind have no states.
    fn state(&self) -> Option<&str> {
        None
    }
    /// The steps that are kept back from somebody who sees the thing: not told, and they do not make it look changed. None, or
    /// for all things of the kind the same.
    fn kept_back(&self, _: &Actor) -> &'static [StepName] {
        &[]
    }
    /// What somebody who sees the thing is told of a step in its history; none where the step is not for them.
    fn told(&self, _: &Actor, step: PastStep) -> Option<PastStep> {
        Some(step)
    }
    /// Every step that can be taken with it.
    fn verbs() -> &'static [&'static dyn Offer<Self>];
}

/// What is shown of a thing, by JSON and by pages alike.
pub trait Shown: Thing {
    type View: Serialize + ToSchema + Send;

    /// What the caller may see of things that the caller may see, in the same order. The number of statements does not
    /// depend on the number of things.
    fn views(work: &mut Work, things: &[Self]) -> Result<Vec<Self::View>>;

    /// What the caller may see of one thing, where that is more than a list shows.
    fn view(work: &mut Work, thing: &Self) -> Result<Self::View> {
        Self::views(work, std::slice::from_ref(thing))?.pop().ok_or_else(|| Error::internal("a view is missing"))
    }
}
