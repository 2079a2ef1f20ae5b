//! `Idempotency-Key`: the same request of the same account is carried out once and answered the same.
//!
//! The key's row is the first write of the business transaction: a second request with the key waits for the first and
//! then finds its answer; if the first rolled back, nothing was kept and the second is carried out.

mod store;

use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::{Error, Moment, Result, label, say, text};
use crate::db::AnyConnection;
use crate::http::duties::{Duty, Rhythm};
use crate::http::request::IDEMPOTENCY_KEY;
use crate::http::{Answer, App, Request};

pub use store::{KEPT_HOURS, forget_of};

/// Bodies hold passwords, so what is kept of them is a digest under a key that the database does not have.
const PURPOSE: &str = "ocop-idempotency";
const SWEPT_EVERY: std::time::Duration = std::time::Duration::from_secs(3600);

/// A key that was claimed by this transaction and waits for its answer.
pub struct Claim {
    account: AccountId,
    path: String,
    key: String,
}

/// Claims the request's key, if it has one. `Ok(Err(answer))` is the answer of the first time.
pub fn claim(
    connection: &mut AnyConnection,
    keys: &Keyring,
    account: AccountId,
    request: &Request,
) -> Result<std::result::Result<Option<Claim>, Answer>> {
    let Some(key) = request.idempotency_key()? else { return Ok(Ok(None)) };
    let mut faults = Vec::new();
    text::check(&key, IDEMPOTENCY_KEY, 200, &mut faults);
    crate::base::Faults::into_result(faults)?;
    let now = Moment::real_now();
    let claim = Claim { account, path: request.path.clone(), key };
    let content = request.content()?;
    if claim.insert(connection, keys.digest(PURPOSE, &content)?, now)? {
        return Ok(Ok(Some(claim)));
    }
    let (digest, answer) = claim.kept(connection)?;
    match answer {
        _ if !keys.has_digested(PURPOSE, &content, &digest)? => Err(Error::invalid(
            IDEMPOTENCY_KEY,
            "idempotency_key_reused",
            say("Khóa này đã dùng cho một nội dung khác.", "This key was already used with another body."),
        )),
        Some(answer) => Ok(Err(serde_json::from_str::<Answer>(&answer).map_err(Error::internal)?.replayed())),
        None => Err(Error::internal("an idempotency key was committed without its answer")),
    }
}

const FORGETTING: Duty = Duty {
    name: "idempotency_keys",
    label: label("xóa khóa chống gửi trùng đã cũ", "forgetting of old idempotency keys"),
};

/// Forgets old keys now and then every hour, for as long as the runtime lives.
pub fn keep_swept(app: App) {
    let duties = app.duties.clone();
    duties.keep(FORGETTING, Rhythm::every(SWEPT_EVERY).at_once(), async move || {
        let forgotten = app.database.write(|connection| store::forget_old(connection, Moment::real_now())).await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "old idempotency keys were forgotten");
        }
        Ok(())
    });
}
