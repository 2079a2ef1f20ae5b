//! A report as its steps find it, and who may see it.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AgendaItemId, AnyId, GroupReportId};
use crate::base::{Error, Result};
use crate::rating::agenda::Session;
use crate::rating::group_report::steps;
use crate::rating::group_report::store::{self, GroupReportFilter, GroupReportRow};
use crate::rating::item;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// The working group's report on an item, with the session that it is for.
#[derive(Debug, Clone)]
pub struct GroupReport {
    pub row: GroupReportRow,
    pub session: Session,
}

impl GroupReport {
    /// Reports with their sessions; the number of statements does not depend on how many they are.
    fn around(work: &mut Work, rows: Vec<GroupReportRow>) -> Result<Vec<Self>> {
        let items: Vec<AgendaItemId> = rows.iter().map(|row| row.agenda_item_id).collect();
        let items = item::store::of_ids(work.connection, &items)?;
        let sessions = Session::around(work, items)?;
        let mut sessions: BTreeMap<AgendaItemId, Session> =
            sessions.into_iter().map(|session| (session.item.id, session)).collect();
        let around = rows.into_iter().map(|row| {
            let session = sessions.remove(&row.agenda_item_id);
            Ok(Self { session: session.ok_or_else(|| Error::internal("a report without its item"))?, row })
        });
        around.collect()
    }
}

impl Thing for GroupReport {
    type Key = GroupReportId;
    const RESOURCE: Resource = Resource::GroupReport;
    const PATH: &'static str = "group-reports";

    /// For the council and who oversees it, as remarks are: the producer is told by a return, and reads surveys after the result.
    /// Its item's row is taken, so that a scoring that opens and a report that changes follow one another.
    fn load(work: &mut Work, key: &GroupReportId, access: Access) -> Result<Option<Self>> {
        let mut row = store::find(work.connection, *key)?;
        if let (Some(found), Access::Taken) = (&row, access) {
            item::store::take(work.connection, found.agenda_item_id)?;
            row = store::find(work.connection, *key)?;
        }
        let report = Self::around(work, row.into_iter().collect())?.pop();
        Ok(report.filter(|report| report.session.shows_preparation(&work.actor)))
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

impl Listed for GroupReport {
    type Filter = GroupReportFilter;
    type Cursor = GroupReportId;

    fn list(work: &mut Work, filter: &GroupReportFilter, stretch: &Stretch<GroupReportId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &GroupReportFilter) -> Result<i64> {
        store::count(work.connection, &work.actor, filter)
    }

    fn cursor(&self) -> GroupReportId {
        self.row.id
    }
}
