//! A decision as its steps find it: its row is all that they depend on.

use crate::account::{Territory, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, DecisionId};
use crate::base::{Result, UnitCode};
use crate::decision::Decision;
use crate::decision::steps;
use crate::decision::store::{self, DecisionFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Decision {
    type Key = DecisionId;
    const RESOURCE: Resource = Resource::Decision;
    const PATH: &'static str = "decisions";

    fn load(work: &mut Work, key: &DecisionId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        Ok(row.filter(|row| work.actor.must_see_unit(&row.unit_code).is_ok()))
    }

    fn id(&self) -> AnyId {
        self.id.any()
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

/// Whose decisions are listed.
enum Deciders {
    All,
    One(UnitCode),
    Nobody,
}

impl Deciders {
    /// The province sees all decisions, a district its own.
    fn of(work: &Work, filter: &DecisionFilter) -> Self {
        let named = filter.unit_code.clone();
        match work.actor.territory() {
            Territory::Province => named.map_or(Self::All, Self::One),
            Territory::District(own) if named.is_none() || named.as_ref() == Some(&own) => Self::One(own),
            _ => Self::Nobody,
        }
    }
}

impl Listed for Decision {
    type Filter = DecisionFilter;
    type Cursor = DecisionId;

    fn list(work: &mut Work, filter: &DecisionFilter, stretch: &Stretch<DecisionId>) -> Result<Vec<Self>> {
        match Deciders::of(work, filter) {
            Deciders::All => store::list(work.connection, None, filter, stretch),
            Deciders::One(unit) => store::list(work.connection, Some(&unit), filter, stretch),
            Deciders::Nobody => Ok(Vec::new()),
        }
    }

    fn count(work: &mut Work, filter: &DecisionFilter) -> Result<i64> {
        match Deciders::of(work, filter) {
            Deciders::All => store::count(work.connection, None, filter),
            Deciders::One(unit) => store::count(work.connection, Some(&unit), filter),
            Deciders::Nobody => Ok(0),
        }
    }

    fn cursor(&self) -> DecisionId {
        self.id
    }
}
