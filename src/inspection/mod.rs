//! Inspections (kiểm tra sau công nhận): by the plan of a year or without notice, a team sees whether a product keeps what it
//! was recognised for and how its mark is used; what is broken is corrected, and the conclusion may propose that the
//! certificate is taken back (26/2026/QĐ-TTg, articles 8 and 9).

pub mod api;
pub mod checklist;
pub mod file_api;
pub mod outcome;
pub mod paper;
pub mod planning;
pub mod record;
pub mod rules;
pub mod signature;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;
pub mod visit;
pub mod yearly_plan;

pub use thing::Inspection;
pub use yearly_plan::InspectionPlan;
