//! Claims of support money (hồ sơ đề nghị hỗ trợ): handed in by producers with their papers, accepted on site, sent to the
//! province, appraised, decided, paid in parts, and taken back where that is found to be due.

pub mod api;
pub mod file_api;
pub mod making;
pub mod office;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::SupportClaim;
