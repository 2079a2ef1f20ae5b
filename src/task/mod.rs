//! What waits for whom (việc của tôi): one place computes it, from the steps that each thing offers and from what ends.
//!
//! What each waits for until when is told with its rule. `rules` has the days; `year`, `council`, `ends`, `stamps`, `inspections`, `support` and `personal_data` find the things.

pub mod api;
pub mod council;
pub mod ends;
pub mod find;
pub mod gather;
pub mod handed_in;
pub mod inspections;
pub mod personal_data;
pub mod rules;
pub mod stamps;
pub mod support;
pub mod year;

pub use find::waiting;
pub use handed_in::handed_in;
pub use rules::WaitingStep;
