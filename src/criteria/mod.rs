//! Criteria sets (bộ tiêu chí): what a product of a kind is scored with, as versioned data of an edition.
//!
//! `rules` is the tree and what makes it sound, `marking` turns one member's choices into points. The files under `sets/`
//! ship with the service; further sets and versions are imported by the provincial office.

pub mod api;
pub mod marking;
pub mod rules;
pub mod store;

pub use marking::{Mark, Marked, RaisedGate, mark};
pub use rules::{Case, Criterion, GateKind, Set};
