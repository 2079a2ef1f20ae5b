//! The yearly cycle (chu trình OCOP): its edition of the procedure, rounds, deadlines and targets.

pub mod again;
pub mod api;
pub mod composition;
pub mod condition;
pub mod decisions;
pub mod dossiers;
pub mod edition;
pub mod known_marks;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod transition;
pub mod view;

pub use again::Again;
pub use composition::{Composition, Organisation};
pub use condition::Condition;
pub use decisions::{DecisionKind, Revocation, RevocationGround};
pub use dossiers::{DossierKind, DossierPart, SurveyRule};
pub use edition::{Edition, EditionCode};
pub use store::Cycle;
pub use transition::RatingTerm;
