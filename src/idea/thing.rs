//! An idea as its steps find it: with its cycle, whose edition says who takes which step.

use std::collections::BTreeMap;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AnyId, CycleId, IdeaId};
use crate::base::{Error, Result, text};
use crate::cycle::{self, Cycle, Edition};
use crate::idea::steps;
use crate::idea::store::{self, IdeaFilter, IdeaRow};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// An idea (ý tưởng sản phẩm) in its year.
#[derive(Debug, Clone)]
pub struct Idea {
    pub row: IdeaRow,
    pub cycle: Cycle,
    pub edition: Edition,
    /// Whether the signed form was handed in, which a commune needs that hands the idea in on behalf.
    pub has_paper: bool,
}

impl Idea {
    /// Ideas with their surroundings, in two statements.
    pub fn around(work: &mut Work, rows: Vec<IdeaRow>) -> Result<Vec<Self>> {
        let ids: Vec<IdeaId> = rows.iter().map(|row| row.id).collect();
        let with_paper = store::with_paper(work.connection, &ids)?;
        let cycles: Vec<CycleId> = rows.iter().map(|row| row.cycle_id).collect();
        let cycles: BTreeMap<CycleId, Cycle> = cycle::store::of_ids(work.connection, &cycles)?;
        let around = rows.into_iter().map(|row| {
            let cycle =
                cycles.get(&row.cycle_id).cloned().ok_or_else(|| Error::internal("an idea without its cycle"))?;
            let edition = cycle.edition.edition()?;
            Ok(Self { has_paper: with_paper.contains(&row.id), row, cycle, edition })
        });
        around.collect()
    }
}

impl Thing for Idea {
    type Key = IdeaId;
    const RESOURCE: Resource = Resource::Idea;
    const PATH: &'static str = "ideas";

    fn load(work: &mut Work, key: &IdeaId, access: Access) -> Result<Option<Self>> {
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

impl Listed for Idea {
    type Filter = IdeaFilter;
    type Cursor = (String, IdeaId);

    fn list(work: &mut Work, filter: &IdeaFilter, stretch: &Stretch<Self::Cursor>) -> Result<Vec<Self>> {
        let territory = work.actor.territory();
        let rows = store::list(work.connection, &territory, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &IdeaFilter) -> Result<i64> {
        let territory = work.actor.territory();
        store::count(work.connection, &territory, filter)
    }

    fn cursor(&self) -> Self::Cursor {
        (text::fold(&self.row.product_name), self.row.id)
    }
}
