//! Criteria sets (bộ tiêu chí): what a product of a kind is scored with, as versioned data of an edition.
//!
//! `tree` is what a set is made of, `rules` what makes it sound, `marking` turns one member's choices into points, `least` tells
//! which least options lack. The files under `sets/` ship with the service (`shipped`); further sets and versions are imported by the provincial office.

pub mod api;
pub mod least;
pub mod marking;
pub mod rules;
pub mod shipped;
pub mod steps;
pub mod store;
pub mod thing;
pub mod tree;
pub mod view;

pub use least::LeastOptionsRule;
pub use marking::{Mark, Marked, RaisedGate, mark};
pub use store::SetRow;
pub use tree::{Case, Criterion, GateKind, LeastOption, Sector, Set};
