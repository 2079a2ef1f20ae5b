//! A plan as its steps find it: its row is all that they depend on. Who acts for the whole province sees it.

use crate::account::{Asker, Territory, Work};
use crate::audit::Resource;
use crate::base::id::{AnyId, InspectionPlanId};
use crate::base::{Error, Result, say};
use crate::inspection::InspectionPlan;
use crate::inspection::yearly_plan::steps;
use crate::inspection::yearly_plan::store::{self, InspectionPlanFilter};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

impl Thing for InspectionPlan {
    type Key = InspectionPlanId;
    const RESOURCE: Resource = Resource::InspectionPlan;
    const PATH: &'static str = "inspection-plans";

    fn load(work: &mut Work, key: &InspectionPlanId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        Ok(row.filter(|_| work.actor.territory() == Territory::Province))
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

impl Listed for InspectionPlan {
    type Filter = InspectionPlanFilter;
    type Cursor = InspectionPlanId;

    fn must_list(asker: Asker) -> Result<()> {
        if asker.actor.territory() == Territory::Province {
            return Ok(());
        }
        Err(Error::forbidden(say(
            "Kế hoạch kiểm tra do cấp tỉnh xem.",
            "Plans of inspections are for who acts for the province.",
        )))
    }

    fn list(work: &mut Work, filter: &InspectionPlanFilter, stretch: &Stretch<InspectionPlanId>) -> Result<Vec<Self>> {
        store::list(work.connection, filter, stretch)
    }

    fn count(work: &mut Work, filter: &InspectionPlanFilter) -> Result<i64> {
        store::count(work.connection, filter)
    }

    fn cursor(&self) -> InspectionPlanId {
        self.id
    }
}
