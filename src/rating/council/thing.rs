//! A council as its steps find it: with its cycle, who sits in it, and which products it is not done with.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AccountId, AnyId, CouncilId, CycleId};
use crate::base::{Error, Result};
use crate::cycle::{self, Cycle};
use crate::rating::council::rules::{Seat, sees};
use crate::rating::council::steps;
use crate::rating::council::store::{self, CouncilFilter, CouncilRow};
use crate::rating::item;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A council (hội đồng đánh giá) for a round.
#[derive(Debug, Clone)]
pub struct Council {
    pub row: CouncilRow,
    pub cycle: Cycle,
    pub seats: Vec<Seat>,
    /// Who checks dossiers before the session, by account and name.
    pub working_group: Vec<(AccountId, String)>,
    /// The names of the products whose scoring is not over.
    pub unfinished: Vec<String>,
}

impl Council {
    /// Councils with their surroundings; the number of statements does not depend on how many they are.
    fn around(work: &mut Work, rows: Vec<CouncilRow>) -> Result<Vec<Self>> {
        let ids: Vec<CouncilId> = rows.iter().map(|row| row.id).collect();
        let cycles: Vec<CycleId> = rows.iter().map(|row| row.cycle_id).collect();
        let cycles: BTreeMap<CycleId, Cycle> = cycle::store::of_ids(work.connection, &cycles)?;
        let mut seats = store::seats_of(work.connection, &ids)?;
        let mut groups = store::working_groups(work.connection, &ids)?;
        let mut unfinished = item::store::unfinished(work.connection, &ids)?;
        let around = rows.into_iter().map(|row| {
            let cycle =
                cycles.get(&row.cycle_id).cloned().ok_or_else(|| Error::internal("a council without its cycle"))?;
            Ok(Self {
                cycle,
                seats: seats.remove(&row.id).unwrap_or_default(),
                working_group: groups.remove(&row.id).unwrap_or_default(),
                unfinished: unfinished.remove(&row.id).unwrap_or_default(),
                row,
            })
        });
        around.collect()
    }

    /// Whether the account sits in it or checks for it.
    pub fn takes_part(&self, account: AccountId) -> bool {
        self.seats.iter().any(|seat| seat.account == account)
            || self.working_group.iter().any(|(member, _)| *member == account)
    }
}

impl Thing for Council {
    type Key = CouncilId;
    const RESOURCE: Resource = Resource::Council;
    const PATH: &'static str = "councils";

    /// For who sits in it or checks for it, and for who oversees its unit.
    fn load(work: &mut Work, key: &CouncilId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let council = Self::around(work, row.into_iter().collect())?.pop();
        let actor = &work.actor;
        Ok(council.filter(|council| council.takes_part(actor.id) || sees(actor, &council.row.unit_code)))
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

impl Listed for Council {
    type Filter = CouncilFilter;
    type Cursor = CouncilId;

    fn list(work: &mut Work, filter: &CouncilFilter, stretch: &Stretch<CouncilId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &CouncilFilter) -> Result<i64> {
        store::count(work.connection, &work.actor, filter)
    }

    fn cursor(&self) -> CouncilId {
        self.row.id
    }
}
