//! `Idempotency-Key`: the same request of the same account is carried out once and answered the same.
//!
//! The key's row is the first write of the business transaction: a second request with the key waits for the first and
//! then finds its answer; if the first rolled back, nothing was kept and the second is carried out.

use chrono::Duration;
use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Error, Moment, Result, say, text};
use crate::db::AnyConnection;
use crate::db::schema::idempotency_keys;
use crate::http::{Answer, Request};

const KEPT_HOURS: i64 = 24;

/// A key that was claimed by this transaction and waits for its answer.
pub struct Claim {
    account: AccountId,
    path: String,
    key: String,
}

/// Claims the request's key, if it has one. `Ok(Err(answer))` is the answer of the first time.
pub fn claim(
    connection: &mut AnyConnection,
    account: AccountId,
    request: &Request,
) -> Result<std::result::Result<Option<Claim>, Answer>> {
    let Some(key) = request.idempotency_key.clone() else { return Ok(Ok(None)) };
    let mut faults = Vec::new();
    text::check(&key, "Idempotency-Key", 200, &mut faults);
    crate::base::Faults::into_result(faults)?;
    let now = Moment::real_now();
    let claim = Claim { account, path: request.path.clone(), key };
    forget_old(connection, now)?;
    if claim.insert(connection, request.body_digest(), now)? {
        return Ok(Ok(Some(claim)));
    }
    let (digest, answer): (Vec<u8>, Option<String>) =
        claim.row().select((idempotency_keys::body_digest, idempotency_keys::answer)).first(connection)?;
    match answer {
        _ if digest != request.body_digest() => Err(Error::invalid(
            "Idempotency-Key",
            "idempotency_key_reused",
            say("Khóa này đã dùng cho một nội dung khác.", "This key was already used with another body."),
        )),
        Some(answer) => Ok(Err(serde_json::from_str(&answer).map_err(Error::internal)?)),
        None => Err(Error::internal("an idempotency key was committed without its answer")),
    }
}

impl Claim {
    fn row(&self) -> idempotency_keys::BoxedQuery<'_, crate::db::types::Multi> {
        idempotency_keys::table
            .filter(idempotency_keys::account_id.eq(self.account))
            .filter(idempotency_keys::path.eq(&self.path))
            .filter(idempotency_keys::key.eq(&self.key))
            .into_boxed()
    }

    /// Whether the row is new. Waits where another transaction holds the same key.
    fn insert(&self, connection: &mut AnyConnection, digest: Vec<u8>, now: Moment) -> Result<bool> {
        let row = (
            idempotency_keys::account_id.eq(self.account),
            idempotency_keys::path.eq(&self.path),
            idempotency_keys::key.eq(&self.key),
            idempotency_keys::body_digest.eq(digest),
            idempotency_keys::created_at.eq(now),
        );
        let inserted = diesel::insert_into(idempotency_keys::table).values(row);
        let rows = match connection {
            AnyConnection::Sqlite(sqlite) => inserted.on_conflict_do_nothing().execute(sqlite)?,
            AnyConnection::Postgresql(postgresql) => inserted.on_conflict_do_nothing().execute(postgresql)?,
        };
        Ok(rows == 1)
    }

    /// Keeps the answer beside the key.
    /// As text, so that the repetition is the same to the letter.
    pub fn answered(self, connection: &mut AnyConnection, answer: &Answer) -> Result<()> {
        let kept = serde_json::to_string(answer).map_err(Error::internal)?;
        diesel::update(idempotency_keys::table.find((self.account, &self.path, &self.key)))
            .set(idempotency_keys::answer.eq(Some(kept)))
            .execute(connection)?;
        Ok(())
    }
}

fn forget_old(connection: &mut AnyConnection, now: Moment) -> Result<()> {
    diesel::delete(
        idempotency_keys::table.filter(idempotency_keys::created_at.lt(now.plus(Duration::hours(-KEPT_HOURS)))),
    )
    .execute(connection)?;
    Ok(())
}
