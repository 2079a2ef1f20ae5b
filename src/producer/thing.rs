//! A producer as its steps find it: its row is all that they depend on.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, ProducerId};
use crate::producer::Producer;
use crate::producer::steps;
use crate::producer::store::{self, ProducerFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for Producer {
    type Key = ProducerId;
    const RESOURCE: Resource = Resource::Producer;
    const PATH: &'static str = "producers";

    fn load(work: &mut Work, key: &ProducerId, access: Access) -> Result<Option<Self>> {
        let producer = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        Ok(producer.filter(|producer| work.actor.sees(&producer.home())))
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

impl Listed for Producer {
    type Filter = ProducerFilter;
    type Cursor = (String, ProducerId);

    fn list(work: &mut Work, filter: &ProducerFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        store::list(work.connection, &work.actor.territory(), filter, stretch)
    }

    fn count(work: &mut Work, filter: &ProducerFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (self.folded.clone(), self.id)
    }
}
