//! A lot as its steps find it: its row is all that they depend on.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, LotId};
use crate::lot::Lot;
use crate::lot::steps;
use crate::lot::store::{self, LotFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Lot {
    type Key = LotId;
    const RESOURCE: Resource = Resource::Lot;
    const PATH: &'static str = "lots";

    fn load(work: &mut Work, key: &LotId, access: Access) -> Result<Option<Self>> {
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
        Some(Lot::state(self).into())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Lot {
    type Filter = LotFilter;
    type Cursor = LotId;

    fn list(work: &mut Work, filter: &LotFilter, stretch: &Stretch<LotId>) -> Result<Vec<Self>> {
        store::list(work.connection, &work.actor.territory(), filter, stretch)
    }

    fn count(work: &mut Work, filter: &LotFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> LotId {
        self.id
    }
}
