//! Scoring (chấm điểm): each member alone with the own sheet, and what is left to score.

pub mod api;
pub mod mine;
pub mod session;
pub mod steps;
pub mod thing;
pub mod view;

pub use thing::OwnSheet;
