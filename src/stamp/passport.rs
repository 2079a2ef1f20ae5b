//! Everything that a stamp's page says, read for many stamps at once, and kept until anything of it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::base::id::{LotId, ProducerId, ProductId, StampOrderId};
use crate::base::{Day, Moment, Result};
use crate::db::AnyConnection;
use crate::decision::certificate_store::newest_of;
use crate::decision::rules::Certified;
use crate::lot::event_rules::EventKind;
use crate::lot::event_store::Event;
use crate::lot::store::Lot;
use crate::product::attachment_store::{self, Picture};
use crate::stamp::code::Minted;
use crate::stamp::passport_store::{self, Base, Ranges};
use crate::stamp::rules::Range;
use crate::stamp::rules::suspects::Marks;
use crate::stamp::visitor_store::Changes;
use crate::{hold, lot};

/// So many orders are kept at most, and so many ranges, passports and events of theirs: some 30 MB.
const MOST_ORDERS: usize = 16_000;
const MOST_WEIGHT: usize = 50_000;

/// A stamp as it stands now, without its serial and its scans.
#[derive(Debug, Clone)]
pub struct Passport {
    pub order: StampOrderId,
    /// Whose order it is.
    pub ordered_by: ProducerId,
    pub product: ProductFacts,
    pub producer: ProducerFacts,
    pub certificate: Option<Certified>,
    pub lot: Option<LotFacts>,
    pub events: Vec<EventFacts>,
    pub is_void: bool,
    /// What the rules of suspicion ask besides.
    pub marks: Marks,
    /// Its goods are shown, not sold.
    pub is_display: bool,
    pub is_recalled: bool,
    pub is_held: bool,
}

#[derive(Debug, Clone)]
pub struct ProductFacts {
    pub name: String,
    pub code: String,
    pub gtin: Option<String>,
    pub origin: Option<String>,
    pub shelf_life: Option<String>,
    pub safety_warnings: Option<String>,
    /// The first of its pictures.
    pub picture: Option<Picture>,
}

#[derive(Debug, Clone)]
pub struct ProducerFacts {
    pub name: String,
    pub address: String,
    pub kind: String,
    /// Only where the producer made it public.
    pub phone: Option<String>,
}

#[derive(Debug, Clone)]
pub struct LotFacts {
    pub code: String,
    pub produced_on: Day,
    pub expires_on: Option<Day>,
}

#[derive(Debug, Clone)]
pub struct EventFacts {
    pub kind: EventKind,
    pub at: Moment,
    pub place: String,
    pub note: String,
}

/// What the ranges of its order say of a stamp: those of which they say the same have one passport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Standing {
    lot: Option<LotId>,
    void_at: Option<Moment>,
    is_display: bool,
}

impl Standing {
    fn of(serial: i32, ranges: &Ranges) -> Self {
        let holds = |range: &Range| (range.first..=range.last).contains(&serial);
        Self {
            lot: ranges.lots.iter().find(|(range, _)| holds(range)).map(|(_, lot)| *lot),
            void_at: ranges.void.iter().filter(|(range, _)| holds(range)).map(|(_, at)| *at).min(),
            is_display: ranges.displays.iter().any(holds),
        }
    }
}

/// An issued order as it was read, with the passports of its stamps that were asked for.
#[derive(Debug)]
struct Issued {
    base: Base,
    ranges: Ranges,
    passports: HashMap<Standing, Arc<Passport>>,
}

impl Issued {
    fn has(&self, stamp: Minted) -> bool {
        self.base.key_id.chars().eq([stamp.key_id]) && (1..=self.base.quantity).contains(&stamp.serial)
    }
}

/// Passports that were read, good for as long as nothing changed of what they show. Days do not change them: what of a passport
/// ends on a day is told with that day, and judged by who asks.
#[derive(Debug, Default)]
pub struct Passports {
    /// How many changes there had been when they were read; none where nothing was.
    changes: Option<Changes>,
    /// None for numbers of which no order was issued.
    orders: HashMap<i32, Option<Issued>>,
    /// How many ranges, passports and events these have together.
    weight: usize,
}

impl Passports {
    /// Those that are good after so many changes, which are read before the passports in the same transaction: what is read after
    /// them is never older.
    pub fn after(self, changes: Changes) -> Self {
        let is_good = self.changes == Some(changes) && self.weight < MOST_WEIGHT && self.orders.len() < MOST_ORDERS;
        if is_good { self } else { Self { changes: Some(changes), ..Self::default() } }
    }

