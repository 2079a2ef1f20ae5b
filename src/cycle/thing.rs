//! A cycle as its steps find it: its row is all that they depend on. Everybody who signed in sees it.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, CycleId};
use crate::cycle::Cycle;
use crate::cycle::steps;
use crate::cycle::store::{self, CycleFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Cycle {
    type Key = CycleId;
    const RESOURCE: Resource = Resource::Cycle;
    const PATH: &'static str = "cycles";

    fn load(work: &mut Work, key: &CycleId, access: Access) -> Result<Option<Self>> {
        match access {
            Access::Taken => store::take(work.connection, *key),
            Access::Seen => store::find(work.connection, *key),
        }
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

impl Listed for Cycle {
    type Filter = CycleFilter;
    type Cursor = (i32, CycleId);

    fn list(work: &mut Work, filter: &CycleFilter, stretch: &Stretch<(i32, CycleId)>) -> Result<Vec<Self>> {
        store::list(work.connection, filter, stretch)
    }

    fn count(work: &mut Work, filter: &CycleFilter) -> Result<i64> {
        store::count(work.connection, filter)
    }

    fn cursor(&self) -> (i32, CycleId) {
        (self.year, self.id)
    }
}
