//! Scans: counted exactly, and held against the rules of suspicion.
//!
//! Within the transaction of a batch stamps are taken in one order, so that two instances over one database never wait for
//! each other in a circle; the k-th scan of a stamp in the batch gets the count before it plus k.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::{Day, Error, Moment, Result};
use crate::db::AnyConnection;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::passport::{self, Passport};
use crate::stamp::place::Place;
use crate::stamp::rules::{Facts, Key};
use crate::stamp::scan_store::{self, Tally};

use crate::stamp::rules::suspects::{self, State};
pub use crate::stamp::scan_store::Scan;
use crate::stamp::suspicion;
use crate::stamp::visitor::{self, Salt};

/// A case is opened by the rules.
const OPEN: StepName = StepName::new("open");

/// A stamp with its scans, as one scan found it.
#[derive(Debug, Clone)]
pub struct Scanned {
    pub passport: Arc<Passport>,
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
    let Some(passport) = passport::read(connection, &[stamp].into())?.remove(&stamp) else { return Ok(None) };
    let tally = scan_store::find(connection, (passport.order, passport.serial))?;
    Ok(Some(Scanned {
        passport: Arc::new(passport),
        count: tally.as_ref().map_or(0, |tally| tally.scans),
        first_at: tally.as_ref().map(|tally| tally.first_at),
        is_suspect: tally.is_some_and(|tally| tally.suspect_at.is_some()),
        today: now.day(),
    }))
}

/// Writes scans down, all at the moment `now`, and answers each in turn; None for stamps that were never issued.
/// What one call writes belongs in one transaction of its own.
pub fn record(
    connection: &mut AnyConnection,
    mint: &Mint,
    scans: &[Scan],
    now: Moment,
) -> Result<Vec<Option<Scanned>>> {
    let asked: BTreeSet<Minted> = scans.iter().map(|scan| scan.stamp).collect();
    let passports: HashMap<Minted, Arc<Passport>> =
        passport::read(connection, &asked)?.into_iter().map(|(stamp, passport)| (stamp, Arc::new(passport))).collect();
    let known: Vec<(Key, &Scan)> = scans
        .iter()
        .filter_map(|scan| passports.get(&scan.stamp).map(|passport| ((passport.order, passport.serial), scan)))
        .collect();
    if known.is_empty() {
        return Ok(scans.iter().map(|_| None).collect());
    }
    let salt = Salt::of(connection, now.day())?;
    let mut tallies = scan_store::count(connection, &known, now)?;
    scan_store::keep(connection, &known, &salt, now)?;
    let by_key: HashMap<Key, &Passport> =
        passports.values().map(|passport| ((passport.order, passport.serial), passport.as_ref())).collect();
    suspect(connection, mint, &known, &by_key, &mut tallies, now)?;

    let mut before: HashMap<Key, i64> = HashMap::new();
    for (key, _) in &known {
        *before.entry(*key).or_insert_with(|| tallies.get(key).map_or(0, |tally| tally.scans)) -= 1;
    }
    let mut answers = Vec::with_capacity(scans.len());
    for scan in scans {
        let Some(passport) = passports.get(&scan.stamp) else {
            answers.push(None);
            continue;
        };
        let key = (passport.order, passport.serial);
        let (Some(count), Some(tally)) = (before.get_mut(&key), tallies.get(&key)) else {
            return Err(Error::internal("a scan was written without being counted"));
        };
        *count += 1;
        answers.push(Some(Scanned {
            passport: Arc::clone(passport),
            count: *count,
            first_at: Some(tally.first_at),
            is_suspect: tally.suspect_at.is_some(),
            today: now.day(),
        }));
    }
    Ok(answers)
}

/// Marks stamps whose visitors break a rule. A network is one visitor, however many addresses somebody has there. Once a
/// stamp is suspect its visitors are no longer kept, so that there are never more rows than the rules allow; those of
/// display pieces never are.
fn suspect(
    connection: &mut AnyConnection,
    mint: &Mint,
    known: &[(Key, &Scan)],
    passports: &HashMap<Key, &Passport>,
    tallies: &mut BTreeMap<Key, Tally>,
    now: Moment,
) -> Result<()> {
    let is_open = |key: &Key| {
        tallies.get(key).is_some_and(|tally| tally.suspect_at.is_none())
            && passports.get(key).is_some_and(|passport| !passport.is_display)
    };
    let mut visitors: BTreeMap<(Key, Vec<u8>), Option<Place>> = BTreeMap::new();
    for (key, scan) in known.iter().filter(|(key, scan)| scan.is_visitor && is_open(key)) {
        let network = visitor::network(mint, scan.stamp, scan.client)?;
        let place = visitors.entry((*key, network)).or_default();
        *place = place.or(scan.place);
    }
    if visitors.is_empty() || scan_store::meet(connection, &visitors, now)? == 0 {
        return Ok(());
    }
    let keys: BTreeSet<Key> = visitors.keys().map(|(key, _)| *key).collect();
    let rules = suspects::in_force()?;
    for (key, visits) in suspicion::store::visits(connection, &keys)? {
        let marks = passports.get(&key).map(|passport| passport.marks).unwrap_or_default();
        let Some(finding) = rules.judge(&visits, marks, now.day()) else { continue };
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
    Ok(())
}
