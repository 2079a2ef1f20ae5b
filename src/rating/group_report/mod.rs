//! The working group's report to its council (báo cáo đánh giá của Tổ tư vấn; 26/2026/QĐ-TTg, article 7.3 c): one for an item,
//! drafted and then finished, from when on it shows what it showed then.

pub mod api;
pub mod content;
pub mod gather;
pub mod making;
pub mod paper;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;
pub mod vouching;

pub use thing::GroupReport;
