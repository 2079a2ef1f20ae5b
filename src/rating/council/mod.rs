//! Councils (hội đồng đánh giá): appointed by a unit's office for a round of a cycle.

pub mod api;
pub mod mine;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use rules::{CouncilRules, Seat, SeatKind, State};
pub use store::CouncilRow;
pub use thing::Council;
