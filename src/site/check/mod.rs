//! `/check`: one field for what stands on a stamp, a certificate or a paper.

pub mod page;
pub mod rules;
