//! The rows of keys that were claimed.

use chrono::Duration;
use diesel::prelude::*;

use crate::base::id::AccountId;
use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::idempotency_keys;
use crate::http::Answer;
use crate::http::idempotency::Claim;

pub const KEPT_HOURS: i64 = 24;

impl Claim {
    fn row(&self) -> idempotency_keys::BoxedQuery<'_, crate::db::types::Multi> {
        idempotency_keys::table
            .filter(idempotency_keys::account_id.eq(self.account))
            .filter(idempotency_keys::path.eq(&self.path))
            .filter(idempotency_keys::key.eq(&self.key))
            .into_boxed()
    }

    /// The digest of the body that came with the key, and the answer once there is one.
    pub(super) fn kept(&self, connection: &mut AnyConnection) -> Result<(Vec<u8>, Option<String>)> {
        Ok(self.row().select((idempotency_keys::body_digest, idempotency_keys::answer)).first(connection)?)
    }

    /// Whether the row is new. Waits where another transaction holds the same key.
    pub(super) fn insert(&self, connection: &mut AnyConnection, digest: Vec<u8>, now: Moment) -> Result<bool> {
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

    /// Keeps the answer beside the key, as text, so that the repetition is the same to the letter.
    pub fn answered(self, connection: &mut AnyConnection, answer: &Answer) -> Result<()> {
        let kept = serde_json::to_string(answer).map_err(Error::internal)?;
        diesel::update(idempotency_keys::table.find((self.account, &self.path, &self.key)))
            .set(idempotency_keys::answer.eq(Some(kept)))
            .execute(connection)?;
        Ok(())
    }
}

/// Forgets the keys that were kept long enough; how many is returned.
pub(super) fn forget_old(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    Ok(diesel::delete(
        idempotency_keys::table.filter(idempotency_keys::created_at.lt(now.plus(Duration::hours(-KEPT_HOURS)))),
    )
    .execute(connection)?)
}

/// Forgets what an account was answered.
pub fn forget_of(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    let answered = idempotency_keys::table.filter(idempotency_keys::account_id.eq(account));
    diesel::delete(answered).execute(connection)?;
    Ok(())
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
