//! Makes the report of a cycle for a territory.

use crate::account::Territory;
use crate::base::id::CycleId;
use crate::base::{Day, Error, Level, Result, UnitCode};
use crate::db::AnyConnection;
use crate::report::figures::Report;
use crate::report::{rules, store, years};
use crate::{cycle, place};

/// The figures of a cycle as of `on` (default: the end of its year once past, else today), for a territory; 404 where there is
/// no such cycle.
pub fn made(
    connection: &mut AnyConnection,
    id: CycleId,
    on: Option<Day>,
    today: Day,
    territory: &Territory,
) -> Result<Report> {
    let cycle = cycle::store::find(connection, id)?.ok_or_else(Error::unknown)?;
    let year_ends = Day::end_of(cycle.year).unwrap_or(today);
    let on = on.unwrap_or_else(|| years::usual_day(cycle.year, today));
    let facts = store::facts(connection, (id, cycle.year), on, territory)?;
    let rounds: Vec<i32> = cycle.rounds.0.iter().map(|round| round.number).collect();
    let units = units(connection, year_ends, territory)?;
    rules::report(facts, &cycle.edition.edition()?, cycle.year, on, &rounds, &units)
}

/// The districts of the territory on a day; none for a commune.
fn units(connection: &mut AnyConnection, on: Day, territory: &Territory) -> Result<Vec<UnitCode>> {
    match territory {
        Territory::Province => {
            let filter = place::store::UnitFilter { level: Some(Level::District), limit: 1000, ..Default::default() };
            Ok(place::store::list(connection, on, &filter)?.into_iter().map(|unit| unit.code).collect())
        }
        Territory::District(code) => Ok(vec![code.clone()]),
        Territory::Commune(_) | Territory::Producer(_) | Territory::Nothing => Ok(Vec::new()),
    }
}
