//! The points of sale that are open today, for programs and as a page.

pub mod api;
pub mod page;
