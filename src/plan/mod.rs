//! Business plans (phương án sản xuất kinh doanh) with their money by source and year. Who may approve one, and when, is
//! said here; what the approval writes, product and dossier, stands in `dossier::approval`.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;
pub mod thing;
pub mod view;

pub use store::PlanRow;
pub use thing::Plan;
