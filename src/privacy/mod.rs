//! Data of persons by law 91/2025/QH15: which are kept, why, for how long, and what people agree to when they give them.

pub mod api;
pub mod attribution;
pub mod consent;
pub mod impersonal;
pub mod page;
pub mod record;

pub use consent::{Consent, ConsentGiven, ConsentKind};
pub use record::{Kept, RECORD, Term};
