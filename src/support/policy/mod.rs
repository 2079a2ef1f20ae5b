//! Policies of support money (chính sách hỗ trợ): which share of which costs an act pays, up to how much, from which budget.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::SupportPolicy;
