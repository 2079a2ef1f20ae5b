//! Scans: counted exactly, and held against the rules of suspicion.
//!
//! Within the transaction of a batch stamps are taken in one order, so that two instances over one database never wait for
//! each other in a circle; the k-th scan of a stamp in the batch gets the count before it plus k.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::ProducerId;
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::passport::{Passport, Passports};
use crate::stamp::rules::suspects::{self, State, Together};
use crate::stamp::rules::{Facts, Key};
pub use crate::stamp::scan_store::Scan;
use crate::stamp::scan_store::{self, Met, Seen, Tally};
use crate::stamp::suspicion::network_store::{self, AtProducer};
use crate::stamp::suspicion::{self, store::Visited};
use crate::stamp::visitor::{self, Salt};

/// A case is opened by the rules.
const OPEN: StepName = StepName::new("open");

/// A stamp with its scans, as one scan found it.
#[derive(Debug, Clone)]
pub struct Scanned {
    pub passport: Arc<Passport>,
    pub serial: i32,
    /// Including this one.
    pub count: i64,
    /// None where it was only looked at and never scanned.
    pub first_at: Option<Moment>,
    pub is_suspect: bool,
    /// The day on which its facts are judged.
    pub today: Day,
}

impl Scanned {
    pub fn facts(&self) -> Facts {
        Facts {
            is_void: self.passport.is_void,
            is_recalled: self.passport.is_recalled,
            is_held: self.passport.is_held,
            is_suspect: self.is_suspect,
            is_activated: self.passport.lot.is_some(),
            is_display: self.passport.is_display,
            certificate: self.passport.certificate.clone(),
            expires_on: self.passport.lot.as_ref().and_then(|lot| lot.expires_on),
        }
    }
}

/// Looks at a stamp without counting: None where no such stamp was issued.
pub fn look(connection: &mut AnyConnection, stamp: Minted, now: Moment) -> Result<Option<Scanned>> {
    let read = Passports::default().read(connection, &[stamp].into())?.remove(&stamp);
    let Some(passport) = read else { return Ok(None) };
    let tally = scan_store::find(connection, (passport.order, stamp.serial))?;
    Ok(Some(Scanned {
        passport,
        serial: stamp.serial,
        count: tally.as_ref().map_or(0, |tally| tally.scans),
        first_at: tally.as_ref().map(|tally| tally.first_at),
        is_suspect: tally.is_some_and(|tally| tally.suspect_at.is_some()),
        today: now.day(),
    }))
}

/// What came of a batch of scans.
#[derive(Debug, Default)]
pub struct Recorded {
    /// What was read for it, for the next batch.
    pub passports: Passports,
    /// Each scan's in turn; None for stamps that were never issued.
    pub scanned: Vec<Option<Scanned>>,
    /// Producers through whose stamps networks turned out to go: their cases are to be looked at again, in a transaction
    /// after this one, which holds other stamps' rows.
    pub swept: BTreeSet<ProducerId>,
}

/// Writes scans down, all at the moment `now`. What one call writes belongs in one transaction of its own. `passports` are those
/// of an earlier batch, or none.
pub fn record(
    connection: &mut AnyConnection,
    mint: &Mint,
    passports: Passports,
    scans: &[Scan],
    now: Moment,
) -> Result<Recorded> {
    let (changes, salt) = visitor::opening(connection, now.day())?;
    let mut passports = passports.after(changes);
    let asked: BTreeSet<Minted> = scans.iter().map(|scan| scan.stamp).collect();
    let read = passports.read(connection, &asked)?;
    let known: Vec<(Key, &Scan)> = scans
        .iter()
        .filter_map(|scan| read.get(&scan.stamp).map(|passport| ((passport.order, scan.stamp.serial), scan)))
        .collect();
    if known.is_empty() {
        return Ok(Recorded { passports, scanned: scans.iter().map(|_| None).collect(), swept: BTreeSet::new() });
    }
    let mut tallies = scan_store::count(connection, &known, now)?;
    scan_store::keep(connection, &known, &salt, now)?;
    let by_key: HashMap<Key, &Passport> =
        read.iter().map(|(stamp, passport)| ((passport.order, stamp.serial), passport.as_ref())).collect();
    let swept = suspect(connection, (mint, &salt), &known, &by_key, &mut tallies, now)?;

    let mut before: HashMap<Key, i64> = HashMap::new();
    for (key, _) in &known {
        *before.entry(*key).or_insert_with(|| tallies.get(key).map_or(0, |tally| tally.scans)) -= 1;
    }
    let mut answers = Vec::with_capacity(scans.len());
    for scan in scans {
        let Some(passport) = read.get(&scan.stamp) else {
            answers.push(None);
            continue;
        };
        let key = (passport.order, scan.stamp.serial);
        let (Some(count), Some(tally)) = (before.get_mut(&key), tallies.get(&key)) else {
            return Err(Error::internal("a scan was written without being counted"));
        };
        *count += 1;
        answers.push(Some(Scanned {
            passport: Arc::clone(passport),
            serial: scan.stamp.serial,
            count: *count,
            first_at: Some(tally.first_at),
            is_suspect: tally.suspect_at.is_some(),
            today: now.day(),
        }));
    }
    Ok(Recorded { passports, scanned: answers, swept })
}

