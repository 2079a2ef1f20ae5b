//! The steps of one kind of resource, page by page: whether each follows from the one before, and whether the rows are as
//! the last of them left them.

use std::collections::BTreeMap;

use crate::audit::Resource;
use crate::audit::chain;
use crate::audit::check::{Held, Station};
use crate::audit::store::{self, ChainedStep};
use crate::audit::{self, ADOPT};
use crate::base::id::AnyId;
use crate::base::{Digest, Result};
use crate::db::AnyConnection;
use crate::verify::Findings;

const PAGE: i64 = 1000;
/// The rows of so many resources are read at once.
const ROWS: usize = 200;

/// What the steps of one resource come to.
struct Last {
    id: AnyId,
    version: i32,
    digest: Option<Digest>,
    /// The last content that a step vouched for, and the step's version.
    content: Option<(i32, Digest)>,
    /// What the rows held after the last step.
    rows: Option<Digest>,
}

pub fn verify(connection: &mut AnyConnection, station: &Station, findings: &mut Findings) -> Result<()> {
    let resource = station.resource;
    let mut ended: Vec<Last> = Vec::new();
    let mut last: Option<Last> = None;
    loop {
        let after = last.as_ref().map(|last| (last.id, last.version));
        let page = store::kept(connection, resource, after, PAGE)?;
        if page.is_empty() {
            break;
        }
        for step in page {
            findings.count.entries += 1;
            let before = match last.take() {
                Some(same) if same.id == step.id => Some(same),
                other => {
                    ended.extend(other);
                    None
                }
            };
            last = Some(followed(resource, before, &step, findings)?);
        }
        if ended.len() >= ROWS {
            rows(connection, station, std::mem::take(&mut ended), findings)?;
        }
    }
    ended.extend(last);
    rows(connection, station, ended, findings)?;
    for id in (station.unrecorded)(connection)? {
        findings.broken(place(resource, id), None, "the row is there, but no step made it")?;
    }
    Ok(())
}

fn place(resource: Resource, id: AnyId) -> String {
    format!("{} {id}", resource.as_ref())
}

/// Holds a step against the one before.
fn followed(resource: Resource, before: Option<Last>, step: &ChainedStep, findings: &mut Findings) -> Result<Last> {
    let expected = before.as_ref().map_or(1, |before| before.version + 1);
    let has_gap = step.version != expected && !(before.is_none() && step.verb == ADOPT.text());
    if has_gap {
        let gone = if step.version - expected > 1 {
            format!("the steps {expected} to {} are missing before it", step.version - 1)
        } else {
            format!("the step {expected} is missing before it")
        };
        findings.broken(place(resource, step.id), Some(step.version), gone)?;
    }
    if let Some(what) = wrong_note(step)? {
        findings.broken(place(resource, step.id), Some(step.version), what)?;
    }
    let previous = before.as_ref().map_or(Some(Digest::ZERO), |before| before.digest);
    let link = step.link(resource);
    match (step.digest, previous) {
        (None, _) => findings.broken(place(resource, step.id), Some(step.version), "the step has no digest")?,
        // Behind a gap, or a step without a digest, nothing can be recomputed; that was said already.
        (Some(_), None) => {}
        (Some(_), Some(_)) if has_gap => {}
        (Some(digest), Some(previous)) if link.digest(previous)? != digest => {
            findings.broken(place(resource, step.id), Some(step.version), "the step is not what its digest is of")?;
        }
        (Some(_), Some(_)) => {}
    }
    let content = step.content.map(|content| (step.version, content));
    let earlier = before.and_then(|before| before.content);
    Ok(Last { id: step.id, version: step.version, digest: step.digest, content: content.or(earlier), rows: step.rows })
}

/// A note is there with its salt, or both were erased.
fn wrong_note(step: &ChainedStep) -> Result<Option<&'static str>> {
    Ok(match (&step.note, step.note_salt, step.note_digest) {
        (None, None, _) => None,
        (Some(note), Some(salt), Some(digest)) if chain::of_note(salt, note)? == digest => None,
        (None, Some(_), _) => Some("its note is gone, but not the note's salt"),
        _ => Some("its note is not what was recorded"),
    })
}

/// Holds the rows against their last steps.
fn rows(connection: &mut AnyConnection, station: &Station, ended: Vec<Last>, findings: &mut Findings) -> Result<()> {
    let mut rest = ended.as_slice();
    while let Some((some, more)) = rest.split_at_checked(rest.len().min(ROWS)).filter(|(some, _)| !some.is_empty()) {
        rest = more;
        let ids: Vec<AnyId> = some.iter().map(|last| last.id).collect();
        let held = held(connection, station, &ids, findings)?;
        let digests = audit::row_store::digests(connection, station.resource, &ids)?;
        let is_as_in = |last: &Last, digests: &BTreeMap<AnyId, Digest>| {
            last.rows.is_none() || last.rows == digests.get(&last.id).copied()
        };
        let earlier = if some.iter().all(|last| is_as_in(last, &digests)) {
            BTreeMap::new()
        } else {
            audit::row_store::earlier_digests(connection, station.resource, &ids)?
        };
        for last in some {
            let wrong = wrong_row(last, held.get(&last.id)).or_else(|| {
                let is_other = !is_as_in(last, &digests) && !is_as_in(last, &earlier);
                is_other.then(|| (last.version, "its rows do not hold what they held after this step".to_owned()))
            });
            if let Some((version, what)) = wrong {
                findings.broken(place(station.resource, last.id), Some(version), what)?;
            } else if !is_as_in(last, &digests) {
                findings.earlier.push((station.resource, last.id, last.version));
            }
        }
    }
    Ok(())
}

/// The rows of these resources. One that cannot be read is named, and is no reason to stop.
fn held(
    connection: &mut AnyConnection,
    station: &Station,
    ids: &[AnyId],
    findings: &mut Findings,
) -> Result<BTreeMap<AnyId, Held>> {
    if let Ok(held) = (station.held)(connection, ids) {
        return Ok(held.into_iter().map(|held| (held.id, held)).collect());
    }
    let mut found = BTreeMap::new();
    for id in ids {
        match (station.held)(connection, &[*id]) {
            Ok(held) => found.extend(held.into_iter().map(|held| (held.id, held))),
            Err(error) => findings.broken(place(station.resource, *id), None, format!("it cannot be read: {error}"))?,
        }
    }
    Ok(found)
}

fn wrong_row(last: &Last, held: Option<&Held>) -> Option<(i32, String)> {
    let Some(held) = held else { return Some((last.version, "the row is gone".into())) };
    if held.version != last.version {
        let what = format!("this is the last step, but the row has the version {}", held.version);
        return Some((last.version, what));
    }
    match (held.content, last.content) {
        (Some(held), Some((version, recorded))) if held != recorded => {
            Some((version, "the row does not hold what the step vouches for".into()))
        }
        (None, Some((version, _))) => Some((version, "what the step vouches for is gone".into())),
        (Some(_), None) => Some((last.version, "the row holds what no step vouches for".into())),
        _ => held.wrong.map(|what| (last.version, what.into())),
    }
}
