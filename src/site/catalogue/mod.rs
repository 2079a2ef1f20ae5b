//! The catalogue: products that take part, found by words with or without diacritics and by what they are.

pub mod rules;
pub mod store;
