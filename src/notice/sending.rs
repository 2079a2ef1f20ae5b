//! Sends what is due, for as long as the service runs, away from requests.

use std::time::Duration;

use crate::base::Result;
use crate::http::App;
use crate::notice::delivery::Reach;
use crate::notice::post::PostOffice;
use crate::notice::{account_letters, reminders, summaries};

const EVERY: Duration = Duration::from_secs(30);
/// Where the server cannot be reached, nobody else's letter is tried for so long.
const PAUSE: Duration = Duration::from_secs(300);

/// Sends what is due until the runtime ends. What fails is logged, and written down with the letter.
pub fn keep_sent(app: App, office: PostOffice, hour: u8) {
    actix_web::rt::spawn(async move {
        loop {
            let pause = match send_due(&app, &office, hour).await {
                Ok(Reach::Reached) => EVERY,
                Ok(Reach::Unreachable) => {
                    tracing::warn!("the mail server cannot be reached");
                    PAUSE
                }
                Err(error) => {
                    tracing::error!(%error, "letters could not be sent");
                    EVERY
                }
            };
            tokio::time::sleep(pause).await;
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
