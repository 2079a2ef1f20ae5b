//! Sheets (phiếu đánh giá) as they are kept: what a member marked, how it counts, and what it commits to.

pub mod commitment;
pub mod rules;
pub mod store;

pub use rules::Vote;
pub use store::Sheet;
