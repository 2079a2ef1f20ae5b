//! The history (lịch sử) of every resource: who changed what, when, from which state to which.

pub mod api;
pub mod store;

pub use api::{History, answer};
pub use store::{Entry, Resource, record, record_all};
