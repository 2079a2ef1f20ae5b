//! The first example: 2019 and 2020, whose reports show the province's own figures, and an open year 2021 with something at
//! every stage.

mod cast;
mod figures;
mod products;
mod sessions;
mod showcase;
mod year;

use crate::base::{Moment, Result};
use crate::demo::stage::Stage;
use crate::demo::stamps::Sample;

pub use year::acts;

/// Business time at which it begins to live.
pub const BEGINS: &str = "2021-02-22T08:00:00+07:00";

/// Plays the years up to `now`, and makes the sample stamps.
pub fn fill(stage: &mut Stage, now: Moment) -> Result<Vec<Sample>> {
    let cast = cast::engage(stage)?;
    let y2019 = year::of_2019(stage, &cast)?;
    let y2020 = year::of_2020(stage, &cast)?;
    showcase::of_2021(stage, &cast, now, &y2019, &y2020)
}
