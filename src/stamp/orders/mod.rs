//! Orders of stamps: ordered by producers, issued by the provincial office, bound to lots by their producer.

pub mod activation;
pub mod api;
pub mod limit_store;
pub mod range_store;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::StampOrder;
