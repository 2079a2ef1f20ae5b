//! How a registration is handed in by somebody without an account, by a program or through the page.

use crate::account::password;
use crate::base::Result;
use crate::base::id::RegistrationId;
use crate::http::App;
use crate::producer::registration::receipt::ReceiptCode;
use crate::producer::registration::steps::{self, Applicant};
use crate::producer::registration::store;

/// A registration that was handed in.
pub struct HandedIn {
    pub id: RegistrationId,
    /// Its receipt was there already, so nothing was taken in now.
    pub is_repeated: bool,
}

/// Takes a registration in under its receipt. What has that receipt already is not taken in again.
pub async fn hand_in(app: &App, applicant: Applicant, code: ReceiptCode) -> Result<HandedIn> {
    let (asked, now, digest) = (applicant.clone(), app.clock.now(), code.digest());
    // The cheap questions come before the costly hash, and again in the transaction that writes.
    let known = app.database.read(move |connection| {
        if let Some(row) = store::of_receipt(connection, &digest)? {
            return Ok(Some(row.id));
        }
        asked.settle(connection, now).map(|_| None)
    });
    if let Some(id) = known.await? {
        return Ok(HandedIn { id, is_repeated: true });
    }
    let password_hash = password::hashed(&app.password_turns, applicant.account.password.clone()).await?;
    let now = app.clock.now();
    let id =
        app.database.write(move |connection| steps::register(connection, applicant, password_hash, &code, now)).await?;
    Ok(HandedIn { id, is_repeated: false })
}
