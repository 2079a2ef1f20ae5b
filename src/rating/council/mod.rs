//! Councils (hội đồng đánh giá): appointed by a unit's office for a round of a cycle.

pub mod api;
pub mod rules;
pub mod store;

pub use rules::{Rules, Seat, SeatKind};
pub use store::Council;
