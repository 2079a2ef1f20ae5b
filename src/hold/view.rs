//! What is shown of a hold.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, HoldId, LotId, ProducerId, ProductId};
use crate::base::{Moment, Result};
use crate::hold::Hold;
use crate::hold::rules::State;
use crate::station::Shown;
use crate::{lot, producer, product};

/// A hold, to those who may know of what is held.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldView {
    pub id: HoldId,
    pub version: i32,
    pub producer_id: ProducerId,
    pub producer_name: String,
    pub product_id: Option<ProductId>,
    pub product_name: Option<String>,
    pub lot_id: Option<LotId>,
    /// The code of the lot, where a lot is held.
    pub lot_code: Option<String>,
    pub reason: String,
    pub state: State,
    pub placed_by: AccountId,
    pub placed_by_name: Option<String>,
    pub placed_at: Moment,
    pub lifted_at: Option<Moment>,
}

impl Shown for Hold {
    type View = HoldView;

    fn views(work: &mut Work, holds: &[Self]) -> Result<Vec<HoldView>> {
        let producers: Vec<ProducerId> = holds.iter().map(|hold| hold.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let products: Vec<ProductId> = holds.iter().filter_map(|hold| hold.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let lots: Vec<LotId> = holds.iter().filter_map(|hold| hold.lot_id).collect();
        let lots = lot::store::codes(work.connection, &lots)?;
        let accounts: Vec<AccountId> = holds.iter().map(|hold| hold.placed_by).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let view = |hold: &Hold| HoldView {
            id: hold.id,
            version: hold.version,
            producer_id: hold.producer_id,
            producer_name: producers.get(&hold.producer_id).cloned().unwrap_or_default(),
            product_id: hold.product_id,
            product_name: hold.product_id.and_then(|id| products.get(&id).cloned()),
            lot_id: hold.lot_id,
            lot_code: hold.lot_id.and_then(|id| lots.get(&id).cloned()),
            reason: hold.reason.clone(),
            state: hold.state,
            placed_by: hold.placed_by,
            placed_by_name: accounts.get(&hold.placed_by).cloned(),
            placed_at: hold.placed_at,
            lifted_at: hold.lifted_at,
        };
        Ok(holds.iter().map(view).collect())
    }
}
