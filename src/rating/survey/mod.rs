//! Surveys on site (khảo sát thực tế): what the working group finds where a product is made, with its photographs, and the
//! tests that it asks for with their results (26/2026/QĐ-TTg, article 7.3 c).

pub mod api;
pub mod content;
pub mod file_api;
pub mod making;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use thing::Survey;
