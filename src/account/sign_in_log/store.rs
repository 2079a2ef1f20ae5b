//! Sign-ins and what was wrong in the database.

use chrono::Duration;
use diesel::prelude::*;

use crate::account::sign_in_log::{Outcome, SignInTry};
use crate::base::id::{AccountId, SignInId};
use crate::base::{Moment, Result};
use crate::db::AnyConnection;
use crate::db::schema::sign_ins;

pub const DAYS: i64 = 90;
const MOST_OF_A_KIND: i64 = 100;

/// Writes a sign-in, a wrong password or a wrong code down, and lets go what is one too many of its kind.
pub fn write(
    connection: &mut AnyConnection,
    account: AccountId,
    network: &str,
    outcome: Outcome,
    now: Moment,
) -> Result<()> {
    let (succeeded, with_code) = match outcome {
        Outcome::SignedIn { with_code } => (true, with_code),
        Outcome::WrongPassword => (false, false),
        Outcome::WrongCode => (false, true),
    };
    diesel::insert_into(sign_ins::table)
        .values((
            sign_ins::id.eq(SignInId::random()),
            sign_ins::account_id.eq(account),
            sign_ins::at.eq(now),
            sign_ins::network.eq(network),
            sign_ins::succeeded.eq(succeeded),
            sign_ins::with_code.eq(with_code),
        ))
        .execute(connection)?;
    let kind = sign_ins::table.filter(sign_ins::account_id.eq(account)).filter(sign_ins::succeeded.eq(succeeded));
    let beyond: Option<Moment> = kind
        .order(sign_ins::at.desc())
        .offset(MOST_OF_A_KIND)
        .limit(1)
        .select(sign_ins::at)
        .first(connection)
        .optional()?;
    if let Some(beyond) = beyond {
        diesel::delete(kind.filter(sign_ins::at.le(beyond))).execute(connection)?;
    }
    Ok(())
}

/// Those of an account that are kept, the last first.
pub fn of_account(connection: &mut AnyConnection, account: AccountId, now: Moment) -> Result<Vec<SignInTry>> {
    Ok(sign_ins::table
        .filter(sign_ins::account_id.eq(account))
        .filter(sign_ins::at.gt(now.plus(-Duration::days(DAYS))))
        .order((sign_ins::at.desc(), sign_ins::id))
        .select((sign_ins::at, sign_ins::network, sign_ins::succeeded, sign_ins::with_code))
        .load(connection)?)
}

/// Deletes what is older than is kept; how many rows went is returned.
pub fn sweep(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let old = sign_ins::table.filter(sign_ins::at.le(now.plus(-Duration::days(DAYS))));
    Ok(diesel::delete(old).execute(connection)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Role;
    use crate::account::store::{self, NewAccount};
    use crate::db::Database;

    #[test]
    fn of_each_kind_the_last_hundred_of_ninety_days_are_kept() {
        let data = tempfile::tempdir().unwrap();
        let address: crate::db::Address = format!("sqlite:{}", data.path().join("x.db").display()).parse().unwrap();
        crate::db::migrate(&address).unwrap();
        let database = Database::open(address, 1, crate::db::Patience::default()).unwrap();
        let now = Moment::real_now();
        let kept = database.write_now(|connection| {
            let account = NewAccount {
                username: "ai".into(),
                password_hash: String::new(),
                name: "Ai".into(),
                role: Role::Administrator,
                unit_code: None,
                producer_id: None,
            };
            let account = store::insert(connection, account, now)?;
            write(
                connection,
                account,
                "198.51.100.0/24",
                Outcome::SignedIn { with_code: false },
                now.plus(-Duration::days(91)),
            )?;
            write(
                connection,
                account,
                "198.51.100.0/24",
                Outcome::SignedIn { with_code: false },
                now.plus(-Duration::days(89)),
            )?;
            for minute in 0..150 {
                write(
                    connection,
                    account,
                    "203.0.113.0/24",
                    Outcome::WrongPassword,
                    now.plus(-Duration::minutes(150 - minute)),
                )?;
            }
            assert_eq!(sweep(connection, now)?, 1);
            of_account(connection, account, now)
        });
        let kept = kept.unwrap();
        assert_eq!(kept.iter().filter(|one| !one.succeeded).count(), 100, "a flood of failures is let go");
        assert!(kept.last().is_some_and(|one| one.succeeded), "and pushes no sign-in out");
        assert_eq!(kept.len(), 101);
    }
}