/// Marks stamps whose visitors break a rule. A network is one visitor, however many addresses somebody has there. Once a
/// stamp is suspect its visitors are no longer kept, nor while a dismissal is fresh, so that there are never more rows than
/// the rules allow; those of display pieces never are. Told are the producers through whose stamps networks go.
fn suspect(
    connection: &mut AnyConnection,
    (mint, salt): (&Mint, &Salt),
    known: &[(Key, &Scan)],
    passports: &HashMap<Key, &Passport>,
    tallies: &mut BTreeMap<Key, Tally>,
    now: Moment,
) -> Result<BTreeSet<ProducerId>> {
    let is_open = |key: &Key| {
        let is_free = |tally: &Tally| tally.suspect_at.is_none() && !suspects::is_cooling(tally.dismissed_at, now);
        tallies.get(key).is_some_and(is_free) && passports.get(key).is_some_and(|passport| !passport.is_display)
    };
    let mut visitors: BTreeMap<(Key, Vec<u8>), Seen> = BTreeMap::new();
    for (key, scan) in known.iter().filter(|(key, scan)| scan.is_visitor && is_open(key)) {
        let at_stamp = visitor::network(mint, scan.stamp, scan.client)?;
        let seen = visitors.entry((*key, at_stamp));
        let seen = seen.or_insert_with(|| Seen { network: salt.hash_of_network(scan.client), place: None });
        seen.place = seen.place.or(scan.place);
    }
    if visitors.is_empty() {
        return Ok(BTreeSet::new());
    }
    let met = scan_store::meet(connection, &visitors, now)?;
    let rules = suspects::in_force()?;
    let fewest = i64::try_from(rules.fewest_visitors()).map_err(Error::internal)?;
    // Nobody came to a stamp more often than it was scanned.
    let may_matter = |key: &Key| tallies.get(key).is_some_and(|tally| tally.scans >= fewest);
    let keys: BTreeSet<Key> = met.iter().map(Met::stamp).filter(may_matter).collect();
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut visited = suspicion::store::visits(connection, &keys)?;
    let swept = count_together(connection, &mut visited, &met, rules.together, now)?;
    for (key, visited) in visited {
        let marks = passports.get(&key).map(|passport| passport.marks).unwrap_or_default();
        let dismissed = tallies.get(&key).and_then(|tally| tally.dismissed_visitors).unwrap_or(0);
        let dismissed = usize::try_from(dismissed).map_err(Error::internal)?;
        let Some(finding) = rules.judge(&visited.visits(), marks, now.day(), dismissed) else { continue };
        let id = suspicion::store::open(connection, key, &finding, now)?;
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
        audit::record(connection, now, entry)?;
        if let Some(tally) = tallies.get_mut(&key) {
            tally.suspect_at = Some(now);
        }
    }
    Ok(swept)
}

/// Counts for each network the stamps of a producer that it meets today together with others, where the batch brought new
/// ones, and tells the visits of it. Told are the producers of which some network has now met many.
fn count_together(
    connection: &mut AnyConnection,
    visited: &mut BTreeMap<Key, Visited>,
    met: &[Met],
    together: Together,
    now: Moment,
) -> Result<BTreeSet<ProducerId>> {
    let mut new: BTreeMap<Key, BTreeSet<&[u8]>> = BTreeMap::new();
    for met in met.iter().filter(|met| met.is_new) {
        new.entry(met.stamp()).or_default().insert(met.network.as_slice());
    }
    let mut added: BTreeMap<AtProducer, i32> = BTreeMap::new();
    for (key, new) in new {
        let Some(of_stamp) = visited.get(&key) else { continue };
        let today = of_stamp.visits.iter().filter(|(_, visit)| visit.day == now.day());
        let mut networks: Vec<&Vec<u8>> = today.filter_map(|(network, _)| network.as_ref()).collect();
        networks.sort_by_key(|network| !new.contains(network.as_slice()));
        let counting = together.counting(networks.len(), new.len());
        for network in networks.into_iter().take(counting) {
            *added.entry((of_stamp.producer, network.clone())).or_default() += 1;
        }
    }
    let counted = network_store::add(connection, &added, now)?;
    for of_stamp in visited.values_mut() {
        for (network, visit) in of_stamp.visits.iter_mut().filter(|(_, visit)| visit.day == now.day()) {
            let Some(network) = network else { continue };
            if let Some(stamps) = counted.get(&(of_stamp.producer, network.clone())) {
                visit.stamps = *stamps;
            }
        }
    }
    // Only where the line was crossed now, so that the same is not looked at again with each scan.
    let crossed = counted.into_iter().filter(|(at, stamps)| {
        let before = stamps - added.get(at).copied().unwrap_or(0);
        together.is_sweep(*stamps) && !together.is_sweep(before)
    });
    Ok(crossed.map(|((producer, _), _)| producer).collect())
}
