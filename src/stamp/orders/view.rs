//! What is shown of an order of stamps.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{ProducerId, ProductId, StampOrderId};
use crate::base::{Moment, Result};
use crate::stamp::orders::{StampOrder, range_store};
use crate::stamp::rules::State;
use crate::station::Shown;
use crate::{producer, product};

/// An order of stamps, with its numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct StampOrderView {
    id: StampOrderId,
    version: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    quantity: i32,
    state: State,
    issued_at: Option<Moment>,
    /// What the office wrote when it issued or refused.
    note: Option<String>,
    delivered_at: Option<Moment>,
    /// The receipt of the delivery.
    receipt: Option<String>,
    /// When the producer said that the stamps had come.
    received_at: Option<Moment>,
    /// How many stamps were issued: all or none.
    issued: i64,
    /// How many stamps were delivered: all or none.
    delivered: i64,
    /// How many stamps were bound to lots.
    activated: i64,
    /// How many stamps were ever scanned.
    scanned: i64,
    /// How many stamps are void.
    void: i64,
    /// How many stamps are on display pieces.
    display: i64,
    created_at: Moment,
}

impl Shown for StampOrder {
    type View = StampOrderView;

    fn views(work: &mut Work, orders: &[Self]) -> Result<Vec<StampOrderView>> {
        let ids: Vec<StampOrderId> = orders.iter().map(|order| order.row.id).collect();
        let numbers = range_store::numbers(work.connection, &ids)?;
        let products: Vec<ProductId> = orders.iter().map(|order| order.row.product_id).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = orders.iter().map(|order| order.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let view = |StampOrder { row, .. }: &StampOrder| {
            let numbers = numbers.get(&row.id).copied().unwrap_or_default();
            let all_if = |applies: bool| if applies { i64::from(row.quantity) } else { 0 };
            StampOrderView {
                id: row.id,
                version: row.version,
                product_id: row.product_id,
                product_name: products.get(&row.product_id).cloned().unwrap_or_default(),
                producer_id: row.producer_id,
                producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
                quantity: row.quantity,
                state: row.state,
                issued_at: row.issued_at,
                note: row.note.clone(),
                delivered_at: row.delivered_at,
                receipt: row.receipt.clone(),
                received_at: row.received_at,
                issued: all_if(State::LIVE.contains(&row.state)),
                delivered: all_if(row.state == State::Delivered),
                activated: numbers.activated,
                scanned: numbers.scanned,
                void: numbers.void,
                display: numbers.display,
                created_at: row.created_at,
            }
        };
        Ok(orders.iter().map(view).collect())
    }
}
