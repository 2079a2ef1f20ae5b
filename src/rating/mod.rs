//! Rating (đánh giá, phân hạng): councils, the products on their agendas, each member's own sheet, and what a council
//! concludes from the sheets.
//!
//! In this order, each using only those before it: `item` is a dossier's place on an agenda as it is kept; `council` says who
//! sits; `sheet` is what a member marked, and how it counts; `result` is what the count comes to; `appeal` the producer's
//! answer to it; `reminder` whom who leads reminded. `agenda` leads a product through a session, `survey` and `group_report` are what the working
//! group makes ready for it, `scoring` is where a member scores alone, `disclosure` tells
//! what came out, `papers` prints. Before the conclusion nobody sees another's marks: only `sheet::store` reads them, for
//! their owner and for the count.

pub mod item;
pub mod council;
pub mod sheet;
pub mod result;
pub mod appeal;
pub mod reminder;
pub mod agenda;
pub mod survey;
pub mod group_report;
pub mod scoring;
pub mod disclosure;
pub mod papers;

pub use agenda::Session;
pub use appeal::Appeal;
pub use council::Council;
pub use group_report::GroupReport;
pub use result::rules;
pub use result::store::concluded;
pub use scoring::OwnSheet;
pub use survey::Survey;
