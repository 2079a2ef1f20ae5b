//! Business plans (phương án sản xuất kinh doanh) with their money by source and year. Their approval, which makes the
//! product and opens its dossier, stands in `dossier::approval`.

pub mod api;
pub mod rules;
pub mod steps;
pub mod store;

pub use store::Plan;
