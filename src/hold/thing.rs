//! A hold as its steps find it: its row is all that they depend on.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, HoldId};
use crate::hold::Hold;
use crate::hold::steps;
use crate::hold::store::{self, HoldFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Hold {
    type Key = HoldId;
    const RESOURCE: Resource = Resource::Hold;
    const PATH: &'static str = "holds";

    fn load(work: &mut Work, key: &HoldId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        Ok(row.filter(|row| work.actor.sees(&row.home())))
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

impl Listed for Hold {
    type Filter = HoldFilter;
    type Cursor = HoldId;

    fn list(work: &mut Work, filter: &HoldFilter, stretch: &Stretch<HoldId>) -> Result<Vec<Self>> {
        store::list(work.connection, &work.actor.territory(), filter, stretch)
    }

    fn count(work: &mut Work, filter: &HoldFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> HoldId {
        self.id
    }
}
