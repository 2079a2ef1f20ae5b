//! An appeal as its steps find it: with who sits in the council whose result it is against.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AgendaItemId, AnyId, AppealId, CouncilId};
use crate::rating::appeal::steps;
use crate::rating::appeal::store::{self, AppealFilter, AppealRow};
use crate::rating::council::Seat;
use crate::rating::{council, item};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// An appeal (khiếu nại) against a result.
#[derive(Debug, Clone)]
pub struct Appeal {
    pub row: AppealRow,
    /// The seats of the council that came to the result.
    pub seats: Vec<Seat>,
}

impl Appeal {
    /// Appeals with their councils' seats, in two statements.
    fn around(work: &mut Work, rows: Vec<AppealRow>) -> Result<Vec<Self>> {
        let items: Vec<AgendaItemId> = rows.iter().map(|row| row.agenda_item_id).collect();
        let items = item::store::of_ids(work.connection, &items)?;
        let councils: BTreeMap<AgendaItemId, CouncilId> =
            items.into_iter().map(|item| (item.id, item.council_id)).collect();
        let ids: Vec<CouncilId> = councils.values().copied().collect();
        let seats = council::store::seats_of(work.connection, &ids)?;
        let around = rows.into_iter().map(|row| {
            let seats = councils.get(&row.agenda_item_id).and_then(|council| seats.get(council));
            Self { seats: seats.cloned().unwrap_or_default(), row }
        });
        Ok(around.collect())
    }
}

impl Thing for Appeal {
    type Key = AppealId;
    const RESOURCE: Resource = Resource::Appeal;
    const PATH: &'static str = "appeals";

    fn load(work: &mut Work, key: &AppealId, access: Access) -> Result<Option<Self>> {
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

impl Listed for Appeal {
    type Filter = AppealFilter;
    type Cursor = AppealId;

    fn list(work: &mut Work, filter: &AppealFilter, stretch: &Stretch<AppealId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &AppealFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> AppealId {
        self.row.id
    }
}
