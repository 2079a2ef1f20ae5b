//! Requests about one's own data (yêu cầu về dữ liệu cá nhân): a copy, an erasure, a correction, each answered within two
//! working days. What is found of a person is found by `privacy::attribution`, and by nothing else.

pub mod api;
pub mod erasure;
pub mod export;
pub mod finding;
pub mod finding_store;
pub mod forms;
pub mod person_store;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::PersonalDataRequest;
