//! Suspicion (nghi ngờ tem bị sao chép): rules as data over distinct visitors and places, and what the office makes of it.
//!
//! Never over raw request counts: a script at one address is one visitor. What is kept of a visitor is the day's hash, the
//! first time and a place of a hundredth of a degree; evidence is counted from the scans and needs no more than they hold.

pub mod api;
pub mod rules;
pub mod store;
