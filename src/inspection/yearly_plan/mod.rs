//! Plans of inspections (kế hoạch kiểm tra năm): drafted by the provincial office for a year, adopted under a number. Who acts
//! for the whole province reads them; the periodic inspections of the year name one.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::InspectionPlan;
