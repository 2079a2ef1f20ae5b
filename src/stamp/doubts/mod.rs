//! Doubts (phản ánh): what shoppers found wrong with a stamp, for the office and the inspectors. They never change a
//! verdict: whoever can write a text can write fifty.

pub mod api;
pub mod page;
pub mod receipt;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::Doubt;
