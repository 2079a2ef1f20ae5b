//! What is shown of a lot.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{LotId, ProducerId, ProductId};
use crate::base::{Day, Moment, Result};
use crate::lot::Lot;
use crate::lot::rules::State;
use crate::lot::store;
use crate::station::Shown;
use crate::{producer, product};

/// A lot, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotView {
    pub id: LotId,
    version: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    code: String,
    produced_on: Day,
    expires_on: Option<Day>,
    quantity: i64,
    unit: String,
    inputs: Vec<LotId>,
    state: State,
    /// Whether it or any lot that went into it was recalled.
    recalled: bool,
    recalled_at: Option<Moment>,
    recall_reason: Option<String>,
    /// The recalled lot that it was made of; null where it was recalled itself.
    recall_origin_id: Option<LotId>,
    /// It or its product is on hold.
    held: bool,
    warnings: Vec<LotWarning>,
    created_at: Moment,
}

/// What else to know of a lot.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotWarning {
    /// Something that went into it is on hold. The hold covers that lot only, until it is recalled.
    InputHeld,
}

impl Shown for Lot {
    type View = LotView;

    fn views(work: &mut Work, lots: &[Self]) -> Result<Vec<LotView>> {
        let ids: BTreeSet<LotId> = lots.iter().map(|lot| lot.id).collect();
        let inputs = store::inputs(work.connection, &ids.iter().copied().collect::<Vec<_>>())?;
        let holds = store::holds(work.connection, &ids)?;
        let products: Vec<ProductId> = lots.iter().map(|lot| lot.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = lots.iter().map(|lot| lot.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let view = |lot: &Lot| {
            let touched = holds.get(&lot.id).copied().unwrap_or_default();
            LotView {
                id: lot.id,
                version: lot.version,
                product_id: lot.product_id,
                product_name: products.get(&lot.product_id).cloned().unwrap_or_default(),
                producer_id: lot.producer_id,
                producer_name: producers.get(&lot.producer_id).cloned().unwrap_or_default(),
                code: lot.code.clone(),
                produced_on: lot.produced_on,
                expires_on: lot.expires_on,
                quantity: lot.quantity,
                unit: lot.unit.clone(),
                inputs: inputs.iter().filter(|(of, _)| *of == lot.id).map(|(_, input)| *input).collect(),
                state: lot.state(),
                recalled: lot.recalled_at.is_some(),
                recalled_at: lot.recalled_at,
                recall_reason: lot.recall_reason.clone(),
                recall_origin_id: lot.recall_origin_id,
                held: touched.own,
                warnings: touched.of_an_input.then_some(LotWarning::InputHeld).into_iter().collect(),
                created_at: lot.created_at,
            }
        };
        Ok(lots.iter().map(view).collect())
    }
}
