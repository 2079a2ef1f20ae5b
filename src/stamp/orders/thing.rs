//! An order of stamps as its steps find it: with what its product's passport says, as long as it waits for the office.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::Result;
use crate::base::id::{AnyId, ProductId, StampOrderId};
use crate::stamp::completeness::Known;
use crate::stamp::completeness_store;
use crate::stamp::orders::steps;
use crate::stamp::orders::store::{self, OrderFilter, OrderRow};
use crate::stamp::rules::State;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// An order of stamps.
#[derive(Debug, Clone)]
pub struct StampOrder {
    pub row: OrderRow,
    /// What is known of the product for its passport; only of orders that can still be issued.
    pub passport: Option<Known>,
}

impl StampOrder {
    /// Orders with their surroundings; the number of statements does not depend on how many there are.
    fn around(work: &mut Work, rows: Vec<OrderRow>) -> Result<Vec<Self>> {
        let waiting = rows.iter().filter(|row| row.state == State::Ordered);
        let products: Vec<ProductId> = waiting.map(|row| row.product_id).collect();
        let known = completeness_store::known(work.connection, &products, work.now.day())?;
        let around = |row: OrderRow| {
            let passport = known.get(&row.product_id).filter(|_| row.state == State::Ordered).cloned();
            Self { row, passport }
        };
        Ok(rows.into_iter().map(around).collect())
    }
}

impl Thing for StampOrder {
    type Key = StampOrderId;
    const RESOURCE: Resource = Resource::StampOrder;
    const PATH: &'static str = "stamp-orders";

    fn load(work: &mut Work, key: &StampOrderId, access: Access) -> Result<Option<Self>> {
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

impl Listed for StampOrder {
    type Filter = OrderFilter;
    type Cursor = StampOrderId;

    fn list(work: &mut Work, filter: &OrderFilter, stretch: &Stretch<StampOrderId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &OrderFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter)
    }

    fn cursor(&self) -> StampOrderId {
        self.row.id
    }
}
