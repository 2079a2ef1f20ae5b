//! A point of sale as its steps find it: its row is all that they depend on. Everybody who signed in sees it.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, ShopId};
use crate::shop::Shop;
use crate::shop::steps;
use crate::shop::store::{self, ShopFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Shop {
    type Key = ShopId;
    const RESOURCE: Resource = Resource::Shop;
    const PATH: &'static str = "shops";

    fn load(work: &mut Work, key: &ShopId, access: Access) -> Result<Option<Self>> {
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

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Shop {
    type Filter = ShopFilter;
    type Cursor = (String, ShopId);

    fn list(work: &mut Work, filter: &ShopFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        store::list(work.connection, filter, None, stretch)
    }

    fn count(work: &mut Work, filter: &ShopFilter) -> Result<i64> {
        store::count(work.connection, filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (self.folded.clone(), self.id)
    }
}
