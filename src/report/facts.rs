//! What had happened by a day, as far as a report counts it.

use std::collections::BTreeMap;

use crate::base::id::{CycleId, IdeaId, PlanId, ProductId};
use crate::base::{Day, Level, Stars, UnitCode, Vnd};
use crate::decision::rules::Term;
use crate::inspection::rules::{InspectionResult, Kind};
use crate::plan::rules::Finance;
use crate::rating::rules::Outcome;
use crate::support::policy::rules::MoneySource;

/// Where a thing is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub commune: UnitCode,
    pub district: Option<UnitCode>,
}

impl Spot {
    /// The unit of `by_unit`: the district, or the commune where there is none.
    pub fn unit(&self) -> &UnitCode {
        self.district.as_ref().unwrap_or(&self.commune)
    }
}

/// A thing and where it is counted.
#[derive(Debug, Clone)]
pub struct Counted<T> {
    pub spot: Spot,
    pub fact: T,
}

/// A plan that was approved.
#[derive(Debug, Clone)]
pub struct Approved {
    pub plan: PlanId,
    pub product: ProductId,
    /// Whether stamps were issued for the product.
    pub has_stamps: bool,
    pub finance: Vec<Finance>,
}

/// What a council of the cycle had concluded of a product, and whether it was admitted.
#[derive(Debug, Clone)]
pub struct Scored {
    pub product: ProductId,
    pub round: i32,
    pub level: Level,
    pub admitted: bool,
    pub result: Option<Scoring>,
}

#[derive(Debug, Clone)]
pub struct Scoring {
    pub outcome: Outcome,
    pub sum: i32,
    pub sheets: i32,
}

/// A certificate that was issued.
#[derive(Debug, Clone)]
pub struct Issued {
    pub product: ProductId,
    pub cycle: CycleId,
    pub round: i32,
    pub stars: Stars,
    pub issued_on: Day,
    /// The level of the unit that issued it.
    pub issuer: Level,
    pub number: String,
    pub term: Term,
}

/// An inspection whose visit had begun.
#[derive(Debug, Clone)]
pub struct Inspected {
    pub kind: Kind,
    /// How many items its minutes tell to be broken.
    pub broken: usize,
    /// Null where it was not concluded yet.
    pub result: Option<InspectionResult>,
    /// Whether an order to correct was past its last day without a reply.
    pub overdue: bool,
}

/// A claim of support money that was handed in, with what became of it.
#[derive(Debug, Clone)]
pub struct Supported {
    pub source: MoneySource,
    pub claimed: Vnd,
    pub accepted: Vnd,
    pub decided: Vnd,
    pub paid: Vnd,
    pub taken_back: Vnd,
}

/// What a product was given for its stars.
#[derive(Debug, Clone)]
pub struct Given {
    pub stars: Stars,
    pub amount: Vnd,
    pub is_paid: bool,
}

/// Everything that had happened by a day, as far as it counts for a cycle.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub registered: Vec<Counted<IdeaId>>,
    pub selected: Vec<Counted<IdeaId>>,
    pub accepted: Vec<Counted<IdeaId>>,
    pub approved: Vec<Counted<Approved>>,
    pub scored: Vec<Counted<Scored>>,
    /// The certificates of the cycle.
    pub issued: Vec<Counted<Issued>>,
    /// The latest certificate of each product over all cycles: one that was certified again after its commune was merged
    /// counts where that says.
    pub latest: Vec<Counted<Issued>>,
    pub shops: Vec<Counted<()>>,
    /// Those of the cycle's calendar year.
    pub inspections: Vec<Counted<Inspected>>,
    /// Those of the cycle's calendar year.
    pub support: Vec<Counted<Supported>>,
    pub rewards: Vec<Counted<Given>>,
}

impl Facts {
    /// The same, by the unit in which they are counted.
    pub fn by_unit(self) -> BTreeMap<UnitCode, Self> {
        let mut units: BTreeMap<UnitCode, Self> = BTreeMap::new();
        let Self {
            registered,
            selected,
            accepted,
            approved,
            scored,
            issued,
            latest,
            shops,
            inspections,
            support,
            rewards,
        } = self;
        spread(&mut units, registered, |facts| &mut facts.registered);
        spread(&mut units, selected, |facts| &mut facts.selected);
        spread(&mut units, accepted, |facts| &mut facts.accepted);
        spread(&mut units, approved, |facts| &mut facts.approved);
        spread(&mut units, scored, |facts| &mut facts.scored);
        spread(&mut units, issued, |facts| &mut facts.issued);
        spread(&mut units, latest, |facts| &mut facts.latest);
        spread(&mut units, shops, |facts| &mut facts.shops);
        spread(&mut units, inspections, |facts| &mut facts.inspections);
        spread(&mut units, support, |facts| &mut facts.support);
        spread(&mut units, rewards, |facts| &mut facts.rewards);
        units
    }
}

fn spread<T>(
    units: &mut BTreeMap<UnitCode, Facts>,
    facts: Vec<Counted<T>>,
    place: fn(&mut Facts) -> &mut Vec<Counted<T>>,
) {
    for fact in facts {
        place(units.entry(fact.spot.unit().clone()).or_default()).push(fact);
    }
}
