//! What is read for the figures: a cycle's report for one's own territory, and those of the last years.

use std::cmp::Reverse;

use crate::account::Work;
use crate::base::id::CycleId;
use crate::base::{Day, Error, Result, text};
use crate::cycle::Cycle;
use crate::cycle::rules::State;
use crate::cycle::store::CycleFilter;
use crate::desk::figures::measure::Measure;
use crate::report::api::READERS;
use crate::report::figures::{Figures, Report};
use crate::station::Stretch;
use crate::{cycle, place, report};

/// So many years stand beside one another; each is read by a number of statements of its own.
const MOST_YEARS: usize = 8;
/// More cycles than the programme will see.
const MOST_CYCLES: i64 = 200;

/// What is asked for; the newest cycle and its usual day where nothing is named.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub cycle: Option<CycleId>,
    pub on: Option<Day>,
    pub measure: Option<Measure>,
}

impl Asked {
    pub fn measure(&self) -> Measure {
        self.measure.unwrap_or(Measure::Certified)
    }
}

/// A unit or a year, and its figures.
pub type Line = (String, Figures);

pub struct Found {
    /// Every cycle that was opened, the newest first.
    pub cycles: Vec<Cycle>,
    pub cycle: Cycle,
    pub report: Report,
    /// The units of one's territory, those with the most of the measure first.
    pub units: Vec<Line>,
    /// The last years, the oldest first.
    pub years: Vec<Line>,
}

/// 403 for who does not work with the programme's figures, 404 where there is no such cycle; none while no cycle is open.
pub fn find(work: &mut Work, asked: &Asked) -> Result<Option<Found>> {
    work.must_be(READERS)?;
    let (today, territory) = (work.now.day(), work.actor.territory());
    let mut cycles = cycle::store::list(work.connection, &CycleFilter::default(), &Stretch::first(MOST_CYCLES))?;
    cycles.retain(|cycle| cycle.state != State::Draft);
    cycles.sort_by_key(|cycle| Reverse((cycle.year, cycle.edition)));
    let chosen = match asked.cycle {
        Some(id) => Some(cycles.iter().find(|cycle| cycle.id == id).ok_or_else(Error::unknown)?),
        None => cycles.first(),
    };
    let Some(cycle) = chosen.cloned() else { return Ok(None) };
    let report = report::made(work.connection, cycle.id, asked.on, today, &territory)?;
    let places = place::store::places(work.connection)?;
    let mut units: Vec<Line> =
        report.by_unit.iter().map(|unit| (places.name(&unit.unit_code, report.on), unit.figures.clone())).collect();
    units.sort_by_cached_key(|(name, figures)| (Reverse(asked.measure().of(figures)), text::fold(name)));
    let (mut years, chosen) = (Vec::new(), cycle.id);
    for cycle in cycles.iter().take(MOST_YEARS) {
        let figures = if cycle.id == chosen && asked.on.is_none() {
            report.figures.clone()
        } else {
            report::made(work.connection, cycle.id, None, today, &territory)?.figures
        };
        years.push((format!("{} ({})", cycle.year, cycle.edition.as_ref()), figures));
    }
    years.reverse();
    Ok(Some(Found { cycles, cycle, report, units, years }))
}
