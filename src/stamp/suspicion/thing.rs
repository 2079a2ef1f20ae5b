//! A suspicion as its steps find it: its row, and where its stamp belongs.

use crate::account::{Asker, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, SuspicionId};
use crate::base::{Message, Result};
use crate::stamp::suspicion::store::{self, SuspicionFilter};
use crate::stamp::suspicion::{Suspicion, alerts, steps};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// Who sees the board. The producer is told by the verdict, as everybody is.
pub(super) const READERS: [Role; 3] = [Role::ProvincialOfficer, Role::Inspector, Role::Supervisor];

impl Thing for Suspicion {
    type Key = SuspicionId;
    const RESOURCE: Resource = Resource::Suspicion;
    const PATH: &'static str = "stamps/suspects";

    fn load(work: &mut Work, key: &SuspicionId, access: Access) -> Result<Option<Self>> {
        let found = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        Ok(found.filter(|found| work.actor.sees(&found.home())))
    }

    fn must_read(asker: Asker) -> Result<()> {
        asker.actor.must_be(&READERS)
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

impl Listed for Suspicion {
    type Filter = SuspicionFilter;
    type Cursor = SuspicionId;

    fn list(work: &mut Work, filter: &SuspicionFilter, stretch: &Stretch<SuspicionId>) -> Result<Vec<Self>> {
        store::list(work.connection, &work.actor.territory(), filter, stretch)
    }

    fn count(work: &mut Work, filter: &SuspicionFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> SuspicionId {
        self.row.id
    }

    fn above(work: &mut Work) -> Result<Vec<Message>> {
        alerts::told(work)
    }
}
