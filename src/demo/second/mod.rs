//! The second example.
use crate::base::{Moment, Result};
use crate::demo::stage::Stage;
use crate::demo::stamps::Sample;

/// Business time at which it begins to live.
pub const BEGINS: &str = "2026-09-15T08:00:00+07:00";

pub fn acts() -> u64 {
    1
}

pub fn fill(_: &mut Stage, _: Moment) -> Result<Vec<Sample>> {
    Ok(Vec::new())
}
