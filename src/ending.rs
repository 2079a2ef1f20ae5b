//! How a served process ends: asked by SIGTERM it first says that it takes no more requests, then ends those that it has.

use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::base::{Error, Result};
use crate::health::Readiness;

/// Heeds the system's signals for as long as the runtime lives. Whoever closes the terminal (SIGHUP) ends nothing; Ctrl-C does at
/// once.
pub fn heed_signals(server: ServerHandle, readiness: Readiness, drain: Duration) -> Result<()> {
    let heed = |kind| signal(kind).map_err(|error| Error::internal(format!("cannot heed signals: {error}")));
    let (mut terminate, mut interrupt) = (heed(SignalKind::terminate())?, heed(SignalKind::interrupt())?);
    let mut hangup = heed(SignalKind::hangup())?;
    rt::spawn(async move { while hangup.recv().await.is_some() {} });
    rt::spawn(async move {
        let is_graceful = tokio::select! {
            _ = terminate.recv() => drained(&readiness, drain, &mut interrupt).await,
            _ = interrupt.recv() => false,
        };
        server.stop(is_graceful).await;
    });
    Ok(())
}

/// Waits until nobody is sent here any more; false where somebody will not wait for it.
async fn drained(readiness: &Readiness, drain: Duration, interrupt: &mut Signal) -> bool {
    readiness.leave();
    tracing::info!(seconds = drain.as_secs(), "no more requests are taken soon");
    tokio::select! {
        () = tokio::time::sleep(drain) => true,
        _ = interrupt.recv() => false,
    }
}
