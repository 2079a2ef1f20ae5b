//! `/desk/figures`: what a cycle came to in one's own territory, its units beside one another, and the years beside one another.
//!
//! They are the figures of `report`. What councils score and send up is left out, as on a cycle's page: while a session runs it would
//! tell of results before they stand.

pub mod api;
pub mod measure;
pub mod page;
pub mod read;
