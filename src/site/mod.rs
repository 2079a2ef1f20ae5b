//! What the public may look up without signing in: the products that take part, certificates by their number, and the
//! shops that are open.

pub mod api;
pub mod feeds;
pub mod figures;
pub mod page;
pub mod rules;
pub mod store;
pub mod structured;
