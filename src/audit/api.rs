//! How a history is shown; each station mounts it under its own resource.

use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::store::{self, PastStep, Resource};
use crate::base::id::{AccountId, AnyId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::http::{Answer, Query};

/// One step: who, when, from which state to which, and the note that was left.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// The version that the step made.
    version: i32,
    at: Moment,
    /// Null where the service itself did it, or where it is not for the asker.
    who: Option<Who>,
    verb: String,
    from: Option<String>,
    to: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Who {
    account_id: AccountId,
    name: Option<String>,
}

/// The history of a resource that the asker was already found to see, a page of it. `told` says what the asker is told of a
/// step, and leaves out what is not for the asker.
pub fn page(
    connection: &mut AnyConnection,
    mut query: Query,
    resource: Resource,
    id: AnyId,
    told: impl FnMut(PastStep) -> Option<PastStep>,
) -> Result<Answer> {
    let paging = query.paging::<i32>();
    query.finish()?;
    let steps = store::steps(connection, resource, id, paging.after.unwrap_or(0), paging.one_more())?;
    let (steps, next) = paging.cut(steps, |step| step.version)?;
    // Verbs of before are spelled as those of today.
    let steps = steps.into_iter().map(|step| PastStep { verb: step.verb.replace('_', "-"), ..step });
    let items = steps.filter_map(told).map(|step| History {
        version: step.version,
        at: step.at,
        who: step.account_id.map(|account_id| Who { account_id, name: step.account_name }),
        verb: step.verb,
        from: step.from,
        to: step.to,
        note: step.note,
    });
    Answer::page(items.collect(), next)
}
