//! The yearly cycle (chu trình OCOP): its edition of the procedure, rounds, deadlines and targets.

pub mod api;
pub mod condition;
pub mod edition;
pub mod rules;
pub mod store;

pub use condition::Condition;
pub use edition::{Edition, EditionCode};
pub use store::Cycle;
