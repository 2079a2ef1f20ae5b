//! Letters to members of councils whose sheets are waited for.

use chrono::Duration;

use crate::base::{Error, Result};
use crate::http::{App, Language};
use crate::notice::delivery::{Reach, deliver};
use crate::notice::letter;
use crate::notice::post::PostOffice;
use crate::notice::reminder_store::{self as store, Due};
use crate::notice::rules::State;
use crate::rating::sheet;

/// What was said longer ago is said no more by mail.
const FRESH_HOURS: i64 = 24;

/// Sends what is due.
pub async fn send_due(app: &App, office: &PostOffice) -> Result<Reach> {
    loop {
        let now = app.clock.now();
        let after = now.plus(-Duration::hours(FRESH_HOURS));
        let batch = app.database.read(move |connection| store::due(connection, after, now)).await?;
        if batch.is_empty() {
            return Ok(Reach::Reached);
        }
        for due in batch {
            if send(app, office, due).await? == Reach::Unreachable {
                return Ok(Reach::Unreachable);
            }
        }
    }
}

/// Sends one letter, unless another instance does or the sheet has come in meanwhile.
async fn send(app: &App, office: &PostOffice, due: Due) -> Result<Reach> {
    let (id, to, attempt) = (due.id, due.email.clone(), due.attempts.saturating_add(1));
    let language = due.language.unwrap_or(Language::Vietnamese);
    let letter = letter::reminder(&due, language, &app.public_url);
    let now = app.clock.now();
    let begun = app.database.write(move |connection| {
        let reminded = due.reminded;
        let submitters = sheet::store::submitters(connection, reminded.item, reminded.attempt)?;
        let state = if submitters.contains(&reminded.account) { State::Empty } else { State::Sending };
        let begun = store::begin(connection, &due, state, now)?;
        Ok::<_, Error>(begun && state == State::Sending)
    });
    if !begun.await? {
        return Ok(Reach::Reached);
    }
    let (outcome, reach) = deliver(app, office, (&to, letter), attempt).await?;
    let now = app.clock.now();
    app.database.write(move |connection| store::settle(connection, id, outcome, now)).await?;
    Ok(reach)
}
