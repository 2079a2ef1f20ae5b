//! Letters about what was done with accounts: to whose account it is, and to every other administrator.

use chrono::Duration;

use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;
use crate::http::{App, Language};
use crate::notice::account_letter_store::{self as store, Begun, Due};
use crate::notice::delivery::{Reach, deliver};
use crate::notice::letter;
use crate::notice::post::PostOffice;
use crate::notice::rules::State;
use crate::people::notices;

/// What was done longer ago is told on the desk only.
const FRESH_HOURS: i64 = 24;

/// Sends what is due.
pub async fn send_due(app: &App, office: &PostOffice) -> Result<Reach> {
    loop {
        let now = app.clock.now();
        let batch = app.database.read(move |connection| due(connection, now)).await?;
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

/// The letters that were not begun, or are to be tried again by now. Who did it is not told what they did, but of their own
/// account.
fn due(connection: &mut AnyConnection, now: Moment) -> Result<Vec<Due>> {
    let steps = notices::to_be_mailed(connection, now.plus(-Duration::hours(FRESH_HOURS)))?;
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let accounts: Vec<_> = steps.iter().map(|mailed| mailed.step.account).collect();
    let recipients = store::recipients(connection, &accounts)?;
    let begun = store::begun(connection, &accounts)?;
    let mut due = Vec::new();
    for mailed in &steps {
        for recipient in &recipients {
            let (is_own, has_done) =
                (recipient.account == mailed.step.account, mailed.step.by == Some(recipient.account));
            let is_told = if mailed.is_owners { is_own } else { (is_own || recipient.is_administrator) && !has_done };
            if !is_told {
                continue;
            }
            let attempts = match begun.get(&(mailed.step.account, mailed.step.version, recipient.account)) {
                None => 0,
                Some(Begun { state: State::Waiting, next_at: Some(at), attempts }) if *at <= now => *attempts,
                Some(_) => continue,
            };
            due.push(Due { step: mailed.clone(), recipient: recipient.clone(), attempts });
        }
    }
    Ok(due)
}

/// Sends one letter, unless another instance does.
async fn send(app: &App, office: &PostOffice, due: Due) -> Result<Reach> {
    let key = (due.step.step.account, due.step.step.version, due.recipient.account);
    let (to, attempts, now) = (due.recipient.email.clone(), due.attempts, app.clock.now());
    let language = due.recipient.language.unwrap_or(Language::Vietnamese);
    let letter = letter::of_account(&due, language, &app.public_url);
    let begun = app.database.write(move |connection| store::begin(connection, key, attempts, now));
    if !begun.await? {
        return Ok(Reach::Reached);
    }
    let (outcome, reach) = deliver(app, office, (&to, letter), attempts.saturating_add(1)).await?;
    let now = app.clock.now();
    app.database.write(move |connection| store::settle(connection, key, outcome, now)).await?;
    Ok::<_, Error>(reach)
}
