//! A plan as its steps find it: with its cycle, whose edition says who decides on plans.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AnyId, CycleId, PlanId};
use crate::base::{Error, Result};
use crate::cycle::{self, Cycle, Edition};
use crate::plan::steps;
use crate::plan::store::{self, PlanFilter, PlanRow};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A business plan (phương án sản xuất kinh doanh) in its year.
#[derive(Debug, Clone)]
pub struct Plan {
    pub row: PlanRow,
    pub cycle: Cycle,
    pub edition: Edition,
}

impl Plan {
    /// Plans with their surroundings, in one statement.
    fn around(work: &mut Work, rows: Vec<PlanRow>) -> Result<Vec<Self>> {
        let cycles: Vec<CycleId> = rows.iter().map(|row| row.cycle_id).collect();
        let cycles: BTreeMap<CycleId, Cycle> = cycle::store::of_ids(work.connection, &cycles)?;
        let around = rows.into_iter().map(|row| {
            let cycle =
                cycles.get(&row.cycle_id).cloned().ok_or_else(|| Error::internal("a plan without its cycle"))?;
            let edition = cycle.edition.edition()?;
            Ok(Self { row, cycle, edition })
        });
        around.collect()
    }
}

impl Thing for Plan {
    type Key = PlanId;
    const RESOURCE: Resource = Resource::Plan;
    const PATH: &'static str = "plans";

    fn load(work: &mut Work, key: &PlanId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let seen = row.filter(|row| work.actor.sees(&row.home()));
        Ok(Self::around(work, seen.into_iter().collect())?.pop())
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.row.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Plan {
    type Filter = PlanFilter;
    type Cursor = PlanId;

    fn list(work: &mut Work, filter: &PlanFilter, stretch: &Stretch<PlanId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &PlanFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> PlanId {
        self.row.id
    }
}
