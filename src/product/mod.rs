//! Products (sản phẩm): what lasts over the years, with its code, pictures and documents.

pub mod api;
pub mod attachment_store;
pub mod decoding;
pub mod document;
pub mod picture;
pub mod reassignment;
pub mod rules;
pub mod shape;
pub mod size;
pub mod steps;
pub mod store;
pub mod turn;

pub use size::{Extent, Size};
pub use store::Product;
