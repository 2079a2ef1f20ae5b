//! Rating (đánh giá, phân hạng): councils, the products on their agendas, each member's own sheet, and what a council
//! concludes from the sheets.
//!
//! `council` says who sits, `agenda` leads a product through a session, `sheet` is where a member scores alone, `result`
//! counts, `appeal` is the producer's answer to it, `papers` prints. Before the conclusion nobody sees another's marks: only
//! `sheet::store` reads them, for their owner and for the count.

pub mod agenda;
pub mod appeal;
pub mod council;
pub mod export;
pub mod papers;
pub mod result;
pub mod sheet;

pub use agenda::{admit, send_up};
pub use result::rules;
pub use result::store::concluded;
