//! The programme's figures, computed from dated rows: what was registered, approved, scored, certified by a day.

pub mod api;
pub mod facts;
pub mod figures;
mod making;
pub mod rules;
pub mod store;
pub mod years;

pub use making::made;
