//! Seals what happened at fixed times, and gives each step its place, for as long as the service runs.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::audit::{seal_store, sequence_store};
use crate::base::time::Clock;
use crate::base::{Moment, Result, label};
use crate::db::AnyConnection;
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};

/// How often a step is looked for that has no place yet, and whether it is time for a seal.
const EVERY: Duration = Duration::from_secs(1);
/// Who follows the changes waits for the places of steps, so that a database that is back is noticed soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const MICROSECONDS_A_SECOND: i64 = 1_000_000;

/// When seals are made: each time that so many seconds of real time are full, the same for all instances, whether or not
/// anything happened, so that their rhythm tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealRhythm(NonZeroU32);

impl SealRhythm {
    pub fn of_seconds(seconds: NonZeroU32) -> Self {
        Self(seconds)
    }

    /// The last fixed time up to a moment of real time.
    fn last(self, now: Moment) -> i64 {
        let length = i64::from(self.0.get()) * MICROSECONDS_A_SECOND;
        now.microseconds().div_euclid(length) * length
    }
}

const SEALER: Duty = Duty { name: "sealer", label: label("niêm phong lịch sử", "sealing of the history") };

/// Seals at each fixed time until the runtime ends; what was begun then is ended first. What an attempt that failed left, the
/// next one seals.
pub fn keep_sealed(app: App, rhythm: SealRhythm) {
    let duties = app.duties.clone();
    let mut sealed = rhythm.last(Moment::real_now());
    duties.keep(SEALER, Rhythm::every(EVERY).pausing_at_most(LONGEST_PAUSE), async move || {
        let due = rhythm.last(Moment::real_now());
        if due > sealed { seal_at(&app, due).await } else { place(&app).await }?;
        sealed = due;
        Ok(())
    });
}

/// Makes the seal of a fixed time of real time, dated in business time.
async fn seal_at(app: &App, due: i64) -> Result<()> {
    let keys = app.keys.clone();
    let Some(at) = dated(app.clock, due) else { return Ok(()) };
    app.database.write(move |connection| seal_store::seal(connection, &keys, at)).await?;
    Ok(())
}

fn dated(clock: Clock, due: i64) -> Option<Moment> {
    Moment::from_microseconds(due + clock.offset_microseconds())
}

/// Nothing is written where nothing waits.
async fn place(app: &App) -> Result<()> {
    if app.database.read(sequence_store::is_due).await? {
        app.database.write(sequence_store::place_all).await?;
    }
    Ok(())
}

/// Seals all that waits, in this transaction.
pub fn seal_all(connection: &mut AnyConnection, app: &App, now: Moment) -> Result<()> {
    if seal_store::is_due(connection)? {
        seal_store::seal(connection, &app.keys, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_times_are_the_same_for_everybody_and_do_not_depend_on_a_start() {
        let rhythm = SealRhythm::of_seconds(NonZeroU32::new(60).unwrap());
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let last = |text: &str| Moment::from_microseconds(rhythm.last(moment(text))).unwrap();
        assert_eq!(last("2026-11-27T08:00:00Z"), moment("2026-11-27T08:00:00Z"));
        assert_eq!(last("2026-11-27T08:00:59.999999Z"), moment("2026-11-27T08:00:00Z"));
        assert_eq!(last("2026-11-27T08:01:00.000001Z"), moment("2026-11-27T08:01:00Z"));
    }
}
