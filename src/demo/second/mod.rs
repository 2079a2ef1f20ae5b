//! The second example: the communes and wards of 2025 in the year 2026, under the act in force then, with something at every
//! stage; and products that were certified under the acts of 2023 and 2025.

mod cast;
mod earlier;
mod group;
mod outcome;
mod products;
mod year;

use crate::base::{Error, Moment, Result};
use crate::cycle::RevocationGround;
use crate::demo::inspections::{self, Subjects, Team};
use crate::demo::second::cast::Cast;
use crate::demo::second::earlier::{Certified, Of2025};
use crate::demo::stage::{Stage, day};
use crate::demo::stamps::{self, Sample, Shelf};
use crate::demo::support::{self, Claimant, Claims, Office, Rewarded};

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
    supported(stage, &cast, &of_2025)?;
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

/// Claims of 2026, accepted by communes, and a reward of 2025 of which a part is paid.
fn supported(stage: &mut Stage, cast: &Cast, of_2025: &Of2025) -> Result<()> {
    let claims = Claims {
        paid: claimant(cast, &of_2025.good)?,
        taken_back: claimant(cast, &of_2025.revoked)?,
        decided: claimant(cast, &of_2025.raised)?,
        sent: (claimant(cast, &of_2025.recalled)?, 12),
        returned: claimant(cast, &of_2025.held)?,
        handed_in: claimant(cast, &of_2025.demanded)?,
    };
    let office = |from: &str| -> Result<Office> {
        Ok(Office { office: &cast.office, signatory: &cast.signatory, from: day(from)? })
    };
    support::claimed(stage, &office("2026-07-20")?, claims)?;
    support::rewarded(stage, &office("2026-03-02")?, of_2025.good.certificate, "91/QĐ-UBND", Rewarded::Decided)
}

fn claimant<'a>(cast: &'a Cast, of: &'a Certified) -> Result<Claimant<'a>> {
    let officer = cast.communes.get(&of.entrant.producer.commune);
    let accepts = officer.ok_or_else(|| Error::internal("a producer's commune has no officer"))?;
    Ok(Claimant { goods: of.entrant.goods(), accepts })
}
