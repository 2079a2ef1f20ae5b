//! Lots (lô hàng) of a product: what they were made of, what happened to them, and their recall.
//!
//! Inputs are lots that exist already, so the graph of lots has no cycle; recalling a lot recalls everything made of it.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;

pub use store::Lot;
