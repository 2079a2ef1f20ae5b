//! What shoppers said of how to reach them is forgotten by itself once nobody needs it.

use std::time::Duration;

use crate::http::App;
use crate::stamp::doubts::store;

const EVERY: Duration = Duration::from_secs(3600);

/// Forgets contacts now and then every hour, for as long as the runtime lives. The service's clock counts.
pub fn keep_forgetting(app: App) {
    actix_web::rt::spawn(async move {
        loop {
            let now = app.clock.now();
            match app.database.write(move |connection| store::forget_contacts(connection, now)).await {
                Ok(0) => {}
                Ok(forgotten) => tracing::info!(forgotten, "contacts of closed doubts were forgotten"),
                Err(error) => tracing::error!(%error, "contacts of closed doubts could not be forgotten"),
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}
