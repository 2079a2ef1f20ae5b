//! The second example: the communes and wards of 2025 in the year 2026, under the act in force then, with something at every
//! stage; and products that were certified under the acts of 2023 and 2025.

mod cast;
mod earlier;
mod group;
mod outcome;
mod products;
mod year;

use crate::base::{Moment, Result};
use crate::cycle::RevocationGround;
use crate::demo::inspections::{self, Subjects, Team};
use crate::demo::stage::{Stage, day};
use crate::demo::stamps::{self, Sample, Shelf};

/// Business time at which it begins to live.
pub const BEGINS: &str = "2026-09-15T08:00:00+07:00";

/// How many acts the progress bar counts.
pub fn acts() -> u64 {
    u64::try_from(earlier::ENTERED + year::ENTERED).unwrap_or(u64::MAX)
}

/// Plays the years up to `now`, and makes the sample stamps.
pub fn fill(stage: &mut Stage, now: Moment) -> Result<Vec<Sample>> {
    let mut cast = cast::engage(stage)?;
    let of_2023 = earlier::of_2023(stage, &cast)?;
    cast::reform(stage, &mut cast)?;
    let of_2025 = earlier::of_2025(stage, &cast)?;
    let of_2026 = year::of_2026(stage, &cast, (&of_2023, &of_2025))?;
    let subjects = Subjects {
        passed: of_2025.good.entrant.goods(),
        replied: of_2025.raised.entrant.goods(),
        overdue: of_2023.kept.entrant.goods(),
        planned: of_2023.transitional.entrant.goods(),
        failed: Some((of_2025.demanded.entrant.goods(), RevocationGround::MarkMisused)),
    };
    let team = Team { office: &cast.office, inspector: &cast.inspector, from: day("2026-09-01")? };
    inspections::played(stage, &team, subjects)?;
    let shelf = Shelf {
        good: of_2025.good.entrant.goods(),
        recalled: of_2025.recalled.entrant.goods(),
        held: of_2025.held.entrant.goods(),
        revoked: of_2025.revoked.entrant.goods(),
        warned: vec![("not_rated", of_2026.unrated.goods()), ("certificate_extended", of_2023.kept.entrant.goods())],
    };
    let staff = (&cast.office, &cast.inspector);
    stamps::samples(stage, staff, shelf, (day("2026-08-28")?, now), |stage| {
        year::revoked(stage, &cast, &of_2025.revoked)
    })
}
