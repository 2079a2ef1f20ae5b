//! Items of agendas as they are kept: a dossier's place at a council, and who does not score it.

pub mod rules;
pub mod seat_store;
pub mod store;

pub use rules::{Admission, Readiness, State};
pub use store::Item;
