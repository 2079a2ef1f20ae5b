//! Sends what is due, for as long as the service runs, away from requests.

use std::time::{Duration, Instant};

use crate::base::{Error, Result, label};
use crate::http::App;
use crate::http::duties::{Duty, Rhythm};
use crate::notice::delivery::Reach;
use crate::notice::post::PostOffice;
use crate::notice::{account_letters, reminders, summaries};

const EVERY: Duration = Duration::from_secs(30);
/// Where a letter could not be sent, nobody else's is tried for so long.
const PAUSE: Duration = Duration::from_secs(300);

const MAILER: Duty = Duty { name: "mailer", label: label("gửi thư", "mailer") };

/// Sends what is due until the runtime ends. What fails is written down with the letter.
pub fn keep_sent(app: App, office: PostOffice, hour: u8) {
    let duties = app.duties.clone();
    let mut unreachable_since: Option<Instant> = None;
    duties.keep(MAILER, Rhythm::every(EVERY).at_once(), async move || {
        let pauses = unreachable_since.is_some_and(|since| since.elapsed() < PAUSE);
        if !pauses {
            let reach = send_due(&app, &office, hour).await?;
            unreachable_since = (reach == Reach::Unreachable).then(Instant::now);
        }
        match unreachable_since {
            None => Ok(()),
            Some(_) => Err(Error::internal("the mail server cannot be reached")),
        }
    });
}

/// What was done with accounts first: somebody may act in another's name. Then reminders, for which a council waits.
async fn send_due(app: &App, office: &PostOffice, hour: u8) -> Result<Reach> {
    if account_letters::send_due(app, office).await? == Reach::Unreachable {
        return Ok(Reach::Unreachable);
    }
    match reminders::send_due(app, office).await? {
        Reach::Reached => summaries::send_due(app, office, hour).await,
        Reach::Unreachable => Ok(Reach::Unreachable),
    }
}
