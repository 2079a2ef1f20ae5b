//! The history (lịch sử) of every resource: who changed what, when, from which state to which; chained and sealed, so that
//! it can be held against whoever changes it afterwards.

pub mod api;
pub mod chain;
pub mod check;
mod clock;
mod clock_store;
pub mod head;
pub mod public;
pub mod refold_store;
pub mod resource;
pub mod row_store;
pub mod seal;
pub mod seal_store;
pub mod sealer;
pub mod sequence_store;
pub mod step_name;
pub mod store;

pub use api::{History, page};
pub use clock::keep_held_against_others;
pub use head::Head;
pub use resource::Resource;
pub use seal::Seal;
pub use sealer::{SealRhythm, keep_sealed, seal_all};
pub use step_name::{ADOPT, CREATE, StepName};
pub use store::{PastStep, StepTaken, record, record_all, record_with};
