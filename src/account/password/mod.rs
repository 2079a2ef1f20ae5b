//! Passwords: argon2id, never kept in clear.

pub mod link;
pub mod rules;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

use crate::base::{Error, Result};
use crate::http::turns::{Turn, Turns};

/// How many passwords are hashed at once in the whole process: each takes a core and 19 MiB.
pub const AT_ONCE: usize = 2;
/// How many wait for that; all of them are through in about two seconds.
pub const WAITING: usize = 128;

/// The hash to keep, with its own salt and parameters (PHC string).
pub fn hash(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether the password made the hash.
pub fn matches(password: &str, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(Error::internal)?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// As [`hash`], in turn and off the async threads. No transaction waits for it: on SQLite nobody else could write.
pub async fn hashed(turns: &Turns, password: String) -> Result<String> {
    let turn = turns.take().await?;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        hash(&password)
    });
    hashed.await.map_err(Error::internal)?
}

/// As [`matches`], within a turn and off the async threads. Where there is no hash, it takes as long.
pub async fn checked(turn: Turn, password: String, known: Option<String>) -> Result<(Turn, bool)> {
    let checked = tokio::task::spawn_blocking(move || {
        let is_right = match known {
            Some(known) => matches(&password, &known)?,
            None => hash(&password).map(|_| false)?,
        };
        Ok((turn, is_right))
    });
    checked.await.map_err(Error::internal)?
}
