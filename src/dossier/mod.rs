//! Dossiers (hồ sơ sản phẩm): a product in a cycle, with its documents, self-scoring, responsible officer and visits.
//!
//! What is handed in is frozen as it was (`content`, `submission`). Under an edition with the commune's step the commune
//! reports on it (form 03) and sends it on before a council may take it up (`commune_steps`). What a newer act leaves of
//! dossiers of before it stands in `term`, how one ends without a result in `ending_steps`.

pub mod api;
pub mod approval;
pub mod commune_steps;
pub mod commune_store;
pub mod content;
pub mod ending_steps;
pub mod papers;
pub mod rules;
pub mod sample_steps;
pub mod sample_store;
pub mod set;
pub mod statements;
pub mod steps;
pub mod store;
pub mod submission;
pub mod submission_store;
pub mod term;
pub mod thing;
pub mod turn_steps;
pub mod view;

pub use store::DossierRow;
pub use thing::Dossier;
