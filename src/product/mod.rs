//! Products (sản phẩm): what lasts over the years, with its code, pictures and documents.

pub mod rules;
pub mod store;

pub use store::Product;
