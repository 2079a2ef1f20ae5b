//! What the public may look up without signing in: the products that take part, certificates by their number, and the
//! shops that are open; for programs and as pages. And the guides.

pub mod rules;
pub mod names;
pub mod words;
pub mod store;
pub mod structured;
pub mod form;
pub mod search;
pub mod view;
pub mod app_links;
pub mod catalogue;
pub mod shops;
pub mod certificates;
pub mod figures;
pub mod check;
pub mod home;
pub mod guides;
pub mod problems;
pub mod feeds;
