//! A database from before the chain: its steps are chained once, as they are, and vouch for its rows as they are.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::chain::{self, Link};
use crate::audit::check::{Held, Station};
use crate::audit::store::{self, Resource};
use crate::base::id::AnyId;
use crate::base::{Digest, Moment, Result, Salt};
use crate::db::schema::history;
use crate::db::{AnyConnection, settings};
use crate::rating::sheet;
use crate::verify::stations;

/// Where the database says that it was done; from then on a step without a digest is a break.
const MARK: &str = "audit:chained";
const AT_ONCE: i64 = 200;

/// Chains what has no digest yet, once for a database. Whoever starts at the same time waits for the same turn.
pub fn adopt(connection: &mut AnyConnection, now: Moment) -> Result<()> {
    if settings::get(connection, MARK)?.is_some() {
        return Ok(());
    }
    sheet::commitment::adopt(connection, now)?;
    for station in stations::stations() {
        chain_all(connection, &station)?;
    }
    settings::put(connection, MARK, &now.to_string())
}

fn chain_all(connection: &mut AnyConnection, station: &Station) -> Result<()> {
    loop {
        let ids: Vec<AnyId> = history::table
            .filter(history::resource.eq(station.resource))
            .filter(history::digest.is_null())
            .select(history::resource_id)
            .distinct()
            .limit(AT_ONCE)
            .load(connection)?;
        if ids.is_empty() {
            return Ok(());
        }
        let held: BTreeMap<AnyId, Held> =
            (station.held)(connection, &ids)?.into_iter().map(|held| (held.id, held)).collect();
        for id in ids {
            let content = held.get(&id).and_then(|held| held.content);
            chain_one(connection, station.resource, id, content)?;
        }
    }
}

/// The last step vouches for the row.
fn chain_one(connection: &mut AnyConnection, resource: Resource, id: AnyId, content: Option<Digest>) -> Result<()> {
    let mut previous = Digest::ZERO;
    let steps = store::kept_of(connection, resource, id)?;
    let last = steps.last().map(|step| step.version);
    for step in steps {
        let salt = step.note.as_ref().map(|_| Salt::random()).transpose()?;
        let note = salt.zip(step.note.as_deref()).map(|(salt, note)| chain::of_note(salt, note)).transpose()?;
        let content = content.filter(|_| last == Some(step.version));
        let link = Link {
            resource: resource.as_ref(),
            id,
            version: step.version,
            at: step.at,
            account: step.account_id,
            verb: &step.verb,
            from: step.from.as_deref(),
            to: step.to.as_deref(),
            note,
            content,
        };
        let digest = link.digest(previous)?;
        diesel::update(history::table.find((resource, id, step.version)))
            .set((
                history::digest.eq(Some(digest)),
                history::content.eq(content),
                history::note_salt.eq(salt),
                history::note_digest.eq(note),
            ))
            .execute(connection)?;
        previous = digest;
    }
    Ok(())
}
