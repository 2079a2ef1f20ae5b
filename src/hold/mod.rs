//! Holds (tạm đình chỉ): a product or a lot that may not be sold until the hold is lifted.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::Hold;
