//! Products (sản phẩm): what lasts over the years, with its code, pictures and documents.

pub mod api;
pub mod attachment_store;
pub mod decoding;
pub mod document;
pub mod document_api;
pub mod picture;
pub mod picture_api;
pub mod reassignment;
pub mod reshaping;
pub mod rules;
pub mod shape;
pub mod size;
pub mod sizes;
pub mod steps;
pub mod store;
pub mod thing;
pub mod turn;
pub mod view;

pub use size::{Extent, Size};
pub use store::ProductRow;
pub use thing::Product;
