//! The summaries of a working day.

use chrono::Duration;

use crate::account::{self, Work};
use crate::base::calendar::Holidays;
use crate::base::{Day, Error, Result};
use crate::http::{App, Language};
use crate::notice::delivery::{Reach, deliver};
use crate::notice::letter::letter;
use crate::notice::post::{Letter, PostOffice};
use crate::notice::rules::{self, LEFT_BEHIND_MINUTES, State};
use crate::notice::store::{self, Addressee};
use crate::task;

/// Sends what is due.
pub async fn send_due(app: &App, office: &PostOffice, hour: u8) -> Result<Reach> {
    give_up_left_behind(app).await?;
    let Some(day) = rules::due_day(app.clock.now(), hour, Holidays::official()?) else { return Ok(Reach::Reached) };
    loop {
        let now = app.clock.now();
        let batch = app.database.read(move |connection| store::addressees(connection, day, now)).await?;
        if batch.is_empty() {
            return Ok(Reach::Reached);
        }
        for addressee in batch {
            if send(app, office, addressee, day).await? == Reach::Unreachable {
                return Ok(Reach::Unreachable);
            }
        }
    }
}

/// What was begun and never ended, by a program that ended, is not sent again.
async fn give_up_left_behind(app: &App) -> Result<()> {
    let now = app.clock.now();
    let before = now.plus(-Duration::minutes(LEFT_BEHIND_MINUTES));
    if app.database.read(move |connection| store::count_left_behind(connection, before)).await? == 0 {
        return Ok(());
    }
    app.database.write(move |connection| store::give_up(connection, before, now)).await?;
    Ok(())
}

/// Sends one account's summary, unless another instance does.
async fn send(app: &App, office: &PostOffice, addressee: Addressee, day: Day) -> Result<Reach> {
    let (tasks, written) = written(app, &addressee, day).await?;
    let (account, to, attempt) = (addressee.account, addressee.email.clone(), addressee.attempts.saturating_add(1));
    let state = if tasks == 0 { State::Empty } else { State::Sending };
    let now = app.clock.now();
    let begin = move |connection: &mut _| store::begin(connection, &addressee, day, (state, tasks), now);
    if !app.database.write(begin).await? || state == State::Empty {
        return Ok(Reach::Reached);
    }
    let (outcome, reach) = deliver(app, office, (&to, written), attempt).await?;
    let now = app.clock.now();
    app.database.write(move |connection| store::settle(connection, account, day, outcome, now)).await?;
    Ok(reach)
}

/// How much waits for an account, and the letter that tells so.
async fn written(app: &App, addressee: &Addressee, day: Day) -> Result<(i32, Letter)> {
    let (account, language) = (addressee.account, addressee.language.unwrap_or(Language::Vietnamese));
    let (working, url) = (app.clone(), app.public_url.clone());
    app.database
        .read(move |connection| {
            // Who ended meanwhile has nothing to do.
            let Some(actor) = account::store::actor(connection, account)? else {
                return Ok((0, letter(account, day, &[], language, &url)));
            };
            let now = working.clock.now();
            let mut work = Work::assume(connection, working, actor, now);
            work.language = language;
            let tasks = task::waiting(&mut work)?;
            let count = i32::try_from(tasks.len()).map_err(Error::internal)?;
            Ok((count, letter(account, day, &rules::lines(&tasks), language, &url)))
        })
        .await
}
