//! A stretch of the history as one reader may know it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::PastStep;
use crate::audit::sequence_store::{self, Placed};
use crate::base::{Error, Moment, Result, say};
use crate::change::{position, told};

/// So many entries of the history one call looks through at most.
const MOST_LOOKED_THROUGH: i64 = 200;
/// So many changes one call tells at most.
const MOST_TOLD: usize = 100;

/// A step that somebody took with something that the reader may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// The kind of thing, as in addresses: `ideas`.
    #[schema(value_type = String)]
    resource: &'static str,
    /// What names it in its address, mostly its id.
    id: String,
    /// Where it is read.
    address: String,
    /// The version that the step made.
    version: i32,
    verb: String,
    /// The state that it is in since; null where things of this kind have none.
    state: Option<String>,
    at: Moment,
}

/// What changed behind a position, in the order in which it was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    items: Vec<Change>,
    /// The position to go on from: `after` of the next question. Another one each time, also where nothing changed.
    next: String,
    /// Whether to ask again at once, because more may be there already.
    more: bool,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn next(&self) -> &str {
        &self.next
    }

    pub fn goes_on(&self) -> bool {
        self.more
    }
}

/// The changes behind a position; without one, none, and the position of now. 422 for a position that is none of the asker's.
pub fn changes(work: &mut Work, after: Option<&str>) -> Result<Changes> {
    let (keys, account) = (work.app.keys.clone(), work.actor.id);
    let Some(after) = after else {
        let place = sequence_store::last(work.connection)?;
        return Ok(Changes { items: Vec::new(), next: position::seal(&keys, account, place)?, more: false });
    };
    let after = position::open(&keys, account, after)?.ok_or_else(unknown_position)?;
    let found = sequence_store::behind(work.connection, after, MOST_LOOKED_THROUGH)?;
    let more = i64::try_from(found.len()).map_err(Error::internal)? == MOST_LOOKED_THROUGH;
    let last = found.last().map_or(after, |placed| placed.place);
    let mut seen = seen(work, found)?;
    if let Some((place, _)) = seen.get(MOST_TOLD) {
        let next = position::seal(&keys, account, place - 1)?;
        seen.truncate(MOST_TOLD);
        return Ok(Changes { items: seen.into_iter().map(|(_, change)| change).collect(), next, more: true });
    }
    let next = position::seal(&keys, account, last)?;
    Ok(Changes { items: seen.into_iter().map(|(_, change)| change).collect(), next, more })
}

fn unknown_position() -> Error {
    let text = say(
        "after không phải vị trí do hệ thống cấp cho tài khoản này, hoặc khóa đã đổi.",
        "after is no position that this account was given, or the keys were changed.",
    );
    Error::invalid("after", "malformed_cursor", text)
}

/// What the asker may know of these entries, each with its place. A thing is loaded once, however many entries are its.
fn seen(work: &mut Work, found: Vec<Placed>) -> Result<Vec<(i64, Change)>> {
    let mut by_thing: BTreeMap<_, Vec<Placed>> = BTreeMap::new();
    for placed in found {
        by_thing.entry((placed.resource.as_ref().to_owned(), placed.id)).or_default().push(placed);
    }
    let mut seen = Vec::new();
    for entries in by_thing.into_values() {
        let Some(first) = entries.first() else { continue };
        let (resource, id) = (first.resource, first.id);
        let places: Vec<i64> = entries.iter().map(|placed| placed.place).collect();
        let Some(told) = told::of(work, resource, id, entries.into_iter().map(past).collect())? else { continue };
        for (place, step) in places.into_iter().zip(told.steps) {
            let Some(step) = step else { continue };
            let change = Change {
                resource: told.path,
                id: told.key.clone(),
                address: format!("/api/v1/{}/{}", told.path, told.key),
                version: step.version,
                verb: step.verb,
                state: step.to,
                at: step.at,
            };
            seen.push((place, change));
        }
    }
    seen.sort_by_key(|(place, _)| *place);
    Ok(seen)
}

/// As a history reads it; who took it is not told here. Verbs of before are spelled as those of today.
fn past(placed: Placed) -> PastStep {
    PastStep {
        version: placed.version,
        at: placed.at,
        account_id: None,
        account_name: None,
        verb: placed.verb.replace('_', "-"),
        from: placed.from,
        to: placed.to,
        note: None,
    }
}
