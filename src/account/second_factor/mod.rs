//! The second factor (xác thực hai bước): a code of an authenticator app beside the password.
//!
//! The secret is sealed under a key that the database lacks; a code is taken once; for who loses the app there are recovery
//! codes, each of which is taken once. Wrong codes are counted for the account over all networks, beside what wrong passwords
//! count: who tries codes has the password already.

pub mod api;
pub mod rules;
pub mod store;

use totp_rs::Totp;

use crate::account::own_step;
use crate::account::second_factor::store::SecondFactor;
use crate::account::store as accounts;
use crate::audit::StepName;
use crate::base::id::AccountId;
use crate::base::keys::Keyring;
use crate::base::sealing::{seal as sealed, unseal};
use crate::base::{Error, Moment, Result};
use crate::db::AnyConnection;

/// What the keys of secrets and the digests of recovery codes are derived for.
const PURPOSE: &str = "ocop-second-factor";

/// What the history says of who typed a recovery code.
const USE_RECOVERY_CODE: StepName = StepName::new("use-recovery-code");
/// What it says of a second factor that was taken away at the host.
pub const RESET: StepName = StepName::new("reset-second-factor");

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// The account has no second factor, so nothing was asked.
    NotAsked,
    Right,
    Missing,
    Wrong,
}

/// Judges the code that somebody typed beside an account's password, and uses it up. The account's row is taken by who calls
/// this.
pub fn judge(
    connection: &mut AnyConnection,
    keys: &Keyring,
    account: AccountId,
    typed: Option<&str>,
    now: Moment,
) -> Result<Judged> {
    let Some(factor) = store::find(connection, account)?.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(Judged::NotAsked);
    };
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else { return Ok(Judged::Missing) };
    if let Some(step) =
        rules::step(&codes(connection, keys, account, &factor)?, typed, factor.last_step, Moment::real_now())
    {
        store::set_last_step(connection, account, step)?;
        return Ok(Judged::Right);
    }
    let Some(code) = rules::recovery_code(typed) else { return Ok(Judged::Wrong) };
    for digest in store::recovery_codes(connection, account)? {
        if keys.has_digested(PURPOSE, &code, &digest)? {
            store::remove_recovery_code(connection, &digest)?;
            own_step::record(connection, account, Some(account), USE_RECOVERY_CODE, now)?;
            return Ok(Judged::Right);
        }
    }
    Ok(Judged::Wrong)
}

/// What makes the codes of an account's app.
fn codes(connection: &mut AnyConnection, keys: &Keyring, account: AccountId, factor: &SecondFactor) -> Result<Totp> {
    let username = accounts::find(connection, account)?.map(|account| account.username).unwrap_or_default();
    rules::codes(&open(keys, account, &factor.sealed)?, &username)
}

/// New recovery codes in the place of those of before, told once.
fn give_recovery_codes(connection: &mut AnyConnection, keys: &Keyring, account: AccountId) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for _ in 0..rules::RECOVERY_CODES {
        codes.push(rules::spelled(random()?));
    }
    let digest = |code: &String| {
        let letters = rules::recovery_code(code).ok_or_else(|| Error::internal("a recovery code that is none"))?;
        keys.digest(PURPOSE, &letters)
    };
    let digests = codes.iter().map(digest).collect::<Result<Vec<_>>>()?;
    store::add_recovery_codes(connection, account, digests)?;
    Ok(codes)
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no random numbers"))?;
    Ok(bytes)
}

/// A secret as the database keeps it, of no use for another account.
fn seal(keys: &Keyring, account: AccountId, secret: &[u8]) -> Result<Vec<u8>> {
    sealed(keys, PURPOSE, account.to_string().as_bytes(), secret)
}

/// The secret that was sealed, also before a rotation of the keys.
fn open(keys: &Keyring, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
    unseal(keys, PURPOSE, account.to_string().as_bytes(), sealed)?
        .ok_or_else(|| Error::internal("no key of ours opens a second factor"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys;

    #[test]
    fn a_sealed_secret_is_its_accounts_own_and_outlasts_a_rotation() {
        let (ring, account) = (Keyring::generate().unwrap(), AccountId::new());
        let sealed = seal(&ring, account, b"12345678901234567890").unwrap();
        assert_ne!(sealed, seal(&ring, account, b"12345678901234567890").unwrap());
        assert!(!sealed.windows(8).any(|part| part == b"12345678"));
        let rotated = ring.rotated(&[keys::Kind::Token]).unwrap();
        assert_eq!(open(&rotated, account, &sealed).unwrap(), b"12345678901234567890");
        assert!(open(&ring, AccountId::new(), &sealed).is_err());
        assert!(open(&Keyring::generate().unwrap(), account, &sealed).is_err());
        assert!(open(&ring, account, &sealed[..8]).is_err());
    }
}
