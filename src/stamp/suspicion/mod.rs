//! Suspicion (nghi ngờ tem bị sao chép): rules as data over distinct visitors and places, and what the office makes of it.
//!
//! Never over raw request counts: a script is one visitor, and so is a network, whose addresses cost nothing. What is kept
//! of a visitor is a hash of the network under the stamp's own key, when it came last and a place of a hundredth of a
//! degree; evidence runs along with the count of the scans.

pub mod alerts;
pub mod api;
pub mod judging;
pub mod network_store;
pub mod review;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::Suspicion;
