//! Results (kết quả đánh giá): what a council's sheets come to, and the sheets themselves once they may be shown.

pub mod api;
pub mod conditions;
pub mod content;
pub mod feedback;
#[cfg(test)]
mod properties;
pub mod rules;
pub mod store;

pub use rules::Outcome;
pub use store::Concluded;
