//! The verification of certificates by the number that is printed on them, for programs and as a page.

pub mod api;
pub mod page;
pub mod view;
