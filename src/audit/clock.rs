//! Whether this instance's clock can be believed, by which steps and seals are dated: it is held against the database's, which all
//! instances share, and against the newest seal, which no clock may be behind.

use std::time::Duration;

use crate::audit::{clock_store, seal_store};
use crate::base::{Error, Moment, Result, label};
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};

const CLOCK: Duty = Duty { name: "clock", label: label("đồng hồ máy chủ", "clock of this machine") };

const EVERY: Duration = Duration::from_secs(60);
/// It is looked at anew soon, so that who sets it right sees that.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Clocks that are kept by the network differ by less, also where the question to the database took a while.
const MOST_APART: Duration = Duration::from_secs(2);

/// Looks at the clock until the runtime ends. One that is wrong is told as a duty that fails, and stops nothing: who works goes
/// on, and steps keep their order by their numbers.
pub fn keep_held_against_others(app: App) {
    let duties = app.duties.clone();
    duties.keep(CLOCK, Rhythm::every(EVERY).at_once().pausing_at_most(LONGEST_PAUSE), async move || {
        must_be_right(&app).await
    });
}

async fn must_be_right(app: &App) -> Result<()> {
    let clock = app.clock;
    let found = app.database.read(move |connection| {
        let before = Moment::real_now();
        let database = clock_store::real_time(connection)?;
        let asked = (before, Moment::real_now());
        Ok::<_, Error>((asked, database, seal_store::latest(connection)?, clock.now()))
    });
    let (asked, database, seal, now) = found.await?;
    if let Some(database) = database {
        must_be_near(asked, database)?;
    }
    must_follow(seal.map(|seal| seal.at), now)
}

/// What was asked between two moments of this clock was answered with one of the database's.
fn must_be_near((before, after): (Moment, Moment), database: Moment) -> Result<()> {
    let (ahead, behind) =
        (before.microseconds() - database.microseconds(), database.microseconds() - after.microseconds());
    let (apart, side) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
    if i128::from(apart) <= i128::try_from(MOST_APART.as_micros()).map_err(Error::internal)? {
        return Ok(());
    }
    let milliseconds = apart / 1000;
    Err(Error::internal(format!(
        "this machine's clock is {milliseconds} ms {side} the database's: set both by the network's time"
    )))
}

/// No seal is dated before the one before it, so that none is made until this clock has come there.
fn must_follow(seal: Option<Moment>, now: Moment) -> Result<()> {
    match seal {
        Some(seal) if seal > now.plus(chrono::Duration::from_std(MOST_APART).map_err(Error::internal)?) => {
            let seconds = (seal.microseconds() - now.microseconds()) / 1_000_000;
            Err(Error::internal(format!(
                "the newest seal is of {seconds} s later than this machine's clock: until then nothing is sealed; set the clock right"
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Moment {
        Moment::from_microseconds(1_795_000_000_000_000 + milliseconds * 1000).unwrap()
    }

    #[test]
    fn clocks_may_be_two_seconds_apart_however_long_the_question_took() {
        for database in [-2000, 0, 1500, 5000, 7000] {
            assert!(must_be_near((at(0), at(5000)), at(database)).is_ok(), "{database}");
        }
        let told = |database| must_be_near((at(0), at(5000)), at(database)).unwrap_err().to_string();
        assert!(told(-2001).contains("2001 ms ahead of"), "{}", told(-2001));
        assert!(told(7250).contains("2250 ms behind"), "{}", told(7250));
    }

    #[test]
    fn no_seal_is_of_later_than_now() {
        assert!(must_follow(None, at(0)).is_ok());
        assert!(must_follow(Some(at(2000)), at(0)).is_ok());
        assert!(must_follow(Some(at(3_600_000)), at(0)).unwrap_err().to_string().contains("3600 s later"));
    }
}
