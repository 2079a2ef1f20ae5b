//! Lots (lô hàng) of a product: what they were made of, what happened to them, and their recall.
//!
//! The graph of lots has no cycle; recalling a lot recalls everything made of it at once, whoever made it, and what is made
//! of it later. A hold covers its lot only: what was made of it is shown with a warning.

pub mod api;
pub mod content;
pub mod document_removal;
pub mod event_api;
pub mod event_rules;
pub mod event_store;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod trace;
pub mod trace_store;
pub mod view;

pub use store::Lot;
