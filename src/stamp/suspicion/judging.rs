//! Who came to stamps, held against the rules: what a batch of scans asks of suspicion, and what it writes of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::{ProducerId, StampOrderId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::stamp::rules::StampNumber;
use crate::stamp::rules::suspects::{self, Finding, State, Together, Visit};
use crate::stamp::rules::visitors::{Hash, Met, Network};
use crate::stamp::suspicion::network_store::{self, AtProducer};
use crate::stamp::suspicion::store;

/// A case is opened by the rules.
const OPEN: StepName = StepName::new("open");

/// The networks of a stamp, each with what the rules ask of its visit.
pub struct Visited {
    producer: ProducerId,
    visits: Vec<(Network, Visit)>,
}

impl Visited {
    pub fn visits(&self) -> Vec<Visit> {
        self.visits.iter().map(|(_, visit)| *visit).collect()
    }

    /// Whether a network may speak against the stamp.
    pub fn speaks(&self, network: &Network, together: Together) -> bool {
        self.visits.iter().any(|(other, visit)| other.mark == network.mark && !together.is_sweep(visit.stamps))
    }
}

/// Reads how many stamps of their producers the networks of stamps met on their days.
pub fn visited(
    connection: &mut AnyConnection,
    stamps: &BTreeMap<StampNumber, (ProducerId, &[Network])>,
) -> Result<BTreeMap<StampNumber, Visited>> {
    let known = stamps.values().flat_map(|(producer, networks)| {
        networks.iter().filter_map(move |network| Some((*producer, network.at.day(), network.of_day?)))
    });
    let met = network_store::met(connection, &known.collect())?;
    let visited = stamps.iter().map(|(stamp, (producer, networks))| {
        let visit = |network: &Network| {
            let day = network.at.day();
            let stamps = network.of_day.and_then(|of_day| met.get(&(*producer, day, of_day)));
            (*network, Visit { day, at: network.at, place: network.place, stamps: stamps.copied().unwrap_or(0) })
        };
        (*stamp, Visited { producer: *producer, visits: networks.iter().map(visit).collect() })
    });
    Ok(visited.collect())
}

/// Counts for each network the stamps of a producer that it meets today together with others, where the batch brought new
/// ones, and tells the visits of it. Told are the producers of which some network has now met many.
pub fn count_together(
    connection: &mut AnyConnection,
    visited: &mut BTreeMap<StampNumber, Visited>,
    met: &BTreeMap<StampNumber, &[(Network, Met)]>,
    now: Moment,
) -> Result<BTreeSet<ProducerId>> {
    let together = suspects::in_force()?.together;
    let mut added: BTreeMap<AtProducer, i32> = BTreeMap::new();
    for (stamp, of_stamp) in visited.iter() {
        let met = met.get(stamp).copied().unwrap_or_default().iter();
        let new: BTreeSet<Hash> =
            met.filter(|(_, met)| *met == Met::New).filter_map(|(network, _)| network.of_day).collect();
        let today = of_stamp.visits.iter().filter(|(_, visit)| visit.day == now.day());
        let mut networks: Vec<Hash> = today.filter_map(|(network, _)| network.of_day).collect();
        networks.sort_by_key(|network| !new.contains(network));
        let counting = if new.is_empty() { 0 } else { together.counting(networks.len(), new.len()) };
        for network in networks.into_iter().take(counting) {
            *added.entry((of_stamp.producer, network)).or_default() += 1;
        }
    }
    let counted = network_store::add(connection, &added, now)?;
    for of_stamp in visited.values_mut() {
        for (network, visit) in of_stamp.visits.iter_mut().filter(|(_, visit)| visit.day == now.day()) {
            let stamps = network.of_day.and_then(|of_day| counted.get(&(of_stamp.producer, of_day)));
            visit.stamps = stamps.copied().unwrap_or(visit.stamps);
        }
    }
    // Only where the line was crossed now, so that the same is not looked at again with each scan.
    let crossed = counted.into_iter().filter(|(at, stamps)| {
        let before = stamps - added.get(at).copied().unwrap_or(0);
        together.is_sweep(*stamps) && !together.is_sweep(before)
    });
    Ok(crossed.map(|((producer, _), _)| producer).collect())
}

/// Opens a case against a stamp, which is suspect from now on.
pub fn open(
    connection: &mut AnyConnection,
    (order, stamp): (StampOrderId, StampNumber),
    finding: &Finding,
    now: Moment,
) -> Result<()> {
    let id = store::open(connection, (order, stamp), finding, now)?;
    let entry = StepTaken {
        resource: Resource::Suspicion,
        id,
        version: 1,
        account: None,
        verb: OPEN,
        from: None,
        to: Some(State::Open.as_ref()),
        note: Some(&finding.rule),
    };
    audit::record(connection, now, entry)
}
