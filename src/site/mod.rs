//! What the public may look up without signing in: the products that take part, certificates by their number, and the
//! shops that are open; for programs and as pages. And the guides.

pub mod api;
pub mod catalogue;
pub mod check;
pub mod feeds;
pub mod figures;
pub mod form;
pub mod guides;
pub mod home;
pub mod names;
pub mod page;
pub mod rules;
pub mod shops;
pub mod store;
pub mod structured;
