//! The catalogue: products that take part, found by words with or without diacritics and by what they are; and the page
//! of each.

pub mod api;
pub mod card;
pub mod list;
pub mod lot;
pub mod product;
pub mod store;
