//! Places: province, districts and communes (tỉnh, huyện, xã) by official code and the days for which a code has its
//! meaning. Names were re-used with a new meaning, so nothing is ever keyed by a name.

pub mod api;
pub mod names;
pub mod rules;
pub mod store;
pub mod succession;

pub use names::Places;
pub use rules::{Place, Unit};
