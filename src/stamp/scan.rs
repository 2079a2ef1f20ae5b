//! Scans: counted exactly, and held against the rules of suspicion.
//!
//! Within the transaction of a batch stamps are taken in one order, so that two instances over one database never wait for
//! each other in a circle; the k-th scan of a stamp in the batch gets the count before it plus k.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::id::ProducerId;
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::passport::{Passport, Passports};
use crate::stamp::place::Place;
use crate::stamp::rules::evidence::Evidence;
use crate::stamp::rules::visitors::{First, MOST_NETWORKS, Mark, Met, Network, Visitors, mark};
use crate::stamp::rules::{Facts, StampNumber, suspects};
pub use crate::stamp::scan_store::Scan;
use crate::stamp::scan_store::{self, Added, Columns, Logged, Tally};
use crate::stamp::suspicion::judging;
use crate::stamp::visitor::{self, Salt};

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
    let tally = scan_store::find(connection, stamp.number())?;
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
    let mut batch: BTreeMap<StampNumber, Came> = BTreeMap::new();
    let mut logged = Vec::with_capacity(scans.len());
    for scan in scans {
        let Some(passport) = read.get(&scan.stamp) else { continue };
        let came = batch.entry(scan.stamp.number()).or_insert_with(|| Came::to(passport));
        logged.push(came.add((mint, &salt), scan, now)?);
    }
    if batch.is_empty() {
        return Ok(Recorded { passports, scanned: scans.iter().map(|_| None).collect(), swept: BTreeSet::new() });
    }
    let mut found = count(connection, &batch, now)?;
    scan_store::log(connection, &logged, now)?;
    let swept = suspect(connection, &batch, &mut found, now)?;
    let mut changed = BTreeMap::new();
    for (stamp, Found { told, .. }) in found.iter().filter(|(_, found)| !found.is_first) {
        changed.insert(*stamp, told.columns()?);
    }
    scan_store::put(connection, &changed)?;

    let mut before: HashMap<StampNumber, i64> = HashMap::new();
    for (stamp, came) in &batch {
        before.insert(*stamp, found.get(stamp).map_or(0, |found| found.tally.scans) - came.scans);
    }
    let mut answers = Vec::with_capacity(scans.len());
    for scan in scans {
        let Some(passport) = read.get(&scan.stamp) else {
            answers.push(None);
            continue;
        };
        let stamp = scan.stamp.number();
        let (Some(count), Some(Found { tally, .. })) = (before.get_mut(&stamp), found.get(&stamp)) else {
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

/// A batch's scans of one stamp.
struct Came<'a> {
    passport: &'a Passport,
    scans: i64,
    /// Each scan's, of those that speak for something.
    addresses: Vec<(Option<Mark>, Option<Place>)>,
    /// Each once: it is one visitor, however many addresses somebody has there.
    networks: Vec<Network>,
}

impl<'a> Came<'a> {
    fn to(passport: &'a Passport) -> Self {
        Self { passport, scans: 0, addresses: Vec::new(), networks: Vec::new() }
    }

    fn add(&mut self, (mint, salt): (&Mint, &Salt), scan: &Scan, now: Moment) -> Result<Logged> {
        let visitor = scan.is_visitor.then(|| salt.hash(scan.client)).transpose()?;
        self.scans += 1;
        self.addresses.push((visitor.map(mark), scan.place));
        // What is shown and not sold many people scan, and no rule touches it.
        if scan.is_visitor && !self.passport.is_display {
            let at_stamp = mark(visitor::network(mint, scan.stamp, scan.client)?);
            match self.networks.iter_mut().find(|network| network.mark == at_stamp) {
                Some(known) => known.place = known.place.or(scan.place),
                None => {
                    let of_day = Some(salt.hash_of_network(scan.client)?);
                    self.networks.push(Network { mark: at_stamp, of_day, at: now, place: scan.place });
                }
            }
        }
        Ok(Logged { stamp: scan.stamp.number(), language: scan.language, place: scan.place, visitor })
    }
}

/// Who came to a stamp, and what that shows.
#[derive(Default)]
struct Told {
    visitors: Visitors,
    evidence: Evidence,
}

impl Told {
    /// Adds a batch's scans; which networks came anew, where they are asked for.
    fn add(&mut self, came: &Came, asks_for_networks: bool, now: Moment) -> Vec<(Network, Met)> {
        for (mark, place) in &came.addresses {
            let first = mark.map_or_else(First::default, |mark| self.visitors.note(now.day(), mark, *place));
            self.evidence.count(now, *place, first);
        }
        let asked = came.networks.iter().filter(|_| asks_for_networks);
        asked.filter_map(|network| self.visitors.meet(*network).map(|met| (*network, met))).collect()
    }

    fn columns(&self) -> Result<Columns> {
        Columns::of(&self.visitors, &self.evidence)
    }
}

/// A stamp's row as it is after a batch.
struct Found {
    tally: Tally,
    told: Told,
    /// Networks that came anew.
    met: Vec<(Network, Met)>,
    /// The row was made with all that.
    is_first: bool,
}

/// Counts the scans of a batch, and finds who came with them. Networks are not kept once a stamp is suspect, nor while a dismissal
/// is fresh.
fn count(
    connection: &mut AnyConnection,
    batch: &BTreeMap<StampNumber, Came>,
    now: Moment,
) -> Result<BTreeMap<StampNumber, Found>> {
    let mut firsts: BTreeMap<StampNumber, (Told, Vec<(Network, Met)>)> = BTreeMap::new();
    let mut added = BTreeMap::new();
    for (stamp, came) in batch {
        let mut told = Told::default();
        let met = told.add(came, true, now);
        added.insert(*stamp, Added { scans: came.scans, columns: told.columns()? });
        firsts.insert(*stamp, (told, met));
    }
    let mut found = BTreeMap::new();
    for (stamp, tally) in scan_store::count(connection, &added, now)? {
        let (Some(came), Some((told, met))) = (batch.get(&stamp), firsts.remove(&stamp)) else {
            return Err(Error::internal("a stamp was counted that nobody scanned"));
        };
        let is_first = tally.scans == came.scans;
        let (told, met) = if is_first {
            (told, met)
        } else {
            let mut told = Told { visitors: tally.visitors()?, evidence: tally.evidence()? };
            let asks = tally.suspect_at.is_none() && !suspects::is_cooling(tally.dismissed_at, now);
            let met = told.add(came, asks, now);
            (told, met)
        };
        found.insert(stamp, Found { tally, told, met, is_first });
    }
    Ok(found)
}

/// Marks stamps whose visitors break a rule, where enough came for one; told are the producers through whose stamps networks go.
fn suspect(
    connection: &mut AnyConnection,
    batch: &BTreeMap<StampNumber, Came>,
    found: &mut BTreeMap<StampNumber, Found>,
    now: Moment,
) -> Result<BTreeSet<ProducerId>> {
    let rules = suspects::in_force()?;
    let fewest = rules.fewest_visitors();
    let may_matter = |found: &Found| !found.met.is_empty() && found.told.visitors.networks().len() >= fewest;
    let matters: BTreeSet<StampNumber> =
        found.iter().filter(|(_, found)| may_matter(found)).map(|(stamp, _)| *stamp).collect();
    if matters.is_empty() {
        return Ok(BTreeSet::new());
    }
    let asked = matters.iter().filter_map(|stamp| {
        let (came, found) = (batch.get(stamp)?, found.get(stamp)?);
        Some((*stamp, (came.passport.ordered_by, found.told.visitors.networks())))
    });
    let mut visited = judging::visited(connection, &asked.collect())?;
    let met = matters.iter().filter_map(|stamp| Some((*stamp, found.get(stamp)?.met.as_slice())));
    let swept = judging::count_together(connection, &mut visited, &met.collect(), now)?;
    for (stamp, visited) in &visited {
        let (Some(came), Some(found)) = (batch.get(stamp), found.get_mut(stamp)) else { continue };
        let dismissed = usize::try_from(found.tally.dismissed_visitors.unwrap_or(0)).map_err(Error::internal)?;
        match rules.judge(&visited.visits(), came.passport.marks, now.day(), dismissed) {
            Some(finding) => {
                judging::open(connection, (came.passport.order, *stamp), &finding, now)?;
                found.tally.suspect_at = Some(now);
            }
            // Those who go through a producer's stamps speak against none, and are the first that are forgotten.
            None => {
                let most = MOST_NETWORKS + dismissed;
                found.told.visitors.hold_to(most, |network| visited.speaks(network, rules.together));
            }
        }
    }
    Ok(swept)
}
