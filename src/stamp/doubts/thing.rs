//! A doubt as its steps find it: its row, and where its stamp belongs.

use crate::account::{Asker, Role, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, DoubtId};
use crate::base::{Moment, Result};
use crate::stamp::doubts::store::{self, DoubtFilter};
use crate::stamp::doubts::{Doubt, steps};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// Who reads doubts. Others who may know of the stamp are told so (403).
pub(super) const READERS: [Role; 3] = [Role::ProvincialOfficer, Role::Inspector, Role::Supervisor];

impl Thing for Doubt {
    type Key = DoubtId;
    const RESOURCE: Resource = Resource::Doubt;
    const PATH: &'static str = "doubts";

    fn load(work: &mut Work, key: &DoubtId, access: Access) -> Result<Option<Self>> {
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

impl Listed for Doubt {
    type Filter = DoubtFilter;
    type Cursor = (Moment, DoubtId);

    fn list(work: &mut Work, filter: &DoubtFilter, stretch: &Stretch<(Moment, DoubtId)>) -> Result<Vec<Self>> {
        store::list(work.connection, &work.actor.territory(), filter, stretch)
    }

    fn count(work: &mut Work, filter: &DoubtFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> (Moment, DoubtId) {
        (self.row.at, self.row.id)
    }
}
