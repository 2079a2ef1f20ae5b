//! What the public may look up without signing in: the products that take part, certificates by their number, and the
//! shops that are open; and the guides.

pub mod api;
pub mod guides;
pub mod page;
pub mod rules;
pub mod store;
