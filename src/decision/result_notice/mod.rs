//! Written notices of results (thông báo kết quả): what the office writes to commune and producer of what a council concluded
//! (26/2026/QĐ-TTg, article 7.3 g).

pub mod api;
pub mod paper;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::ResultNotice;
