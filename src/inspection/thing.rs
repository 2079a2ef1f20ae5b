//! An inspection as its steps find it, and who may see it.

use crate::account::{Actor, Territory, Work};
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, InspectionId};
use crate::files::StoredFile;
use crate::inspection::rules::Kind;
use crate::inspection::steps;
use crate::inspection::store::{self, InspectionFile, InspectionFilter, InspectionRow};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// An inspection (cuộc kiểm tra) of a product, with its files.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub row: InspectionRow,
    pub files: Vec<(InspectionFile, StoredFile)>,
}

impl Inspection {
    pub fn around(work: &mut Work, rows: Vec<InspectionRow>) -> Result<Vec<Self>> {
        let ids: Vec<InspectionId> = rows.iter().map(|row| row.id).collect();
        let mut files = store::files(work.connection, &ids)?;
        let around = |row: InspectionRow| Self { files: files.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(around).collect())
    }
}

/// As the list has it: below the province a sudden inspection is not known of before the visit, and a producer knows of none
/// before.
fn is_shown_to(actor: &Actor, row: &InspectionRow) -> bool {
    let is_known = match actor.territory() {
        Territory::Province => true,
        Territory::District(_) | Territory::Commune(_) => row.visited_at.is_some() || row.kind == Kind::Periodic,
        Territory::Producer(_) | Territory::Nothing => row.visited_at.is_some(),
    };
    is_known && actor.sees(&row.home())
}

impl Thing for Inspection {
    type Key = InspectionId;
    const RESOURCE: Resource = Resource::Inspection;
    const PATH: &'static str = "inspections";

    fn load(work: &mut Work, key: &InspectionId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let row = row.filter(|row| is_shown_to(&work.actor, row));
        Ok(Self::around(work, row.into_iter().collect())?.pop())
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

impl Listed for Inspection {
    type Filter = InspectionFilter;
    type Cursor = InspectionId;

    fn list(work: &mut Work, filter: &InspectionFilter, stretch: &Stretch<InspectionId>) -> Result<Vec<Self>> {
        let (territory, today) = (work.actor.territory(), work.now.day());
        let rows = store::list(work.connection, &territory, filter, today, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &InspectionFilter) -> Result<i64> {
        let (territory, today) = (work.actor.territory(), work.now.day());
        store::count(work.connection, &territory, filter, today)
    }

    fn cursor(&self) -> InspectionId {
        self.row.id
    }
}
