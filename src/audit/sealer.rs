//! Seals what happened, each second, for as long as the service runs.

use std::time::Duration;

use crate::audit::seal_store;
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::http::App;

const EVERY: Duration = Duration::from_secs(1);

/// Seals each second until the runtime ends; what was begun then is ended first. An attempt that failed is logged, and the
/// next one seals what it left.
pub fn keep_sealed(app: App) {
    actix_web::rt::spawn(async move {
        loop {
            match seal_once(&app).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the history could not be sealed"),
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Seals one batch, if anything waits; whether something was sealed. Nothing is written where nothing waits.
async fn seal_once(app: &App) -> Result<bool> {
    if !app.database.read(seal_store::is_due).await? {
        return Ok(false);
    }
    let (keys, now) = (app.keys.clone(), app.clock.now());
    let sealed = app.database.write(move |connection| seal_store::seal(connection, &keys, now)).await?;
    Ok(sealed.is_some())
}

/// Seals all that waits, in this transaction.
pub fn seal_all(connection: &mut AnyConnection, app: &App, now: Moment) -> Result<()> {
    while seal_store::seal(connection, &app.keys, now)?.is_some() {}
    Ok(())
}
