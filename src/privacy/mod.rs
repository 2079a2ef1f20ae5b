//! Data of persons by law 91/2025/QH15: which are kept, why, for how long.

pub mod impersonal;
pub mod page;
pub mod record;

pub use record::{Kept, RECORD, Term};
