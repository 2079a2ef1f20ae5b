//! Dossiers (hồ sơ sản phẩm): a product in a cycle, with its documents, self-scoring, responsible officer and visits.

pub mod api;
pub mod approval;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::DossierRow;
pub use thing::Dossier;
