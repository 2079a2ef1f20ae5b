//! Agendas (chương trình họp): a product's way through a council's session.
//!
//! `making` puts dossiers on an agenda, `session` is all that is at hand when somebody comes to one of its items, `steps`
//! are the verbs.

pub mod api;
pub mod making;
pub mod rules;
pub mod session;
pub mod steps;
pub mod store;

pub use rules::{Admission, State};
pub use session::Session;
pub use steps::{admit, send_up};
pub use store::Item;
