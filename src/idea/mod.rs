//! Ideas of products (ý tưởng sản phẩm): registered by a producer, forwarded by the commune, selected by the district
//! where the edition has districts, accepted by the province.

pub mod api;
pub mod entry;
pub mod paper;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::IdeaRow;
pub use thing::Idea;
