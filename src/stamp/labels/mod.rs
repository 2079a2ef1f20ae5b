//! Labels (tem in): what stands on one, where, and the sheets and pictures that a printer takes.

pub mod api;
pub mod drawing;
pub mod pdf;
mod picture;
pub mod sheet;
