//! `Idempotency-Key`: the same request of the same account is carried out once and answered the same.
//!
//! The key's row is the first write of the business transaction: a second request with the key waits for the first and
//! then finds its answer; if the first rolled back, nothing was kept and the second is carried out.

use chrono::Duration;
use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::{Error, Moment, Result, say, text};
use crate::db::AnyConnection;
use crate::db::schema::idempotency_keys;
use crate::http::request::IDEMPOTENCY_KEY;
use crate::http::{Answer, House, Request};

const KEPT_HOURS: i64 = 24;
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
    let (digest, answer): (Vec<u8>, Option<String>) =
        claim.row().select((idempotency_keys::body_digest, idempotency_keys::answer)).first(connection)?;
    match answer {
        _ if !keys.has_digested(PURPOSE, &content, &digest)? => Err(Error::invalid(
            IDEMPOTENCY_KEY,
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

/// Forgets old keys now and then every hour, for as long as the runtime lives.
pub fn keep_swept(house: House) {
    actix_web::rt::spawn(async move {
        loop {
            match house.database.write(|connection| forget_old(connection, Moment::real_now())).await {
                Ok(0) => {}
                Ok(forgotten) => tracing::info!(forgotten, "old idempotency keys were forgotten"),
                Err(error) => tracing::error!(%error, "old idempotency keys could not be forgotten"),
            }
            tokio::time::sleep(SWEPT_EVERY).await;
        }
    });
}

/// Forgets the keys that were kept long enough; how many is returned.
fn forget_old(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    Ok(diesel::delete(
        idempotency_keys::table.filter(idempotency_keys::created_at.lt(now.plus(Duration::hours(-KEPT_HOURS)))),
    )
    .execute(connection)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;

    #[test]
    fn only_keys_older_than_a_day_are_forgotten() {
        let data = tempfile::tempdir().unwrap();
        let address: crate::db::Address = format!("sqlite:{}", data.path().join("x.db").display()).parse().unwrap();
        crate::db::migrate(&address).unwrap();
        let database = Database::open(address, 1, crate::db::Patience::default()).unwrap();
        let now = Moment::real_now();
        let forgotten = database.write_now(|connection| {
            for hours in [0, 23, 25, 1000] {
                let claim = Claim { account: AccountId::new(), path: "/x".into(), key: "k".into() };
                assert!(claim.insert(connection, vec![], now.plus(Duration::hours(-hours)))?);
            }
            forget_old(connection, now)
        });
        assert_eq!(forgotten.unwrap(), 2);
    }
}
