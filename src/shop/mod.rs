//! Points of sale (điểm bán hàng OCOP): where the province's products are sold. They are public, so everybody who signed
//! in sees them all; the district enters those of the district, the provincial office any.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::Shop;
