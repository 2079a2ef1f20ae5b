//! Criteria sets (bộ tiêu chí): what a product of a kind is scored with, as versioned data of an edition.
//!
//! `tree` is what a set is made of, `rules` what makes it sound, `marking` turns one member's choices into points, `least` tells
//! which least options lack, `reading` takes a set in with all that is wrong with it, `comparison` holds two versions side by side.
//! The files under `sets/` ship with the service (`shipped`); further sets and versions are imported by the provincial office.

pub mod api;
pub mod comparison;
pub mod least;
pub mod marking;
pub mod reading;
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