    /// The passports of those stamps that were issued; the others are not in the answer. The number of statements does not
    /// depend on how many there are.
    pub fn read(
        &mut self,
        connection: &mut AnyConnection,
        asked: &BTreeSet<Minted>,
    ) -> Result<HashMap<Minted, Arc<Passport>>> {
        self.read_orders(connection, asked)?;
        let mut found = HashMap::with_capacity(asked.len());
        let mut missing: BTreeMap<Minted, Standing> = BTreeMap::new();
        for stamp in asked {
            let issued = self.orders.get(&stamp.order).and_then(Option::as_ref);
            let Some(issued) = issued.filter(|issued| issued.has(*stamp)) else { continue };
            let standing = Standing::of(stamp.serial, &issued.ranges);
            match issued.passports.get(&standing) {
                Some(passport) => drop(found.insert(*stamp, Arc::clone(passport))),
                None => drop(missing.insert(*stamp, standing)),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let products = missing.keys().filter_map(|stamp| Some(self.orders.get(&stamp.order)?.as_ref()?.base.product));
        let shown = Shown::read(connection, products.collect(), missing.values().filter_map(|of| of.lot).collect())?;
        for (stamp, standing) in missing {
            let Some(Some(issued)) = self.orders.get_mut(&stamp.order) else { continue };
            let Issued { base, passports, .. } = issued;
            let passport = passports.entry(standing).or_insert_with(|| {
                let passport = shown.passport(base, standing);
                self.weight += 1 + passport.events.len();
                Arc::new(passport)
            });
            found.insert(stamp, Arc::clone(passport));
        }
        Ok(found)
    }

    /// Reads the orders that were not read yet.
    fn read_orders(&mut self, connection: &mut AnyConnection, asked: &BTreeSet<Minted>) -> Result<()> {
        let unknown = asked.iter().map(|stamp| stamp.order).filter(|number| !self.orders.contains_key(number));
        let unknown: BTreeSet<i32> = unknown.collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let mut bases = passport_store::bases(connection, &unknown)?;
        let ids: Vec<StampOrderId> = bases.values().map(|base| base.order).collect();
        let mut ranges = passport_store::ranges(connection, &ids)?;
        for number in unknown {
            let issued = bases.remove(&number).map(|base| {
                let ranges = ranges.remove(&base.order).unwrap_or_default();
                Issued { base, ranges, passports: HashMap::new() }
            });
            self.weight += issued.as_ref().map_or(0, |issued| issued.ranges.count());
            self.orders.insert(number, issued);
        }
        Ok(())
    }
}

/// What is shown of products and lots.
struct Shown {
    lots: HashMap<LotId, (LotFacts, Vec<EventFacts>)>,
    recalled: HashSet<LotId>,
    held_products: HashSet<ProductId>,
    held_lots: HashSet<LotId>,
    certificates: HashMap<ProductId, Certified>,
    pictures: HashMap<ProductId, Picture>,
}

impl Shown {
    fn read(connection: &mut AnyConnection, products: BTreeSet<ProductId>, lot_ids: BTreeSet<LotId>) -> Result<Self> {
        let products: Vec<ProductId> = products.into_iter().collect();
        let (held_products, held_lots) = held(connection, &products, &lot_ids)?;
        Ok(Self {
            lots: lots(connection, &lot_ids)?,
            recalled: lot::store::recalled(connection, &lot_ids)?,
            held_products,
            held_lots,
            certificates: newest_of(connection, &products)?,
            pictures: attachment_store::faces(connection, &products)?,
        })
    }

    fn passport(&self, base: &Base, Standing { lot: lot_id, void_at, is_display }: Standing) -> Passport {
        let (lot, events) = lot_id.and_then(|id| self.lots.get(&id)).cloned().unzip();
        let events = events.unwrap_or_default();
        let marks = Marks { void_at, sold_out_at: sold_out_at(&events) };
        Passport {
            order: base.order,
            ordered_by: base.producer,
            product: ProductFacts {
                name: base.product_name.clone(),
                code: base.product_code.clone(),
                gtin: base.gtin.clone(),
                origin: base.origin.clone(),
                shelf_life: base.shelf_life.clone(),
                safety_warnings: base.safety_warnings.clone(),
                picture: self.pictures.get(&base.product).cloned(),
            },
            producer: ProducerFacts {
                name: base.producer_name.clone(),
                address: base.address.clone(),
                kind: base.kind.clone(),
                phone: base.public_phone.then(|| base.phone.clone()),
            },
            certificate: self.certificates.get(&base.product).cloned(),
            lot,
            events,
            is_void: void_at.is_some(),
            marks,
            is_display,
            is_recalled: lot_id.is_some_and(|id| self.recalled.contains(&id)),
            is_held: self.held_products.contains(&base.product)
                || lot_id.is_some_and(|id| self.held_lots.contains(&id)),
        }
    }
}

/// When the last of a lot was said to be sold.
fn sold_out_at(events: &[EventFacts]) -> Option<Moment> {
    events.iter().filter(|event| event.kind == EventKind::SoldOut).map(|event| event.at).min()
}

fn lots(connection: &mut AnyConnection, ids: &BTreeSet<LotId>) -> Result<HashMap<LotId, (LotFacts, Vec<EventFacts>)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<LotId> = ids.iter().copied().collect();
    let lots: Vec<Lot> = lot::store::find_all(connection, &ids)?;
    let events: Vec<Event> = lot::event_store::standing(connection, &ids)?;
    let facts = |lot: Lot| LotFacts { code: lot.code, produced_on: lot.produced_on, expires_on: lot.expires_on };
    let mut lots: HashMap<LotId, (LotFacts, Vec<EventFacts>)> =
        lots.into_iter().map(|lot| (lot.id, (facts(lot), Vec::new()))).collect();
    for Event { lot_id, kind, at, place, note, .. } in events {
        if let Some((_, events)) = lots.get_mut(&lot_id) {
            events.push(EventFacts { kind, at, place, note });
        }
    }
    Ok(lots)
}

fn held(
    connection: &mut AnyConnection,
    products: &[ProductId],
    lots: &BTreeSet<LotId>,
) -> Result<(HashSet<ProductId>, HashSet<LotId>)> {
    hold::store::held(connection, products, &lots.iter().copied().collect::<Vec<_>>())
}
