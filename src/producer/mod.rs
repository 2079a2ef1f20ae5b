//! Producers (chủ thể), and the registrations by which they come in on their own.
//!
//! An officer enters a producer on its behalf; or somebody registers without an account, and the commune or district
//! confirms it. A registration for a producer that is already known is a claim: confirmed, it adds an account to it.

pub mod api;
pub mod readings;
pub mod registration;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use rules::ProducerKind;
pub use store::Producer;
