//! Cases that rest on networks which turned out to go through a producer's stamps: the service takes them back itself, for
//! few networks over many stamps are an alert and never a verdict.

use std::collections::BTreeSet;

use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::ProducerId;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::stamp::rules::suspects::{self, Marks, State};
use crate::stamp::scan_store;
use crate::stamp::suspicion::{judging, store};

const TAKE_BACK: StepName = StepName::new("take-back");
/// Why, for the office, in its words.
const WHY: &str = "Rút lại: cùng một ít mạng quét nhiều tem của chủ thể này trong ngày; xem cảnh báo";
/// How many cases are looked at for one producer at once: more cannot be opened before such networks are known.
const MOST: i64 = 100;

/// Looks at today's open cases against the stamps of these producers again.
pub fn review(connection: &mut AnyConnection, producers: &BTreeSet<ProducerId>, now: Moment) -> Result<()> {
    let rules = suspects::in_force()?;
    for producer in producers {
        for id in store::opened_since(connection, *producer, now.day().starts(), MOST)? {
            let Some(case) = store::take(connection, id)? else { continue };
            if case.row.state != State::Open || !rules.rests_on_visitors(&case.row.rule) {
                continue;
            }
            let stamp = case.stamp();
            let Some(tally) = scan_store::find(connection, stamp)? else { continue };
            let visitors = tally.visitors()?;
            let asked = [(stamp, (case.producer, visitors.networks()))].into();
            let visited = judging::visited(connection, &asked)?.remove(&stamp);
            let visits = visited.map(|visited| visited.visits()).unwrap_or_default();
            if rules.judge(&visits, Marks::default(), now.day(), 0).is_some() {
                continue;
            }
            store::release(connection, id, stamp, WHY, now)?;
            let entry = StepTaken {
                resource: Resource::Suspicion,
                id,
                version: case.row.version + 1,
                account: None,
                verb: TAKE_BACK,
                from: Some(State::Open.as_ref()),
                to: Some(State::Dismissed.as_ref()),
                note: Some(WHY),
            };
            audit::record(connection, now, entry)?;
        }
    }
    Ok(())
}
