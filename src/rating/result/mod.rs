//! Results (kết quả đánh giá): what a council's sheets come to.

pub mod conditions;
pub mod content;
pub mod outlook;
#[cfg(test)]
mod properties;
pub mod rules;
pub mod store;

pub use rules::Outcome;
pub use store::Concluded;
