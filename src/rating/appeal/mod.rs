//! Appeals (khiếu nại kết quả): a producer's one answer to a council's result, decided by the unit that set the council
//! up, not by who presided.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use rules::State;
pub use store::AppealRow;
pub use thing::Appeal;
