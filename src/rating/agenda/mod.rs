//! Agendas (chương trình họp): a product's way through a council's session.
//!
//! `making` puts dossiers on an agenda, `session` is all that is at hand when somebody comes to one of its items, `steps`
//! are the verbs, `involvement` says who is recused by rule, `calendar` counts working days, `remark` is what the working
//! group finds.

pub mod api;
pub mod calendar;
pub mod involvement;
pub mod making;
pub mod remark;
pub mod rules;
pub mod session;
pub mod steps;
pub mod store;

pub use rules::{Admission, State};
pub use session::Session;
pub use steps::{admit, send_up};
pub use store::Item;
