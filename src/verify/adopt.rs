//! A database from before the chain: its steps are chained once, as they are, and vouch for its rows as they are. That is
//! for somebody to say, never for a start to do: whoever can write to a database can also take its digests away.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::audit::chain::{self, Link};
use crate::audit::check::{Held, Station};
use crate::audit::{self, Resource, seal_store, store};
use crate::base::id::AnyId;
use crate::base::{Digest, Error, Moment, Result, Salt};
use crate::db::schema::history;
use crate::db::{AnyConnection, settings};
use crate::rating::sheet;
use crate::verify::stations;

/// Where the database says that its history is chained; from then on a step without a digest is a break.
const MARK: &str = "audit:chained";
/// When a history was chained that had been chained before; `ocop audit verify` names it for good.
const ANEW: &str = "audit:chained_anew";
const AT_ONCE: i64 = 200;

/// Whether to chain what was chained before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adoption {
    /// Only what never was.
    Once,
    /// Somebody said so; it can be seen from then on.
    Anew,
}

/// For a start: fails where steps have no digest, and says what to do. A database without them is chained from here on.
pub fn must_be_chained(connection: &mut AnyConnection, now: Moment) -> Result<()> {
    let bare = count_bare(connection)?;
    if bare == 0 {
        return match settings::get(connection, MARK)? {
            Some(_) => Ok(()),
            None => settings::put(connection, MARK, &now.to_string()),
        };
    }
    Err(Error::internal(match earlier_chain(connection)? {
        None => format!(
            "{bare} steps of this database's history have no digest, as before histories were chained. Where this database \
             is from before, `ocop audit adopt` chains them, once, as they are; where it is not, it was altered: restore a \
             backup."
        ),
        Some(sign) => format!(
            "{bare} steps of this database's history have no digest, although {sign}: it was altered outside of this \
             service. `ocop audit verify` names them; restore a backup. `ocop audit adopt` explains what else is left."
        ),
    }))
}

/// Chains what has no digest yet; how many steps that were is returned. Refused where anything shows that the history was
/// chained before, for then its digests were taken away; `was_claimed` says that the folder shows it. [`Adoption::Anew`] does
/// it all the same: broken seals stay broken, and `ocop audit verify` names the moment.
pub fn adopt(connection: &mut AnyConnection, now: Moment, was_claimed: bool, adoption: Adoption) -> Result<i64> {
    let bare = count_bare(connection)?;
    if bare == 0 {
        return Ok(0);
    }
    let of_folder = was_claimed.then_some("the folder of files was claimed by a database whose history was chained");
    if let Some(sign) = earlier_chain(connection)?.or(of_folder) {
        if adoption == Adoption::Once {
            return Err(Error::internal(format!(
                "{bare} steps have no digest, although {sign}: somebody took the digests away, perhaps to alter what they \
                 are of, and chaining the steps again would hide that. Restore a backup. Where there is none, or this is a \
                 backup from before histories were chained, `ocop audit adopt --anew` chains them as they are, and \
                 `ocop audit verify` names that moment as a break from then on."
            )));
        }
        let before = settings::get(connection, ANEW)?.map(|before| format!("{before}, ")).unwrap_or_default();
        settings::put(connection, ANEW, &format!("{before}{now}"))?;
    }
    sheet::commitment::adopt(connection, now)?;
    for station in stations::stations() {
        chain_all(connection, &station)?;
    }
    settings::put(connection, MARK, &now.to_string())?;
    Ok(bare)
}

/// The moments at which a history was chained that had been chained before.
pub fn chained_anew(connection: &mut AnyConnection) -> Result<Option<String>> {
    settings::get(connection, ANEW)
}

fn count_bare(connection: &mut AnyConnection) -> Result<i64> {
    Ok(history::table.filter(history::digest.is_null()).count().get_result(connection)?)
}

/// What shows that this history was chained before.
fn earlier_chain(connection: &mut AnyConnection) -> Result<Option<&'static str>> {
    let digest: Option<i32> = history::table
        .filter(history::digest.is_not_null().or(history::seal.is_not_null()))
        .select(history::version)
        .first(connection)
        .optional()?;
    Ok(if seal_store::latest(connection)?.is_some() {
        Some("there are seals over it")
    } else if digest.is_some() {
        Some("other steps have one")
    } else if settings::get(connection, MARK)?.is_some() {
        Some("the database says that it was chained")
    } else {
        None
    })
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
        let rows = audit::row_store::digests(connection, station.resource, &ids)?;
        for id in ids {
            let content = held.get(&id).and_then(|held| held.content);
            chain_one(connection, station.resource, id, content, rows.get(&id).copied())?;
        }
    }
}

/// The last step vouches for the row.
fn chain_one(
    connection: &mut AnyConnection,
    resource: Resource,
    id: AnyId,
    content: Option<Digest>,
    rows: Option<Digest>,
) -> Result<()> {
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
            rows: rows.filter(|_| last == Some(step.version)),
        };
        let digest = link.digest(previous)?;
        diesel::update(history::table.find((resource, id, step.version)))
            .set((
                history::digest.eq(Some(digest)),
                history::content.eq(content),
                history::note_salt.eq(salt),
                history::note_digest.eq(note),
                history::row_digest.eq(link.rows),
            ))
            .execute(connection)?;
        previous = digest;
    }
    Ok(())
}
