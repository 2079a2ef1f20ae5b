//! Sheets (phiếu đánh giá): each member scores alone.

pub mod api;
pub mod commitment;
pub mod mine;
pub mod rules;
pub mod store;

pub use store::Sheet;
