//! What waits for whom (việc của tôi): one place computes it, from the steps that each thing offers.

pub mod api;
pub mod find;
pub mod rules;

pub use find::waiting;
pub use rules::WaitingStep;
